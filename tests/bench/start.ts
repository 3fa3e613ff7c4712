import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * `npm run bench -- start`: the time from the start of the process to a Keys screen that answers, in the built application in
 * the Chromium shell with its window on a display. The passphrase is typed by the bench as soon as its field is there; scrypt at
 * its full cost is part of the figure. Keys: `start_ms` (the median of the starts), `lock_screen_ms`.
 */
const STARTS = 7;
const PASSPHRASE = 'correct horse battery staple';
const built = path.resolve('out');

interface Start {
  /** Until the lock screen takes a passphrase, and until the list of keys answers a click; milliseconds since the process started. */
  readonly lockScreen: number;
  readonly keys: number;
}

/** The child: starts as the program does, types the passphrase and waits for the list. */
async function startOnce(home: string): Promise<void> {
  // Loaded in the program's own order: the browser starts first.
  const { createChromiumShell } = await import('../../src/main/shell/chromium/index.ts');
  const shell = createChromiumShell();
  const { startApplication } = await import('../../src/main/application.ts');
  const env = { ...process.env, COFFER_HOME: home };
  const application = await startApplication({ shell, built, version: 'bench', env });
  const { page } = shell;
  if (!page) throw new Error('the window did not open');
  // The shell waits without end for a person; a bench that waits has failed.
  page.setDefaultTimeout(20_000);
  const field = page.getByLabel('Passphrase', { exact: true });
  await field.waitFor();
  const lockScreen = performance.now();
  await field.fill(PASSPHRASE);
  await field.press('Enter');
  const box = page.getByRole('row').nth(1).getByRole('checkbox');
  await box.check();
  const start: Start = { lockScreen, keys: performance.now() };
  await application.close();
  process.stdout.write(`\n${JSON.stringify(start)}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function measure(): Promise<void> {
  const home = await mkdtemp(path.join(tmpdir(), 'coffer-bench-start-'));
  try {
    // Loaded here only: the child loads what the program does.
    const { makeVault } = await import('../support/start-vault.ts');
    await makeVault(path.join(home, 'vault'), PASSPHRASE);
    const starts: Start[] = [];
    // The first start finds nothing in the system's caches; it is made and not counted.
    for (let start = 0; start <= STARTS; start++) {
      const { stdout } = await promisify(execFile)(process.execPath, [process.argv[1] ?? '', home]);
      if (start > 0) starts.push(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}') as Start);
    }
    const figures = {
      start_ms: Math.round(median(starts.map(({ keys }) => keys))),
      start_worst_ms: Math.round(Math.max(...starts.map(({ keys }) => keys))),
      lock_screen_ms: Math.round(median(starts.map(({ lockScreen }) => lockScreen))),
    };
    console.log(JSON.stringify(figures));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const home = process.argv[2];
if (home) {
  await startOnce(home);
  // The browser's pipes may keep the loop alive for a moment that is not part of the figure.
  await Promise.race([once(process, 'beforeExit'), new Promise((resolve) => setTimeout(resolve, 500))]);
  process.exit(0);
}
await measure();
