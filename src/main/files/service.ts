import path from 'node:path';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { PATIENCE_MS, waitAtMost } from '../patience.ts';
import { Claims } from './claims.ts';
import { EachFile, type EachState, newEachState, type Under } from './each.ts';
import { type Entry, type Job, newEntry, type StartFiles } from './entry.ts';
import { CONTENT_CONTEXT, ENTRY_CONTENT } from './folder.ts';
import { counted, discard, type Trash } from './originals.ts';
import { type OnPlanned, type Plan, planPath, planPaths } from './plan.ts';
import { type Keys, prepareAlone } from './prepare.ts';
import { type Batch, forget, type Outcome, type Task } from './protocol.ts';
import type { FileResult } from './results.ts';
import type { OnConflict } from './target.ts';
import { cleanUpAfter, Threads } from './threads.ts';

export type { Job, StartFiles };

/** Jobs worked on at once. */
const WORKERS = 2;
/** Jobs begun at once, paused ones with them: each holds a thread and its buffers. */
const ACTIVE_MAX = 8;
const CHANGE_MS = 100;
/** A worker that does not hear a cancel in time is stopped. */
const CANCEL_MS = 900;

export interface FileServiceParts extends Omit<Keys, 'callerIn'> {
  /** Who asks for a job's data key, in a Region: whoever adds the job, or tries it again. */
  readonly callers: () => Keys['callerIn'];
  /** The built worker module. */
  readonly worker: URL;
  /** Where originals can be moved to; not there where they cannot. */
  readonly trash?: Trash | undefined;
  /** Told of each job that did something: all of it, or some files of a folder. */
  readonly onDone?: ((job: Job) => void) | undefined;
  readonly onChange: (change: { jobs: Job[]; removed: string[] }) => void;
  readonly onBug: (error: unknown) => void;
}

export interface FileService {
  /** What would happen to each path. @throws the signal's reason; CofferError `VaultLocked` when it is closed meanwhile. */
  plan(
    paths: readonly string[],
    outputFolder: string | undefined,
    watch?: { readonly signal: AbortSignal; readonly onPlanned: OnPlanned },
  ): Promise<Plan[]>;
  start(wish: StartFiles): Promise<Job[]>;
  /** Checks, in one job called `name`, what is encrypted under one key among these files and folders. */
  check(name: string, under: Under, region: string): Job;
  list(): Job[];
  cancel(id: string): void;
  pause(id: string): void;
  resume(id: string): void;
  retry(id: string, onConflict?: OnConflict): void;
  clear(): void;
  /** What became of a folder's files. @throws CofferError `NoSuchJob`. */
  results(id: string): readonly FileResult[];
  /** Where the result of a finished job is. @throws CofferError `NoSuchJob`, `NoResult`. */
  outputOf(id: string): string;
  /** Whether a job waits or runs. */
  busy(): boolean;
  /** Cancels everything, waits until it is cleaned up and stops the workers; not for a disk that does not answer. */
  close(): Promise<void>;
}

const participles: Readonly<Record<Job['action'], string>> = {
  encrypt: 'encrypted',
  decrypt: 'decrypted',
  verify: 'checked',
  reencrypt: 're-encrypted',
};

const cancelledBefore = () => new CofferError('Cancelled', 'Cancelled before it began.');

const over = (state: Job['state']) => state === 'done' || state === 'failed' || state === 'cancelled';

