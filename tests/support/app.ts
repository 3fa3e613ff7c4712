import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, test as base, type ElectronApplication, errors, expect, type Page } from '@playwright/test';
import { startApplication } from '../../src/main/application.ts';
import { createChromiumShell } from '../../src/main/shell/chromium/index.ts';
import { systemClock } from '../../src/main/system.ts';
import type { Time } from './authenticator.ts';
import { makeFirstVault, PASSPHRASE } from './first-vault.ts';

export { PASSPHRASE };

const root = path.resolve(import.meta.dirname, '..', '..');
export const built = path.join(root, 'out');

/** The Electron program of `ELECTRON_OVERRIDE_DIST_PATH`, or the downloaded one. */
function electronProgram(): string {
  const found = [process.env.ELECTRON_OVERRIDE_DIST_PATH, path.join(root, 'node_modules', 'electron', 'dist')]
    .filter((folder) => folder !== undefined)
    .map((folder) => path.join(folder, 'electron'))
    .find((file) => existsSync(file));
  if (!found) throw new Error('no Electron runtime is here');
  return found;
}

export interface App {
  readonly shell: 'chromium' | 'electron';
  readonly page: Page;
  /** The folder everything of this application lies in. */
  readonly home: string;
  /** Set on Electron. */
  readonly electron: ElectronApplication | undefined;
  /** The program's clock, which can be moved ahead. */
  readonly time: Time;
  /** Drops real files and folders in the middle of a place of the page. */
  drop(target: string, paths: readonly string[]): Promise<void>;
  /** Goes to one of the application's addresses, such as `/settings/backup`. */
  go(route: string): Promise<void>;
  /** Evaluates a script in the page, in a way that works while a refused navigation keeps Playwright waiting. */
  run<T>(script: string): Promise<T>;
  /** Closes the window, for tests that start the program themselves. */
  closeWindow(): Promise<void>;
  /** Closes the window and opens it again on the same folder. */
  restart(): Promise<Page>;
  /** Goes through first run by the window: a vault with a passphrase and a first key. */
  firstRun(options?: { alias?: string }): Promise<void>;
  /** Opens the locked vault with its passphrase. */
  unlock(): Promise<void>;
  close(): Promise<void>;
}

interface Window {
  readonly page: Page;
  readonly electron: ElectronApplication | undefined;
  close(): Promise<void>;
}

/** A keychain would belong to whoever runs the tests: the window is opened without one. */
function environment(home: string): Record<string, string> {
  const { DBUS_SESSION_BUS_ADDRESS: _bus, XDG_RUNTIME_DIR: _dir, ...rest } = process.env;
  return {
    ...(rest as Record<string, string>),
    COFFER_HOME: home,
    // What is moved to the trash goes with everything else of the test.
    XDG_DATA_HOME: path.join(home, 'data'),
    DBUS_SESSION_BUS_ADDRESS: '',
    COFFER_TEST: '1',
  };
}

/** How a person's `npm start` ends up starting a shell. */
export function program(shell: App['shell'], home: string) {
  const env = environment(home);
  if (shell === 'chromium') return { command: process.execPath, args: [path.join(built, 'main', 'index.js')], env };
  return { command: electronProgram(), args: electronArgs, env };
}

