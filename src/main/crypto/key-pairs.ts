import type { KeyObject } from 'node:crypto';
import type { EncryptionAlgorithm, KeySpec, MessageType, SigningAlgorithm } from '../../shared/kms/enums.ts';
import type { Random } from '../environment.ts';
import type { DigestMessageType } from './digest.ts';
import * as ecc from './ecc.ts';
import * as ed25519 from './ed25519.ts';
import * as mldsa from './mldsa.ts';
import * as mlkem from './mlkem.ts';
import * as rsa from './rsa.ts';
import * as rsaKeys from './rsa-keys.ts';
import * as sm2 from './sm2.ts';

/**
 * One face for the key pairs of every KMS key spec, by AWS's names: what each can do, and with which algorithms. Private keys
 * are PKCS#8 DER, public keys SubjectPublicKeyInfo DER. The standards are told in each primitive's own module.
 *
 * A RangeError is a length or a message type the caller got wrong, an EncodingError a key that is not one. Signatures that do
 * not verify are false; ciphertext that does not decrypt is null. No message holds bytes of a key or of a text.
 */
export type KeyPairSpec = Exclude<KeySpec, 'SYMMETRIC_DEFAULT' | `HMAC_${number}`>;
export type { MessageType };

/** PKCS#8, or what the primitive's `open` made of it. */
export type PrivateKey = Uint8Array | KeyObject;

export interface SignatureScheme {
  readonly messageTypes: readonly MessageType[];
  /** @throws RangeError when the algorithm does not take the message type, or not a digest of that length. */
  sign(privateKey: PrivateKey, messageType: MessageType, message: Uint8Array, random: Random): Uint8Array;
  /** @throws RangeError as `sign` does; EncodingError when the public key is not the spec's. */
  verify(publicKey: Uint8Array, messageType: MessageType, message: Uint8Array, signature: Uint8Array): boolean;
}

export interface EncryptionScheme {
  /** The longest plaintext in bytes. */
  readonly maxPlaintext: number;
  /** @throws RangeError when the plaintext is too long, or empty where the algorithm has no empty message. */
  encrypt(publicKey: Uint8Array, plaintext: Uint8Array, random: Random): Uint8Array;
  decrypt(privateKey: PrivateKey, ciphertext: Uint8Array): Uint8Array | null;
}

export interface EncapsulationScheme {
  readonly ciphertextBytes: number;
  encapsulate(publicKey: Uint8Array, random: Random): mlkem.Encapsulated;
  /** @throws RangeError when the ciphertext has another length. */
  decapsulate(privateKey: PrivateKey, ciphertext: Uint8Array): Uint8Array;
}

export interface KeyPairPrimitive {
  generate(random: Random): Promise<Uint8Array>;
  /** A private key from outside, checked and in Coffer's own encoding. @throws EncodingError */
  importPrivateKey(pkcs8: Uint8Array): Promise<Uint8Array>;
  /** Parses a private key once for many uses, where that pays. Whoever keeps the result drops it when the vault locks. */
  open(pkcs8: Uint8Array): PrivateKey;
  publicKey(privateKey: PrivateKey): Uint8Array;
  /** @throws EncodingError unless it is a sound public key of this spec. */
  requirePublicKey(spki: Uint8Array): void;
  readonly signing: Partial<Record<SigningAlgorithm, SignatureScheme>>;
  readonly encryption: Partial<Record<EncryptionAlgorithm, EncryptionScheme>>;
  /** The raw secret of ECDH with a peer's SubjectPublicKeyInfo. @throws EncodingError */
  deriveSharedSecret?(privateKey: PrivateKey, peer: Uint8Array): Uint8Array;
  readonly encapsulation?: EncapsulationScheme;
}

/** Only RSA and the NIST curves have an opened form; what is given to the others must be bytes. */
function bytesOf(privateKey: PrivateKey): Uint8Array {
  if (!(privateKey instanceof Uint8Array)) throw new TypeError('this key spec has no opened form');
  return privateKey;
}

interface Signer<T extends MessageType> {
  sign(privateKey: PrivateKey, messageType: T, message: Uint8Array, random: Random): Uint8Array;
  verify(publicKey: Uint8Array, messageType: T, message: Uint8Array, signature: Uint8Array): boolean;
}

