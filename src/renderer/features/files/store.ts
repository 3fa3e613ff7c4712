import { create } from 'zustand';
import type { CallInput, EventPayload } from '../../../shared/contract/index.ts';
import { invoke, on } from '../../lib/api.ts';
import { codeOf } from '../../lib/errors.ts';
import { notifyError } from '../../lib/notify.tsx';
import { onSessionEnd, sameSession } from '../../lib/session.ts';
import { droppedPaths } from '../../lib/use-file-drop.ts';
import { endLook, type Look, type Looking, look, type PlanItem, planOf } from './looks.ts';

export type Job = EventPayload<'files.changed'>['jobs'][number];
export type { PlanItem };
export type FileAction = PlanItem['action'];
/** What can be done with a file that is encrypted. */
export type Opening = Exclude<FileAction, 'encrypt'>;
export type OnConflict = NonNullable<CallInput<'files.start'>['onConflict']>;

interface FilesState {
  /** Jobs by id, the newest last. */
  readonly jobs: ReadonlyMap<string, Job>;
  /** What was dropped or picked and waits for the person's word. */
  readonly plan: readonly PlanItem[];
  readonly outputFolder: string;
  /** Whether that is no absolute path, as one that is only half typed. */
  readonly folderRefused: boolean;
  /** What becomes of encrypted files. */
  readonly opening: Opening;
}

const nothing: FilesState = {
  jobs: new Map(),
  plan: [],
  outputFolder: '',
  folderRefused: false,
  opening: 'decrypt',
};

export const useFiles = create<FilesState>()(() => nothing);

/** Whether there is a job in one of the states: what asks is drawn anew when that changes, not for each job that does. */
export const useAnyJob = (...states: readonly Job['state'][]) =>
  useFiles(({ jobs }) => {
    for (const { state } of jobs.values()) if (states.includes(state)) return true;
    return false;
  });

/** The output folder for which the review was looked at last. */
let lookedFor = '';
/** The look that a change of the output folder began. */
let relook = 0;
onSessionEnd(() => {
  lookedFor = '';
  useFiles.setState(nothing);
});

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
  const stillOpen = sameSession();
  invoke('files.list', {})
    .then(({ jobs }) => {
      if (stillOpen()) useFiles.setState({ jobs: new Map(jobs.map((job) => [job.id, job])) });
    })
    .catch(notifyError);
}

export function setOpening(opening: Opening): void {
  useFiles.setState({ opening });
}

/** Asks what would happen to what `find` finds and adds the answer to the review. */
async function reviewFound(
  first: Pick<Look, 'step' | 'total'>,
  find: (looking: Looking) => Promise<readonly string[]> | readonly string[],
): Promise<void> {
  try {
    await look(first, async (looking) => {
      const paths = await find(looking);
      looking.signal.throwIfAborted();
      const { plan, outputFolder } = useFiles.getState();
      const known = new Set(plan.map((item) => item.path));
      const fresh = [...new Set(paths)].filter((path) => path !== '' && !known.has(path));
      if (fresh.length === 0) return;
      looking.tell({ step: 'looking', seen: 0, total: fresh.length });
      const items = await planOf(fresh, outputFolder, looking);
      const now = useFiles.getState();
      const have = new Set(now.plan.map((item) => item.path));
      useFiles.setState({ plan: [...now.plan, ...items.filter((item) => !have.has(item.path))] });
    });
  } catch (error) {
    notifyError(error);
  }
}

/** Asks what would happen to these paths and adds the answer to the review. */
export const review = (paths: readonly string[]): Promise<void> =>
  reviewFound({ step: 'looking', total: paths.length }, () => paths);

/** The same for what was dropped. */
export const reviewDrop = (transfer: DataTransfer): Promise<void> =>
  reviewFound({ step: 'finding', total: transfer.files.length }, ({ signal, tell }) =>
    droppedPaths(transfer, { signal, onProgress: (seen) => tell({ seen }) }),
  );

/** Lets the person choose files or a folder for the review. */
export async function pick(kind: 'files' | 'folder'): Promise<void> {
  try {
    const title = kind === 'files' ? 'Files to encrypt or decrypt' : 'Folder to encrypt';
    await review((await invoke('app.pick', { kind, title })).paths);
  } catch (error) {
    notifyError(error);
  }
}

/** Changes where results go and looks again at what would be there. When that is ended they go where they went before. */
export async function setOutputFolder(outputFolder: string): Promise<void> {
  useFiles.setState({ outputFolder });
  // What was typed since is asked about by itself.
  endLook(relook);
  const paths = useFiles.getState().plan.map((item) => item.path);
  if (paths.length === 0) {
    lookedFor = outputFolder;
    return;
  }
  const isWanted = () => useFiles.getState().outputFolder === outputFolder;
  try {
    const items = await look({ step: 'looking', total: paths.length }, (looking) => {
      relook = looking.id;
      return planOf(paths, outputFolder, looking);
    });
    if (!isWanted()) return;
    if (!items) {
      useFiles.setState({ outputFolder: lookedFor, folderRefused: false });
      return;
    }
    lookedFor = outputFolder;
    const looked = new Map(items.map((item) => [item.path, item]));
    useFiles.setState(({ plan }) => ({
      plan: plan.map((item) => looked.get(item.path) ?? item),
      folderRefused: false,
    }));
  } catch (error) {
    if (codeOf(error) !== 'ValidationException') notifyError(error);
    else if (isWanted()) useFiles.setState({ folderRefused: true });
  }
}

export function removeFromReview(paths: readonly string[]): void {
  const gone = new Set(paths);
  useFiles.setState(({ plan }) => ({ plan: plan.filter((item) => !gone.has(item.path)) }));
}

export function clearReview(): void {
  useFiles.setState({ plan: [], opening: 'decrypt' });
}
