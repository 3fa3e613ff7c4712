import { createRequire } from 'node:module';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { shake256 } from '@noble/hashes/sha3.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { sm2 } from 'sm-crypto-v2';
import type { KeyPairSpec } from '../../src/main/crypto/key-pairs.ts';
import type { MessageType, SigningAlgorithm } from '../../src/shared/kms/enums.ts';

/**
 * The other side of what the engine does with key pairs, as somebody has it who holds the public key alone: OpenSSL inside Node,
 * noble for ML-DSA and Ed25519ph, and sm-crypto-v2's own SM2, which the product does not use. Required past the module loader,
 * so that a suite under BoringSSL's limits checks with all of OpenSSL.
 */
const crypto: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto');
const { constants, createHash, createPublicKey, publicEncrypt, verify } = crypto;

const dsas = { ML_DSA_44: ml_dsa44, ML_DSA_65: ml_dsa65, ML_DSA_87: ml_dsa87 } as const;

export const publicKeyOf = (spki: Uint8Array) =>
  createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** The key itself: the last bytes of a SubjectPublicKeyInfo of ML-DSA, SM2 or Ed25519. */
const last = (spki: Uint8Array, length: number) => spki.subarray(spki.length - length);
const mldsaKey = (spki: Uint8Array) => last(spki, spki.length - 22);

/** Z of GB/T 32918.2, section 5.5, with SM3 of OpenSSL. */
function sm2Digest(spki: Uint8Array, message: Uint8Array): Uint8Array {
  const parameters = [
    'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC',
    '28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93',
    '32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7',
    'BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0',
  ];
  const z = createHash('sm3').update(Uint8Array.of(0, 128)).update('1234567812345678');
  for (const parameter of parameters) z.update(parameter, 'hex');
  const zOfKey = z.update(last(spki, 64)).digest();
  return new Uint8Array(createHash('sm3').update(zOfKey).update(message).digest());
}

/** What a caller sends as `Message` so that the message is signed, by its message type. */
export function toSign(
  algorithm: SigningAlgorithm,
  type: MessageType,
  spki: Uint8Array,
  message: Uint8Array,
): Uint8Array {
  if (type === 'RAW') return message;
  if (type === 'DIGEST' && algorithm === 'SM2DSA') return sm2Digest(spki, message);
  if (type === 'DIGEST')
    return new Uint8Array(
      createHash(`sha${algorithm.slice(-3)}`)
        .update(message)
        .digest(),
    );
  const tr = shake256(mldsaKey(spki), { dkLen: 64 });
  return shake256(Uint8Array.from([...tr, 0, 0, ...message]), { dkLen: 64 });
}

/** Whether a signature is the key's over the message. */
export function verifiesElsewhere(
  spec: KeyPairSpec,
  algorithm: SigningAlgorithm,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const hash = `sha${algorithm.slice(-3)}`;
  if (spec in dsas) return dsas[spec as keyof typeof dsas].verify(signature, message, mldsaKey(spki));
  switch (algorithm) {
    case 'SM2DSA':
      return sm2.doVerifySignature(message, hex(signature), hex(last(spki, 65)), { der: true, hash: true });
    case 'ED25519_SHA_512':
      return verify(null, message, publicKeyOf(spki), signature);
    case 'ED25519_PH_SHA_512':
      // noble hashes what it is given, as KMS does with the digest (API reference, Sign).
      return ed25519ph.verify(signature, message, last(spki, 32));
    default: {
      const key = publicKeyOf(spki);
      if (!algorithm.startsWith('RSASSA_PSS')) return verify(hash, message, key, signature);
      const padding = constants.RSA_PKCS1_PSS_PADDING;
      return verify(hash, message, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
    }
  }
}

/** Encrypts for whoever holds the private key, with the public key alone. */
export function encryptsElsewhere(
  algorithm: 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256' | 'SM2PKE',
  spki: Uint8Array,
  plaintext: Uint8Array,
): Uint8Array {
  if (algorithm === 'SM2PKE') {
    const options = { asn1: true } as const;
    return new Uint8Array(Buffer.from(sm2.doEncrypt(plaintext, hex(last(spki, 65)), 1, options), 'hex'));
  }
  const oaepHash = algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256';
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  return new Uint8Array(publicEncrypt({ key: publicKeyOf(spki), padding, oaepHash }, plaintext));
}
