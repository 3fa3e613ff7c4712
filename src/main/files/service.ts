import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { z } from 'zod';
import type { Job as JobSchema } from '../../shared/contract/files.ts';
import type { CallInput } from '../../shared/contract/index.ts';
import { CofferError, type ErrorEnvelope, toEnvelope } from '../../shared/kms/errors.ts';
import type { Environment } from '../environment.ts';
import type { Caller, Engine } from '../kms/types.ts';
import { CONTENT_CONTEXT, FOLDER_CONTENT } from './folder.ts';
import { MESSAGE_ID_BYTES } from './message/header.ts';
import { newSigningKey, PUBLIC_KEY_CONTEXT } from './message/signature.ts';
import { SIGNING_SUITE } from './message/suite.ts';
import { type Plan, planPath, readMessageHeader } from './plan.ts';
import type { FromWorker, Task, ToWorker } from './protocol.ts';
import { type OnConflict, partialName } from './target.ts';

export type Job = z.output<typeof JobSchema>;

/** Plaintext bytes of a frame: large enough to be quick, small enough for every AWS Encryption SDK to hold. */
export const FRAME_LENGTH = 2 ** 20;
const WORKERS = 2;
const CHANGE_MS = 100;
/** A worker that does not hear a cancel in time is stopped. */
const CANCEL_MS = 900;

export interface FileServiceParts {
  readonly engine: Engine;
  readonly callerIn: (region: string) => Caller;
  readonly environment: Environment;
  /** The built worker module. */
  readonly worker: URL;
  readonly onChange: (change: { jobs: Job[]; removed: string[] }) => void;
  readonly onBug: (error: unknown) => void;
}

export type StartFiles = CallInput<'files.start'>;

export interface FileService {
  plan(paths: readonly string[], outputFolder: string | undefined): Promise<Plan[]>;
  start(wish: StartFiles): Promise<Job[]>;
  list(): Job[];
  cancel(id: string): void;
  pause(id: string): void;
  resume(id: string): void;
  retry(id: string, onConflict?: OnConflict): void;
  clear(): void;
  /** Whether a job waits or runs. */
  busy(): boolean;
  /** Cancels everything, waits until it is cleaned up and stops the workers. */
  close(): Promise<void>;
}

interface Entry {
  job: Job;
  readonly wish: Omit<StartFiles, 'items'>;
  readonly region: string;
  onConflict: OnConflict;
  kind: 'file' | 'folder';
  thread: Thread | undefined;
  cancelled: boolean;
  began: { at: number; bytes: number };
}

/** One worker thread and the job it has. */
interface Thread {
  readonly worker: Worker;
  settle: ((outcome: { output: string } | { failed: ErrorEnvelope; cancelled: boolean }) => void) | undefined;
  progress: (bytes: number) => void;
}

const over = (state: Job['state']) => state === 'done' || state === 'failed' || state === 'cancelled';

