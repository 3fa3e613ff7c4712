import { createHmac, hkdfSync, scrypt as nodeScrypt } from 'node:crypto';
import { utf8 } from './bytes.ts';

/** HKDF-SHA-256 (RFC 5869): `length` bytes for one purpose, from a key that is already uniformly random. */
export function hkdf(key: Uint8Array, salt: Uint8Array, purpose: string, length = 32): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', key, salt, utf8(purpose), length));
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return new Uint8Array(mac.digest());
}

/** The cost of scrypt (RFC 7914): memory is 128 · N · r bytes. */
export interface ScryptCost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and about 0.4 s on one core: the least the vault uses for a passphrase. */
export const SCRYPT_DEFAULT: ScryptCost = { N: 2 ** 17, r: 8, p: 1 };

/** The most a vault's file may ask for (1 GiB), so that a forged file cannot exhaust the machine. */
const SCRYPT_MEMORY_MAX = 2 ** 30;

export function scryptCostIsSane({ N, r, p }: ScryptCost): boolean {
  return (
    [N, r, p].every((value) => Number.isSafeInteger(value) && value > 0) &&
    N >= 2 &&
    (N & (N - 1)) === 0 &&
    p <= 16 &&
    128 * N * r <= SCRYPT_MEMORY_MAX
  );
}

/**
 * Stretches a passphrase into 32 bytes, off the main thread. The text is normalised (Unicode NFKC), so that it does not
 * depend on how a keyboard composes its letters.
 * @throws RangeError when the cost is out of bounds.
 */
export function stretch(passphrase: string, salt: Uint8Array, cost: ScryptCost): Promise<Uint8Array> {
  if (!scryptCostIsSane(cost)) throw new RangeError('the scrypt parameters are out of bounds');
  const { N, r, p } = cost;
  return new Promise((resolve, reject) => {
    nodeScrypt(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem: 128 * N * r + 2 ** 20 * 32 }, (error, key) =>
      error ? reject(error) : resolve(new Uint8Array(key)),
    );
  });
}
