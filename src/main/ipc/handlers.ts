import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { CofferError, KmsError } from '../../shared/kms/errors.ts';
import { isOperation, operations } from '../../shared/kms/operations.ts';
import { regions } from '../../shared/kms/regions.ts';
import { exportTrail } from '../audit/export.ts';
import { verifyTrail } from '../audit/verify.ts';
import type { EndpointSwitch } from '../endpoint-switch.ts';
import type { Random } from '../environment.ts';
import { type Call, importMaterial, makeMaterial, saveImportParameters, savePublicKey } from '../key-files.ts';
import type { OpenedFiles } from '../opening.ts';
import { lintText } from '../policy-editing.ts';
import type { PreferencesStore } from '../preferences.ts';
import type { Session } from '../session.ts';
import type { Shell } from '../shell/shell.ts';
import type { TokenModule } from '../token-module.ts';
import { absolute } from './absolute.ts';
import { fileHandlers } from './files.ts';
import { peopleHandlers } from './people.ts';
import { Recorded } from './recorded.ts';
import type { Handlers } from './router.ts';
import { signHandlers } from './sign.ts';

export interface HandlerParts {
  readonly session: Session;
  readonly endpoint: EndpointSwitch;
  readonly tokenModule: TokenModule;
  readonly shell: Shell;
  readonly openedFiles: OpenedFiles;
  readonly preferences: PreferencesStore;
  readonly version: string;
  readonly defaultVaultPath: string;
  readonly now: () => number;
  readonly random: Random;
  readonly emitProgress: (job: 'verify' | 'export', done: number, total: number) => void;
}

/** What answers the window. Each handler only translates; the work is the session's, the engine's and the jobs'. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { session, shell, preferences } = parts;
  // A window whose vault is locked has no business with native code.
  const unlocked = () => {
    session.opened();
    return parts.tokenModule;
  };
  const callIn = (region: string): Call => {
    const { engine, callerIn } = session.opened();
    return async (operation, input) => (await engine.call(callerIn(region), operation, input)).output;
  };
  return {
    'app.info': () => ({
      version: parts.version,
      shell: shell.name,
      platform: process.platform,
      homePath: homedir(),
      defaultVaultPath: parts.defaultVaultPath,
      dragsOut: shell.drag !== undefined,
      trashes: shell.trash !== undefined,
      notices: shell.notify !== undefined,
    }),
    'app.pick': async ({ kind, title }) => ({ paths: await shell.pick(kind, title) }),
    'app.reveal': async ({ path: file }) => {
      const target = await absolute(file);
      await stat(target).catch(() => {
        throw new CofferError('FileNotFound', `${path.basename(target)} is not there any more.`);
      });
      await shell.reveal(target);
      return {};
    },
    'app.preferences': () => preferences.get(),
    'app.setPreferences': ({ theme, region, textSize, notices }) =>
      preferences.set({
        ...(theme && { theme }),
        ...(region && { region }),
        ...(textSize && { textSize }),
        ...(notices && { notices }),
      }),
    'app.touch': () => {
      session.touch();
      return {};
    },
    'app.at': ({ path: place }) => {
      session.at(place);
      return {};
    },
    'app.takeOpened': () => {
      session.opened();
      return { paths: parts.openedFiles.take() };
    },

    'vault.status': () => session.status(),
    'vault.create': (wish) => session.create(wish),
    'vault.confirmRecovery': async ({ groups }) => ({ ok: await session.confirmRecovery(groups) }),
    'vault.saveRecovery': async ({ folder }) => ({ path: await session.saveRecovery(await absolute(folder)) }),
    'vault.unlock': async (way) => {
      await session.unlock(way);
      return {};
    },
    'vault.lock': async () => {
      await session.lock('command');
      return {};
    },
    'vault.slots': () => session.slots(),
    'vault.addSlot': (way) => session.addSlot(way),
    'vault.changePassphrase': async ({ slotId, current, next }) => {
      await session.opened().vault.changePassphrase(slotId, current, next);
      return {};
    },
    'vault.removeSlot': async ({ slotId }) => {
      await session.removeSlot(slotId);
      return {};
    },
    'vault.settings': () => publicSettings(session.settings()),
    'vault.setSettings': async (changes) => publicSettings(await session.setSettings(changes)),
    'vault.backup': async ({ folder, passphrase }) => session.backup(await absolute(folder), passphrase),
    'vault.restore': async ({ file, passphrase, path: dir }) => {
      await session.restore(await absolute(file), passphrase, await absolute(dir));
      return {};
    },
    'vault.salvage': async ({ unlock, path: dir }) => session.salvage(unlock, await absolute(dir)),
    'vault.choose': async ({ path: dir }) => {
      await session.choose(await absolute(dir));
      return {};
    },

    'kms.call': async ({ operation, input, region }) => {
      if (!isOperation(operation))
        throw new KmsError('UnknownOperationException', 'There is no operation of that name.');
      const { engine, callerIn } = session.opened();
      // The pipeline parses the input itself, so that a malformed one is refused and recorded like any other call.
      const { output, requestId } = await engine.call(callerIn(region), operation, input as never);
      return new Recorded(operations[operation].output.parse(output), requestId);
    },

    'keys.savePublicKey': async (wish) =>
      savePublicKey(callIn(wish.region), { ...wish, folder: await absolute(wish.folder) }),
    'keys.saveImportParameters': async (wish) =>
      saveImportParameters(callIn(wish.region), { ...wish, folder: await absolute(wish.folder) }),
    'keys.makeMaterial': async (wish) =>
      makeMaterial(
        callIn(wish.region),
        { ...wish, publicKey: await absolute(wish.publicKey), folder: await absolute(wish.folder) },
        parts.random,
      ),
    'keys.importMaterial': async (wish) =>
      importMaterial(callIn(wish.region), {
        ...wish,
        importToken: await absolute(wish.importToken),
        material: await absolute(wish.material),
      }),

    'audit.verify': async () => {
      const { vault, trail, signal } = session.opened();
      await vault.transact((tx) => trail.sealDigest(tx, parts.now()));
      const onProgress = (done: number, total: number) => parts.emitProgress('verify', done, total);
      return verifyTrail(vault.db, trail, { onProgress, signal });
    },
    'audit.export': async ({ format, folder, from, to }) => {
      const target = await absolute(folder);
      const { vault, signal } = session.opened();
      const onProgress = (done: number, total: number) => parts.emitProgress('export', done, total);
      return exportTrail(vault.db, { format, folder: target, from, to, now: parts.now(), onProgress, signal });
    },

    'endpoint.status': () => parts.endpoint.status(),
    'endpoint.set': (changes) => parts.endpoint.set(changes),
    'policies.lint': (asked) => {
      const { acting, callerIn } = session.opened();
      const known = acting.principals().map(({ principalArn }) => principalArn);
      return lintText(known, callerIn(regions[0]), asked);
    },
    'tokens.module': () => unlocked().status(),
    'tokens.list': () => unlocked().list(),
    'tokens.pickModule': () => unlocked().pick(),
    'tokens.setModule': ({ path: file }) => unlocked().set(file),

    ...fileHandlers(session, shell),
    ...peopleHandlers(session),
    ...signHandlers(session),
  };
}

function publicSettings({ name, autoLockMinutes, lockOnSuspend }: ReturnType<Session['settings']>) {
  return { name, autoLockMinutes, lockOnSuspend };
}
