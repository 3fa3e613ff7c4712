import { Switch, Text } from '@mantine/core';
import { specs } from '../../../../shared/kms/specs.ts';
import { TagRows } from '../../../components/TagRows.tsx';
import { useSession } from '../../../lib/session.ts';
import { tagsProblem } from '../../../lib/tags.ts';
import { RotationPeriodField } from '../days.tsx';
import { canRotate, type StepProps } from './draft.ts';

/** Rotation, where the key can rotate, tags, and a second factor before it is destroyed. */
export function CareStep({ draft, change }: StepProps) {
  const says = tagsProblem(draft.tags);
  const hasDevice = useSession((session) => (session.acting?.mfaDevices.length ?? 0) > 0);
  return (
    <>
      {canRotate(draft) ? (
        <Switch
          label="Automatic rotation"
          description="New material at the end of each period. What was encrypted before still opens; nothing has to be encrypted again."
          checked={draft.rotates}
          onChange={(event) => change({ rotates: event.currentTarget.checked })}
        />
      ) : (
        <Text c="dimmed">
          {draft.keyStoreId
            ? 'Keys in a custom key store do not rotate by themselves.'
            : specs[draft.spec].rotates
              ? 'Imported material does not rotate by itself: new material is imported when you say so.'
              : 'Keys of this spec do not rotate. To renew one, make another key and move the alias to it.'}
        </Text>
      )}
      {canRotate(draft) && draft.rotates ? (
        <RotationPeriodField value={draft.days} onChange={(days) => change({ days })} />
      ) : null}
      <TagRows tags={draft.tags} onChange={(tags) => change({ tags })} />
      {says ? (
        <Text c="var(--mantine-color-error)" role="alert">
          {says}
        </Text>
      ) : null}
      {hasDevice ? (
        <Switch
          label="Ask for a second factor before it is destroyed"
          description="A statement in its policy refuses deleting or disabling it, deleting imported material and changing the policy, until an MFA code was entered."
          checked={draft.asksMfa}
          onChange={(event) => change({ asksMfa: event.currentTarget.checked })}
        />
      ) : null}
    </>
  );
}
