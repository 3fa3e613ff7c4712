import { spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { CofferError } from '../../../shared/kms/errors.ts';
import { serveRenderer } from '../renderer-files.ts';
import type { Shell, ShellOptions } from '../shell.ts';
import { findChromium } from './find.ts';

const ORIGIN = 'https://coffer.localhost';

const FLAGS = [
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

export interface ChromiumShell extends Shell {
  /** The application's page, for tests that drive it. */
  readonly page: Page | undefined;
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
 * as answers to intercepted requests, and everything else is refused.
 */
export function createChromiumShell(settings: { readonly headless?: boolean } = {}): ChromiumShell {
  let context: BrowserContext | undefined;
  let page: Page | undefined;
  let devtools: CDPSession | undefined;
  let closing = false;

  /** The real path of each File of an array that the page holds under `expression`; '' where a File has none. */
  async function pathsBehind(expression: string, count: number): Promise<string[]> {
    if (!devtools) return [];
    const paths: string[] = [];
    for (let index = 0; index < count; index++) {
      const { result } = await devtools.send('Runtime.evaluate', { expression: `${expression}[${index}]` });
      if (!result.objectId) {
        paths.push('');
        continue;
      }
      const info = await devtools.send('DOM.getFileInfo', { objectId: result.objectId }).catch(() => ({ path: '' }));
      await devtools.send('Runtime.releaseObject', { objectId: result.objectId });
      paths.push(info.path);
    }
    return paths;
  }

  return {
    name: 'chromium',

    get page() {
      return page;
    },

    async open(options: ShellOptions) {
      const executablePath = findChromium();
      const profile = path.join(options.stateDir, 'browser');
      await mkdir(profile, { recursive: true, mode: 0o700 });
      const isRoot = process.getuid?.() === 0;
      context = await chromium.launchPersistentContext(profile, {
        executablePath,
        headless: settings.headless ?? false,
        // The sandbox refuses to run as root; everyone else has it.
        chromiumSandbox: !isRoot,
        args: [...FLAGS, `--app=${ORIGIN}/`, '--window-size=1280,800'],
        ignoreDefaultArgs: ['--enable-automation', '--force-color-profile=srgb', '--disable-field-trial-config'],
        viewport: null,
        acceptDownloads: false,
        serviceWorkers: 'block',
      });
      context.setDefaultTimeout(0);
      await context.route(
        () => true,
        async (route) => {
          const url = new URL(route.request().url());
          if (url.origin !== ORIGIN || route.request().method() !== 'GET') {
            await route.abort('blockedbyclient');
            return;
          }
          await route.fulfill(await serveRenderer(options.rendererDir, url));
        },
      );
      page = context.pages()[0] ?? (await context.newPage());
      const own = page;
      context.on('page', (other) => {
        if (other !== own) void other.close().catch(() => undefined);
      });
      own.on('framenavigated', (frame) => {
        // Leaving the application is refused by going back to it: the address it went to was never answered.
        if (frame === own.mainFrame() && !isOurs(frame.url()) && !closing)
          void own.goto(`${ORIGIN}/`).catch(() => undefined);
      });
      own.on('close', () => {
        if (!closing) options.onClosed();
      });
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
          !Number.isSafeInteger(count)
        ) {
          throw new Error('refused');
        }
        return pathsBehind(`window.__cofferFiles.get(${token})`, Math.min(Number(count), 10_000));
      });
      await own.addInitScript(await readFile(path.join(options.preloadDir, 'chromium.cjs'), 'utf8'));
      devtools = await context.newCDPSession(own);
      await own.goto(`${ORIGIN}/`);
    },

    send(name, payload) {
      void page
        ?.evaluate(
          ([event, text]) => window.dispatchEvent(new CustomEvent('coffer:event', { detail: [event, text] })),
          [name, payload],
        )
        .catch(() => undefined);
    },

    async pick(kind) {
      if (!page || !devtools) return [];
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

    async close() {
      closing = true;
      await context?.close();
    },
  };
}
