import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { toEnvelope } from '../../shared/kms/errors.ts';
import type { Batch, FromWorker, NameAnswer, NameAsked, Outcome, Signal, Task, ToWorker } from './protocol.ts';
import { type OnConflict, partialName, syncFolder } from './target.ts';

/** A task that a thread works on. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  signal(name: Signal): void;
  /** Ends the thread, which could not clean up; not once its task gives a result its name. */
  kill(): void;
  /** Whether the thread is gone. */
  dead(): boolean;
}

interface Thread {
  readonly worker: Worker;
  settle: ((outcome: Outcome) => void) | undefined;
  item: (at: number, outcome: Outcome) => void;
  progress: (bytes: number) => void;
  claim: Claim;
  /** Whether its task cannot be stopped any more. */
  settling: boolean;
  /** Whether it is being ended, and can take no other task. */
  killed: boolean;
}

/** Gives or refuses a name that a task found. @throws CofferError when it does not give it. */
export type Claim = (source: string, output: string) => Promise<OnConflict>;

const KILLED: Outcome = {
  failed: { code: 'Cancelled', message: 'Cancelled. Nothing half-written was kept.' },
  cancelled: true,
};
const FAULT: Outcome = {
  failed: {
    code: 'WorkerFailed',
    message: 'The job was stopped by a fault. Nothing half-written was kept; try again.',
  },
  cancelled: false,
};

/** What became of a batch: of the tasks that a thread was not through with, what became of the thread. */
const ofBatch = ({ tasks }: Batch, items: readonly (Outcome | undefined)[], outcome: Outcome): Outcome => ({
  items: tasks.map((_, at) => items[at] ?? ('failed' in outcome ? outcome : undefined)),
});

/** Worker threads, each with one task at a time; a free one is used again. */
export class Threads {
  readonly #module: URL;
  readonly #onBug: (error: unknown) => void;
  readonly #all = new Set<Thread>();
  readonly #idle: Thread[] = [];

  constructor(module: URL, onBug: (error: unknown) => void) {
    this.#module = module;
    this.#onBug = onBug;
  }

  #spawn(claim: Claim): Thread {
    const thread: Thread = {
      worker: new Worker(this.#module),
      settle: undefined,
      item: () => undefined,
      progress: () => undefined,
      claim,
      settling: false,
      killed: false,
    };
    this.#all.add(thread);
    thread.worker.on('message', (message: FromWorker) => {
      if ('progress' in message) thread.progress(message.progress);
      else if ('settling' in message) thread.settling = true;
      else if ('asked' in message) void this.#answer(thread, message);
      else if ('item' in message) thread.item(message.item, message.outcome);
      else thread.settle?.(message.outcome);
    });
    thread.worker.on('error', this.#onBug);
    // Only now is nothing of it at work any more, and what it left can be removed.
    thread.worker.on('exit', () => {
      this.#all.delete(thread);
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      thread.settle?.(thread.killed ? KILLED : FAULT);
    });
    thread.worker.unref();
    return thread;
  }

  async #answer({ worker, claim }: Thread, { asked, source, output }: NameAsked): Promise<void> {
    const answer: NameAnswer = await claim(source, output).then(
      (onConflict) => ({ onConflict }),
      (error: unknown) => ({ refused: toEnvelope(error) }),
    );
    worker.postMessage({ asked, answer } satisfies ToWorker);
  }

  run(task: Task | Batch, progress: (bytes: number) => void, claim: Claim): Running {
    const thread = this.#idle.pop() ?? this.#spawn(claim);
    let over = false;
    const post = (message: ToWorker) => {
      if (!over) thread.worker.postMessage(message);
    };
    thread.progress = progress;
    thread.claim = claim;
    thread.settling = false;
    const items: Outcome[] = [];
    thread.item = (at, outcome) => {
      items[at] = outcome;
    };
    const outcome = new Promise<Outcome>((resolve) => {
      thread.settle = (given) => resolve(task.action === 'batch' ? ofBatch(task, items, given) : given);
    }).finally(() => {
      over = true;
      thread.settle = undefined;
      thread.progress = () => undefined;
      if (this.#all.has(thread) && !thread.killed) this.#idle.push(thread);
    });
    post({ task });
    return {
      outcome,
      signal: (signal) => post({ signal }),
      kill: () => {
        if (over || thread.settling) return;
        thread.killed = true;
        void thread.worker.terminate();
      },
      dead: () => !this.#all.has(thread),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map(({ worker }) => worker.terminate()));
  }
}

/** Removes what a thread that is gone left half-written, and makes the names last of what it was through with. */
export async function cleanUpAfter(task: Task | Batch, outcome: Outcome): Promise<void> {
  for (const { action, output, id } of task.action === 'batch' ? task.tasks : [task])
    if (action !== 'verify')
      await rm(partialName(path.dirname(output), id), { recursive: true, force: true }).catch(() => undefined);
  const items = 'failed' in outcome ? [] : (outcome.items ?? []);
  const outputs = items.flatMap((item) => (item && !('failed' in item) && item.output ? [item.output] : []));
  for (const folder of new Set(outputs.map((output) => path.dirname(output)))) await syncFolder(folder);
}
