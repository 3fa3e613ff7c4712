import type { EncryptionAlgorithm } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { EncryptionScheme } from '../crypto/key-pairs.ts';
import type { EncryptionContext } from './encryption-context.ts';
import { type KeyPair, keyPairOf } from './key-pair.ts';
import type { KeyRecord } from './key-rows.ts';
import type { Context } from './operation.ts';

/** What the standard algorithms make is only ciphertext: it names no key and binds no context. */
const schemeOf = ({ primitive, spec }: KeyPair, algorithm: EncryptionAlgorithm): EncryptionScheme => {
  const scheme = primitive.encryption[algorithm];
  if (!scheme) throw new Error(`${spec} without ${algorithm}`);
  return scheme;
};

/** @throws KmsError `ValidationException` for any encryption context but an empty one. */
function refuseContext(bound: EncryptionContext | undefined): void {
  if (bound && Object.keys(bound).length > 0)
    throw new KmsError(
      'ValidationException',
      'EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.',
    );
}

/**
 * Encrypts with the public half of a key that has the algorithm.
 * @throws KmsError `ValidationException` for a context, and for a plaintext that is empty or longer than the algorithm takes.
 */
export function sealToKeyPair(
  context: Context,
  key: KeyRecord,
  algorithm: EncryptionAlgorithm,
  plaintext: Uint8Array,
  bound: EncryptionContext | undefined,
): Uint8Array {
  refuseContext(bound);
  const pair = keyPairOf(context, key);
  const scheme = schemeOf(pair, algorithm);
  if (plaintext.length > scheme.maxPlaintext)
    throw new KmsError(
      'ValidationException',
      `Algorithm ${algorithm} and key spec ${pair.spec} cannot encrypt data larger than ${scheme.maxPlaintext} bytes.`,
    );
  return scheme.encrypt(pair.publicKey, plaintext, context.random);
}

/**
 * Decrypts with the private half of a key that has the algorithm; null when it does not decrypt, whatever the reason.
 * @throws KmsError `ValidationException` for a context.
 */
export function openWithKeyPair(
  context: Context,
  key: KeyRecord,
  algorithm: EncryptionAlgorithm,
  ciphertext: Uint8Array,
  bound: EncryptionContext | undefined,
): Uint8Array | null {
  refuseContext(bound);
  const pair = keyPairOf(context, key);
  return schemeOf(pair, algorithm).decrypt(pair.privateKey, ciphertext);
}
