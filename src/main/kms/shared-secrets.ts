import { KmsError } from '../../shared/kms/errors.ts';
import { EncodingError } from '../crypto/der.ts';
import type { EncapsulationScheme } from '../crypto/key-pairs.ts';
import { invalidCiphertext } from './ciphertext.ts';
import { refuseRecipient } from './encryption.ts';
import { keyToUse } from './find.ts';
import { type KeyPair, keyPairOf, requireAlgorithm } from './key-pair.ts';
import { onKey } from './operation.ts';

/** @throws KmsError `ValidationException` unless a peer's public key is sound and of the key's own curve. */
function requirePeer({ primitive, spec }: KeyPair, publicKey: Uint8Array): void {
  try {
    primitive.requirePublicKey(publicKey);
  } catch (error) {
    if (!(error instanceof EncodingError)) throw error;
    throw new KmsError(
      'ValidationException',
      `The public key is not a valid SubjectPublicKeyInfo of key spec ${spec}.`,
    );
  }
}

const deriveSharedSecret = onKey({
  name: 'DeriveSharedSecret',
  readOnly: true,
  usage: 'KEY_AGREEMENT',
  find(context, input) {
    refuseRecipient(input);
    return keyToUse(context, input);
  },
  run(context, { KeyAgreementAlgorithm, PublicKey }, key) {
    requireAlgorithm(key, 'agreement', KeyAgreementAlgorithm);
    const pair = keyPairOf(context, key);
    const { deriveSharedSecret: derive } = pair.primitive;
    if (!derive) throw new Error(`${pair.spec} without ${KeyAgreementAlgorithm}`);
    requirePeer(pair, PublicKey);
    return {
      KeyId: key.arn,
      SharedSecret: derive(pair.privateKey, PublicKey),
      KeyAgreementAlgorithm,
      KeyOrigin: key.origin,
    };
  },
  audit: { request: ['KeyId', 'KeyAgreementAlgorithm', 'DryRun'] },
});

function encapsulationOf({ primitive, spec }: KeyPair): EncapsulationScheme {
  if (!primitive.encapsulation) throw new Error(`${spec} without encapsulation`);
  return primitive.encapsulation;
}

const encapsulate = onKey({
  name: 'Encapsulate',
  readOnly: true,
  usage: 'ENCAPSULATE_DECAPSULATE',
  find: keyToUse,
  run(context, { EncapsulationAlgorithm }, key) {
    requireAlgorithm(key, 'encapsulation', EncapsulationAlgorithm);
    const pair = keyPairOf(context, key);
    const { sharedSecret, ciphertext } = encapsulationOf(pair).encapsulate(pair.publicKey, context.random);
    return {
      KeyId: key.arn,
      SharedSecret: sharedSecret,
      SharedSecretCiphertextBlob: ciphertext,
      EncapsulationAlgorithm,
    };
  },
  audit: { request: ['KeyId', 'EncapsulationAlgorithm', 'DryRun'] },
});

const decapsulate = onKey({
  name: 'Decapsulate',
  readOnly: true,
  usage: 'ENCAPSULATE_DECAPSULATE',
  find: keyToUse,
  run(context, { EncapsulationAlgorithm, SharedSecretCiphertextBlob: blob }, key) {
    requireAlgorithm(key, 'encapsulation', EncapsulationAlgorithm);
    const pair = keyPairOf(context, key);
    const { ciphertextBytes, decapsulate: recover } = encapsulationOf(pair);
    // Only the length is told: any other ciphertext gives a secret that nobody shares (FIPS 203, implicit rejection).
    if (blob.length !== ciphertextBytes) throw invalidCiphertext();
    return { KeyId: key.arn, SharedSecret: recover(pair.privateKey, blob), EncapsulationAlgorithm };
  },
  audit: { request: ['KeyId', 'EncapsulationAlgorithm', 'DryRun'] },
});

export const sharedSecretOperations = [deriveSharedSecret, encapsulate, decapsulate];
