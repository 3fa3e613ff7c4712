import { createHmac } from 'node:crypto';
import type { MacAlgorithm } from '../../shared/kms/enums.ts';
import type { Random } from '../environment.ts';
import { equal } from './bytes.ts';

/**
 * HMAC (RFC 2104, FIPS 198-1) for the KMS specs HMAC_224/256/384/512: one hash a spec. Keys are as long as the hash's output;
 * imported ones may be longer. node:crypto has all four on Node and on Electron.
 */

const macs = {
  HMAC_SHA_224: { hash: 'sha224', bytes: 28 },
  HMAC_SHA_256: { hash: 'sha256', bytes: 32 },
  HMAC_SHA_384: { hash: 'sha384', bytes: 48 },
  HMAC_SHA_512: { hash: 'sha512', bytes: 64 },
} as const;

/** The length of the algorithm's keys, which imported ones may exceed, and of its MACs: 28, 32, 48 or 64 bytes. */
export const macBytes = (algorithm: MacAlgorithm): number => macs[algorithm].bytes;

/** The longest key AWS imports: 1,024 bits. */
export const MAX_KEY_BYTES = 128;

/** A key of the spec's length. */
export function generate(algorithm: MacAlgorithm, random: Random): Uint8Array {
  return random.bytes(macBytes(algorithm));
}

/** @throws RangeError when the key is shorter than the spec's length or longer than 128 bytes. */
export function requireKey(algorithm: MacAlgorithm, key: Uint8Array): void {
  const bytes = macBytes(algorithm);
  if (key.length < bytes || key.length > MAX_KEY_BYTES)
    throw new RangeError(`an ${algorithm} key has ${bytes} to ${MAX_KEY_BYTES} bytes, not ${key.length}`);
}

/**
 * The MAC of a message, as long as the hash's output.
 * @throws RangeError when the key has not a length that `requireKey` allows.
 */
export function mac(algorithm: MacAlgorithm, key: Uint8Array, message: Uint8Array): Uint8Array {
  requireKey(algorithm, key);
  return new Uint8Array(createHmac(macs[algorithm].hash, key).update(message).digest());
}

/** Whether `given` is the message's MAC, whole, compared in constant time: a truncated one is not. */
export function verify(algorithm: MacAlgorithm, key: Uint8Array, message: Uint8Array, given: Uint8Array): boolean {
  return equal(mac(algorithm, key, message), given);
}
