import { CofferError } from '../../shared/kms/errors.ts';
import { utf8 } from '../crypto/bytes.ts';
import { hkdf } from '../crypto/kdf.ts';

/** The key everything of one vault hangs from, and the purposes it is split into (HKDF-SHA-256, salted by the vault's id). */
export class RootKey {
  readonly #bytes: Uint8Array;
  readonly #salt: Uint8Array;
  #destroyed = false;

  /** Takes `bytes` (32) over: they are zeroed by `destroy`. */
  constructor(bytes: Uint8Array, vaultId: string) {
    this.#bytes = bytes;
    this.#salt = utf8(vaultId);
  }

  /** 32 bytes for one purpose. @throws CofferError `VaultLocked` once destroyed: a key of zeros must never seal anything. */
  derive(purpose: string): Uint8Array {
    return hkdf(this.#live(), this.#salt, `coffer/v1/${purpose}`);
  }

  /** A copy, to be wrapped by a key slot. @throws CofferError `VaultLocked` once destroyed. */
  copy(): Uint8Array {
    return this.#live().slice();
  }

  #live(): Uint8Array {
    if (this.#destroyed) throw new CofferError('VaultLocked', 'The vault is locked.');
    return this.#bytes;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#bytes.fill(0);
  }
}
