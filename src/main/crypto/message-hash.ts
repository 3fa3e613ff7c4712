import { createHash } from 'node:crypto';
import type { SigningAlgorithm } from '../../shared/kms/enums.ts';
import { digestBytesOf } from '../../shared/kms/specs.ts';
import type { KeyPairSpec } from './key-pairs.ts';
import * as mldsa from './mldsa.ts';
import * as sm2 from './sm2.ts';

/** A message's digest under way. */
export interface MessageHash {
  update(piece: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** A public key, as SubjectPublicKeyInfo, and the spec whose it is. */
export interface PublicKey {
  readonly spec: KeyPairSpec;
  readonly spki: Uint8Array;
}

/** Whether the algorithm's digests are bound to the public key: SM3 over ZA and the message, and µ of ML-DSA. */
export const bindsPublicKey = (algorithm: SigningAlgorithm): boolean =>
  algorithm === 'SM2DSA' || algorithm === 'ML_DSA_SHAKE_256';

const isMlDsa = (spec: KeyPairSpec): spec is mldsa.MlDsaSpec => spec.startsWith('ML_DSA_');

/**
 * What makes the DIGEST (of ML-DSA the EXTERNAL_MU) that an algorithm signs, of a message of any length.
 * @param key needed by the algorithms that `bindsPublicKey` names.
 * @throws RangeError for ED25519_SHA_512, which signs whole messages only, and where a key is needed and missing;
 * EncodingError when the key is another spec's.
 */
export function messageHash(algorithm: SigningAlgorithm, key?: PublicKey): MessageHash {
  if (algorithm === 'ED25519_SHA_512') throw new RangeError(`${algorithm} signs no digest`);
  if (!bindsPublicKey(algorithm)) return createHash(`sha${digestBytesOf(algorithm) * 8}`);
  if (!key) throw new RangeError(`${algorithm} needs the public key`);
  if (algorithm === 'SM2DSA') return sm2.messageHash(key.spki);
  if (!isMlDsa(key.spec)) throw new RangeError(`${algorithm} with a key of ${key.spec}`);
  return mldsa.representativeHash(key.spec, key.spki);
}

/**
 * Bytes to hash at once so that nothing else waits longer than some milliseconds: SHA-2 is native, SM3 and SHAKE256, which
 * BoringSSL does not have, are not.
 */
export const sliceBytes = (algorithm: SigningAlgorithm): number => (bindsPublicKey(algorithm) ? 2 ** 16 : 2 ** 19);
