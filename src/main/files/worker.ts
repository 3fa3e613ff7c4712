import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Batch, FromWorker, Task, ToWorker } from './protocol.ts';
import { failedWith, runBatch, runTask } from './run.ts';
import { sweepPartials } from './target.ts';
import type { Control } from './work.ts';

const PROGRESS_MS = 50;

/** A thread that runs one job at a time; the service decides which. */
const port = parentPort;
if (!port) throw new Error('this module runs in a worker thread');
const send = (message: FromWorker) => port.postMessage(message);

let cancelled = false;
let resume: (() => void) | undefined;
let paused: Promise<void> | undefined;

async function work(task: Task | Batch): Promise<void> {
  let reported = 0;
  // What was still said to the task before is not meant for this one.
  cancelled = false;
  paused = undefined;
  const control: Control = {
    progress: (bytes) => {
      const now = performance.now();
      if (now - reported < PROGRESS_MS) return;
      reported = now;
      send({ progress: bytes });
    },
    checkpoint: async () => {
      // Lets a pause or cancel that has arrived be heard.
      await new Promise<void>((done) => setImmediate(done));
      await paused;
      if (cancelled) throw new CofferError('Cancelled', 'Cancelled. Nothing half-written was kept.');
    },
  };
  const single = async (one: Task) => {
    if (one.action !== 'verify') await sweepPartials(path.dirname(one.output));
    return runTask(one, control);
  };
  const outcome = await (task.action === 'batch'
    ? runBatch(task, control).then((items) => ({ items }))
    : single(task)
  ).catch(failedWith);
  send({ outcome });
}

port.on('message', (message: ToWorker) => {
  if ('task' in message) void work(message.task);
  else if (message.signal === 'pause') {
    paused ??= new Promise((done) => {
      resume = done;
    });
  } else {
    if (message.signal === 'cancel') cancelled = true;
    paused = undefined;
    resume?.();
  }
});