const electronArgs = [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu', root];

/**
 * Starts Electron with Playwright's debugger attached. About one start in a hundred never finishes the handshake of the two, while the
 * same program started without a debugger always comes up (sockets.spec starts it so); another start is made then.
 */
async function attach(home: string, tries = 3): Promise<ElectronApplication> {
  try {
    return await _electron.launch({
      executablePath: electronProgram(),
      args: electronArgs,
      env: environment(home),
      timeout: 15_000,
    });
  } catch (error) {
    if (!(error instanceof errors.TimeoutError) || tries === 1) throw error;
    return attach(home, tries - 1);
  }
}

async function startWindow(shell: App['shell'], home: string): Promise<Window> {
  if (shell === 'chromium') {
    const chromium = createChromiumShell({
      headless: process.env.COFFER_TEST_HEADED !== '1',
      env: environment(home),
    });
    const application = await startApplication({
      shell: chromium,
      built,
      version: '0.0.0-test',
      env: environment(home),
    });
    if (!chromium.page) throw new Error('the window did not open');
    // The shell waits for a person without end; a test that waits has failed.
    chromium.page.setDefaultTimeout(30_000);
    return { page: chromium.page as unknown as Page, electron: undefined, close: () => application.close() };
  }
  const electron = await attach(home);
  return { page: await electron.firstWindow(), electron, close: () => electron.close() };
}

/** How far the clock of the Chromium shell, which runs in this process, is ahead. */
let ahead = 0;
systemClock.now = () => Date.now() + ahead;

async function moveAhead(electron: ElectronApplication | undefined, ms: number): Promise<void> {
  if (!electron) ahead += ms;
  await electron?.evaluate((_, more) => {
    const { now } = Date;
    Date.now = () => now() + more;
  }, ms);
}

/** Nothing moves in a window of the tests: what is clicked stays where it was between the button's going down and coming up. */
async function openWindow(shell: App['shell'], home: string): Promise<Window> {
  const window = await startWindow(shell, home);
  await window.page.emulateMedia({ reducedMotion: 'reduce' });
  return window;
}

/** What an application is opened on. */
export interface Prepared {
  /** A vault with a first key of this alias, as first run leaves it, open already; without, the window shows first run. */
  readonly alias?: string | undefined;
  /** Puts things into its folder before. */
  prepare?(home: string): Promise<void>;
}

/** Opens the application on a folder of its own. */
export async function openApp(shell: App['shell'], { alias, prepare }: Prepared = {}): Promise<App> {
  const home = await mkdtemp(path.join(tmpdir(), 'coffer-e2e-'));
  await prepare?.(home);
  if (alias !== undefined) await makeFirstVault(home, alias);
  let window = await openWindow(shell, home);
  let passed = 0;
  const app: App = {
    shell,
    home,
    time: {
      now: () => Date.now() + passed,
      async pass(ms) {
        passed += ms;
        await moveAhead(window.electron, ms);
      },
    },
    get page() {
      return window.page;
    },
    get electron() {
      return window.electron;
    },
    async drop(target, paths) {
      await window.page.locator(target).scrollIntoViewIfNeeded();
      const box = await window.page.locator(target).boundingBox();
      if (!box) throw new Error(`${target} is not on the screen`);
      const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      const devtools = await window.page.context().newCDPSession(window.page);
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
        await devtools.send('Input.dispatchDragEvent', {
          type,
          ...at,
          data: { items: [], files: [...paths], dragOperationsMask: 1 },
        });
      }
      await devtools.detach();
    },
    async go(route) {
      await window.page.evaluate(`location.hash = ${JSON.stringify(route)}`);
    },
    run(script) {
      if (!window.electron) return window.page.evaluate(script);
      return window.electron.evaluate(
        ({ BrowserWindow }, text) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(text),
        script,
      );
    },
    closeWindow: () => window.close(),
    async restart() {
      await window.close();
      window = await openWindow(shell, home);
      return window.page;
    },
    async firstRun({ alias = 'first' } = {}) {
      const { page } = window;
      await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
      await page.getByLabel('Passphrase again').fill(PASSPHRASE);
      await page.getByRole('button', { name: 'Make the vault' }).click();
      const code = page.getByRole('list', { name: 'Recovery code' });
      await code.waitFor();
      const groups = (await code.getByRole('listitem').allInnerTexts()).map(
        (group) => /[0-9A-Z]{4}/.exec(group)?.[0] ?? '',
      );
      await page.getByRole('button', { name: 'I have it' }).click();
      for (const field of await page.getByRole('textbox', { name: /^Group \d+$/ }).all()) {
        const label = (await field.evaluate((input: HTMLInputElement) => input.labels?.[0]?.textContent)) ?? '';
        await field.fill(groups[Number(/\d+/.exec(label)?.[0]) - 1] ?? '');
      }
      await page.getByRole('button', { name: 'Confirm the code' }).click();
      await page.getByLabel('Alias').fill(alias);
      await page.getByRole('button', { name: 'Create and open the key' }).click();
      await page.getByRole('navigation').waitFor();
    },
    async unlock() {
      const { page } = window;
      await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
      await page.getByRole('button', { name: 'Unlock' }).click();
      await page.getByRole('navigation', { name: 'Screens' }).waitFor();
    },
    async close() {
      await window.close();
      if (shell === 'chromium') ahead -= passed;
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  if (alias !== undefined) await app.unlock();
  return app;
}

/** A test with an application of its own, on the shell of its project: at first run, or open on a vault that `alias` names a key of. */
export const test = base.extend<{ alias: string | undefined; app: App; page: Page }>({
  alias: [undefined, { option: true }],
  app: async ({ alias }, use, info) => {
    const app = await openApp(info.project.metadata.shell as App['shell'], { alias });
    await use(app);
    if (info.errors.length > 0)
      await app.page.screenshot({ path: info.outputPath('failure.png') }).catch(() => undefined);
    await app.close();
  },
  page: async ({ app }, use) => {
    await use(app.page);
  },
});

export { expect };
