import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import type { Random } from '../environment.ts';
import { EncodingError } from './der.ts';
import { keyAlgorithm, withSecret } from './key-format.ts';
import { decodeSeedPublicKey, type SeedScheme, seedKeysOf, withSeedKey } from './seed-keys.ts';

/**
 * ML-KEM (FIPS 203). Keys are written as RFC 9935 asks; a private key is its 64-byte seed d ‖ z, which is how AWS KMS gives
 * ML-KEM data keys, expanded for each use and zeroed after.
 */
export type MlKemSpec = 'ML_KEM_512' | 'ML_KEM_768' | 'ML_KEM_1024';

type Kem = typeof ml_kem512;

interface Suite {
  readonly kem: Kem;
  readonly keys: SeedScheme;
  readonly ciphertextBytes: number;
}

const suites: Record<MlKemSpec, Suite> = {
  ML_KEM_512: suite('ML-KEM-512', '2.16.840.1.101.3.4.4.1', ml_kem512, 800, 768),
  ML_KEM_768: suite('ML-KEM-768', '2.16.840.1.101.3.4.4.2', ml_kem768, 1184, 1088),
  ML_KEM_1024: suite('ML-KEM-1024', '2.16.840.1.101.3.4.4.3', ml_kem1024, 1568, 1568),
};

function suite(name: string, oid: string, kem: Kem, publicKeyBytes: number, ciphertextBytes: number): Suite {
  const keys = { algorithm: keyAlgorithm(name, oid), seedBytes: 64, publicKeyBytes, keygen: kem.keygen };
  return { kem, keys, ciphertextBytes };
}

const MESSAGE_BYTES = 32;

/**
 * Private keys have 86 bytes of PKCS#8, public ones 822, 1,206 or 1,590 of SubjectPublicKeyInfo; the errors are those of
 * `seedKeysOf`.
 */
export const { generate, importPrivateKey, publicKey } = seedKeysOf(suites);

/** @throws EncodingError unless it is a SubjectPublicKeyInfo whose key passes the modulus check (section 7.2). */
export function requirePublicKey(spec: MlKemSpec, spki: Uint8Array): void {
  const { kem, keys } = suites[spec];
  const key = decodeSeedPublicKey(keys, spki);
  try {
    kem.prepare(key).clean();
  } catch {
    throw outOfRange(keys);
  }
}

const outOfRange = ({ algorithm }: SeedScheme) =>
  new EncodingError(`a key of ${algorithm.name} with a coefficient out of range`);

/** The length of encapsulated secrets: 768, 1,088 or 1,568 bytes. */
export const ciphertextBytes = (spec: MlKemSpec): number => suites[spec].ciphertextBytes;

export interface Encapsulated {
  /** 32 bytes. */
  readonly sharedSecret: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/**
 * A fresh shared secret and its encapsulation (section 7.2).
 * @throws EncodingError when the public key is not one of this spec: another length, or a coefficient not below q.
 */
export function encapsulate(spec: MlKemSpec, spki: Uint8Array, random: Random): Encapsulated {
  const { kem, keys } = suites[spec];
  const key = decodeSeedPublicKey(keys, spki);
  return withSecret(random.bytes(MESSAGE_BYTES), (m) => {
    try {
      const { sharedSecret, cipherText } = kem.encapsulate(key, m);
      return { sharedSecret, ciphertext: cipherText };
    } catch {
      throw outOfRange(keys);
    }
  });
}

/**
 * The 32-byte shared secret of an encapsulation (section 7.3). A ciphertext that was tampered with gives another secret and no
 * error: implicit rejection.
 * @throws RangeError when the ciphertext has not the spec's length.
 */
export function decapsulate(spec: MlKemSpec, privateKey: Uint8Array, ciphertext: Uint8Array): Uint8Array {
  const bytes = ciphertextBytes(spec);
  if (ciphertext.length !== bytes) {
    throw new RangeError(`an encapsulation for ${spec} has ${bytes} bytes, not ${ciphertext.length}`);
  }
  const { kem, keys } = suites[spec];
  return withSeedKey(keys, privateKey, ({ secretKey }) => kem.decapsulate(ciphertext, secretKey));
}
