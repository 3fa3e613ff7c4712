import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

type Context = Readonly<Record<string, string>>;
interface Row {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

let nextId = 1;
const toRows = (value: Context): Row[] =>
  Object.entries(value).map(([key, text]) => ({ id: nextId++, key, value: text }));
const toContext = (rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(rows.filter((row) => row.key !== '').map((row) => [row.key, row.value]));

/** The pairs of an encryption context. Rows without a name are not part of the value. */
export function ContextEditor({
  value,
  onChange,
}: {
  value: Context;
  onChange: (value: Record<string, string>) => void;
}) {
  const [rows, setRows] = useState(() => toRows(value));
  /** The row that was added last: its name is what comes next. */
  const [added, setAdded] = useState<number>();
  const sent = useRef(JSON.stringify(value));
  useEffect(() => {
    const incoming = JSON.stringify(value);
    if (incoming === sent.current) return;
    sent.current = incoming;
    setRows(toRows(value));
  }, [value]);
  const change = (next: Row[]) => {
    setRows(next);
    const context = toContext(next);
    sent.current = JSON.stringify(context);
    onChange(context);
  };
  const twice = (row: Row) => row.key !== '' && rows.some((other) => other.id !== row.id && other.key === row.key);
  return (
    <Stack gap="xs" role="group" aria-label="Encryption context">
      <div>
        <Text fw={500}>Encryption context</Text>
        <Text size="xs" c="dimmed">
          Not secret, but bound to the ciphertext: decrypting asks for exactly the same pairs, and the record shows
          them.
        </Text>
      </div>
      {rows.map((row, index) => (
        <Group key={row.id} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            flex={1}
            aria-label={`Name of pair ${index + 1}`}
            placeholder="Name"
            autoFocus={row.id === added}
            value={row.key}
            error={twice(row) ? 'This name is there twice' : undefined}
            onChange={(event) => {
              const key = event.currentTarget.value;
              change(rows.map((each) => (each.id === row.id ? { ...each, key } : each)));
            }}
          />
          <TextInput
            flex={2}
            aria-label={`Value of pair ${index + 1}`}
            placeholder="Value"
            value={row.value}
            onChange={(event) => {
              const text = event.currentTarget.value;
              change(rows.map((each) => (each.id === row.id ? { ...each, value: text } : each)));
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="input-sm"
            aria-label={`Remove pair ${index + 1}`}
            onClick={() => change(rows.filter((each) => each.id !== row.id))}
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
            setRows([...rows, { id, key: '', value: '' }]);
          }}
        >
          Add a pair
        </Button>
      </div>
    </Stack>
  );
}
