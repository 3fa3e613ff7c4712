import { List, Stack, Text } from '@mantine/core';
import { useKms } from '../../../lib/use-call.ts';
import type { KeyDetail } from '../model.ts';
import { type Act, dependentFacts, NOT_KNOWN } from './facts.ts';

interface Props {
  readonly detail: Pick<KeyDetail, 'KeyId'>;
  readonly act: Act;
  /** What is known without asking, told before. */
  readonly lead?: readonly string[];
}

/** Names what depends on a key, as far as this vault knows. */
export function Dependents({ detail, act, lead = [] }: Props) {
  const { data, error } = useKms('GetKeyDependents', { KeyId: detail.KeyId }, []);
  const facts = data ? dependentFacts(data, act, Date.now()) : [];
  return (
    <Stack gap={6}>
      <List size="sm" spacing={4} style={{ overflowWrap: 'anywhere' }} aria-busy={!data && !error}>
        {[...lead, ...facts].map((fact) => (
          <List.Item key={fact}>{fact}</List.Item>
        ))}
        {data ? (
          facts.length > 0 ? null : (
            <List.Item>Nothing found that depends on it.</List.Item>
          )
        ) : (
          <List.Item>
            {error ? `What depends on it could not be read: ${error.message}` : 'Looking for what depends on it…'}
          </List.Item>
        )}
      </List>
      <Text size="xs">
        {data && data.Unseen.length > 0
          ? `Not all of it is shown to you: it takes ${data.Unseen.join(', ')}. ${NOT_KNOWN}`
          : NOT_KNOWN}
      </Text>
    </Stack>
  );
}
