import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { CofferError } from '../shared/kms/errors.ts';
import type { StartHelper } from './key-stores/helper.ts';
import { TokenFailure } from './key-stores/pkcs11/protocol.ts';
import { moduleTokens, noTokens, type Tokens } from './key-stores/tokens.ts';

export interface LocalTokens extends Tokens {
  /**
   * Whether a file is a PKCS#11 module that works here: it is loaded, in a process of its own, and asked for its tokens.
   * @throws CofferError `TokenModuleInvalid`
   */
  checkModule(file: string): Promise<void>;
}

interface Parts {
  /** The folder of the built main program. */
  readonly built: string;
  readonly start: StartHelper;
}

/**
 * The tokens of the PKCS#11 module that this computer is set up with. Nothing is started before a token is needed.
 * @param named the module's path, asked at each use: when it is another, the one before it ends with its logins
 */
export function localTokens(named: () => string | undefined, { built, start }: Parts): LocalTokens {
  const host = pathToFileURL(path.join(built, 'token-host.js'));
  const tokensOf = (file: string) => moduleTokens({ host, module: path.resolve(file), start });
  let module: string | undefined;
  let tokens: Tokens = noTokens;
  const current = (): Tokens => {
    const now = named();
    if (now !== module) {
      tokens.close();
      module = now;
      tokens = now === undefined ? noTokens : tokensOf(now);
    }
    return tokens;
  };
  return {
    list: () => current().list(),
    login: (login) => current().login(login),
    logout: (serial) => current().logout(serial),
    generateKey: (login, keyId) => current().generateKey(login, keyId),
    destroyKey: (login, keyId) => current().destroyKey(login, keyId),
    encrypt: (login, keyId, iv, aad, data) => current().encrypt(login, keyId, iv, aad, data),
    decrypt: (login, keyId, iv, aad, data) => current().decrypt(login, keyId, iv, aad, data),
    random: (login, length) => current().random(login, length),
    close: () => tokens.close(),
    async checkModule(file) {
      const tried = tokensOf(file);
      try {
        await tried.list();
      } catch (error) {
        if (!(error instanceof TokenFailure)) throw error;
        throw new CofferError(
          'TokenModuleInvalid',
          `${path.basename(file)} is not a PKCS#11 module that works on this computer.`,
        );
      } finally {
        tried.close();
      }
    },
  };
}
