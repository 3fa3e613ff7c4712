import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { BrowserContext, CDPSession, Page } from 'playwright-core';
import { PATHS_PER_CALL } from '../../../shared/contract/paths-per-call.ts';
import { CofferError } from '../../../shared/kms/errors.ts';
import { serveRenderer } from '../renderer-files.ts';
import type { Shell, ShellOptions } from '../shell.ts';
import { watchSuspend } from '../suspend.ts';
import { moveToTrash } from '../trash.ts';
import { findChromium } from './find.ts';
import { askForPath } from './path-dialog.ts';
import { createProfile } from './profile.ts';
import { keepPlace, placeFlags } from './window-place.ts';

// Imported, it would be searched for the names it exports first, which is a third of the time it takes; the window waits for it.
const { chromium } = createRequire(import.meta.url)('playwright-core') as typeof import('playwright-core');

const ORIGIN = 'https://coffer.localhost';

const FLAGS = [
  // The application's requests are answered before a name is looked up; whatever else the browser would ask for on its own
  // (updates, dictionaries, preconnections) finds no host and no proxy.
  '--host-resolver-rules=MAP * ~NOTFOUND',
  '--no-proxy-server',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-features=Translate,MediaRouter,OptimizationHints,AutofillServerCommunication',
  '--disable-gpu',
];

/** Files whose paths are asked for at once. */
const TOGETHER = 200;

export interface ChromiumShell extends Shell {
  /** The application's page, for tests that drive it. */
  readonly page: Page | undefined;
}

export interface ChromiumSettings {
  readonly headless?: boolean;
  /** Where the window's place is kept; it has no remembered one without. */
  readonly stateDir?: string;
  /** Files that the command line names. */
  readonly files?: readonly string[];
  /** Where the trash's folder is named; the process's own environment unless given. */
  readonly env?: NodeJS.ProcessEnv;
}

function isOurs(url: string): boolean {
  try {
    return new URL(url).origin === ORIGIN;
  } catch {
    return false;
  }
}

/**
 * The application in an installed Chromium, driven over the DevTools pipe: no port is opened, the page's origin exists only
 * as answers to intercepted requests, and everything else is refused. The browser starts when the shell is made.
 */
