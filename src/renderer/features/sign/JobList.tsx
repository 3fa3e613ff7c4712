import { Button, Group, Progress, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconShieldCheck, IconShieldX, IconX } from '@tabler/icons-react';
import { memo, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { RefusalDetails } from '../../components/decision/RefusalDetails.tsx';
import { RowAction } from '../../components/RowAction.tsx';
import { StateBadge, type StateLook } from '../../components/StateBadge.tsx';
import { VirtualList } from '../../components/VirtualList.tsx';
import { invoke } from '../../lib/api.ts';
import { refusalIn } from '../../lib/decisions.ts';
import { formatBytes, formatDuration, formatNumber } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { visibleName } from '../files/index.ts';
import { SignatureMade } from './Signature.tsx';
import classes from './sign.module.css';
import { type Job, useSigning } from './store.ts';
import { Verdict } from './Verdict.tsx';

const looks: Readonly<Record<Job['state'], StateLook>> = {
  waiting: { word: 'Waiting', color: 'gray', icon: IconClock },
  running: { word: 'Working', color: 'petrol', icon: IconClock },
  done: { word: 'Signed', color: 'green', icon: IconCheck },
  failed: { word: 'Failed', color: 'red', icon: IconAlertTriangle },
  cancelled: { word: 'Cancelled', color: 'gray', icon: IconX },
};

function lookOf(job: Job): StateLook {
  if (job.state !== 'done' || job.action === 'sign') return looks[job.state];
  return job.valid
    ? { word: 'Valid', color: 'green', icon: IconShieldCheck }
    : { word: 'Not valid', color: 'red', icon: IconShieldX };
}

const isOver = ({ state }: Job) => state === 'done' || state === 'failed' || state === 'cancelled';

/** Under way first, then what is over, the newest on top, then what waits. */
const orders: Readonly<Record<Job['state'], number>> = { running: 0, done: 1, failed: 1, cancelled: 1, waiting: 2 };

interface Props {
  readonly action: Job['action'];
  readonly title: string;
  /** What stands where the first will be. */
  readonly waiting: string;
}

/** The jobs of one kind. */
export function JobList({ action, title, waiting }: Props) {
  const jobs = useSigning((state) => state.jobs);
  /** Whether all of a signature is shown, where somebody chose: a card that is scrolled out of sight is not there to know it. */
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const onOpen = useCallback((id: string, open: boolean) => setChosen((before) => new Map(before).set(id, open)), []);
  const shown = useMemo(
    () =>
      [...jobs.values()]
        .filter((job) => job.action === action)
        .reverse()
        .sort((a, b) => orders[a.state] - orders[b.state] || (b.finishedAt ?? 0) - (a.finishedAt ?? 0)),
    [jobs, action],
  );
  const finished = shown.filter(isOver).length;
  const idle = finished === shown.length;
  const list = useRef<HTMLDivElement>(null);
  const { length } = shown;
  const seen = useRef(length);
  // Where the list is below the form, or scrolled, what was asked for would come out of sight.
  useEffect(() => {
    if (length > seen.current) {
      list.current?.firstElementChild?.scrollTo({ top: 0 });
      list.current?.scrollIntoView({ block: 'nearest' });
    }
    seen.current = length;
  }, [length]);
  const [newest] = shown;
  return (
    <Stack gap="sm" role="region" aria-label={title} miw={0}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {title}
        </Title>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            {length > 1 ? `${formatNumber(finished)} of ${formatNumber(length)} finished` : ''}
          </Text>
          {/* Said once all is done: hundreds of files would be hundreds of numbers to listen to. */}
          <VisuallyHidden role="status">
            {idle && newest ? `${visibleName(newest.name)}: ${lookOf(newest).word}` : ''}
          </VisuallyHidden>
          {finished > 0 ? (
            <Button
              variant="subtle"
              size="compact-sm"
              onClick={() => void invoke('sign.clear', {}).catch(notifyError)}
              aria-label="Clear what is finished"
            >
              Clear
            </Button>
          ) : null}
        </Group>
      </Group>
      {length === 0 ? (
        <Text c="dimmed">{waiting}</Text>
      ) : (
        <div ref={list} className={classes.jobs}>
          <VirtualList
            items={shown}
            keyOf={(job) => job.id}
            label="Results, in order"
            maxHeight="min(44rem, 70dvh)"
            rowHeight={56}
          >
            {(job, index) => <JobCard job={job} open={chosen.get(job.id) ?? (idle && index === 0)} onOpen={onOpen} />}
          </VirtualList>
        </div>
      )}
    </Stack>
  );
}

interface CardProps {
  readonly job: Job;
  /** Whether all of a signature that was made is shown. */
  readonly open: boolean;
  readonly onOpen: (id: string, open: boolean) => void;
}

/** One job. */
const JobCard = memo(({ job, open, onOpen }: CardProps) => {
  const name = visibleName(job.name);
  const refusal = job.problem ? refusalIn(job.problem) : null;
  return (
    <div className={classes.job}>
      <div className={classes.head}>
        <Text fw={550} truncate title={job.path} className={classes.words}>
          {name}
        </Text>
        <StateBadge look={lookOf(job)} plain />
        {isOver(job) ? null : (
          <RowAction
            icon={IconX}
            label={`Cancel ${name}`}
            onClick={() => void invoke('sign.cancel', { id: job.id }).catch(notifyError)}
          />
        )}
      </div>
      {job.state === 'running' && job.source === 'file' ? <Running job={job} name={name} /> : null}
      {job.problem ? (
        <Text c="var(--mantine-color-error)" style={{ overflowWrap: 'anywhere' }}>
          {job.problem.message}
        </Text>
      ) : null}
      {refusal ? <RefusalDetails refusal={refusal} /> : null}
      {job.signature && job.action === 'sign' ? (
        <SignatureMade job={job} signature={job.signature} open={open} onOpen={onOpen} />
      ) : null}
      {job.valid === undefined ? null : <Verdict job={job} valid={job.valid} />}
    </div>
  );
});

function Running({ job, name }: { job: Job; name: string }) {
  const { doneBytes, totalBytes, bytesPerSecond } = job;
  const left = bytesPerSecond > 0 ? (totalBytes - doneBytes) / bytesPerSecond : 0;
  return (
    <>
      <Progress
        aria-label={`Progress of ${name}`}
        value={totalBytes > 0 ? (100 * doneBytes) / totalBytes : 0}
        size="sm"
        my={4}
      />
      <Text size="xs" c="dimmed">
        {formatBytes(doneBytes)} of {formatBytes(totalBytes)}
        {bytesPerSecond > 0 ? ` · ${formatBytes(bytesPerSecond)}/s · ${formatDuration(left * 1000)} left` : ''}
      </Text>
    </>
  );
}
