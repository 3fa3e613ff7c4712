import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EncodingError } from '../../../src/main/crypto/der.ts';
import { type KeyPairSpec, keyPairs, type MessageType } from '../../../src/main/crypto/key-pairs.ts';
import { keySpecs, signingAlgorithms } from '../../../src/shared/kms/enums.ts';
import { flipped, random, text } from '../../support/crypto.ts';

/** The lengths of digests by what the algorithm's name ends in; the hash itself does not matter to a signature of a digest. */
function input(algorithm: string, messageType: MessageType): Uint8Array {
  if (messageType === 'RAW') return text('a message');
  if (messageType === 'EXTERNAL_MU') return new Uint8Array(64).fill(1);
  const bits = algorithm === 'SM2DSA' ? '256' : algorithm.slice(-3);
  return new Uint8Array(createHash(`sha${bits}`).update('a message').digest());
}

const MESSAGE_TYPES: readonly MessageType[] = ['RAW', 'DIGEST', 'EXTERNAL_MU'];

/** What "Key spec reference" of the AWS KMS Developer Guide allows each spec. */
const expected: Record<KeyPairSpec, string> = {
  RSA_2048:
    'RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512 RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 RSAES_OAEP_SHA_1:214 RSAES_OAEP_SHA_256:190',
  RSA_3072:
    'RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512 RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 RSAES_OAEP_SHA_1:342 RSAES_OAEP_SHA_256:318',
  RSA_4096:
    'RSASSA_PSS_SHA_256 RSASSA_PSS_SHA_384 RSASSA_PSS_SHA_512 RSASSA_PKCS1_V1_5_SHA_256 RSASSA_PKCS1_V1_5_SHA_384 RSASSA_PKCS1_V1_5_SHA_512 RSAES_OAEP_SHA_1:470 RSAES_OAEP_SHA_256:446',
  ECC_NIST_P256: 'ECDSA_SHA_256 ECDH',
  ECC_NIST_P384: 'ECDSA_SHA_384 ECDH',
  ECC_NIST_P521: 'ECDSA_SHA_512 ECDH',
  ECC_SECG_P256K1: 'ECDSA_SHA_256 ECDH',
  ECC_NIST_EDWARDS25519: 'ED25519_SHA_512 ED25519_PH_SHA_512',
  SM2: 'SM2DSA SM2PKE:1024 ECDH',
  ML_DSA_44: 'ML_DSA_SHAKE_256',
  ML_DSA_65: 'ML_DSA_SHAKE_256',
  ML_DSA_87: 'ML_DSA_SHAKE_256',
  ML_KEM_512: 'ML_KEM:768',
  ML_KEM_768: 'ML_KEM:1088',
  ML_KEM_1024: 'ML_KEM:1568',
};

it('every asymmetric key spec of KMS is there, and every signing algorithm', () => {
  const asymmetric = keySpecs.filter((spec) => spec !== 'SYMMETRIC_DEFAULT' && !spec.startsWith('HMAC'));
  expect(Object.keys(keyPairs).sort()).toEqual([...asymmetric].sort());
  const algorithms = new Set(Object.values(keyPairs).flatMap(({ signing }) => Object.keys(signing)));
  expect([...algorithms].sort()).toEqual([...signingAlgorithms].sort());
});

describe.each(Object.keys(expected) as KeyPairSpec[])('%s', (spec) => {
  const primitive = keyPairs[spec];

  it('does what its key spec allows', async () => {
    const privateKey = await primitive.generate(random);
    const opened = primitive.open(privateKey);
    const publicKey = primitive.publicKey(privateKey);
    expect(primitive.publicKey(opened)).toEqual(publicKey);
    primitive.requirePublicKey(publicKey);
    expect(await primitive.importPrivateKey(privateKey)).toEqual(privateKey);
    const done: string[] = [];

    for (const [algorithm, scheme] of Object.entries(primitive.signing)) {
      done.push(algorithm);
      for (const messageType of MESSAGE_TYPES) {
        const message = input(algorithm, messageType);
        const sign = () => scheme.sign(opened, messageType, message, random);
        if (!scheme.messageTypes.includes(messageType)) {
          expect(sign).toThrow(`${algorithm} takes ${scheme.messageTypes.join(' or ')}, not ${messageType}`);
          expect(() => scheme.verify(publicKey, messageType, message, new Uint8Array(64))).toThrow(RangeError);
          continue;
        }
        const signature = sign();
        expect(scheme.verify(publicKey, messageType, message, signature)).toBe(true);
        expect(scheme.verify(publicKey, messageType, flipped(message), signature)).toBe(false);
      }
    }
    for (const [algorithm, scheme] of Object.entries(primitive.encryption)) {
      done.push(`${algorithm}:${scheme.maxPlaintext}`);
      const plaintext = random.bytes(scheme.maxPlaintext);
      const ciphertext = scheme.encrypt(publicKey, plaintext, random);
      expect(scheme.decrypt(opened, ciphertext)).toEqual(plaintext);
      expect(scheme.decrypt(privateKey, flipped(ciphertext, -1))).toBeNull();
      expect(() => scheme.encrypt(publicKey, new Uint8Array(scheme.maxPlaintext + 1), random)).toThrow(RangeError);
    }
    if (primitive.deriveSharedSecret) {
      done.push('ECDH');
      const peer = await primitive.generate(random);
      const secret = primitive.deriveSharedSecret(opened, primitive.publicKey(peer));
      expect(primitive.deriveSharedSecret(peer, publicKey)).toEqual(secret);
    }
    if (primitive.encapsulation) {
      const { ciphertextBytes, encapsulate, decapsulate } = primitive.encapsulation;
      done.push(`ML_KEM:${ciphertextBytes}`);
      const { sharedSecret, ciphertext } = encapsulate(publicKey, random);
      expect(ciphertext).toHaveLength(ciphertextBytes);
      expect(decapsulate(privateKey, ciphertext)).toEqual(sharedSecret);
    }
    expect(done.join(' ')).toBe(expected[spec]);
  });

  it('takes no other spec’s keys', async () => {
    for (const other of [
      'ECC_NIST_P256',
      'ECC_SECG_P256K1',
      'ECC_NIST_EDWARDS25519',
      'SM2',
      'ML_DSA_44',
      'ML_KEM_512',
    ] as const) {
      if (other === spec) continue;
      const theirs = await keyPairs[other].generate(random);
      await expect(primitive.importPrivateKey(theirs), other).rejects.toThrow(EncodingError);
      expect(() => primitive.requirePublicKey(keyPairs[other].publicKey(theirs)), other).toThrow(EncodingError);
    }
  });
});
