import path from 'node:path';
import { encodeWire } from '../shared/wire.ts';
import { Desktop } from './desktop.ts';
import { EndpointSwitch } from './endpoint-switch.ts';
import { createHandlers } from './ipc/handlers.ts';
import { createRouter } from './ipc/router.ts';
import { startNodeHelper } from './key-stores/helper.ts';
import { localTokens } from './local-tokens.ts';
import { OpenedFiles } from './opening.ts';
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
}

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
    preferences,
    version,
    defaultVaultPath: places.defaultVault,
    now: environment.clock.now,
    random: environment.random,
    emitProgress: (job, done, total) => shell.send('audit.progress', encodeWire({ job, done, total })),
  });
  const close = async () => {
    desktop.close();
    await endpoint.close();
    await session.lock('closed');
    await shell.close();
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
