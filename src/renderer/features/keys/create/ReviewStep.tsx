import { ShowAsTabs } from '../../../components/ShowAs.tsx';
import { Fact, Facts } from '../Facts.tsx';
import { specWords } from '../kinds.ts';
import { originWord, usageWord } from '../model.ts';
import { type KeyPlan, plannedCalls } from './create-key.ts';

/** A last look, with the commands it comes to. */
export function ReviewStep({ plan, region }: { plan: KeyPlan; region: string }) {
  return (
    <>
      <Facts>
        <Fact name="Region">{plan.multiRegion ? `${region}, multi-Region primary key` : region}</Fact>
        <Fact name="Alias">{plan.alias || 'none'}</Fact>
        <Fact name="Spec and usage">
          {specWords[plan.spec].name} ({plan.spec}), {usageWord(plan.usage).toLowerCase()}
        </Fact>
        <Fact name="Key material">
          {originWord(plan.origin)}
          {plan.keyStoreId ? `, ${plan.keyStoreId}` : ''}
          {plan.xksKeyId ? `, key ${plan.xksKeyId}` : ''}
        </Fact>
        <Fact name="Rotation">{plan.rotationDays === null ? 'Off' : `Every ${plan.rotationDays} days`}</Fact>
        {plan.asksMfa ? <Fact name="Destroying it">Takes an MFA code</Fact> : null}
        {plan.description ? <Fact name="Description">{plan.description}</Fact> : null}
        {plan.tags.length > 0 ? (
          <Fact name="Tags">{plan.tags.map((tag) => `${tag.TagKey}=${tag.TagValue}`).join(', ')}</Fact>
        ) : null}
      </Facts>
      <ShowAsTabs calls={plannedCalls(plan, 'KEY_ID')} region={region} />
    </>
  );
}
