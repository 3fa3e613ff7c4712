import { createHash } from 'node:crypto';

/** SHA-1 and SHA-2 (FIPS 180-4) by AWS's names. SHA-1 is here for OAEP alone, where collisions do not matter. */
export type HashName = 'SHA_1' | 'SHA_256' | 'SHA_384' | 'SHA_512';

/** Whether a message is hashed first or is a digest already, as the KMS Sign operation has it. */
export type DigestMessageType = 'RAW' | 'DIGEST';

const hashes = {
  SHA_1: { node: 'sha1', bytes: 20 },
  SHA_256: { node: 'sha256', bytes: 32 },
  SHA_384: { node: 'sha384', bytes: 48 },
  SHA_512: { node: 'sha512', bytes: 64 },
} as const;

export const digestBytes = (hash: HashName): number => hashes[hash].bytes;

/** What node:crypto calls it. */
export const nodeHash = (hash: HashName): string => hashes[hash].node;

export function digest(hash: HashName, ...parts: readonly Uint8Array[]): Uint8Array {
  const state = createHash(nodeHash(hash));
  for (const part of parts) state.update(part);
  return new Uint8Array(state.digest());
}

/**
 * What a signature algorithm signs: the message's digest, or the message itself when it is one.
 * @throws RangeError when a DIGEST has not the hash's length.
 */
export function digestOf(hash: HashName, messageType: DigestMessageType, message: Uint8Array): Uint8Array {
  if (messageType === 'RAW') return digest(hash, message);
  requireDigest(digestBytes(hash), message);
  return message;
}

/** @throws RangeError when `message` is not a digest of `bytes` bytes. */
export function requireDigest(bytes: number, message: Uint8Array): void {
  if (message.length !== bytes) throw new RangeError(`the digest must have ${bytes} bytes, not ${message.length}`);
}
