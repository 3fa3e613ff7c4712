import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { invoke } from '../lib/api.ts';
import { useAction } from '../lib/use-call.ts';
import { ErrorNotice } from './ErrorNotice.tsx';

const ASKED = 3;

/** `count` different places below `size`, in order. */
function pickPlaces(count: number, size: number): number[] {
  const left = Array.from({ length: size }, (_, index) => index);
  const picked: number[] = [];
  while (picked.length < count && left.length > 0) {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    picked.push(...left.splice(random % left.length, 1));
  }
  return picked.sort((a, b) => a - b);
}

/** Asks for three groups of a recovery code, to be typed from the paper. */
export function ConfirmRecovery({
  groupCount,
  back,
  onConfirmed,
}: {
  groupCount: number;
  back: ReactNode;
  onConfirmed: () => void;
}) {
  const [places] = useState(() => pickPlaces(ASKED, groupCount));
  const [typed, setTyped] = useState<Readonly<Record<number, string>>>({});
  const [wrong, setWrong] = useState(false);
  const confirm = useAction(async () => {
    const groups = places.map((index) => ({ index, text: (typed[index] ?? '').trim() }));
    const { ok } = await invoke('vault.confirmRecovery', { groups });
    setWrong(!ok);
    if (ok) onConfirmed();
  });
  const complete = places.every((index) => (typed[index] ?? '').trim().length === 4);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void confirm.run();
      }}
    >
      <Stack>
        <Text>Type these three groups from what you printed or wrote down.</Text>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          {places.map((index, order) => (
            <TextInput
              key={index}
              label={`Group ${index + 1}`}
              value={typed[index] ?? ''}
              maxLength={8}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              data-autofocus={order === 0 || undefined}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
              error={wrong}
              onChange={(event) => {
                const text = event.currentTarget.value;
                setWrong(false);
                setTyped((old) => ({ ...old, [index]: text }));
              }}
            />
          ))}
        </SimpleGrid>
        {wrong ? (
          <Text role="alert" size="sm" c="var(--mantine-color-error)">
            One of the groups is not what the code says. Compare them with the paper.
          </Text>
        ) : null}
        {confirm.error ? <ErrorNotice error={confirm.error} /> : null}
        <Group justify="space-between">
          {back}
          <Button type="submit" disabled={!complete} loading={confirm.busy}>
            Confirm the code
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
