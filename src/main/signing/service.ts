import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { CallInput } from '../../shared/contract/index.ts';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { utf8 } from '../crypto/bytes.ts';
import type { Clock } from '../environment.ts';
import { fileError } from '../files/errors.ts';
import { fitName } from '../files/names.ts';
import type { Call } from '../key-files.ts';
import { PATIENCE_MS, waitAtMost } from '../patience.ts';
import { throttle } from '../throttle.ts';
import { SIGNATURE, type SignItem, type SignJob } from './job.ts';
import { fingerprintOf } from './public-key.ts';
import { type Result, signMessage, verifyMessage } from './work.ts';

/** Files read at once. */
const ACTIVE_MAX = 2;
const CHANGE_MS = 100;

export interface SignServiceParts {
  readonly clock: Clock;
  /** Makes calls as whoever is acting now, also when somebody else acts later. */
  readonly calls: () => (region: string) => Call;
  readonly onChange: (change: { jobs: SignJob[]; removed: string[] }) => void;
  readonly onBug: (error: unknown) => void;
}

export interface SignService {
  look(paths: readonly string[]): Promise<SignItem[]>;
  start(wish: CallInput<'sign.start'>): SignJob[];
  verify(wish: CallInput<'sign.verify'>): SignJob;
  list(): SignJob[];
  /** @throws CofferError `NoSuchJob` */
  cancel(id: string): void;
  clear(): void;
  /** Whether a job waits or runs. */
  busy(): boolean;
  /** Cancels everything and waits until it has stopped; not for a disk that does not answer. */
  close(): Promise<void>;
}

interface Entry {
  job: SignJob;
  readonly stop: AbortController;
  /** Does the work; dropped when it is done, and with it a text. */
  work: ((entry: Entry) => Promise<Result>) | undefined;
  began: number;
}

const over = ({ state }: SignJob) => state === 'done' || state === 'failed' || state === 'cancelled';

