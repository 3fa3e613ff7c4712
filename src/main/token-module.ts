import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { CallOutput } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { TokenFailure } from './key-stores/pkcs11/protocol.ts';
import type { LocalTokens } from './local-tokens.ts';
import type { PreferencesStore } from './preferences.ts';
import type { Shell } from './shell/shell.ts';

type Status = CallOutput<'tokens.module'>;

export interface TokenModuleParts {
  readonly tokens: LocalTokens;
  readonly preferences: PreferencesStore;
  readonly shell: Pick<Shell, 'pickFile'>;
  /** The module that the environment names, if it does. */
  readonly fixed: string | undefined;
  /** The modules that are found on this computer. */
  readonly installed: () => readonly string[];
}

/** Where packages put the modules whose tokens can hold AES keys. */
const usual: Readonly<Partial<Record<NodeJS.Platform, { folders: readonly string[]; files: readonly string[] }>>> = {
  linux: {
    folders: ['/usr/lib', '/usr/lib64', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/local/lib'],
    files: [
      'softhsm/libsofthsm2.so',
      'pkcs11/libsofthsm2.so',
      'pkcs11/yubihsm_pkcs11.so',
      'pkcs11/opensc-pkcs11.so',
      'opensc-pkcs11.so',
      'libtpm2_pkcs11.so.1',
    ],
  },
  darwin: {
    folders: ['/opt/homebrew/lib', '/usr/local/lib', '/Library/OpenSC/lib'],
    files: ['softhsm/libsofthsm2.so', 'pkcs11/yubihsm_pkcs11.dylib', 'opensc-pkcs11.so'],
  },
  win32: {
    folders: ['C:\\SoftHSM2\\lib', 'C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11'],
    files: ['softhsm2-x64.dll', 'opensc-pkcs11.dll'],
  },
};

/** The modules that are where they are usually installed. */
export function installedModules(platform: NodeJS.Platform): string[] {
  const { folders, files } = usual[platform] ?? { folders: [], files: [] };
  const found = folders
    .flatMap((folder) => files.map((file) => path.join(folder, file)))
    .filter((file) => existsSync(file));
  // Some are there by several names.
  return [...new Map(found.map((file) => [realpathSync(file), file])).values()];
}

/** Which PKCS#11 module is used, and choosing it from the window. */
export class TokenModule {
  readonly #parts: TokenModuleParts;

  constructor(parts: TokenModuleParts) {
    this.#parts = parts;
  }

  status(): Status {
    const { fixed, preferences, installed } = this.#parts;
    const file = fixed ?? preferences.get().pkcs11Module;
    return {
      ...(file ? { path: file } : {}),
      fixed: fixed !== undefined,
      installed: [...installed()],
    };
  }

  /** The module's tokens. @throws CofferError `TokenModuleFailed` */
  async list(): Promise<CallOutput<'tokens.list'>> {
    const tokens = await this.#parts.tokens.list().catch((error: unknown) => {
      if (!(error instanceof TokenFailure)) throw error;
      const file = path.basename(this.status().path ?? '');
      throw new CofferError(
        'TokenModuleFailed',
        error.reason === 'TimedOut'
          ? `The PKCS#11 module ${file} did not answer in time.`
          : `The PKCS#11 module ${file} does not work: it may be gone, damaged, or no such module.`,
      );
    });
    return { tokens: tokens.map(({ label, serial, userPin, capable }) => ({ label, serial, userPin, capable })) };
  }

  /** Lets the person pick the module's file. @throws CofferError `NoFileDialog`, `TokenModuleInvalid`, `TokenModuleFixed` */
  async pick(): Promise<Status> {
    this.#refuseWhenFixed();
    const file = await this.#parts.shell.pickFile('Choose a PKCS#11 module');
    if (file === undefined)
      throw new CofferError(
        'NoFileDialog',
        'No file dialog can be shown here. Name the module with COFFER_PKCS11_MODULE or, on Linux, install zenity or kdialog.',
      );
    if (file !== null) await this.#use(file);
    return this.status();
  }

  /** Uses one that is installed, or none. @throws CofferError `ValidationException`, `TokenModuleInvalid`, `TokenModuleFixed` */
  async set(file: string | null): Promise<Status> {
    this.#refuseWhenFixed();
    if (file !== null && !this.#parts.installed().includes(file))
      throw new CofferError('ValidationException', 'No PKCS#11 module is installed there.');
    if (file === null) await this.#parts.preferences.set({ pkcs11Module: undefined });
    else await this.#use(file);
    return this.status();
  }

  async #use(file: string): Promise<void> {
    await this.#parts.tokens.checkModule(file);
    await this.#parts.preferences.set({ pkcs11Module: file });
  }

  #refuseWhenFixed(): void {
    if (this.#parts.fixed !== undefined)
      throw new CofferError(
        'TokenModuleFixed',
        'COFFER_PKCS11_MODULE names the PKCS#11 module. Start Coffer without it to choose another here.',
      );
  }
}
