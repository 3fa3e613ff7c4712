import { utf8 } from '../crypto/bytes.ts';
import { hkdf } from '../crypto/kdf.ts';

/** The key everything of one vault hangs from, and the purposes it is split into (HKDF-SHA-256, salted by the vault's id). */
export class RootKey {
  readonly #bytes: Uint8Array;
  readonly #salt: Uint8Array;

  /** Takes `bytes` (32) over: they are zeroed by `destroy`. */
  constructor(bytes: Uint8Array, vaultId: string) {
    this.#bytes = bytes;
    this.#salt = utf8(vaultId);
  }

  /** 32 bytes for one purpose. */
  derive(purpose: string): Uint8Array {
    return hkdf(this.#bytes, this.#salt, `coffer/v1/${purpose}`);
  }

  /** A copy, to be wrapped by a key slot. */
  copy(): Uint8Array {
    return this.#bytes.slice();
  }

  destroy(): void {
    this.#bytes.fill(0);
  }
}
