import { Button, Progress } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCheck,
  IconClock,
  IconFolderOpen,
  IconGripVertical,
  IconPlayerPause,
  IconPlayerPlay,
  type IconProps,
  IconRefresh,
  IconReport,
  IconX,
} from '@tabler/icons-react';
import { type ComponentType, memo, useState } from 'react';
import type { CallName } from '../../../shared/contract/index.ts';
import { RefusalDetails } from '../../components/decision/RefusalDetails.tsx';
import { RowAction } from '../../components/RowAction.tsx';
import { RowBadge } from '../../components/RowBadge.tsx';
import { invoke } from '../../lib/api.ts';
import { refusalIn } from '../../lib/decisions.ts';
import { formatBytes, formatDuration } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { baseName } from '../../lib/paths.ts';
import { useSession } from '../../lib/session.ts';
import classes from './files.module.css';
import { KeyLink } from './KeyLink.tsx';
import type { KeyName } from './key-names.ts';
import { ResultsDialog } from './ResultsDialog.tsx';
import { countWords, originalWords } from './results.ts';
import { ShareButton } from './ShareButton.tsx';
import type { Job, OnConflict } from './store.ts';
import { visibleName } from './visible-name.ts';

const states: Readonly<Record<Job['state'], { label: string; color: string; icon: ComponentType<IconProps> }>> = {
  waiting: { label: 'Waiting', color: 'gray', icon: IconClock },
  running: { label: 'Working', color: 'petrol', icon: IconPlayerPlay },
  paused: { label: 'Paused', color: 'yellow', icon: IconPlayerPause },
  done: { label: 'Done', color: 'green', icon: IconCheck },
  failed: { label: 'Failed', color: 'red', icon: IconAlertTriangle },
  cancelled: { label: 'Cancelled', color: 'gray', icon: IconX },
};

const troubled = { label: 'Look here', color: 'yellow', icon: IconAlertTriangle };

/** Whether a job has come to its end. */
export const over = ({ state }: Job) => ['done', 'failed', 'cancelled'].includes(state);

function tell(name: Extract<CallName, 'files.cancel' | 'files.pause' | 'files.resume'>, id: string): void {
  invoke(name, { id }).catch(notifyError);
}

function retry(id: string, onConflict?: OnConflict): void {
  invoke('files.retry', { id, ...(onConflict ? { onConflict } : {}) }).catch(notifyError);
}

function progressOf(job: Job): string {
  const files = job.counts ? `${countWords(job)} · ` : '';
  const left = job.bytesPerSecond > 0 ? (job.totalBytes - job.doneBytes) / job.bytesPerSecond : 0;
  const speed =
    job.bytesPerSecond > 0 ? ` · ${formatBytes(job.bytesPerSecond)}/s · ${formatDuration(left * 1000)} left` : '';
  return `${files}${formatBytes(job.doneBytes)} of ${formatBytes(job.totalBytes)}${speed}`;
}

const actions: Readonly<Record<Job['action'], string>> = {
  encrypt: 'Encrypt',
  decrypt: 'Decrypt',
  verify: 'Check only',
  reencrypt: 'Re-encrypt',
};

function wordsOf(job: Job): string {
  if (job.state !== 'done') return actions[job.action];
  const size = formatBytes(job.totalBytes);
  if (job.counts) {
    const { done, failed } = job.counts;
    const verdict = failed > 0 ? 'Not all open: ' : done > 0 ? 'All open: ' : '';
    return `${job.action === 'verify' ? verdict : ''}${countWords(job)} · ${size}`;
  }
  if (job.action === 'verify')
    return `Whole and opens: every part ${job.signed ? 'and the signature was' : 'was'} checked, nothing written · ${size}`;
  const output = visibleName(baseName(job.output ?? ''));
  return `${actions[job.action]} → ${output} · ${size}${job.signed ? ' · signed' : ''}`;
}

interface Props {
  readonly job: Job;
  readonly keyNames: ReadonlyMap<string, KeyName>;
}

