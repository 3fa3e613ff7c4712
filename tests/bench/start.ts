import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/**
 * `npm run bench -- start`: the time from the start of the process to a Keys screen that answers, in the built application in
 * the Chromium shell with its window on a display. The vault is opened as soon as the lock screen can do it: by the keychain (a
 * real Secret Service), and for comparison by the passphrase, with scrypt at its full cost. Medians, in milliseconds:
 * `start_ms` by the keychain, `start_passphrase_ms`, `lock_screen_ms`.
 */
const STARTS = 7;
const PASSPHRASE = 'correct horse battery staple';
const built = path.resolve('out');

interface Start {
  /** Until the lock screen takes a passphrase, and until the list of keys answers a click; milliseconds since the process started. */
  readonly lockScreen: number;
  readonly keys: number;
}

/** The child: starts as the program does, opens the vault and waits for the list. */
async function startOnce(home: string, way: string): Promise<void> {
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
  if (way === 'keychain') await page.getByRole('button', { name: "Unlock with this computer's keychain" }).click();
  else {
    await field.fill(PASSPHRASE);
    await field.press('Enter');
  }
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
    const startBy = async (way: string): Promise<Start[]> => {
      const starts: Start[] = [];
      // The first start finds nothing in the system's caches; it is made and not counted.
      for (let start = 0; start <= STARTS; start++) {
        const { stdout } = await promisify(execFile)(process.execPath, [process.argv[1] ?? '', home, way]);
        if (start > 0) starts.push(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '{}') as Start);
      }
      return starts;
    };
    const byKeychain = await startBy('keychain');
    const byPassphrase = await startBy('passphrase');
    const figures = {
      start_ms: Math.round(median(byKeychain.map(({ keys }) => keys))),
      start_worst_ms: Math.round(Math.max(...byKeychain.map(({ keys }) => keys))),
      start_passphrase_ms: Math.round(median(byPassphrase.map(({ keys }) => keys))),
      lock_screen_ms: Math.round(median(byPassphrase.map(({ lockScreen }) => lockScreen))),
    };
    console.log(JSON.stringify(figures));
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

const [, , home, way] = process.argv;
if (home && way) {
  await startOnce(home, way);
  // The browser's pipes may keep the loop alive for a moment that is not part of the figure.
  await Promise.race([once(process, 'beforeExit'), new Promise((resolve) => setTimeout(resolve, 500))]);
  process.exit(0);
}
await measure();
