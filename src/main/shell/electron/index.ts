import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, powerMonitor, protocol, session, shell } from 'electron';
import { CofferError } from '../../../shared/kms/errors.ts';
import { encodeWire } from '../../../shared/wire.ts';
import { serveRenderer } from '../renderer-files.ts';
import type { Shell, ShellOptions, Standing } from '../shell.ts';
import { watchLogind } from '../suspend.ts';
import { moveToTrash } from '../trash.ts';
import { SMALLEST } from '../window-state.ts';
import { dragIcon } from './drag-icon.ts';
import { startHelper } from './helper.ts';
import { setMenu } from './menu.ts';
import { giveNotice } from './notices.ts';
import { beFirst, watchOpening } from './opening.ts';
import { createTray } from './tray.ts';
import { keepPlace, rememberedPlace } from './window-place.ts';

const ORIGIN = 'app://coffer';
const CHANNEL = 'coffer:invoke';

/** Must run before Electron is ready. */
function privilegedScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

function isOurs(url: string): boolean {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}` === ORIGIN;
  } catch {
    return false;
  }
}

/** Every web page in the process is held to the same rules, whoever made it. */
function hardenContents(): void {
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault());
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' }));
    contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  });
}

function hardenSession(rendererDir: string): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((_contents, permission, answer) =>
    answer(permission === 'clipboard-sanitized-write'),
  );
  defaultSession.setPermissionCheckHandler((_contents, permission) => permission === 'clipboard-sanitized-write');
  defaultSession.webRequest.onBeforeRequest((details, answer) => {
    const { protocol } = new URL(details.url);
    answer({ cancel: !(isOurs(details.url) || ['data:', 'devtools:'].includes(protocol)) });
  });
  protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    if (!isOurs(request.url) || request.method !== 'GET') return new Response(null, { status: 403 });
    const { status, headers, body } = await serveRenderer(rendererDir, url);
    return new Response(new Uint8Array(body), { status, headers });
  });
}

/** How far work is, on the taskbar or dock. */
function showProgress(window: BrowserWindow | undefined, progress: Standing['progress']): void {
  if (!window || window.isDestroyed()) return;
  if (!progress) window.setProgressBar(-1);
  // More than 1 says that it goes on and nobody knows how far it is.
  else if (progress.fraction === null) window.setProgressBar(2, { mode: progress.failed ? 'error' : 'indeterminate' });
  else window.setProgressBar(progress.fraction, { mode: progress.failed ? 'error' : 'normal' });
}

/** The application's home: one window, an `app://` page in a sandbox. */
export function createElectronShell(settings: { readonly profile: string }): Shell {
  // Electron fixes where its profile lies when it becomes ready, which it may be before open() is called.
  mkdirSync(settings.profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', settings.profile);
  privilegedScheme();
  hardenContents();
  watchOpening();
  let window: BrowserWindow | undefined;
  let stopListening: () => void = () => undefined;
  let standing: Standing = { open: false, jobs: 0, progress: null };
  const shows: ((standing: Standing) => void)[] = [];
  const toFront = () => {
    if (window?.isMinimized()) window.restore();
    window?.show();
    window?.focus();
  };
  const run = (id: string) => window?.webContents.send('coffer:event', 'app.command', encodeWire({ id }));
  // Electron quits with its last window, or when the system asks; Coffer quits when the vault is locked, by close() below.
  app.on('window-all-closed', () => undefined);
  app.on('will-quit', (event) => event.preventDefault());

  return {
    name: 'electron',
    startHelper,
    // Run from a checkout, the program is Electron's and the application its first argument; Chromium's sandbox refuses to run as root.
    opener: [
      process.execPath,
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      ...(app.isPackaged ? [] : [app.getAppPath()]),
    ],

    async open(options: ShellOptions) {
      if (!beFirst(options.onOpen, toFront)) {
        app.exit(0);
        return;
      }
      await app.whenReady();
      hardenSession(options.rendererDir);
      ipcMain.handle(CHANNEL, (event, name: unknown, payload: unknown) => {
        // Only the top frame of our own page is answered; a frame that is gone is not ours.
        const frame = event.senderFrame;
        if (
          !frame ||
          frame.parent !== null ||
          !isOurs(frame.url) ||
          typeof name !== 'string' ||
          typeof payload !== 'string'
        ) {
          throw new Error('refused');
        }
        return options.handle(name, payload);
      });
      powerMonitor.on('suspend', options.onSuspend);
      powerMonitor.on('lock-screen', options.onSuspend);
      // On Linux that tells of sleep alone.
      stopListening = watchLogind(options.onSuspend);
      const icons = path.join(options.rendererDir, 'icons');
      const { maximized, fullScreen, width, height, x, y } = rememberedPlace(options.stateDir);
      window = new BrowserWindow({
        width,
        height,
        ...(x !== undefined && y !== undefined ? { x, y } : {}),
        minWidth: SMALLEST.width,
        minHeight: SMALLEST.height,
        // `false` would take the way to full screen away on macOS.
        ...(fullScreen ? { fullscreen: true } : {}),
        show: false,
        title: 'Coffer',
        icon: path.join(icons, 'icon.png'),
        webPreferences: {
          preload: path.join(options.preloadDir, 'index.cjs'),
          sandbox: true,
          contextIsolation: true,
          nodeIntegration: false,
          webviewTag: false,
          spellcheck: false,
          devTools: !app.isPackaged,
        },
      });
      window.once('ready-to-show', () => {
        if (maximized) window?.maximize();
        window?.show();
      });
      window.on('focus', options.onFocus);
      keepPlace(window, options.stateDir);
      const enable = setMenu({ platform: process.platform, packaged: app.isPackaged, run });
      const quit = () => window?.close();
      shows.push(
        ({ open }) => enable(open),
        createTray({ icons, openWindow: toFront, lock: options.onLock, quit }),
        ({ progress }) => showProgress(window, progress),
      );
      for (const show of shows) show(standing);
      window.webContents.on('render-process-gone', () => window?.reload());
      window.on('closed', () => {
        window = undefined;
        options.onClosed();
      });
      await window.loadURL(`${ORIGIN}/`);
    },

    show(next) {
      standing = next;
      for (const show of shows) show(next);
    },

    notify(notice) {
      giveNotice(notice, () => {
        toFront();
        run(notice.goTo);
      });
    },

    focused: () => window?.isFocused() ?? false,

    send(name, payload) {
      window?.webContents.send('coffer:event', name, payload);
    },

    async pick(kind, title) {
      const properties: ('openFile' | 'multiSelections' | 'openDirectory' | 'createDirectory')[] =
        kind === 'files' ? ['openFile', 'multiSelections'] : ['openDirectory', 'createDirectory'];
      const answer = window ? await dialog.showOpenDialog(window, { title, properties }) : { filePaths: [] };
      return answer.filePaths;
    },

    async pickFile(title) {
      const answer = window ? await dialog.showOpenDialog(window, { title, properties: ['openFile'] }) : undefined;
      return answer?.filePaths[0] ?? null;
    },

    async reveal(file) {
      shell.showItemInFolder(file);
    },

    async trash(file) {
      // There Electron starts a program for each file, which takes the trash of the home folder only.
      if (process.platform === 'linux') return moveToTrash(file);
      await shell.trashItem(file).catch(() => {
        throw new CofferError(
          'NoTrash',
          `${path.basename(file)} could not be moved to the trash. It stays where it is.`,
        );
      });
    },

    async drag(file) {
      window?.webContents.startDrag({ file, icon: await dragIcon(file) });
    },

    async close() {
      stopListening();
      window?.destroy();
      app.exit(0);
    },
  };
}
