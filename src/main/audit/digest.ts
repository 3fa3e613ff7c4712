import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { concat, fromHex, toHex, utf8 } from '../crypto/bytes.ts';
import type { ReadDatabase, Transaction } from '../vault/types.ts';

/** How many records a digest covers at most. */
export const DIGEST_RECORDS = 1000;

export interface Digest {
  readonly number: number;
  readonly first: number;
  readonly last: number;
  /** The chain value (32 bytes) after `last`. */
  readonly hash: Uint8Array;
  /** SHA-256 of the previous digest's signed text and signature; zeros for the first. */
  readonly previous: Uint8Array;
  readonly created_at: number;
  /** Ed25519 (RFC 8032), 64 bytes. */
  readonly signature: Uint8Array;
}

/** PKCS #8 around a raw Ed25519 seed (RFC 8410). */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420');

/** Signs and verifies digests with the vault's audit key: an Ed25519 key whose seed is derived from the root key. */
export class DigestSigner {
  readonly #vaultId: string;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(vaultId: string, seed: Uint8Array) {
    this.#vaultId = vaultId;
    this.#private = createPrivateKey({ key: Buffer.from(concat(PKCS8_PREFIX, seed)), format: 'der', type: 'pkcs8' });
    this.#public = createPublicKey(this.#private);
  }

  /** The public key as PEM, to check exported digests elsewhere. */
  get publicKeyPem(): string {
    return this.#public.export({ type: 'spki', format: 'pem' }).toString();
  }

  #text(digest: Omit<Digest, 'signature'>): Uint8Array {
    const { number, first, last, hash, previous, created_at } = digest;
    return utf8(
      JSON.stringify([
        'coffer audit digest',
        1,
        this.#vaultId,
        number,
        first,
        last,
        toHex(hash),
        toHex(previous),
        created_at,
      ]),
    );
  }

  /** SHA-256 of a digest's signed text and signature: what the next digest and the trail's head are bound to. */
  link(digest: Digest | undefined): Uint8Array {
    if (!digest) return new Uint8Array(32);
    return new Uint8Array(createHash('sha256').update(this.#text(digest)).update(digest.signature).digest());
  }

  /** Covers the records after the last digest up to `last`; returns the newest digest. Writes none when it covers them. */
  seal(tx: Transaction, last: number, hash: Uint8Array, now: number): Digest | undefined {
    const before = lastDigest(tx);
    const first = (before?.last ?? 0) + 1;
    if (last < first) return before;
    const body = { number: (before?.number ?? 0) + 1, first, last, hash, previous: this.link(before), created_at: now };
    const signature = new Uint8Array(sign(null, this.#text(body), this.#private));
    tx.run(
      'INSERT INTO audit_digests (number, first, last, hash, previous, created_at, signature) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [body.number, first, last, hash, body.previous, now, signature],
    );
    return { ...body, signature };
  }

  isAuthentic(digest: Digest): boolean {
    return verify(null, this.#text(digest), this.#public, digest.signature);
  }
}

export function lastDigest(db: ReadDatabase): Digest | undefined {
  return db.get<Digest>('SELECT * FROM audit_digests ORDER BY number DESC LIMIT 1');
}