/** The queue of file jobs: several at once in threads of their own, each with its data key from the engine. */
export function createFileService(parts: FileServiceParts): FileService {
  const entries = new Map<string, Entry>();
  const threads = new Threads(parts.worker, parts.onBug);
  /** Jobs that have begun and are not over, paused ones among them. */
  const active = new Set<Entry>();
  const changed = new Set<string>();
  let removed: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  /** Nobody is told anything any more. */
  let silent = false;
  let settled: (() => void) | undefined;

  function announce(id: string): void {
    if (silent) return;
    changed.add(id);
    timer ??= setTimeout(flush, CHANGE_MS);
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (changed.size === 0 && removed.length === 0) return;
    const jobs = [...changed].flatMap((id) => entries.get(id)?.job ?? []);
    changed.clear();
    const gone = removed;
    removed = [];
    parts.onChange({ jobs, removed: gone });
  }

  function update(entry: Entry, changes: Partial<Job>): void {
    entry.job = { ...entry.job, ...changes };
    announce(entry.job.id);
  }

  const claim = ({ job, claims, onConflict }: Entry, source: string, output: string) =>
    claims.take(output, { job: job.id, source }, onConflict);

  async function prepare(entry: Entry, { kind, output, context }: Plan): Promise<Task> {
    const { job, wish, callerIn } = entry;
    // A hidden name is known once the file is open.
    const hidden = job.action === 'decrypt' && context?.[CONTENT_CONTEXT] === ENTRY_CONTENT;
    const named = job.action !== 'verify' && !hidden;
    const onConflict = named ? await claim(entry, job.path, output) : entry.onConflict;
    const place = { id: job.id, source: job.path, output, onConflict };
    const sealing = { ...wish, readBack: wish.trashOriginals };
    const { task, keyArn, signed } = await prepareAlone({ ...parts, callerIn }, job.action, place, kind, sealing);
    update(entry, { keyArn, signed });
    return task;
  }

  /** Has a worker do a task or batch; a pause and a cancel reach it. */
  async function work(entry: Entry, task: Task | Batch, progress: (bytes: number) => void): Promise<Outcome> {
    const running = threads.run(task, progress, (source, output) => claim(entry, source, output));
    entry.running = running;
    if (entry.job.state === 'paused') running.signal('pause');
    try {
      const outcome = await running.outcome;
      await entry.claims.hold(task, outcome, entry.job.id);
      if (running.dead()) await cleanUpAfter(task, outcome);
      return outcome;
    } finally {
      entry.running = undefined;
    }
  }

  /** An archive is a little longer than what it holds. */
  function progressed(entry: Entry, bytes: number): Partial<Job> {
    const seconds = (performance.now() - entry.began.at) / 1000;
    const bytesPerSecond = seconds > 0 ? Math.max(0, (bytes - entry.began.bytes) / seconds) : 0;
    const doneBytes = Math.min(bytes, entry.job.totalBytes);
    return { doneBytes, ...(entry.job.state === 'paused' ? {} : { bytesPerSecond }) };
  }

  async function runEach(entry: Entry, each: EachState): Promise<void> {
    const { job, wish, callerIn, onConflict, under } = entry;
    entry.began = { at: performance.now(), bytes: 0 };
    const counts = await new EachFile(
      { ...parts, callerIn },
      { ...wish, root: job.path, action: job.action, onConflict, readBack: wish.trashOriginals, under },
      each,
      {
        cancelled: () => entry.cancelled,
        run: (batch, progress) => work(entry, batch, progress),
        claim: (source, output) => claim(entry, source, output),
        trash: trashFor(entry),
        report: ({ doneBytes, totalBytes, output, ...known }) => {
          update(entry, { totalBytes, output: output || undefined, ...known });
          update(entry, progressed(entry, doneBytes));
        },
      },
    ).run();
    if (counts.failed > 0 && job.action !== 'verify')
      throw new CofferError(
        each.results.some(({ problem }) => problem?.code === 'FileExists') ? 'SomeExist' : 'SomeFailed',
        `${counts.failed} of ${counts.total} files could not be ${participles[job.action]}. The list says why.`,
      );
    done(entry, {});
  }

  /** Where a job's originals go; nothing when they stay. */
  const trashFor = ({ job, wish }: Entry) =>
    job.action === 'encrypt' && wish.trashOriginals ? parts.trash : undefined;

  function done(entry: Entry, changes: Partial<Job>): void {
    const finishedAt = parts.environment.clock.now();
    update(entry, { ...changes, state: 'done', doneBytes: entry.job.totalBytes, finishedAt });
    parts.onDone?.(entry.job);
  }

  async function run(entry: Entry): Promise<void> {
    if (entry.each) return runEach(entry, entry.each);
    const { job } = entry;
    const stopped = () => entry.cancelled;
    const planned = await planPath(job.path, entry.wish.outputFolder, { wanted: job.action, stopped });
    if (planned.problem) throw new CofferError(planned.problem.code, planned.problem.message);
    if (stopped()) throw cancelledBefore();
    update(entry, { output: planned.output || undefined, totalBytes: planned.size });
    const task = await prepare(entry, planned);
    try {
      if (stopped()) throw cancelledBefore();
      entry.began = { at: performance.now(), bytes: 0 };
      const outcome = await work(entry, task, (bytes) => update(entry, progressed(entry, bytes)));
      if ('failed' in outcome) {
        const { code, message, details } = outcome.failed;
        throw new CofferError(outcome.cancelled ? 'Cancelled' : code, message, details);
      }
      const trash = trashFor(entry);
      const originals =
        trash && (await counted({ moved: 0, kept: 0 }, () => discard(trash, job.path, outcome, stopped)));
      done(entry, { output: outcome.output, originals });
    } finally {
      forget(task);
    }
  }

  function pump(): void {
    for (const entry of entries.values()) {
      if (closed || working() >= WORKERS || active.size >= ACTIVE_MAX) return;
      if (entry.job.state !== 'waiting') continue;
      active.add(entry);
      update(entry, { state: 'running' });
      const did = entry.each?.did;
      run(entry)
        .catch(async (error: unknown) => {
          if (!(error instanceof CofferError)) parts.onBug(error);
          const { job, each, claims } = entry;
          if (!each && job.output) await claims.release(job.output, { job: job.id, source: job.path });
          const { code, message, details } = toEnvelope(error);
          const problem = { code, message, ...(details?.decision ? { details } : {}) };
          const state = code === 'Cancelled' || entry.cancelled ? 'cancelled' : 'failed';
          update(entry, {
            state,
            finishedAt: parts.environment.clock.now(),
            ...(state === 'failed' ? { problem } : {}),
          });
          if (each?.did !== did) parts.onDone?.(entry.job);
        })
        .finally(() => {
          active.delete(entry);
          pump();
          if (active.size === 0) settled?.();
        });
    }
  }

  /** A paused job makes room for others. */
  const working = () => [...active].filter(({ job }) => job.state !== 'paused').length;

  function find(id: string): Entry {
    const entry = entries.get(id);
    if (!entry) throw new CofferError('NoSuchJob', 'That job is not in the list any more.');
    return entry;
  }

  function add(added: readonly Entry[]): void {
    for (const entry of added) {
      entries.set(entry.job.id, entry);
      announce(entry.job.id);
    }
    pump();
  }

  const service: FileService = {
    plan: async (paths, outputFolder, watch) => {
      const stopped = () => closed || watch?.signal.aborted === true;
      const plans = await planPaths(paths, outputFolder, stopped, watch?.onPlanned);
      if (closed) throw new CofferError('VaultLocked', 'The vault was locked.');
      watch?.signal.throwIfAborted();
      return plans;
    },

    async start({ items, ...wish }) {
      if (wish.trashOriginals && !parts.trash)
        throw new CofferError('NoTrash', 'Coffer cannot move files to the trash here.');
      const callerIn = parts.callers();
      const claims = new Claims();
      const added = items.map(({ path: file, action, each }) =>
        newEntry({
          path: path.resolve(file),
          name: path.basename(file),
          action,
          wish,
          each: each ? newEachState() : undefined,
          under: undefined,
          claims,
          callerIn,
          createdAt: parts.environment.clock.now(),
        }),
      );
      add(added);
      return added.map(({ job }) => job);
    },

    check(name, under, region) {
      const createdAt = parts.environment.clock.now();
      const about = { path: under.keyArn, name, action: 'verify', wish: { region } } as const;
      const made = { each: newEachState(), claims: new Claims(), callerIn: parts.callers() };
      const entry = newEntry({ ...about, ...made, under, createdAt });
      add([entry]);
      return entry.job;
    },

    list: () => [...entries.values()].map(({ job }) => job),

    cancel(id) {
      const entry = find(id);
      if (over(entry.job.state)) return;
      entry.cancelled = true;
      if (entry.job.state === 'waiting') {
        update(entry, { state: 'cancelled', finishedAt: parts.environment.clock.now() });
        return;
      }
      const { running } = entry;
      running?.signal('cancel');
      setTimeout(() => running?.kill(), CANCEL_MS).unref();
    },

    pause(id) {
      const entry = find(id);
      if (entry.job.state !== 'running') return;
      entry.running?.signal('pause');
      update(entry, { state: 'paused', bytesPerSecond: 0 });
      pump();
    },

    resume(id) {
      const entry = find(id);
      if (entry.job.state !== 'paused') return;
      entry.began = { at: performance.now(), bytes: entry.job.doneBytes };
      entry.running?.signal('resume');
      update(entry, { state: 'running' });
    },

    retry(id, onConflict) {
      const entry = find(id);
      if (entry.job.state !== 'failed' && entry.job.state !== 'cancelled') return;
      if (onConflict) entry.onConflict = onConflict;
      entry.cancelled = false;
      entry.callerIn = parts.callers();
      const { problem: _problem, finishedAt: _finishedAt, ...job } = entry.job;
      entry.job = { ...job, state: 'waiting', doneBytes: 0, bytesPerSecond: 0 };
      announce(id);
      pump();
    },

    clear() {
      for (const [id, { job }] of entries) {
        if (!over(job.state)) continue;
        entries.delete(id);
        changed.delete(id);
        removed.push(id);
      }
      timer ??= setTimeout(flush, 0);
    },

    results: (id) => find(id).each?.results ?? [],

    outputOf(id) {
      const { state, output } = find(id).job;
      if (state !== 'done' || output === undefined) throw new CofferError('NoResult', 'That job has no result yet.');
      return output;
    },

    busy: () => [...entries.values()].some(({ job }) => job.state === 'running' || job.state === 'waiting'),

    async close() {
      closed = true;
      for (const { job } of entries.values()) service.cancel(job.id);
      const ended = new Promise<void>((resolve) => {
        settled = resolve;
        if (active.size === 0) resolve();
      });
      await waitAtMost(
        PATIENCE_MS,
        ended.then(() => threads.close()),
      );
      silent = true;
      clearTimeout(timer);
    },
  };
  return service;
}
