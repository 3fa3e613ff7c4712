import path from 'node:path';
import { encodeWire } from '../shared/wire.ts';
import { Desktop } from './desktop.ts';
import { EndpointSwitch } from './endpoint-switch.ts';
import { FileType } from './file-type.ts';
import { createHandlers } from './ipc/handlers.ts';
import { createRouter } from './ipc/router.ts';
import { startNodeHelper } from './key-stores/helper.ts';
import { localTokens } from './local-tokens.ts';
import { OpenedFiles } from './opening.ts';
import { waitAtMost } from './patience.ts';
import { placesOf } from './places.ts';
import { openPreferences } from './preferences.ts';
import { Session } from './session.ts';
import type { Shell } from './shell/shell.ts';
import { systemEnvironment } from './system.ts';
import { installedModules, TokenModule } from './token-module.ts';
import { loadSqlJs } from './vault/database.ts';
import { systemKeychain } from './vault/keychain.ts';

export interface Application {
  readonly session: Session;
  /** Locks the vault and closes the window. */
  close(): Promise<void>;
}

export interface ApplicationOptions {
  readonly shell: Shell;
  /** The built application: the folder that holds main/, preload/ and renderer/. */
  readonly built: string;
  readonly version: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly onClosed?: () => void;
  /** How long closing may take; tests lower it. */
  readonly closingMs?: number;
}

/** Longer than everything that closing waits for takes: only what hangs (a restoring from a disk that is gone) is left behind. */
const CLOSING_MS = 60_000;

/** Says that something is broken, with where and the stack, never with an input. */
function reportBug(error: unknown, where: string): void {
  const text = error instanceof Error ? (error.stack ?? error.name) : typeof error;
  process.stderr.write(`coffer: a bug in ${where}: ${text}\n`);
}

/** Wires everything and opens the window. */
export async function startApplication({
  shell,
  built,
  version,
  env = process.env,
  onClosed,
  closingMs = CLOSING_MS,
}: ApplicationOptions): Promise<Application> {
  const places = placesOf(env, process.platform);
  const environment = systemEnvironment();
  const preferences = await openPreferences(places.config);
  const keychain = systemKeychain();
  const fixedModule = env.COFFER_PKCS11_MODULE || undefined;
  const tokens = localTokens(() => fixedModule ?? preferences.get().pkcs11Module, {
    built: path.join(built, 'main'),
    start: shell.startHelper ?? startNodeHelper,
  });
  const session = new Session({
    environment,
    keychain,
    preferences,
    defaultVaultPath: places.defaultVault,
    version,
    fileWorker: new URL(`file://${path.join(built, 'main', 'files-worker.js')}`),
    tokens,
    trash: shell.trash,
    emit: (name, payload) => {
      shell.send(name, encodeWire(payload));
      desktop.see(name, payload);
    },
    onBug: reportBug,
  });
  const desktop = new Desktop({ shell, session, preferences, now: environment.clock.now, onBug: reportBug });
  const openedFiles = new OpenedFiles(() => shell.send('app.opened', encodeWire({})));
  const endpoint = new EndpointSwitch({
    clock: environment.clock,
    served: () => session.served(),
    preferences,
    onChange: (status) => shell.send('endpoint.changed', encodeWire(status)),
    onBug: reportBug,
  });
  const handlers = createHandlers({
    session,
    endpoint,
    tokenModule: new TokenModule({
      tokens,
      preferences,
      shell,
      fixed: fixedModule,
      installed: () => installedModules(process.platform),
    }),
    shell,
    openedFiles,
    fileType: new FileType({
      env,
      platform: process.platform,
      opener: shell.opener,
      icon: path.join(built, 'renderer', 'icons', 'icon.png'),
    }),
    preferences,
    version,
    defaultVaultPath: places.defaultVault,
    now: environment.clock.now,
    random: environment.random,
    emit: (name, payload) => shell.send(name, encodeWire(payload)),
  });
  const close = async () => {
    desktop.close();
    // Whatever fails of it, the vault does not stay open for that, nor what the shell has on the disk.
    const closing = endpoint
      .close()
      .finally(() => session.lock('closed'))
      .finally(() => shell.close());
    await waitAtMost(closingMs, closing);
  };
  const opening = shell.open({
    rendererDir: path.join(built, 'renderer'),
    preloadDir: path.join(built, 'preload'),
    stateDir: places.state,
    handle: createRouter(handlers, reportBug),
    onLock: () => void session.lock('command').catch((error) => reportBug(error, 'lock')),
    onFocus: () => desktop.focused(),
    onOpen: (paths) => openedFiles.add(paths),
    onSuspend: () => void session.suspended().catch((error) => reportBug(error, 'suspend')),
    onClosed: () => {
      void close()
        .catch((error) => reportBug(error, 'close'))
        .then(() => onClosed?.());
    },
  });
  // Loaded while the window starts, so that they are there when a vault is unlocked; a failure shows when they are used.
  void loadSqlJs().catch(() => undefined);
  void keychain.available();
  await endpoint.begin();
  await opening;
  desktop.begin();
  return { session, close };
}
