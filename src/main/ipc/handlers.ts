import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { CofferError, KmsError } from '../../shared/kms/errors.ts';
import { isOperation, operations } from '../../shared/kms/operations.ts';
import { regions } from '../../shared/kms/regions.ts';
import type { EndpointSwitch } from '../endpoint-switch.ts';
import type { Random } from '../environment.ts';
import type { FileType } from '../file-type.ts';
import {
  type AnsweredCall,
  type Call,
  importMaterial,
  makeMaterial,
  saveImportParameters,
  savePublicKey,
} from '../key-files.ts';
import type { OpenedFiles } from '../opening.ts';
import { lintText } from '../policy-editing.ts';
import type { PreferencesStore } from '../preferences.ts';
import type { Session } from '../session.ts';
import type { Shell } from '../shell/shell.ts';
import type { TokenModule } from '../token-module.ts';
import { absolute } from './absolute.ts';
import { auditHandlers } from './audit.ts';
import { fileHandlers } from './files.ts';
import { peopleHandlers } from './people.ts';
import { Recorded, recorded } from './recorded.ts';
import type { Emit, Handlers } from './router.ts';
import { signHandlers } from './sign.ts';
import { vaultHandlers } from './vault.ts';

export interface HandlerParts {
  readonly session: Session;
  readonly endpoint: EndpointSwitch;
  readonly tokenModule: TokenModule;
  readonly shell: Shell;
  readonly openedFiles: OpenedFiles;
  readonly fileType: FileType;
  readonly preferences: PreferencesStore;
  readonly version: string;
  readonly defaultVaultPath: string;
  readonly now: () => number;
  readonly random: Random;
  /** Tells the window how far its long calls are. */
  readonly emit: Emit;
}

/** What answers the window. Each handler only translates; the work is the session's, the engine's and the jobs'. */
export function createHandlers(parts: HandlerParts): Handlers {
  const { session, shell, preferences } = parts;
  // A window whose vault is locked has no business with native code.
  const unlocked = () => {
    session.opened();
    return parts.tokenModule;
  };
  /** For what is asked by a click, and never by a screen that draws itself: the record tells the two apart. */
  const answeredIn = (region: string): AnsweredCall => {
    const { engine, callerIn } = session.opened();
    return (operation, input) => engine.call(callerIn(region, 'key files'), operation, input);
  };
  const callIn = (region: string): Call => {
    const call = answeredIn(region);
    return async (operation, input) => (await call(operation, input)).output;
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
    'app.fileType': () => parts.fileType.status(),
    'app.setFileType': ({ on }) => parts.fileType.set(on),

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
      recorded(
        await importMaterial(answeredIn(wish.region), {
          ...wish,
          importToken: await absolute(wish.importToken),
          material: await absolute(wish.material),
        }),
      ),

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

    ...vaultHandlers(session, parts.emit),
    ...auditHandlers(session, parts),
    ...fileHandlers(session, parts),
    ...peopleHandlers(session),
    ...signHandlers(session),
  };
}
