import { Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { ShowAsPopover, ShowAsTabs } from '../../../components/ShowAs.tsx';
import { type RuledKey, ruleInput } from './keys-and-rule.ts';

interface Props {
  readonly keys: readonly RuledKey[];
  /** Whether the statement is put in or taken out. */
  readonly on: boolean;
}

/** Shows the call for any of the keys: each has a policy and a Region of its own. */
export function ShowRule(props: Props) {
  return (
    <ShowAsPopover compact about={props.on ? 'adding the statement' : 'removing the statement'}>
      <Shown {...props} />
    </ShowAsPopover>
  );
}

const idOf = ({ region, keyId }: RuledKey) => `${region} ${keyId}`;

function Shown({ keys, on }: Props) {
  const [wanted, setWanted] = useState<string | null>(null);
  const shown = keys.find((key) => idOf(key) === wanted) ?? keys[0];
  if (!shown) return null;
  return (
    <Stack gap="xs">
      {keys.length > 1 ? (
        <Select
          size="xs"
          label="Of which key"
          value={idOf(shown)}
          onChange={setWanted}
          data={keys.map((key) => ({ value: idOf(key), label: `${key.name} in ${key.region}` }))}
          searchable
          openOnFocus={false}
          allowDeselect={false}
          limit={100}
          comboboxProps={{ withinPortal: false }}
        />
      ) : null}
      <ShowAsTabs
        calls={[{ operation: 'PutKeyPolicy', input: ruleInput(shown, on) }]}
        region={shown.region}
        key={idOf(shown)}
      />
    </Stack>
  );
}
