import { create } from 'zustand';
import type { CallInput, CallOutput, EventPayload } from '../../../shared/contract/index.ts';
import { invoke, on } from '../../lib/api.ts';
import { codeOf } from '../../lib/errors.ts';
import { notifyError } from '../../lib/notify.tsx';
import { onSessionEnd } from '../../lib/session.ts';

export type Job = EventPayload<'files.changed'>['jobs'][number];
export type PlanItem = CallOutput<'files.plan'>['items'][number];
export type FileAction = PlanItem['action'];
/** What can be done with a file that is encrypted. */
export type Opening = Exclude<FileAction, 'encrypt'>;
export type OnConflict = NonNullable<CallInput<'files.start'>['onConflict']>;

interface FilesState {
  /** Jobs by id, the newest last. */
  readonly jobs: ReadonlyMap<string, Job>;
  /** What was dropped or picked and waits for the person's word. */
  readonly plan: readonly PlanItem[];
  readonly planning: boolean;
  readonly outputFolder: string;
  /** What becomes of encrypted files. */
  readonly opening: Opening;
}

const nothing: FilesState = { jobs: new Map(), plan: [], planning: false, outputFolder: '', opening: 'decrypt' };

export const useFiles = create<FilesState>()(() => nothing);

onSessionEnd(() => useFiles.setState(nothing));

let listening = false;

/** Follows the queue; called by the first screen that shows it. */
export function followJobs(): void {
  if (!listening) {
    listening = true;
    on('files.changed', ({ jobs, removed }) => {
      const next = new Map(useFiles.getState().jobs);
      for (const job of jobs) next.set(job.id, job);
      for (const id of removed) next.delete(id);
      useFiles.setState({ jobs: next });
    });
  }
  invoke('files.list', {})
    .then(({ jobs }) => useFiles.setState({ jobs: new Map(jobs.map((job) => [job.id, job])) }))
    .catch(notifyError);
}

export function setOpening(opening: Opening): void {
  useFiles.setState({ opening });
}

/** Asks what would happen to these paths and adds the answer to the review. */
export async function review(paths: readonly string[]): Promise<void> {
  const { plan, outputFolder } = useFiles.getState();
  const known = new Set(plan.map((item) => item.path));
  const fresh = [...new Set(paths)].filter((path) => path !== '' && !known.has(path));
  if (fresh.length === 0) return;
  useFiles.setState({ planning: true });
  try {
    const { items } = await invoke('files.plan', { paths: fresh, ...(outputFolder ? { outputFolder } : {}) });
    const now = useFiles.getState();
    const have = new Set(now.plan.map((item) => item.path));
    useFiles.setState({ plan: [...now.plan, ...items.filter((item) => !have.has(item.path))] });
  } catch (error) {
    notifyError(error);
  } finally {
    useFiles.setState({ planning: false });
  }
}

/** Lets the person choose files or a folder for the review. */
export async function pick(kind: 'files' | 'folder'): Promise<void> {
  try {
    const title = kind === 'files' ? 'Files to encrypt or decrypt' : 'Folder to encrypt';
    await review((await invoke('app.pick', { kind, title })).paths);
  } catch (error) {
    notifyError(error);
  }
}

/** Changes where results go and looks again at what would be there. */
export async function setOutputFolder(outputFolder: string): Promise<void> {
  useFiles.setState({ outputFolder });
  const paths = useFiles.getState().plan.map((item) => item.path);
  if (paths.length === 0) return;
  try {
    const { items } = await invoke('files.plan', { paths, ...(outputFolder ? { outputFolder } : {}) });
    // What was typed since is asked about by itself.
    if (useFiles.getState().outputFolder !== outputFolder) return;
    const looked = new Map(items.map((item) => [item.path, item]));
    useFiles.setState(({ plan }) => ({ plan: plan.map((item) => looked.get(item.path) ?? item) }));
  } catch (error) {
    // A folder that is only half typed is no absolute path yet.
    if (codeOf(error) !== 'ValidationException') notifyError(error);
  }
}

export function removeFromReview(path: string): void {
  useFiles.setState(({ plan }) => ({ plan: plan.filter((item) => item.path !== path) }));
}

export function clearReview(): void {
  useFiles.setState({ plan: [], opening: 'decrypt' });
}
