import path from 'node:path';
import { parentPort } from 'node:worker_threads';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Batch, FromWorker, NameAnswer, Task, ToWorker } from './protocol.ts';
import { failedWith, runBatch, runTask, type TaskControl } from './run.ts';
import { type OnConflict, sweepPartials } from './target.ts';

const PROGRESS_MS = 50;

/** A thread that runs one job at a time; the service decides which. */
const port = parentPort;
if (!port) throw new Error('this module runs in a worker thread');
const send = (message: FromWorker) => port.postMessage(message);

let cancelled = false;
let resume: (() => void) | undefined;
let paused: Promise<void> | undefined;
let asked = 0;
const asking = new Map<number, (answer: NameAnswer) => void>();

async function claim(source: string, output: string): Promise<OnConflict> {
  const question = ++asked;
  const answer = await new Promise<NameAnswer>((resolve) => {
    asking.set(question, resolve);
    send({ asked: question, source, output });
  });
  if ('onConflict' in answer) return answer.onConflict;
  const { code, message, details } = answer.refused;
  throw new CofferError(code, message, details);
}

async function work(task: Task | Batch): Promise<void> {
  let reported = 0;
  // What was still said to the task before is not meant for this one.
  cancelled = false;
  paused = undefined;
  const control: TaskControl = {
    claim,
    settling: () => send({ settling: true }),
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
    ? runBatch(task, control, (item, outcome) => send({ item, outcome })).then(() => ({}))
    : single(task)
  ).catch(failedWith);
  send({ outcome });
}

port.on('message', (message: ToWorker) => {
  if ('task' in message) void work(message.task);
  else if ('asked' in message) {
    asking.get(message.asked)?.(message.answer);
    asking.delete(message.asked);
  } else if (message.signal === 'pause') {
    paused ??= new Promise((done) => {
      resume = done;
    });
  } else {
    if (message.signal === 'cancel') cancelled = true;
    paused = undefined;
    resume?.();
  }
});
