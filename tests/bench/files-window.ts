import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { type App, openApp } from '../support/app.ts';
import { makeSmallFiles } from '../support/small-files.ts';
import { type Frames, watchFrames } from '../support/ui-page.ts';

/**
 * `npm run bench -- files-window`: how smooth the window of the built application stays while it works on very many files. A folder of
 * 10,000 files of 4 KiB is encrypted one by one while somebody scrolls, goes to other screens and comes back, once the same job was cancelled;
 * 2,000 single files are dropped, scrolled through and encrypted. `…_long_frames` is the number of frames over 50 ms, other figures are
 * milliseconds. The figures of Electron, when its runtime is here, are named `electron_…`. `COFFER_BENCH_FILES` and
 * `COFFER_BENCH_DROPPED` make a smaller run.
 */
const FILES = Number(process.env.COFFER_BENCH_FILES ?? 10_000);
const DROPPED = Number(process.env.COFFER_BENCH_DROPPED ?? 2_000);
const SIZE = 4096;
const DROP = 'section[aria-label="Drop files here"]';
/** Time for what somebody does to be seen before the next. */
const REST_MS = 400;

class Window {
  readonly #app: App;
  readonly page: Page;

  constructor(app: App) {
    this.#app = app;
    this.page = app.page;
  }

  get jobs() {
    return this.page.getByRole('region', { name: 'Jobs', exact: true });
  }

  get review() {
    return this.page.getByRole('region', { name: 'What will happen' });
  }

  drop(paths: readonly string[]): Promise<void> {
    return this.#app.drop(DROP, paths);
  }

  /** Until the review of what was dropped is painted. */
  async reviewed(first: string): Promise<void> {
    await this.review.getByText(first, { exact: true }).waitFor();
  }

  async start(): Promise<void> {
    await this.review.getByRole('button', { name: /^Encrypt \d/ }).click();
    await this.jobs.waitFor();
  }

  async startTree(folder: string): Promise<void> {
    await this.drop([folder]);
    await this.reviewed(path.basename(folder));
    await this.review
      .getByLabel(`What to do with ${path.basename(folder)}`)
      .selectOption('Encrypt each file by itself');
    await this.start();
  }

  async allFinished(count: number): Promise<boolean> {
    return this.jobs.getByText(`${count} of ${count} finished`).isVisible();
  }

  /** Scrolls whatever is under the pointer, and the page. */
  async look(): Promise<void> {
    for (const delta of [300, 600, 900, -1200]) {
      await this.page.mouse.wheel(0, delta);
      await this.page.waitForTimeout(REST_MS);
    }
  }

  /** Goes about the window as somebody does who waits, until the jobs are finished. */
  async wander(jobs: number, routes: readonly string[]): Promise<void> {
    await this.page.mouse.move(640, 500);
    for (let round = 0; ; round++) {
      await this.#app.go(routes[round % routes.length] as string);
      await this.look();
      if (await this.allFinished(jobs)) return;
    }
  }

  async clear(): Promise<void> {
    await this.page.getByRole('button', { name: 'Clear finished' }).click();
    await this.jobs.waitFor({ state: 'hidden' });
  }
}

const say = (what: string, seconds: number, { frames, long, longest }: Frames) =>
  console.error(
    `${what} in ${seconds.toFixed(1)} s: ${frames} frames, ${long} over 50 ms, the longest ${Math.round(longest)} ms`,
  );

async function measure(shell: App['shell'], scratch: string): Promise<Record<string, number>> {
  const app = await openApp(shell, { alias: 'papers' });
  const figures: Record<string, number> = {};
  const measured = async (name: string, act: () => Promise<void>) => {
    const frames = await watchFrames(app.page);
    const started = performance.now();
    await act();
    const ms = performance.now() - started;
    const seen = await frames();
    say(`${shell}: ${name}`, ms / 1000, seen);
    figures[`${name}_ms`] = Math.round(ms);
    figures[`${name}_long_frames`] = seen.long;
    figures[`${name}_longest_frame_ms`] = Math.round(seen.longest);
  };
  try {
    const window = new Window(app);
    await app.go('/files');
    await app.page.locator(DROP).waitFor();

    const tree = path.join(scratch, 'tree');
    await makeSmallFiles(tree, FILES);
    await window.startTree(tree);
    await window.jobs.getByText(/^[1-9][\d,]* of [\d,]+ files/).waitFor();
    await measured('cancel', async () => {
      await window.jobs.getByRole('button', { name: 'Cancel tree' }).click();
      await window.jobs.getByText('Cancelled', { exact: true }).waitFor();
    });
    await window.clear();

    await window.startTree(tree);
    await measured('job', async () => {
      await window.look();
      await window.look();
    });
    await measured('wander', () => window.wander(1, ['/keys', '/files', '/activity', '/files']));
    await window.clear();

    const single = path.join(scratch, 'single');
    await mkdir(single);
    const names = Array.from({ length: DROPPED }, (_, n) => `${n}.bin`);
    for (const name of names) await writeFile(path.join(single, name), Buffer.alloc(SIZE, 1));
    // Chromium itself takes its time for so many files before it tells the page of the drop.
    await window.drop(names.map((name) => path.join(single, name)));
    await measured('plan', () => window.reviewed(names[0] as string));
    await measured('review', () => window.look());
    await window.start();
    await measured('queue', () => window.wander(DROPPED, ['/files']));
    const made = (await readdir(single)).filter((name) => name.endsWith('.encrypted'));
    if (made.length !== DROPPED) throw new Error('files are missing');
    return figures;
  } finally {
    await app.close();
  }
}

async function measureIn(shell: App['shell']): Promise<Record<string, number>> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'coffer-bench-files-'));
  try {
    return await measure(shell, scratch);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const figures = await measureIn('chromium');
if (process.env.COFFER_BENCH_ELECTRON)
  for (const [name, value] of Object.entries(await measureIn('electron'))) figures[`electron_${name}`] = value;
console.log(JSON.stringify(figures));
// What the browser left open must not keep the figures waiting.
process.exit(0);
