import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { app, BrowserWindow, dialog, ipcMain, Menu, powerMonitor, protocol, session, shell } from 'electron';
import { CofferError } from '../../../shared/kms/errors.ts';
import { serveRenderer } from '../renderer-files.ts';
import type { Shell, ShellOptions } from '../shell.ts';
import { moveToTrash } from '../trash.ts';
import { dragIcon } from './drag-icon.ts';
import { startHelper } from './helper.ts';

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

interface Bounds {
  readonly width: number;
  readonly height: number;
  readonly x?: number;
  readonly y?: number;
}

function readBounds(file: string): Bounds {
  try {
    const { width, height, x, y } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    if (typeof width === 'number' && typeof height === 'number') {
      return { width, height, ...(typeof x === 'number' && typeof y === 'number' ? { x, y } : {}) };
    }
  } catch {
    // First start.
  }
  return { width: 1280, height: 800 };
}

/** The application's home: one window, an `app://` page in a sandbox. */
export function createElectronShell(settings: { readonly profile: string }): Shell {
  // Electron fixes where its profile lies when it becomes ready, which it may be before open() is called.
  mkdirSync(settings.profile, { recursive: true, mode: 0o700 });
  app.setPath('userData', settings.profile);
  privilegedScheme();
  hardenContents();
  let window: BrowserWindow | undefined;
  // Electron quits with its last window, or when the system asks; Coffer quits when the vault is locked, by close() below.
  app.on('window-all-closed', () => undefined);
  app.on('will-quit', (event) => event.preventDefault());

  return {
    name: 'electron',
    startHelper,

    async open(options: ShellOptions) {
      if (!app.requestSingleInstanceLock()) {
        app.exit(0);
        return;
      }
      app.on('second-instance', () => {
        if (window?.isMinimized()) window.restore();
        window?.focus();
      });
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
      const boundsFile = path.join(options.stateDir, 'window.json');
      if (process.platform !== 'darwin') Menu.setApplicationMenu(null);
      window = new BrowserWindow({
        ...readBounds(boundsFile),
        minWidth: 700,
        minHeight: 480,
        show: false,
        title: 'Coffer',
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
      window.once('ready-to-show', () => window?.show());
      window.on('close', () => {
        if (window) writeFileSync(boundsFile, JSON.stringify(window.getNormalBounds()), { mode: 0o600 });
      });
      window.webContents.on('render-process-gone', () => window?.reload());
      window.on('closed', () => {
        window = undefined;
        options.onClosed();
      });
      await window.loadURL(`${ORIGIN}/`);
    },

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
      window?.destroy();
      app.exit(0);
    },
  };
}
