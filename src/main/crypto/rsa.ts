import { constants, KeyObject, privateDecrypt, privateEncrypt, publicDecrypt, publicEncrypt } from 'node:crypto';
import type { Random } from '../environment.ts';
import { concat, equal, u32 } from './bytes.ts';
import { EncodingError, octetString, oid, sequence } from './der.ts';
import { type DigestMessageType, digest, digestBytes, digestOf, type HashName, nodeHash } from './digest.ts';
import { DER_NULL } from './key-format.ts';
import { parsePrivateKey, parsePublicKey } from './native-keys.ts';
import type { RsaPrivateKey } from './rsa-keys.ts';

/**
 * RSA signatures and encryption (RFC 8017). node:crypto signs messages but not digests, so the encodings EMSA-PSS and
 * EMSA-PKCS1-v1_5 are made here, and its bare RSA operation, blinded and native, is applied to them: one road for RAW and
 * DIGEST, the same on Node and on Electron. OAEP is node:crypto's own.
 */
export type RsaSigningAlgorithm =
  | 'RSASSA_PSS_SHA_256'
  | 'RSASSA_PSS_SHA_384'
  | 'RSASSA_PSS_SHA_512'
  | 'RSASSA_PKCS1_V1_5_SHA_256'
  | 'RSASSA_PKCS1_V1_5_SHA_384'
  | 'RSASSA_PKCS1_V1_5_SHA_512';

export type RsaEncryptionAlgorithm = 'RSAES_OAEP_SHA_1' | 'RSAES_OAEP_SHA_256';

interface Scheme {
  readonly padding: 'PSS' | 'PKCS1';
  readonly hash: HashName;
}

const schemes: Record<RsaSigningAlgorithm, Scheme> = {
  RSASSA_PSS_SHA_256: { padding: 'PSS', hash: 'SHA_256' },
  RSASSA_PSS_SHA_384: { padding: 'PSS', hash: 'SHA_384' },
  RSASSA_PSS_SHA_512: { padding: 'PSS', hash: 'SHA_512' },
  RSASSA_PKCS1_V1_5_SHA_256: { padding: 'PKCS1', hash: 'SHA_256' },
  RSASSA_PKCS1_V1_5_SHA_384: { padding: 'PKCS1', hash: 'SHA_384' },
  RSASSA_PKCS1_V1_5_SHA_512: { padding: 'PKCS1', hash: 'SHA_512' },
};

const oaepHashes: Record<RsaEncryptionAlgorithm, HashName> = {
  RSAES_OAEP_SHA_1: 'SHA_1',
  RSAES_OAEP_SHA_256: 'SHA_256',
};

/**
 * A signature as long as the modulus over a message, or over a digest of the algorithm's hash. PSS takes MGF1 with the same
 * hash and a fresh salt of the hash's length.
 * @throws RangeError when a DIGEST has not the hash's length.
 */
export function sign(
  algorithm: RsaSigningAlgorithm,
  privateKey: RsaPrivateKey,
  messageType: DigestMessageType,
  message: Uint8Array,
  random: Random,
): Uint8Array {
  const { padding, hash } = schemes[algorithm];
  const hashed = digestOf(hash, messageType, message);
  const key = privateKey instanceof KeyObject ? privateKey : parsePrivateKey(privateKey);
  const bits = modulusBits(key);
  const encoded =
    padding === 'PSS'
      ? encodePss(hash, hashed, random.bytes(digestBytes(hash)), bits)
      : encodePkcs1(hash, hashed, bits);
  return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded));
}

/**
 * Whether a signature is the key's over the message or digest. PSS salts must have the hash's length.
 * @throws RangeError when a DIGEST has not the hash's length; EncodingError when the public key cannot be read.
 */
export function verify(
  algorithm: RsaSigningAlgorithm,
  spki: Uint8Array,
  messageType: DigestMessageType,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { padding, hash } = schemes[algorithm];
  const hashed = digestOf(hash, messageType, message);
  const key = parsePublicKey(spki);
  const bits = modulusBits(key);
  if (signature.length !== Math.ceil(bits / 8)) return false;
  const encoded = openSignature(key, signature);
  if (encoded === null) return false;
  return padding === 'PSS' ? verifyPss(hash, hashed, encoded, bits) : equal(encoded, encodePkcs1(hash, hashed, bits));
}

/** RSAVP1 (section 5.2.2), or null when the signature is not below the modulus. */
function openSignature(key: KeyObject, signature: Uint8Array): Uint8Array | null {
  try {
    return publicDecrypt({ key, padding: constants.RSA_NO_PADDING }, signature);
  } catch {
    return null;
  }
}

/** The length of a private key's modulus in bytes. */
export const modulusBytesOf = (key: KeyObject): number => modulusBits(key) / 8;

function modulusBits(key: KeyObject): number {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (bits === undefined || bits % 8 !== 0) throw new EncodingError('not an RSA key whose modulus has whole bytes');
  return bits;
}

