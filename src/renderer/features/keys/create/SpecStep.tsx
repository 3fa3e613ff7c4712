import { Select, Stack, Switch } from '@mantine/core';
import { importable } from '../../../../shared/kms/importing.ts';
import { Choices } from '../../../components/Choices.tsx';
import { useSession } from '../../../lib/session.ts';
import { specsOf, specWords } from '../kinds.ts';
import { madeHere, type StepProps } from './draft.ts';
import { MaterialChoice } from './MaterialChoice.tsx';

/** Which algorithm, where the material comes from, and where the key lives. */
export function SpecStep({ draft, change }: StepProps) {
  const status = useSession((session) => session.status);
  const regions = status?.state === 'open' ? status.regions : [draft.region];
  return (
    <Stack>
      <Choices
        label="Spec"
        value={draft.spec}
        onChange={(spec) => change({ spec, ...(importable(spec) ? {} : madeHere) })}
        choices={specsOf(draft.kind).map((value) => ({
          value,
          title: specWords[value].name,
          line: specWords[value].line,
          code: value,
        }))}
      />
      <MaterialChoice draft={draft} change={change} />
      <Select
        label="Region"
        data={regions}
        value={draft.region}
        allowDeselect={false}
        searchable
        maw="16rem"
        onChange={(region) => region && change({ region, ...(draft.keyStoreId ? madeHere : {}) })}
      />
      {draft.keyStoreId ? null : (
        <Switch
          label="Multi-Region key"
          description="The same key can be replicated to other Regions and does there what it does here. This cannot be changed later."
          checked={draft.multiRegion}
          onChange={(event) => change({ multiRegion: event.currentTarget.checked })}
        />
      )}
    </Stack>
  );
}
