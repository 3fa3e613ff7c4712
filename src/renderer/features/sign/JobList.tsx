import { ActionIcon, Button, Group, Progress, Stack, Text, Title, Tooltip } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconClock, IconShieldCheck, IconShieldX, IconX } from '@tabler/icons-react';
import { memo, useEffect, useMemo, useRef } from 'react';
import { RefusalDetails } from '../../components/decision/RefusalDetails.tsx';
import { StateBadge, type StateLook } from '../../components/StateBadge.tsx';
import { invoke } from '../../lib/api.ts';
import { refusalIn } from '../../lib/decisions.ts';
import { formatBytes, formatDuration } from '../../lib/format.ts';
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
  const shown = useMemo(
    () =>
      [...jobs.values()]
        .filter((job) => job.action === action)
        .reverse()
        .sort((a, b) => orders[a.state] - orders[b.state] || (b.finishedAt ?? 0) - (a.finishedAt ?? 0)),
    [jobs, action],
  );
  const idle = shown.every(isOver);
  const list = useRef<HTMLUListElement>(null);
  const { length } = shown;
  const seen = useRef(length);
  // Where the list is below the form, what was asked for would come out of sight.
  useEffect(() => {
    if (length > seen.current) list.current?.firstElementChild?.firstElementChild?.scrollIntoView({ block: 'nearest' });
    seen.current = length;
  }, [length]);
  return (
    <Stack gap="sm" role="region" aria-label={title} aria-live="polite" miw={0}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {title}
        </Title>
        {shown.some(isOver) ? (
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
      {shown.length === 0 ? (
        <Text c="dimmed">{waiting}</Text>
      ) : (
        <ul ref={list} className={classes.jobs}>
          {shown.map((job, index) => (
            <li key={job.id}>
              <JobCard job={job} open={idle && index === 0} />
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}

/** One job; `open` shows all of a signature that was made. */
const JobCard = memo(({ job, open }: { job: Job; open: boolean }) => {
  const name = visibleName(job.name);
  const refusal = job.problem ? refusalIn(job.problem) : null;
  return (
    <>
      <div className={classes.head}>
        <Text fw={550} truncate title={job.path} className={classes.words}>
          {name}
        </Text>
        <StateBadge look={lookOf(job)} />
        {isOver(job) ? null : (
          <Tooltip label={`Cancel ${name}`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Cancel ${name}`}
              onClick={() => void invoke('sign.cancel', { id: job.id }).catch(notifyError)}
            >
              <IconX size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
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
        <SignatureMade job={job} signature={job.signature} open={open} />
      ) : null}
      {job.valid === undefined ? null : <Verdict job={job} valid={job.valid} />}
    </>
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
      <Text size="xs" c="dimmed" aria-live="off">
        {formatBytes(doneBytes)} of {formatBytes(totalBytes)}
        {bytesPerSecond > 0 ? ` · ${formatBytes(bytesPerSecond)}/s · ${formatDuration(left * 1000)} left` : ''}
      </Text>
    </>
  );
}
