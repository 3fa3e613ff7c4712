import { ActionIcon, Autocomplete, Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { conditionKeysOf } from '../../../../shared/iam/policy-purpose.ts';
import { ContextEditor } from '../../../components/ContextEditor.tsx';
import { change, type Entry, type Simulation } from './simulation.ts';

/** Condition keys that have a field of their own, or none that a request could have here. */
const names = conditionKeysOf('resource')
  .filter(({ name, absent }) => absent === undefined && !name.startsWith('kms:EncryptionContext'))
  .map(({ name }) => name);

let nextId = 1;

const factors = [
  { value: 'unsaid', label: 'Not said' },
  { value: 'yes', label: 'Proven' },
  { value: 'no', label: 'Not proven' },
];

/** What the request would say of itself to the conditions of policies and grants. */
export function Circumstances({ simulation }: { simulation: Simulation }) {
  const { context, mfa, viaService, sourceIp, entries } = simulation;
  return (
    <Stack gap="md">
      <ContextEditor value={context} onChange={(next) => change({ context: next })} />
      <div>
        <Text fw={500} id="second-factor">
          Second factor
        </Text>
        <SegmentedControl
          mt={4}
          size="xs"
          fullWidth
          aria-labelledby="second-factor"
          data={factors}
          value={mfa === null ? 'unsaid' : mfa ? 'yes' : 'no'}
          onChange={(value) => change({ mfa: value === 'unsaid' ? null : value === 'yes' })}
        />
      </div>
      <TextInput
        label="Through the service"
        placeholder="s3.eu-central-1.amazonaws.com"
        value={viaService}
        spellCheck={false}
        onChange={(event) => change({ viaService: event.currentTarget.value })}
      />
      <TextInput
        label="From the address"
        placeholder="192.0.2.7"
        value={sourceIp}
        spellCheck={false}
        onChange={(event) => change({ sourceIp: event.currentTarget.value })}
      />
      <Entries entries={entries} />
    </Stack>
  );
}

function Entries({ entries }: { entries: readonly Entry[] }) {
  /** The row that was added last: its name is what comes next. */
  const [added, setAdded] = useState<number>();
  const edit = (id: number, more: Partial<Entry>) =>
    change({ entries: entries.map((each) => (each.id === id ? { ...each, ...more } : each)) });
  return (
    <Stack gap="xs" role="group" aria-label="Other condition keys">
      <div>
        <Text fw={500}>Other condition keys</Text>
        <Text size="xs" c="dimmed">
          They stand in place of what the request would say. One with several values has a row for each.
        </Text>
      </div>
      {entries.map(({ id, name, value }, index) => (
        <Group key={id} gap="xs" wrap="nowrap" align="flex-start">
          <Autocomplete
            flex={1}
            aria-label={`Condition key ${index + 1}`}
            placeholder="aws:…"
            autoFocus={id === added}
            data={names}
            limit={40}
            comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
            value={name}
            spellCheck={false}
            onChange={(next) => edit(id, { name: next })}
          />
          <TextInput
            flex={1}
            aria-label={`Value of condition key ${index + 1}`}
            placeholder="Value"
            value={value}
            spellCheck={false}
            onChange={(event) => edit(id, { value: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="input-sm"
            aria-label={`Remove condition key ${index + 1}`}
            onClick={() => change({ entries: entries.filter((each) => each.id !== id) })}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => {
            const id = nextId++;
            setAdded(id);
            change({ entries: [...entries, { id, name: '', value: '' }] });
          }}
        >
          Add a condition key
        </Button>
      </div>
    </Stack>
  );
}