/** The queue of file jobs: several at once in threads of their own, each with its data key from the engine. */
export function createFileService(parts: FileServiceParts): FileService {
  const entries = new Map<string, Entry>();
  const idle: Thread[] = [];
  const threads = new Set<Thread>();
  const changed = new Set<string>();
  let removed: string[] = [];
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let settled: (() => void) | undefined;

  function announce(id: string): void {
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

  function spawn(): Thread {
    const thread: Thread = { worker: new Worker(parts.worker), settle: undefined, progress: () => undefined };
    threads.add(thread);
    thread.worker.on('message', (message: FromWorker) => {
      if ('progress' in message) thread.progress(message.progress);
      else thread.settle?.('done' in message ? message.done : message);
    });
    const gone = () => {
      threads.delete(thread);
      const at = idle.indexOf(thread);
      if (at >= 0) idle.splice(at, 1);
      thread.settle?.({
        failed: {
          code: 'WorkerFailed',
          message: 'The job was stopped by a fault. Nothing half-written was kept; try again.',
        },
        cancelled: false,
      });
    };
    thread.worker.on('error', (error) => {
      parts.onBug(error);
      gone();
    });
    thread.worker.on('exit', gone);
    thread.worker.unref();
    return thread;
  }

  function signal(entry: Entry, name: 'pause' | 'resume' | 'cancel'): void {
    entry.thread?.worker.postMessage({ signal: name } satisfies ToWorker);
  }

  async function prepare(entry: Entry): Promise<Task> {
    const { job, wish, region } = entry;
    const common = { id: job.id, source: job.path, output: job.output ?? '', onConflict: entry.onConflict };
    const caller = parts.callerIn(region);
    if (job.action === 'decrypt') {
      const { header } = await readMessageHeader(job.path);
      const edk = header.dataKeys.find(({ providerId }) => providerId === 'aws-kms');
      if (!edk)
        throw new CofferError('NoKmsKey', 'No KMS key can open this file: it was encrypted under another kind of key.');
      // The key the header names must be the one that opens it, as AWS's own keyring demands.
      const keyRegion = edk.providerInfo.split(':')[3] ?? region;
      const { output } = await parts.engine.call({ ...caller, region: keyRegion || region }, 'Decrypt', {
        CiphertextBlob: edk.ciphertext,
        KeyId: edk.providerInfo,
        EncryptionContext: { ...header.context },
      });
      update(entry, { keyArn: edk.providerInfo, signed: header.suite === SIGNING_SUITE });
      return { ...common, action: 'decrypt', dataKey: dataKeyOf(output.Plaintext) };
    }
    if (wish.keyId === undefined) throw new CofferError('ValidationException', 'Choose the key to encrypt under.');
    const signing = wish.signed ? newSigningKey() : undefined;
    const context: Record<string, string> = { ...wish.context };
    if (Object.keys(context).some((key) => key.startsWith('aws-crypto-') || key === CONTENT_CONTEXT)) {
      throw new CofferError(
        'ValidationException',
        `Context keys that begin with aws-crypto-, and ${CONTENT_CONTEXT}, are reserved.`,
      );
    }
    if (entry.kind === 'folder') context[CONTENT_CONTEXT] = FOLDER_CONTENT;
    if (signing) context[PUBLIC_KEY_CONTEXT] = signing.publicKey;
    const { output } = await parts.engine.call(caller, 'GenerateDataKey', {
      KeyId: wish.keyId,
      NumberOfBytes: 32,
      EncryptionContext: context,
    });
    const { KeyId: arn, CiphertextBlob: ciphertext } = output;
    if (!arn || !ciphertext) throw new Error('GenerateDataKey answered without its key');
    update(entry, { keyArn: arn });
    return {
      ...common,
      action: 'encrypt',
      kind: entry.kind,
      messageId: parts.environment.random.bytes(MESSAGE_ID_BYTES),
      context,
      edk: { providerId: 'aws-kms', providerInfo: arn, ciphertext },
      frameLength: FRAME_LENGTH,
      signingKey: signing?.privateKey,
      dataKey: dataKeyOf(output.Plaintext),
    };
  }

  async function run(entry: Entry): Promise<void> {
    const planned = await planPath(entry.job.path, entry.wish.outputFolder);
    if (planned.problem) throw new CofferError(planned.problem.code, planned.problem.message);
    if (planned.kind !== 'folder' && planned.kind !== 'file') throw new Error('a plan without a problem has a kind');
    if (planned.action !== entry.job.action) {
      throw entry.job.action === 'decrypt'
        ? new CofferError(
            'NotAnEncryptedMessage',
            `${planned.name} is not a file encrypted by Coffer or an AWS Encryption SDK.`,
          )
        : new CofferError(
            'AlreadyEncrypted',
            `${planned.name} is encrypted already. Decrypt it, or rename it if it only looks so.`,
          );
    }
    entry.kind = planned.kind;
    update(entry, { output: planned.output, totalBytes: planned.size });
    const task = await prepare(entry);
    const thread = idle.pop() ?? spawn();
    entry.thread = thread;
    entry.began = { at: performance.now(), bytes: 0 };
    thread.progress = (bytes) => {
      const seconds = (performance.now() - entry.began.at) / 1000;
      const bytesPerSecond = seconds > 0 ? Math.max(0, (bytes - entry.began.bytes) / seconds) : 0;
      update(entry, { doneBytes: bytes, bytesPerSecond });
    };
    try {
      const outcome = await new Promise<Parameters<NonNullable<Thread['settle']>>[0]>((resolve) => {
        thread.settle = resolve;
        thread.worker.postMessage({ task } satisfies ToWorker);
        if (entry.cancelled) signal(entry, 'cancel');
      });
      if ('failed' in outcome)
        throw new CofferError(outcome.cancelled ? 'Cancelled' : outcome.failed.code, outcome.failed.message);
      update(entry, {
        state: 'done',
        output: outcome.output,
        doneBytes: entry.job.totalBytes,
        finishedAt: parts.environment.clock.now(),
      });
    } finally {
      task.dataKey.fill(0);
      if (task.action === 'encrypt') task.signingKey?.fill(0);
      thread.settle = undefined;
      thread.progress = () => undefined;
      entry.thread = undefined;
      if (threads.has(thread)) idle.push(thread);
      // A thread that was stopped could not clean up after itself.
      else
        await rm(partialName(path.dirname(task.output), task.id), { recursive: true, force: true }).catch(
          () => undefined,
        );
    }
  }

  function pump(): void {
    for (const entry of entries.values()) {
      if (running >= WORKERS || closed) return;
      if (entry.job.state !== 'waiting') continue;
      running++;
      update(entry, { state: 'running' });
      run(entry)
        .catch((error: unknown) => {
          if (!(error instanceof CofferError)) parts.onBug(error);
          const { code, message } = toEnvelope(error);
          const state = code === 'Cancelled' || entry.cancelled ? 'cancelled' : 'failed';
          update(entry, {
            state,
            finishedAt: parts.environment.clock.now(),
            ...(state === 'failed' ? { problem: { code, message } } : {}),
          });
        })
        .finally(() => {
          running--;
          pump();
          if (running === 0) settled?.();
        });
    }
  }

  function find(id: string): Entry {
    const entry = entries.get(id);
    if (!entry) throw new CofferError('NoSuchJob', 'That job is not in the list any more.');
    return entry;
  }

  const service: FileService = {
    plan: async (paths, outputFolder) => {
      const plans: Plan[] = [];
      for (const each of paths) plans.push(await planPath(each, outputFolder));
      return plans;
    },

    async start({ items, ...wish }) {
      const added = items.map(({ path: file, action }): Entry => {
        const job: Job = {
          id: randomUUID(),
          path: path.resolve(file),
          name: path.basename(file),
          action,
          state: 'waiting',
          signed: action === 'encrypt' && wish.signed === true,
          totalBytes: 0,
          doneBytes: 0,
          bytesPerSecond: 0,
          createdAt: parts.environment.clock.now(),
        };
        return {
          job,
          wish,
          region: wish.region,
          onConflict: wish.onConflict ?? 'fail',
          kind: 'file',
          thread: undefined,
          cancelled: false,
          began: { at: 0, bytes: 0 },
        };
      });
      for (const entry of added) {
        entries.set(entry.job.id, entry);
        announce(entry.job.id);
      }
      pump();
      return added.map(({ job }) => job);
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
      signal(entry, 'cancel');
      const { thread } = entry;
      setTimeout(() => {
        if (thread && entry.thread === thread) void thread.worker.terminate();
      }, CANCEL_MS).unref();
    },

    pause(id) {
      const entry = find(id);
      if (entry.job.state !== 'running') return;
      signal(entry, 'pause');
      update(entry, { state: 'paused', bytesPerSecond: 0 });
    },

    resume(id) {
      const entry = find(id);
      if (entry.job.state !== 'paused') return;
      entry.began = { at: performance.now(), bytes: entry.job.doneBytes };
      signal(entry, 'resume');
      update(entry, { state: 'running' });
    },

    retry(id, onConflict) {
      const entry = find(id);
      if (entry.job.state !== 'failed' && entry.job.state !== 'cancelled') return;
      if (onConflict) entry.onConflict = onConflict;
      entry.cancelled = false;
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

    busy: () => [...entries.values()].some(({ job }) => job.state === 'running' || job.state === 'waiting'),

    async close() {
      closed = true;
      for (const { job } of entries.values()) service.cancel(job.id);
      if (running > 0) {
        await new Promise<void>((resolve) => {
          settled = resolve;
        });
      }
      clearTimeout(timer);
      await Promise.all([...threads].map(({ worker }) => worker.terminate()));
    },
  };
  return service;
}

function dataKeyOf(plaintext: Uint8Array | undefined): Uint8Array {
  if (plaintext?.length !== 32)
    throw new CofferError('MessageDamaged', 'The encrypted file is damaged: its data key has the wrong length.');
  return new Uint8Array(plaintext);
}
