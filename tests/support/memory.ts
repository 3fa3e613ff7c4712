import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession } from '@playwright/test';
import type { App } from './app.ts';

export interface Memory {
  /** Bytes of the page: JavaScript's objects, and buffers beside them. */
  readonly renderer: number;
  /** Bytes of the main process: JavaScript's objects, and what they hold outside of the heap. */
  readonly main: number;
  /** The part of it that is outside of the heap. */
  readonly external: number;
  readonly rss: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What finalizers free goes in a later turn; three rounds reach what the first could not. */
const COLLECTIONS = 3;

async function rendererOf(devtools: CDPSession) {
  for (let time = 0; time < COLLECTIONS; time++) {
    await devtools.send('HeapProfiler.collectGarbage');
    await wait(300);
  }
  // Newer browsers say what buffers take, too; the protocol's types do not have it yet.
  const heap: { usedSize: number; backingStorageSize?: number } = await devtools.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await devtools.send('Memory.getDOMCounters');
  return { renderer: heap.usedSize + (heap.backingStorageSize ?? 0), nodes, listeners: jsEventListeners };
}

/** Runs where the main process is: here for Chromium's shell, in Electron for its own. */
async function mainMemory(_electron: unknown, times: number) {
  // Both programs start without --expose-gc when a person starts them.
  process.getBuiltinModule('v8').setFlagsFromString('--expose-gc');
  const collect = process.getBuiltinModule('vm').runInNewContext('gc') as () => void;
  for (let time = 0; time < times; time++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { main: heapUsed + external, external, rss };
}

/** What the window and its main process hold, each after garbage collection. */
export async function memoryOf(app: App): Promise<Memory> {
  const devtools = await app.page.context().newCDPSession(app.page);
  const page = await rendererOf(devtools);
  await devtools.detach();
  const main = app.electron
    ? await app.electron.evaluate(mainMemory, COLLECTIONS)
    : await mainMemory(undefined, COLLECTIONS);
  return { ...page, ...main };
}