/** One job: what it is about, how far it is, what became of it. */
export const JobRow = memo(function JobRow({ job, keyNames }: Props) {
  // A check that found something has done its work, and is no good news.
  const found = job.state === 'done' && job.action === 'verify' && (job.counts?.failed ?? 0) > 0;
  const { label, color, icon: Icon } = found ? troubled : states[job.state];
  const name = visibleName(job.name);
  const active = job.state === 'running' || job.state === 'paused';
  const [reporting, setReporting] = useState(false);
  const dragsOut = useSession((session) => session.info?.dragsOut === true);
  const seals = job.action === 'encrypt' || job.action === 'reencrypt';
  const refusal = job.problem ? refusalIn(job.problem) : null;
  const output = baseName(job.output ?? '');
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <div className={classes.name} title={job.path}>
          {name}
        </div>
        {active ? (
          <>
            <Progress
              aria-label={`Progress of ${name}`}
              value={job.totalBytes > 0 ? (100 * job.doneBytes) / job.totalBytes : 0}
              color={color}
              size="sm"
              my={4}
            />
            <div className={classes.note}>{progressOf(job)}</div>
          </>
        ) : job.problem ? (
          <>
            <div className={classes.problem} data-grave>
              {job.problem.message}
            </div>
            {refusal ? <RefusalDetails refusal={refusal} onRetry={() => retry(job.id)} /> : null}
          </>
        ) : (
          <div className={classes.note} title={job.output}>
            {wordsOf(job)}
          </div>
        )}
        {job.state === 'done' && job.keyArn ? (
          <div className={classes.note}>
            under <KeyLink arn={job.keyArn} names={keyNames} />
            {job.originals?.kept === 0 ? ` · ${originalWords(job)}` : ''}
          </div>
        ) : null}
        {job.originals && job.originals.kept > 0 && over(job) ? (
          <div className={classes.problem}>{capitalised(originalWords(job))}</div>
        ) : null}
      </div>
      <RowBadge color={color} icon={<Icon size={12} aria-hidden />}>
        {label}
      </RowBadge>
      <div className={classes.buttons}>
        {over(job) && job.counts ? (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconReport size={14} aria-hidden />}
            aria-label={`Report on ${name}`}
            onClick={() => setReporting(true)}
          >
            Report
          </Button>
        ) : null}
        {reporting ? <ResultsDialog job={job} keyNames={keyNames} onClose={() => setReporting(false)} /> : null}
        {job.state === 'failed' && ['FileExists', 'SomeExist'].includes(job.problem?.code ?? '') ? (
          <>
            <Button size="compact-xs" variant="default" onClick={() => retry(job.id, 'rename')}>
              Keep both
            </Button>
            <Button size="compact-xs" variant="default" color="red" onClick={() => retry(job.id, 'replace')}>
              Replace
            </Button>
          </>
        ) : null}
        {job.state === 'running' ? (
          <RowAction icon={IconPlayerPause} label={`Pause ${name}`} onClick={() => tell('files.pause', job.id)} />
        ) : null}
        {job.state === 'paused' ? (
          <RowAction icon={IconPlayerPlay} label={`Resume ${name}`} onClick={() => tell('files.resume', job.id)} />
        ) : null}
        {active || job.state === 'waiting' ? (
          <RowAction icon={IconX} label={`Cancel ${name}`} onClick={() => tell('files.cancel', job.id)} />
        ) : null}
        {job.state === 'failed' || job.state === 'cancelled' ? (
          <RowAction icon={IconRefresh} label={`Try ${name} again`} onClick={() => retry(job.id)} />
        ) : null}
        {job.state === 'done' && seals && job.keyArn && keyNames.has(job.keyArn) ? (
          <ShareButton name={visibleName(output || job.name)} keyArn={job.keyArn} />
        ) : null}
        {job.state === 'done' && job.output && dragsOut ? <DragHandle id={job.id} /> : null}
        {job.state === 'done' && job.output ? (
          <RowAction
            icon={IconFolderOpen}
            label={`Show ${visibleName(output)} in the file manager`}
            onClick={() => void invoke('app.reveal', { path: job.output ?? '' }).catch(notifyError)}
          />
        ) : null}
      </div>
    </div>
  );
});

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** By mouse the result goes where it is let go; by keyboard the file manager does the same. */
function DragHandle({ id }: { id: string }) {
  return (
    <span
      className={classes.handle}
      draggable
      aria-hidden
      title="Drag the result to another window"
      onDragStart={(event) => {
        // The shell drags the file itself; the page's own drag would carry text.
        event.preventDefault();
        invoke('files.drag', { id }).catch(notifyError);
      }}
    >
      <IconGripVertical size={16} />
    </span>
  );
}
