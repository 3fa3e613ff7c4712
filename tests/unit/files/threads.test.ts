import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { Task } from '../../../src/main/files/protocol.ts';
import { Threads } from '../../../src/main/files/threads.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const task: Task = {
  action: 'verify',
  id: 'task',
  source: '/source',
  output: '',
  onConflict: 'fail',
  dataKey: new Uint8Array(),
};

/** Threads whose module does what it is told to with a message and the `send` that answers. */
const withThreads = (onMessage: string, use: (threads: Threads) => Promise<void>) =>
  inTemporaryFolder(async (dir) => {
    const module = path.join(dir, 'worker.mjs');
    const send = 'const send = (answer) => parentPort.postMessage(answer);';
    const listen = `parentPort.on('message', (message) => { ${onMessage} });`;
    await writeFile(module, `import { parentPort } from 'node:worker_threads';\n${send}\n${listen}\n`);
    const bugs: unknown[] = [];
    const threads = new Threads(pathToFileURL(module), (error) => bugs.push(error));
    try {
      await use(threads);
    } finally {
      await threads.close();
    }
    expect(bugs).toEqual([]);
  });
const noName = () => Promise.reject(new Error('nobody asks'));

it('a thread that gives a result its name is not stopped any more', () =>
  withThreads(
    `if (message.task) { send({ settling: true }); send({ progress: 1 }); }
     else send({ outcome: { output: '/result' } });`,
    async (threads) => {
      const running = await new Promise<ReturnType<Threads['run']>>((resolve) => {
        const run = threads.run(task, () => resolve(run), noName);
      });
      running.kill();
      running.signal('cancel');
      expect(await running.outcome).toEqual({ output: '/result' });
      expect(running.dead()).toBe(false);
    },
  ));

it('a thread that was stopped just as it answered gets no other task', () =>
  withThreads(
    `if (message.task) { send({ progress: 1 }); send({ outcome: { output: '/result' } }); }`,
    async (threads) => {
      for (let times = 0; times < 20; times++) {
        const stopped = threads.run(task, () => stopped.kill(), noName);
        await stopped.outcome;
        const next = threads.run(task, () => undefined, noName);
        expect(await next.outcome).toEqual({ output: '/result' });
      }
    },
  ));