/** Lets through the algorithm's own message types alone. */
function signature<T extends MessageType>(
  algorithm: SigningAlgorithm,
  messageTypes: readonly T[],
  signer: Signer<T>,
): SignatureScheme {
  const own = (messageType: MessageType): T => {
    const found = messageTypes.find((type) => type === messageType);
    if (found === undefined)
      throw new RangeError(`${algorithm} takes ${messageTypes.join(' or ')}, not ${messageType}`);
    return found;
  };
  return {
    messageTypes,
    sign: (privateKey, type, message, random) => signer.sign(privateKey, own(type), message, random),
    verify: (publicKey, type, message, given) => signer.verify(publicKey, own(type), message, given),
  };
}

const HASHED: readonly DigestMessageType[] = ['RAW', 'DIGEST'];

function rsaPrimitive(spec: rsaKeys.RsaSpec): KeyPairPrimitive {
  const signing = (algorithm: rsa.RsaSigningAlgorithm) =>
    signature(algorithm, HASHED, {
      sign: (key, type, message, random) => rsa.sign(algorithm, key, type, message, random),
      verify: (key, type, message, given) => rsa.verify(algorithm, key, type, message, given),
    });
  const encryption = (algorithm: rsa.RsaEncryptionAlgorithm): EncryptionScheme => ({
    maxPlaintext: rsa.maxPlaintext(algorithm, rsaKeys.modulusBytes(spec)),
    encrypt: (key, plaintext) => rsa.encrypt(algorithm, key, plaintext),
    decrypt: (key, ciphertext) => rsa.decrypt(algorithm, key, ciphertext),
  });
  return {
    generate: () => rsaKeys.generate(spec),
    importPrivateKey: (pkcs8) => rsaKeys.importPrivateKey(spec, pkcs8),
    open: rsaKeys.open,
    publicKey: rsaKeys.publicKey,
    requirePublicKey: (spki) => rsaKeys.requirePublicKey(spec, spki),
    signing: {
      RSASSA_PSS_SHA_256: signing('RSASSA_PSS_SHA_256'),
      RSASSA_PSS_SHA_384: signing('RSASSA_PSS_SHA_384'),
      RSASSA_PSS_SHA_512: signing('RSASSA_PSS_SHA_512'),
      RSASSA_PKCS1_V1_5_SHA_256: signing('RSASSA_PKCS1_V1_5_SHA_256'),
      RSASSA_PKCS1_V1_5_SHA_384: signing('RSASSA_PKCS1_V1_5_SHA_384'),
      RSASSA_PKCS1_V1_5_SHA_512: signing('RSASSA_PKCS1_V1_5_SHA_512'),
    },
    encryption: {
      RSAES_OAEP_SHA_1: encryption('RSAES_OAEP_SHA_1'),
      RSAES_OAEP_SHA_256: encryption('RSAES_OAEP_SHA_256'),
    },
  };
}

function eccPrimitive(
  spec: ecc.EccSpec,
  algorithm: 'ECDSA_SHA_256' | 'ECDSA_SHA_384' | 'ECDSA_SHA_512',
): KeyPairPrimitive {
  return {
    generate: async (random) => ecc.generate(spec, random),
    importPrivateKey: async (pkcs8) => ecc.importPrivateKey(spec, pkcs8),
    open: (pkcs8) => ecc.open(spec, pkcs8),
    publicKey: (key) => ecc.publicKey(spec, key),
    requirePublicKey: (spki) => ecc.requirePublicKey(spec, spki),
    signing: {
      [algorithm]: signature(algorithm, HASHED, {
        sign: (key, type, message, random) => ecc.sign(spec, key, type, message, random),
        verify: (key, type, message, given) => ecc.verify(spec, key, type, message, given),
      }),
    },
    encryption: {},
    deriveSharedSecret: (key, peer) => ecc.deriveSharedSecret(spec, key, peer),
  };
}

function ed25519Primitive(): KeyPairPrimitive {
  const signing = (algorithm: ed25519.Ed25519Algorithm, messageType: DigestMessageType) =>
    signature(algorithm, [messageType], {
      sign: (key, _type, message) => ed25519.sign(algorithm, bytesOf(key), message),
      verify: (key, _type, message, given) => ed25519.verify(algorithm, key, message, given),
    });
  return {
    generate: async (random) => ed25519.generate(random),
    importPrivateKey: async (pkcs8) => ed25519.importPrivateKey(pkcs8),
    open: (pkcs8) => pkcs8,
    publicKey: (key) => ed25519.publicKey(bytesOf(key)),
    requirePublicKey: ed25519.requirePublicKey,
    signing: {
      ED25519_SHA_512: signing('ED25519_SHA_512', 'RAW'),
      ED25519_PH_SHA_512: signing('ED25519_PH_SHA_512', 'DIGEST'),
    },
    encryption: {},
  };
}

