import { shake256 } from '@noble/hashes/sha3.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import type { Random } from '../environment.ts';
import { keyAlgorithm, withSecret } from './key-format.ts';
import { decodeSeedPublicKey, type SeedScheme, seedKeysOf, withSeedKey } from './seed-keys.ts';

/**
 * ML-DSA (FIPS 204), the pure variant with an empty context, which is KMS's ML_DSA_SHAKE_256. Keys are written as RFC 9881
 * asks; a private key is its 32-byte seed ξ, expanded for each use and zeroed after. Signing is hedged (section 3.4).
 */
export type MlDsaSpec = 'ML_DSA_44' | 'ML_DSA_65' | 'ML_DSA_87';

/**
 * RAW is the message; EXTERNAL_MU its 64-byte representative µ = SHAKE256(SHAKE256(pk, 64) ‖ 0 ‖ 0 ‖ M, 64), computed by the
 * caller (section 6.2, Algorithm 7, line 6).
 */
export type MlDsaMessageType = 'RAW' | 'EXTERNAL_MU';

type Dsa = typeof ml_dsa44;

const suites: Record<MlDsaSpec, { readonly dsa: Dsa; readonly keys: SeedScheme }> = {
  ML_DSA_44: { dsa: ml_dsa44, keys: scheme('ML-DSA-44', '2.16.840.1.101.3.4.3.17', ml_dsa44, 1312) },
  ML_DSA_65: { dsa: ml_dsa65, keys: scheme('ML-DSA-65', '2.16.840.1.101.3.4.3.18', ml_dsa65, 1952) },
  ML_DSA_87: { dsa: ml_dsa87, keys: scheme('ML-DSA-87', '2.16.840.1.101.3.4.3.19', ml_dsa87, 2592) },
};

function scheme(name: string, oid: string, dsa: Dsa, publicKeyBytes: number): SeedScheme {
  return { algorithm: keyAlgorithm(name, oid), seedBytes: 32, publicKeyBytes, keygen: dsa.keygen };
}

const RANDOM_BYTES = 32;
const MU_BYTES = 64;

/**
 * Private keys have 54 bytes of PKCS#8, public ones 1,334, 1,974 or 2,614 of SubjectPublicKeyInfo; the errors are those of
 * `seedKeysOf`.
 */
export const { generate, importPrivateKey, publicKey } = seedKeysOf(suites);

/** @throws EncodingError unless it is a SubjectPublicKeyInfo with a key of 1,312, 1,952 or 2,592 bytes. */
export function requirePublicKey(spec: MlDsaSpec, spki: Uint8Array): void {
  decodeSeedPublicKey(suites[spec].keys, spki);
}

/**
 * A signature of 2,420, 3,309 or 4,627 bytes.
 * @throws RangeError when an EXTERNAL_MU has not 64 bytes.
 */
export function sign(
  spec: MlDsaSpec,
  privateKey: Uint8Array,
  messageType: MlDsaMessageType,
  message: Uint8Array,
  random: Random,
): Uint8Array {
  requireMu(messageType, message);
  const { dsa, keys } = suites[spec];
  return withSecret(random.bytes(RANDOM_BYTES), (extraEntropy) =>
    withSeedKey(keys, privateKey, ({ secretKey }) =>
      messageType === 'RAW'
        ? dsa.sign(message, secretKey, { extraEntropy })
        : dsa.internal.sign(message, secretKey, { externalMu: true, extraEntropy }),
    ),
  );
}

/**
 * Whether a signature is the key's over the message or its representative.
 * @throws RangeError when an EXTERNAL_MU has not 64 bytes; EncodingError when the public key is not one of this spec.
 */
export function verify(
  spec: MlDsaSpec,
  spki: Uint8Array,
  messageType: MlDsaMessageType,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  requireMu(messageType, message);
  const { dsa, keys } = suites[spec];
  const key = decodeSeedPublicKey(keys, spki);
  return messageType === 'RAW'
    ? dsa.verify(signature, message, key)
    : dsa.internal.verify(signature, message, key, { externalMu: true });
}

/**
 * SHAKE256 that makes the representative µ of a message which comes a piece at a time: SHAKE256(pk, 64), and the domain
 * separator and the length of the empty context, both 0, are taken (section 6.2, Algorithm 7, line 6; section 5.2).
 * @throws EncodingError when the public key is not one of this spec.
 */
export function representativeHash(spec: MlDsaSpec, spki: Uint8Array) {
  const tr = shake256(decodeSeedPublicKey(suites[spec].keys, spki), { dkLen: MU_BYTES });
  return shake256.create({ dkLen: MU_BYTES }).update(tr).update(Uint8Array.of(0, 0));
}

function requireMu(messageType: MlDsaMessageType, message: Uint8Array): void {
  if (messageType === 'EXTERNAL_MU' && message.length !== MU_BYTES) {
    throw new RangeError(`the representative µ must have ${MU_BYTES} bytes, not ${message.length}`);
  }
}
