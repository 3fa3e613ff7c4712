import { Worker } from 'node:worker_threads';
import type { Batch, FromWorker, Outcome, Signal, Task, ToWorker } from './protocol.ts';

/** A task that a thread works on. */
export interface Running {
  readonly outcome: Promise<Outcome>;
  signal(name: Signal): void;
  /** Ends the thread, which could not clean up. */
  kill(): void;
  /** Whether the thread is gone. */
  dead(): boolean;
}

interface Thread {
  readonly worker: Worker;
  settle: ((outcome: Outcome) => void) | undefined;
  progress: (bytes: number) => void;
}

const FAULT: Outcome = {
  failed: {
    code: 'WorkerFailed',
    message: 'The job was stopped by a fault. Nothing half-written was kept; try again.',
  },
  cancelled: false,
};

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

  #spawn(): Thread {
    const thread: Thread = { worker: new Worker(this.#module), settle: undefined, progress: () => undefined };
    this.#all.add(thread);
    thread.worker.on('message', (message: FromWorker) => {
      if ('progress' in message) thread.progress(message.progress);
      else thread.settle?.(message.outcome);
    });
    thread.worker.on('error', this.#onBug);
    // Only now is nothing of it at work any more, and what it left can be removed.
    thread.worker.on('exit', () => {
      this.#all.delete(thread);
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      thread.settle?.(FAULT);
    });
    thread.worker.unref();
    return thread;
  }

  run(task: Task | Batch, progress: (bytes: number) => void): Running {
    const thread = this.#idle.pop() ?? this.#spawn();
    let over = false;
    const post = (message: ToWorker) => {
      if (!over) thread.worker.postMessage(message);
    };
    thread.progress = progress;
    const outcome = new Promise<Outcome>((resolve) => {
      thread.settle = resolve;
    }).finally(() => {
      over = true;
      thread.settle = undefined;
      thread.progress = () => undefined;
      if (this.#all.has(thread)) this.#idle.push(thread);
    });
    post({ task });
    return {
      outcome,
      signal: (signal) => post({ signal }),
      kill: () => {
        if (!over) void thread.worker.terminate();
      },
      dead: () => !this.#all.has(thread),
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#all].map(({ worker }) => worker.terminate()));
  }
}