function sm2Primitive(): KeyPairPrimitive {
  return {
    generate: async (random) => sm2.generate(random),
    importPrivateKey: async (pkcs8) => sm2.importPrivateKey(pkcs8),
    open: (pkcs8) => pkcs8,
    publicKey: (key) => sm2.publicKey(bytesOf(key)),
    requirePublicKey: sm2.requirePublicKey,
    signing: {
      SM2DSA: signature('SM2DSA', HASHED, {
        sign: (key, type, message, random) => sm2.sign(bytesOf(key), type, message, random),
        verify: sm2.verify,
      }),
    },
    encryption: {
      SM2PKE: {
        maxPlaintext: sm2.MAX_PLAINTEXT,
        encrypt: sm2.encrypt,
        decrypt: (key, ciphertext) => sm2.decrypt(bytesOf(key), ciphertext),
      },
    },
    deriveSharedSecret: (key, peer) => sm2.deriveSharedSecret(bytesOf(key), peer),
  };
}

function mldsaPrimitive(spec: mldsa.MlDsaSpec): KeyPairPrimitive {
  const messageTypes: readonly mldsa.MlDsaMessageType[] = ['RAW', 'EXTERNAL_MU'];
  return {
    generate: async (random) => mldsa.generate(spec, random),
    importPrivateKey: async (pkcs8) => mldsa.importPrivateKey(spec, pkcs8),
    open: (pkcs8) => pkcs8,
    publicKey: (key) => mldsa.publicKey(spec, bytesOf(key)),
    requirePublicKey: (spki) => mldsa.requirePublicKey(spec, spki),
    signing: {
      ML_DSA_SHAKE_256: signature('ML_DSA_SHAKE_256', messageTypes, {
        sign: (key, type, message, random) => mldsa.sign(spec, bytesOf(key), type, message, random),
        verify: (key, type, message, given) => mldsa.verify(spec, key, type, message, given),
      }),
    },
    encryption: {},
  };
}

function mlkemPrimitive(spec: mlkem.MlKemSpec): KeyPairPrimitive {
  return {
    generate: async (random) => mlkem.generate(spec, random),
    importPrivateKey: async (pkcs8) => mlkem.importPrivateKey(spec, pkcs8),
    open: (pkcs8) => pkcs8,
    publicKey: (key) => mlkem.publicKey(spec, bytesOf(key)),
    requirePublicKey: (spki) => mlkem.requirePublicKey(spec, spki),
    signing: {},
    encryption: {},
    encapsulation: {
      ciphertextBytes: mlkem.ciphertextBytes(spec),
      encapsulate: (publicKey, random) => mlkem.encapsulate(spec, publicKey, random),
      decapsulate: (key, ciphertext) => mlkem.decapsulate(spec, bytesOf(key), ciphertext),
    },
  };
}

export const keyPairs: Readonly<Record<KeyPairSpec, KeyPairPrimitive>> = {
  RSA_2048: rsaPrimitive('RSA_2048'),
  RSA_3072: rsaPrimitive('RSA_3072'),
  RSA_4096: rsaPrimitive('RSA_4096'),
  ECC_NIST_P256: eccPrimitive('ECC_NIST_P256', 'ECDSA_SHA_256'),
  ECC_NIST_P384: eccPrimitive('ECC_NIST_P384', 'ECDSA_SHA_384'),
  ECC_NIST_P521: eccPrimitive('ECC_NIST_P521', 'ECDSA_SHA_512'),
  ECC_SECG_P256K1: eccPrimitive('ECC_SECG_P256K1', 'ECDSA_SHA_256'),
  ECC_NIST_EDWARDS25519: ed25519Primitive(),
  SM2: sm2Primitive(),
  ML_DSA_44: mldsaPrimitive('ML_DSA_44'),
  ML_DSA_65: mldsaPrimitive('ML_DSA_65'),
  ML_DSA_87: mldsaPrimitive('ML_DSA_87'),
  ML_KEM_512: mlkemPrimitive('ML_KEM_512'),
  ML_KEM_768: mlkemPrimitive('ML_KEM_768'),
  ML_KEM_1024: mlkemPrimitive('ML_KEM_1024'),
};

/** Whether keys of the spec are key pairs, not secret keys. */
export function isKeyPairSpec(spec: KeySpec): spec is KeyPairSpec {
  return Object.hasOwn(keyPairs, spec);
}
