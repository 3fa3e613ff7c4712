import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useMemo } from 'react';
import { VirtualList } from '../../components/VirtualList.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { JobRow, over } from './JobRow.tsx';
import { useKeyNames } from './key-names.ts';
import { type Job, useFiles } from './store.ts';

const order: Readonly<Record<Job['state'], number>> = {
  running: 0,
  paused: 0,
  waiting: 1,
  failed: 2,
  cancelled: 3,
  done: 3,
};

/** The jobs: under way first, then waiting, then what is over, the newest on top. */
export function Queue() {
  const jobs = useFiles((state) => state.jobs);
  const keyNames = useKeyNames();
  const sorted = useMemo(
    () =>
      [...jobs.values()].sort(
        (a, b) =>
          order[a.state] - order[b.state] || (b.finishedAt ?? 0) - (a.finishedAt ?? 0) || a.createdAt - b.createdAt,
      ),
    [jobs],
  );
  if (sorted.length === 0) return null;
  const finished = sorted.filter(over).length;
  return (
    <Paper withBorder p="md" component="section" aria-label="Jobs">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Jobs
        </Title>
        <Group gap="xs">
          <Text size="xs" c="dimmed" aria-live="polite">
            {finished} of {sorted.length} finished
          </Text>
          <Button
            variant="subtle"
            size="compact-sm"
            disabled={finished === 0}
            onClick={() => void invoke('files.clear', {}).catch(notifyError)}
          >
            Clear finished
          </Button>
        </Group>
      </Group>
      <VirtualList items={sorted} keyOf={(job) => job.id} label="Jobs, in order" maxHeight="32rem" rowHeight={72}>
        {(job) => <JobRow job={job} keyNames={keyNames} />}
      </VirtualList>
    </Paper>
  );
}