export function createChromiumShell(settings: ChromiumSettings = {}): ChromiumShell {
  let context: BrowserContext | undefined;
  let page: Page | undefined;
  let devtools: CDPSession | undefined;
  let closing = false;
  let stopKeeping = () => Promise.resolve();
  const cleanUps: (() => Promise<void> | void)[] = [];

  async function launch(): Promise<BrowserContext> {
    const executablePath = findChromium();
    const profile = await createProfile();
    cleanUps.push(profile.remove);
    const isRoot = process.getuid?.() === 0;
    return chromium.launchPersistentContext(profile.path, {
      executablePath,
      headless: settings.headless ?? false,
      // The sandbox refuses to run as root (and a bar in the window would say so); everyone else has it.
      chromiumSandbox: !isRoot,
      // The window starts empty: the application's address is opened once its requests are intercepted.
      args: [...FLAGS, ...(isRoot ? ['--test-type'] : []), '--app=data:text/html,', ...placeFlags(settings.stateDir)],
      // Coffer answers signals itself: it locks the vault first.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      ignoreDefaultArgs: ['--enable-automation', '--force-color-profile=srgb', '--disable-field-trial-config'],
      viewport: null,
      acceptDownloads: false,
      serviceWorkers: 'block',
    });
  }
  // The browser takes longest to start: it begins at once, and what goes wrong with it is told by open().
  const launching = launch();
  launching.catch(() => undefined);

  let groups = 0;
  /** The real path of each File of an array that the page holds under `expression`; '' where a File has none. */
  async function pathsBehind(expression: string, count: number): Promise<string[]> {
    const session = devtools;
    if (!session) return [];
    const objectGroup = `paths-${++groups}`;
    try {
      const { result } = await session.send('Runtime.evaluate', { expression, objectGroup });
      if (!result.objectId) return [];
      const { objectId } = result;
      const { result: members } = await session.send('Runtime.getProperties', { objectId, ownProperties: true });
      const files = new Map(members.map(({ name, value }) => [name, value?.objectId]));
      const pathOf = async (index: number): Promise<string> => {
        const file = files.get(String(index));
        if (file === undefined) return '';
        return (await session.send('DOM.getFileInfo', { objectId: file }).catch(() => ({ path: '' }))).path;
      };
      const paths: string[] = [];
      // Thousands of files one by one would wait for as many answers; all at once would fill the pipe.
      while (paths.length < count) {
        const length = Math.min(TOGETHER, count - paths.length);
        paths.push(...(await Promise.all(Array.from({ length }, (_, at) => pathOf(paths.length + at)))));
      }
      return paths;
    } finally {
      await session.send('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined);
    }
  }

  return {
    name: 'chromium',

    get page() {
      return page;
    },

    async open(options: ShellOptions) {
      context = await launching;
      context.setDefaultTimeout(0);
      await context.route(
        () => true,
        async (route) => {
          const request = route.request();
          const url = new URL(request.url());
          if (request.isNavigationRequest() && url.href !== `${ORIGIN}/`) {
            // "No content" is the answer after which a page stays as it is.
            await route.fulfill({ status: 204 });
          } else if (url.origin !== ORIGIN || request.method() !== 'GET') {
            await route.abort('blockedbyclient');
          } else {
            await route.fulfill(await serveRenderer(options.rendererDir, url));
          }
        },
      );
      page = context.pages()[0] ?? (await context.newPage());
      const own = page;
      context.on('page', (other) => {
        if (other !== own) void other.close().catch(() => undefined);
      });
      const goHome = () => {
        if (!closing) void own.goto(`${ORIGIN}/`).catch(() => undefined);
      };
      own.on('framenavigated', (frame) => {
        // An address that makes no request (about:blank) cannot be refused; leaving is answered by going back.
        if (frame === own.mainFrame() && !isOurs(frame.url())) goHome();
      });
      const over = () => {
        if (!closing) options.onClosed();
      };
      // A page that crashed takes no address and no event any more: a vault must not stay open behind it.
      own.on('crash', over);
      own.on('close', over);
      await own.exposeBinding('__cofferInvoke', async ({ frame }, name: unknown, payload: unknown) => {
        if (
          frame !== own.mainFrame() ||
          !isOurs(frame.url()) ||
          typeof name !== 'string' ||
          typeof payload !== 'string'
        ) {
          throw new Error('refused');
        }
        return options.handle(name, payload);
      });
      await own.exposeBinding('__cofferPaths', async ({ frame }, token: unknown, count: unknown) => {
        if (
          frame !== own.mainFrame() ||
          !isOurs(frame.url()) ||
          !Number.isSafeInteger(token) ||
          !Number.isSafeInteger(count) ||
          Number(count) > PATHS_PER_CALL
        ) {
          throw new Error('refused');
        }
        return pathsBehind(`window.__cofferFiles.get(${token})`, Number(count));
      });
      await own.addInitScript(await readFile(path.join(options.preloadDir, 'chromium.cjs'), 'utf8'));
      devtools = await context.newCDPSession(own);
      cleanUps.push(watchSuspend(options.onSuspend));
      if (settings.stateDir !== undefined) stopKeeping = keepPlace(devtools, settings.stateDir);
      await own.goto(`${ORIGIN}/`);
      options.onOpen(settings.files ?? []);
    },

    send(name, payload) {
      void page
        ?.evaluate(
          ([event, text]) => window.dispatchEvent(new CustomEvent('coffer:event', { detail: [event, text] })),
          [name, payload],
        )
        .catch(() => undefined);
    },

    async pick(kind, title) {
      if (!page || !devtools) return [];
      if (kind === 'folder') {
        const folder = await askForPath('folder', title);
        if (folder !== undefined) return folder === null ? [] : [folder];
      }
      const { result } = await devtools.send('Runtime.evaluate', {
        expression: `window.__cofferPick(${kind === 'folder'})`,
        userGesture: true,
        awaitPromise: true,
        returnByValue: true,
      });
      const picked = result.value as { token: number; count: number; relative: string } | null;
      if (!picked || picked.count === 0) return [];
      const files = `window.__cofferFiles.get(${picked.token})`;
      const paths = await pathsBehind(files, kind === 'folder' ? 1 : picked.count);
      await devtools.send('Runtime.evaluate', { expression: `window.__cofferFiles.delete(${picked.token})` });
      if (kind === 'files') return paths.filter((file) => file !== '');
      // The picker hands out the files inside a folder; the folder is what is left when the inner path is taken off.
      const [first = ''] = paths;
      const inner = picked.relative.split('/').slice(1);
      return first === '' ? [] : [path.resolve(first, ...inner.map(() => '..'))];
    },

    pickFile: (title) => askForPath('file', title),

    async reveal(file) {
      const command =
        process.platform === 'darwin'
          ? ['open', '-R', file]
          : process.platform === 'win32'
            ? ['explorer.exe', `/select,${file}`]
            : ['xdg-open', path.dirname(file)];
      const [program = '', ...args] = command;
      await new Promise<void>((resolve, reject) => {
        const child = spawn(program, args, { detached: true, stdio: 'ignore' });
        child.on('spawn', () => {
          child.unref();
          resolve();
        });
        child.on('error', () => reject(new CofferError('NoFileManager', 'No file manager could be started here.')));
      });
    },

    // Elsewhere the trash can be reached by the desktop's own programs only, which ask or stay silent as they like.
    trash: process.platform === 'linux' ? (file) => moveToTrash(file, settings.env) : undefined,

    async close() {
      closing = true;
      await stopKeeping();
      await (await launching.catch(() => undefined))?.close();
      for (const cleanUp of cleanUps.splice(0)) await cleanUp();
    },
  };
}