/** The queue of signatures made and verified; what each needs of KMS is a call of whoever added it. */
export function createSignService(parts: SignServiceParts): SignService {
  const { clock } = parts;
  const entries = new Map<string, Entry>();
  const active = new Set<Promise<void>>();
  const changed = new Set<string>();
  let removed: string[] = [];
  let closed = false;

  const announce = throttle(CHANGE_MS, () => {
    if (closed) return;
    const jobs = [...changed].flatMap((id) => entries.get(id)?.job ?? []);
    const gone = removed;
    changed.clear();
    removed = [];
    if (jobs.length > 0 || gone.length > 0) parts.onChange({ jobs, removed: gone });
  });

  function update(entry: Entry, changes: Partial<SignJob>): void {
    entry.job = { ...entry.job, ...changes };
    changed.add(entry.job.id);
    announce();
  }

  function add(
    job: Pick<SignJob, 'action' | 'source' | 'name' | 'algorithm'> & Partial<SignJob>,
    work: (entry: Entry) => Promise<Result>,
  ): Entry {
    const entry: Entry = {
      job: {
        id: randomUUID(),
        state: 'waiting',
        totalBytes: 0,
        doneBytes: 0,
        bytesPerSecond: 0,
        createdAt: clock.now(),
        ...job,
      },
      stop: new AbortController(),
      work,
      began: 0,
    };
    entries.set(entry.job.id, entry);
    changed.add(entry.job.id);
    announce();
    return entry;
  }

  async function run(entry: Entry): Promise<void> {
    const { work } = entry;
    if (!work) return;
    entry.work = undefined;
    entry.began = performance.now();
    update(entry, { state: 'running' });
    try {
      const result = await work(entry);
      update(entry, { ...result, state: 'done', doneBytes: entry.job.totalBytes, finishedAt: clock.now() });
    } catch (error) {
      const cancelled = entry.stop.signal.aborted;
      if (!cancelled && !(error instanceof CofferError)) parts.onBug(error);
      const { code, message, details } = toEnvelope(error);
      const problem = { code, message, ...(details?.decision ? { details } : {}) };
      update(entry, {
        state: cancelled ? 'cancelled' : 'failed',
        finishedAt: clock.now(),
        ...(cancelled ? {} : { problem }),
      });
    }
  }

  function pump(): void {
    for (const entry of entries.values()) {
      if (closed || active.size >= ACTIVE_MAX) return;
      if (entry.job.state !== 'waiting') continue;
      const running = run(entry).finally(() => {
        active.delete(running);
        pump();
      });
      active.add(running);
    }
  }

  /** What the work tells of itself while it goes on. */
  const watch = (entry: Entry) => ({
    signal: entry.stop.signal,
    begins: (totalBytes: number) => update(entry, { totalBytes }),
    tells: (changes: Partial<SignJob>) => update(entry, changes),
    progress: (doneBytes: number) => {
      const seconds = (performance.now() - entry.began) / 1000;
      update(entry, { doneBytes, bytesPerSecond: seconds > 0 ? doneBytes / seconds : 0 });
    },
  });

  const service: SignService = {
    look: (paths) => Promise.all(paths.map(lookAt)),

    start({ what, keyId, region, algorithm, folder, withPublicKey }) {
      const call = parts.calls()(region);
      const ask = { call, keyId, algorithm, withPublicKey };
      const added =
        'text' in what
          ? [textEntry(what.text)]
          : what.paths.map((file) =>
              add(
                { action: 'sign', source: 'file', path: file, name: path.basename(file), algorithm, keyId },
                (entry) => signMessage({ file }, { ...ask, folder: folder ?? path.dirname(file) }, watch(entry)),
              ),
            );
      function textEntry(text: string): Entry {
        return add({ action: 'sign', source: 'text', name: 'Text', algorithm, keyId }, (entry) =>
          signMessage({ text: utf8(text) }, { ...ask, folder }, watch(entry)),
        );
      }
      pump();
      return added.map(({ job }) => job);
    },

    verify({ what, signature, key, algorithm }) {
      const by = 'keyId' in key ? { call: parts.calls()(key.region), keyId: key.keyId } : { publicKey: key.publicKey };
      const message = 'path' in what ? { file: what.path } : { text: utf8(what.text) };
      const { job } = add(
        {
          action: 'verify',
          source: 'file' in message ? 'file' : 'text',
          name: 'file' in message ? path.basename(message.file) : 'Text',
          algorithm,
          ...('file' in message ? { path: message.file } : {}),
          ...('path' in signature ? { signaturePath: signature.path } : {}),
          ...('keyId' in by ? { keyId: by.keyId } : {}),
          ...('publicKey' in by ? { fingerprint: fingerprintOf(by.publicKey) } : {}),
        },
        (entry) => verifyMessage(message, { signature, algorithm, by }, watch(entry)),
      );
      pump();
      return job;
    },

    list: () => [...entries.values()].map(({ job }) => job),

    cancel(id) {
      const entry = entries.get(id);
      if (!entry) throw new CofferError('NoSuchJob', 'That job is not in the list any more.');
      if (over(entry.job)) return;
      entry.stop.abort(new CofferError('Cancelled', 'Cancelled.'));
      if (entry.job.state !== 'waiting') return;
      entry.work = undefined;
      update(entry, { state: 'cancelled', finishedAt: clock.now() });
    },

    clear() {
      for (const [id, { job }] of entries) {
        if (!over(job)) continue;
        entries.delete(id);
        changed.delete(id);
        removed.push(id);
      }
      announce();
    },

    busy: () => [...entries.values()].some(({ job }) => !over(job)),

    async close() {
      closed = true;
      for (const { job } of entries.values()) service.cancel(job.id);
      await waitAtMost(PATIENCE_MS, Promise.all(active));
    },
  };
  return service;
}

async function lookAt(file: string): Promise<SignItem> {
  const name = path.basename(file);
  const item = { path: file, name, size: 0 };
  try {
    const facts = await stat(file);
    if (!facts.isFile())
      throw new CofferError('NotAFile', `${name} is not a file. The files of a folder are signed one by one.`);
    const signature = path.join(path.dirname(file), fitName(name, SIGNATURE));
    const there = await stat(signature).catch(() => undefined);
    return { ...item, size: facts.size, ...(there?.isFile() ? { signature } : {}) };
  } catch (error) {
    const told = fileError(error, name);
    if (!(told instanceof CofferError)) throw told;
    return { ...item, problem: { code: told.code, message: told.message } };
  }
}
