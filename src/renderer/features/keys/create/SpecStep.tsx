import { Select, Stack, Switch } from '@mantine/core';
import { importable } from '../../../../shared/kms/importing.ts';
import { Choices } from '../../../components/Choices.tsx';
import { useSession } from '../../../lib/session.ts';
import { specsOf, specWords } from '../kinds.ts';
import type { MadeOrigin } from './create-key.ts';
import type { StepProps } from './draft.ts';

const origins: readonly { value: MadeOrigin; title: string; line: string; code: string }[] = [
  {
    value: 'AWS_KMS',
    title: 'Coffer makes it',
    code: 'AWS_KMS',
    line: 'Random, made inside the vault. It never leaves it.',
  },
  {
    value: 'EXTERNAL',
    title: 'I import my own',
    code: 'EXTERNAL',
    line: 'You keep the original. The key can be used once its material is imported.',
  },
];

/** Which algorithm, where the material comes from, and where the key lives. */
export function SpecStep({ draft, change }: StepProps) {
  const status = useSession((session) => session.status);
  const regions = status?.state === 'open' ? status.regions : [draft.region];
  return (
    <Stack>
      <Choices
        label="Spec"
        value={draft.spec}
        onChange={(spec) => change({ spec, ...(importable(spec) ? {} : { origin: 'AWS_KMS' }) })}
        choices={specsOf(draft.kind).map((value) => ({
          value,
          title: specWords[value].name,
          line: specWords[value].line,
          code: value,
        }))}
      />
      <Choices
        label="Key material"
        value={draft.origin}
        onChange={(origin) => change({ origin })}
        choices={importable(draft.spec) ? origins : origins.filter(({ value }) => value === 'AWS_KMS')}
      />
      <Select
        label="Region"
        data={regions}
        value={draft.region}
        allowDeselect={false}
        searchable
        maw="16rem"
        onChange={(region) => region && change({ region })}
      />
      <Switch
        label="Multi-Region key"
        description="The same key can be replicated to other Regions and does there what it does here. This cannot be changed later."
        checked={draft.multiRegion}
        onChange={(event) => change({ multiRegion: event.currentTarget.checked })}
      />
    </Stack>
  );
}
