import { type WrappingAlgorithm, wrappingAlgorithms } from '../../shared/kms/enums.ts';
import { open, seal } from '../crypto/aead.ts';
import { concat, framed, u64 } from '../crypto/bytes.ts';
import type { Random } from '../environment.ts';
import type { Store } from '../vault/types.ts';
import type { KeyRecord } from './key-rows.ts';

/** What an import token carries. The private wrapping key is PKCS #8 DER. */
export interface ImportParameters {
  readonly algorithm: WrappingAlgorithm;
  /** Milliseconds since the epoch. */
  readonly validTo: number;
  readonly wrappingKey: Uint8Array;
}

const VERSION = 1;
const NONCE_BYTES = 12;
/** The algorithm's place in its list (1 byte) and the end of validity (8). */
const HEAD_BYTES = 9;

/** What a token is good for: the key in its account and Region, and nothing else. */
const bound = ({ accountId, region, keyId }: KeyRecord) => framed('coffer import token', accountId, region, keyId);

/**
 * The import token of GetParametersForImport holds the private half of the wrapping key itself, sealed for the vault: so
 * nothing is stored, however many are asked for, and a token outlives a restart. Version (1 byte), then AES-256-GCM under a
 * key derived from the vault's: nonce (12), algorithm (1), end of validity in ms (8) and private key, tag (16), with the key's
 * account, Region and id as additional data. About 2,400 bytes for RSA_4096, 170 for SM2.
 */
export class ImportTokens {
  readonly #key: Uint8Array;
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    this.#key = store.deriveKey('import-token');
    this.#random = random;
    store.onLock(() => this.#key.fill(0));
  }

  make(key: KeyRecord, { algorithm, validTo, wrappingKey }: ImportParameters): Uint8Array {
    const body = concat(Uint8Array.of(wrappingAlgorithms.indexOf(algorithm)), u64(validTo), wrappingKey);
    const sealed = seal(this.#key, this.#random.bytes(NONCE_BYTES), body, bound(key));
    body.fill(0);
    return concat(Uint8Array.of(VERSION), sealed);
  }

  /** What a token carries, valid or not any more; null when it is none of this vault's for this key. */
  read(key: KeyRecord, token: Uint8Array): ImportParameters | null {
    if (token[0] !== VERSION) return null;
    const body = open(this.#key, token.subarray(1), bound(key));
    const algorithm = wrappingAlgorithms[body?.[0] ?? -1];
    if (!body || algorithm === undefined) return null;
    const validTo = Number(new DataView(body.buffer, body.byteOffset).getBigUint64(1));
    return { algorithm, validTo, wrappingKey: body.subarray(HEAD_BYTES) };
  }
}
