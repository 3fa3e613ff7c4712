import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import classes from './files.module.css';
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
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 72,
    overscan: 8,
    getItemKey: (index) => sorted[index]?.id ?? index,
  });
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={scroll} className={classes.queue} tabIndex={0} aria-label="Jobs, in order">
        <ul className={classes.jobs} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const job = sorted[row.index];
            return job ? (
              <li
                key={row.key}
                ref={rows.measureElement}
                data-index={row.index}
                className={classes.virtual}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <JobRow job={job} keyNames={keyNames} />
              </li>
            ) : null;
          })}
        </ul>
      </section>
    </Paper>
  );
}
