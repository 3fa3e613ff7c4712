import { PasswordInput, Progress, SimpleGrid, Stack, Text } from '@mantine/core';
import { useId, useState } from 'react';
import { PASSPHRASE_MIN } from '../../shared/contract/limits.ts';
import { plural } from '../lib/format.ts';
import { estimateStrength } from '../lib/passphrase.ts';

const colors = ['red', 'yellow', 'petrol', 'green'] as const;

interface Props {
  readonly label?: string;
  /** The passphrase when it is long enough and was typed twice alike, else `null`. */
  readonly onChange: (passphrase: string | null) => void;
}

/** A new passphrase, typed twice, with an honest word on how long it would hold. */
export function NewPassphrase({ label = 'Passphrase', onChange }: Props) {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const strengthId = useId();
  const missing = PASSPHRASE_MIN - first.length;
  const long = first.length >= PASSPHRASE_MIN;
  const change = (one: string, two: string) => {
    setFirst(one);
    setSecond(two);
    onChange(one.length >= PASSPHRASE_MIN && one === two ? one : null);
  };
  const strength = estimateStrength(first);
  // A field that is being filled in is not wrong yet: only what can no longer become right is marked.
  const differs = second !== '' && !first.startsWith(second);
  return (
    <Stack gap="xs">
      <SimpleGrid type="container" cols={{ base: 1, '30rem': 2 }} spacing="md" verticalSpacing="sm">
        <PasswordInput
          label={label}
          value={first}
          autoComplete="new-password"
          aria-describedby={strengthId}
          onChange={(event) => change(event.currentTarget.value, second)}
        />
        <PasswordInput
          label={`${label} again`}
          value={second}
          autoComplete="new-password"
          error={differs ? 'The two differ.' : undefined}
          onChange={(event) => change(first, event.currentTarget.value)}
        />
      </SimpleGrid>
      <div id={strengthId}>
        <Progress
          value={first === '' ? 0 : Math.min(100, (strength.bits / 80) * 100)}
          color={long ? colors[strength.level] : 'red'}
          size={5}
          aria-label="Strength of the passphrase"
        />
        <Text size="xs" c="dimmed" mt={4}>
          {first === ''
            ? `At least ${PASSPHRASE_MIN} characters. Four or five unrelated words are easy to keep and hard to guess.`
            : long
              ? `${strength.word}: by a cautious estimate, guessing it would take ${strength.holds}.`
              : `${plural(missing, 'more character')} to go.`}
        </Text>
      </div>
    </Stack>
  );
}