const hashOids = {
  SHA_256: '2.16.840.1.101.3.4.2.1',
  SHA_384: '2.16.840.1.101.3.4.2.2',
  SHA_512: '2.16.840.1.101.3.4.2.3',
} as const;

/**
 * EMSA-PKCS1-v1_5 (section 9.2). Verification compares with this whole encoding instead of parsing what it finds, which
 * leaves no room for forged padding.
 */
function encodePkcs1(hash: HashName, hashed: Uint8Array, bits: number): Uint8Array {
  if (hash === 'SHA_1') throw new TypeError('SHA-1 does not sign');
  const info = sequence(sequence(oid(hashOids[hash]), DER_NULL), octetString(hashed));
  const filler = new Uint8Array(bits / 8 - info.length - 3).fill(0xff);
  return concat(Uint8Array.of(0, 1), filler, Uint8Array.of(0), info);
}

const ZERO_8 = new Uint8Array(8);

/** EMSA-PSS-ENCODE (section 9.1.1) for emBits = bits − 1. The moduli here are whole bytes, so emLen is the modulus's length. */
function encodePss(hash: HashName, hashed: Uint8Array, salt: Uint8Array, bits: number): Uint8Array {
  const length = bits / 8;
  const h = digest(hash, ZERO_8, hashed, salt);
  const db = new Uint8Array(length - h.length - 1);
  db[db.length - salt.length - 1] = 1;
  db.set(salt, db.length - salt.length);
  xor(db, mgf1(hash, h, db.length));
  db[0] = (db[0] ?? 0) & 0x7f;
  return concat(db, h, Uint8Array.of(0xbc));
}

/** EMSA-PSS-VERIFY (section 9.1.2). Nothing here is secret: the key and the signature are public. */
function verifyPss(hash: HashName, hashed: Uint8Array, encoded: Uint8Array, bits: number): boolean {
  const size = digestBytes(hash);
  const length = bits / 8;
  const h = encoded.subarray(length - size - 1, length - 1);
  const db = Uint8Array.from(encoded.subarray(0, length - size - 1));
  if (encoded[length - 1] !== 0xbc || ((encoded[0] ?? 0) & 0x80) !== 0) return false;
  xor(db, mgf1(hash, h, db.length));
  db[0] = (db[0] ?? 0) & 0x7f;
  const salt = db.subarray(db.length - size);
  const before = db.subarray(0, db.length - size);
  if (before.at(-1) !== 1 || before.subarray(0, -1).some((byte) => byte !== 0)) return false;
  return equal(h, digest(hash, ZERO_8, hashed, salt));
}

/** MGF1 (appendix B.2.1). */
function mgf1(hash: HashName, seed: Uint8Array, length: number): Uint8Array {
  const blocks: Uint8Array[] = [];
  for (let counter = 0; counter * digestBytes(hash) < length; counter++) {
    blocks.push(digest(hash, seed, u32(counter)));
  }
  return concat(...blocks).subarray(0, length);
}

function xor(target: Uint8Array, mask: Uint8Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) ^ (mask[i] ?? 0);
}

/** The longest plaintext for a modulus of so many bytes: k − 2·hLen − 2 (section 7.1.1), which is 190 for RSA_2048, SHA-256. */
export function maxPlaintext(algorithm: RsaEncryptionAlgorithm, modulusBytes: number): number {
  return modulusBytes - 2 * digestBytes(oaepHashes[algorithm]) - 2;
}

const oaep = (algorithm: RsaEncryptionAlgorithm, key: KeyObject) => ({
  key,
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  // MGF1 takes the same hash, and the label is empty, as AWS KMS has them.
  oaepHash: nodeHash(oaepHashes[algorithm]),
});

/**
 * RSAES-OAEP-ENCRYPT (section 7.1.1): ciphertext as long as the modulus.
 * @throws RangeError when the plaintext is longer than `maxPlaintext`.
 */
export function encrypt(algorithm: RsaEncryptionAlgorithm, spki: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const key = parsePublicKey(spki);
  const max = maxPlaintext(algorithm, modulusBits(key) / 8);
  if (plaintext.length > max) {
    throw new RangeError(`${algorithm} takes at most ${max} bytes with this key, not ${plaintext.length}`);
  }
  return new Uint8Array(publicEncrypt(oaep(algorithm, key), plaintext));
}

/**
 * RSAES-OAEP-DECRYPT (section 7.1.2). Null when it does not decrypt, whatever the reason: one that can be told from another
 * is an oracle (Manger, CRYPTO 2001).
 */
export function decrypt(
  algorithm: RsaEncryptionAlgorithm,
  privateKey: RsaPrivateKey,
  ciphertext: Uint8Array,
): Uint8Array | null {
  const key = privateKey instanceof KeyObject ? privateKey : parsePrivateKey(privateKey);
  if (ciphertext.length !== modulusBits(key) / 8) return null;
  try {
    const plaintext = privateDecrypt(oaep(algorithm, key), ciphertext);
    return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.byteLength);
  } catch {
    return null;
  }
}
