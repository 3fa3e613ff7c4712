import { KmsError } from '../../shared/kms/errors.ts';
import { concat, equal, fromHex, toHex } from '../crypto/bytes.ts';
import { hmac } from '../crypto/kdf.ts';
import type { Random } from '../environment.ts';
import type { Store } from '../vault/types.ts';

export const invalidToken = () => new KmsError('InvalidGrantTokenException', 'The grant token is not valid.');

const VERSION = Uint8Array.of(1);
const ID_BYTES = 32;
const SALT_BYTES = 16;
const MAC_AT = VERSION.length + ID_BYTES + SALT_BYTES;

/**
 * Names a grant in a request. Version (1 byte), grant id (32), salt (16, so that no two tokens are the same) and
 * HMAC-SHA-256 of these (32), in base64url. No secret, but nobody can make one that CreateGrant did not.
 */
export class GrantTokens {
  readonly #key: Uint8Array;
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    this.#key = store.deriveKey('grant-token');
    this.#random = random;
    store.onLock(() => this.#key.fill(0));
  }

  make(grantId: string): string {
    const body = concat(VERSION, fromHex(grantId), this.#random.bytes(SALT_BYTES));
    return Buffer.from(concat(body, hmac(this.#key, body))).toString('base64url');
  }

  /** The id of the grant a token names, whether or not the grant still exists; null when it is no token of this vault. */
  read(token: string): string | null {
    const bytes = new Uint8Array(Buffer.from(token, 'base64url'));
    if (bytes.length !== MAC_AT + 32 || Buffer.from(bytes).toString('base64url') !== token) return null;
    const body = bytes.subarray(0, MAC_AT);
    if (body[0] !== VERSION[0] || !equal(hmac(this.#key, body), bytes.subarray(MAC_AT))) return null;
    return toHex(body.subarray(VERSION.length, VERSION.length + ID_BYTES));
  }
}
