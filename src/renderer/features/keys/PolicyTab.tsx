import { Group, Paper, Stack, Text } from '@mantine/core';
import { useMemo } from 'react';
import { CopyBlock, ShowAs } from '../../components/ShowAs.tsx';
import type { KeyDetail } from './model.ts';

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

/** The key policy, to read. */
export function PolicyTab({ detail, region }: { detail: KeyDetail; region: string }) {
  const text = useMemo(() => pretty(detail.Policy), [detail.Policy]);
  return (
    <Paper withBorder p="md">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text c="dimmed">
            The default policy: the account's root principal may do everything with this key, everyone else is refused.
          </Text>
          <ShowAs operation="GetKeyPolicy" input={{ KeyId: detail.KeyId, PolicyName: 'default' }} region={region} />
        </Group>
        <CopyBlock text={text} label="Key policy" />
      </Stack>
    </Paper>
  );
}
