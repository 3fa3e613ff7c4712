import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { kdf, sm3 } from 'sm-crypto-v2';
import type { Random } from '../environment.ts';
import { concat, equal, fromHex, utf8 } from './bytes.ts';
import { DerReader, EncodingError, integer, octetString, sequence, TAG } from './der.ts';
import { type DigestMessageType, requireDigest } from './digest.ts';
import {
  decodePoint,
  decodeScalar,
  decodeSignature,
  ecCurve,
  encodePoint,
  encodeScalar,
  encodeSignature,
  importScalar,
  publicPoint,
  randomScalar,
  sharedSecret,
} from './ec-keys.ts';
import { leftPad, withSecret } from './key-format.ts';
import { Sm3 } from './sm3.ts';

/**
 * SM2 (GB/T 32918, GM/T 0003): signatures with SM3 (part 2), public-key encryption (part 4), on the curve of part 5. The
 * arithmetic is noble's, SM3 and its key derivation are sm-crypto-v2's. That package's own SM2 is not used: it takes keys as
 * hexadecimal text, which cannot be zeroed, and decrypts with points that are not on the curve.
 */
const Point = weierstrass({
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
});
const curve = ecCurve('SM2', '1.2.156.10197.1.301', Point);
const { Fn } = Point;

/** The id that KMS signs with, the standard's default (GM/T 0009, section 10); signers with another id send a digest. */
const DISTINGUISHING_ID = utf8('1234567812345678');
/** The length of SM3, of a coordinate and of a scalar. */
const BYTES = 32;
/** What KMS Encrypt takes for SM2PKE. ImportKeyMaterial takes longer ciphertext, so decryption has no such bound. */
export const MAX_PLAINTEXT = 1024;

const hash = (...parts: readonly Uint8Array[]): Uint8Array =>
  withSecret(concat(...parts), (bytes) => fromHex(sm3(bytes)));

/** A fresh private key as PKCS#8 with its public point, 138 bytes. */
export function generate(random: Random): Uint8Array {
  const scalar = randomScalar(curve, random);
  if (isLargest(scalar)) return generate(random);
  return withSecret(scalar, (secret) => encodeScalar(curve, secret));
}

/** d = n − 1 has no (1 + d)⁻¹, so d is in [1, n − 2] (part 1, section 6.1). */
const isLargest = (scalar: Uint8Array): boolean => bytesToNumberBE(scalar) === Fn.ORDER - 1n;

/**
 * A private key from outside (PKCS#8), checked and in Coffer's own encoding.
 * @throws EncodingError
 */
export function importPrivateKey(pkcs8: Uint8Array): Uint8Array {
  if (isLargest(decodeScalar(curve, pkcs8))) throw new EncodingError('an SM2 private key outside [1, n − 2]');
  return importScalar(curve, pkcs8);
}

/** The public key as SubjectPublicKeyInfo with an uncompressed point, 91 bytes. */
export function publicKey(privateKey: Uint8Array): Uint8Array {
  return encodePoint(curve, publicPoint(curve, decodeScalar(curve, privateKey)));
}

/** @throws EncodingError unless it is a SubjectPublicKeyInfo with a valid point of the curve. */
export function requirePublicKey(spki: Uint8Array): void {
  decodePoint(curve, spki);
}

/**
 * e = SM3(Z_A ‖ M), where Z_A binds the id, the curve and the public key (part 2, section 5.5): what SM2DSA signs, and what
 * a KMS caller computes who sends a DIGEST.
 */
export function messageDigest(spki: Uint8Array, message: Uint8Array, id: Uint8Array = DISTINGUISHING_ID): Uint8Array {
  return messageHash(spki, id).update(message).digest();
}

/**
 * The same for a message that comes a piece at a time: SM3 that has taken Z_A.
 * @throws EncodingError when the public key is not one of this curve.
 */
export function messageHash(spki: Uint8Array, id: Uint8Array = DISTINGUISHING_ID): Sm3 {
  const bits = id.length * 8;
  const { a, b, Gx, Gy } = Point.CURVE();
  const constants = [a, b, Gx, Gy].map((value) => numberToBytesBE(value, BYTES));
  const own = decodePoint(curve, spki).toBytes(false).subarray(1);
  return new Sm3().update(hash(Uint8Array.of(bits >> 8, bits & 0xff), id, ...constants, own));
}

/**
 * A DER signature over a message, or over a 32-byte digest that `messageDigest` defines (part 2, section 6.1).
 * @throws RangeError when a DIGEST has not 32 bytes.
 */
export function sign(
  privateKey: Uint8Array,
  messageType: DigestMessageType,
  message: Uint8Array,
  random: Random,
): Uint8Array {
  const digest = messageType === 'RAW' ? messageDigest(publicKey(privateKey), message) : message;
  requireDigest(BYTES, digest);
  const e = bytesToNumberBE(digest);
  const d = bytesToNumberBE(decodeScalar(curve, privateKey));
  for (;;) {
    const k = withSecret(randomScalar(curve, random), bytesToNumberBE);
    const r = Fn.create(e + Point.BASE.multiply(k).x);
    if (r === 0n || r + k === Fn.ORDER) continue;
    // The inversion's time depends on its argument, so that is blinded.
    const blind = withSecret(randomScalar(curve, random), bytesToNumberBE);
    const inverse = Fn.mul(Fn.inv(Fn.mul(Fn.add(d, 1n), blind)), blind);
    const s = Fn.mul(inverse, Fn.sub(k, Fn.mul(r, d)));
    if (s !== 0n) return encodeSignature({ r: numberToBytesBE(r, BYTES), s: numberToBytesBE(s, BYTES) });
  }
}

/**
 * Whether a signature is the key's over the message or digest (part 2, section 7.1). Anything but strict DER with r and s in
 * [1, n − 1] is not.
 * @throws RangeError when a DIGEST has not 32 bytes; EncodingError when the public key is not one of this curve.
 */
export function verify(
  spki: Uint8Array,
  messageType: DigestMessageType,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const point = decodePoint(curve, spki);
  const digest = messageType === 'RAW' ? messageDigest(spki, message) : message;
  requireDigest(BYTES, digest);
  const pair = decodeSignature(curve, signature);
  if (pair === null) return false;
  const r = bytesToNumberBE(pair.r);
  const s = bytesToNumberBE(pair.s);
  const t = Fn.add(r, s);
  if (t === 0n) return false;
  const sum = Point.BASE.mulAddUnsafe(s, point, t);
  return !sum.is0() && Fn.create(bytesToNumberBE(digest) + sum.x) === r;
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/**
 * SM2PKE (part 4, section 6.1) as ASN.1: SEQUENCE { x INTEGER, y INTEGER, hash OCTET STRING, cipher OCTET STRING }
 * (GM/T 0009, section 7.2), which is what AWS KMS gives and takes.
 * @throws RangeError unless the plaintext has 1 to 1,024 bytes; EncodingError when the public key is not one of this curve.
 */
export function encrypt(spki: Uint8Array, plaintext: Uint8Array, random: Random): Uint8Array {
  if (plaintext.length < 1 || plaintext.length > MAX_PLAINTEXT) {
    throw new RangeError(`SM2PKE takes 1 to ${MAX_PLAINTEXT} bytes, not ${plaintext.length}`);
  }
  const point = decodePoint(curve, spki);
  for (;;) {
    const k = withSecret(randomScalar(curve, random), bytesToNumberBE);
    const c1 = Point.BASE.multiply(k).toBytes(false).subarray(1);
    const sealed = withSecret(point.multiply(k).toBytes(false).subarray(1), (shared) => seal(shared, plaintext));
    if (sealed === null) continue;
    return sequence(
      integer(c1.subarray(0, BYTES)),
      integer(c1.subarray(BYTES)),
      octetString(sealed.check),
      octetString(sealed.cipher),
    );
  }
}

function seal(shared: Uint8Array, plaintext: Uint8Array) {
  const cipher = kdf(shared, plaintext.length);
  if (isZero(cipher)) return null;
  for (let i = 0; i < cipher.length; i++) cipher[i] = (cipher[i] ?? 0) ^ (plaintext[i] ?? 0);
  return { cipher, check: hash(shared.subarray(0, BYTES), plaintext, shared.subarray(BYTES)) };
}

/** The plaintext of SM2PKE ciphertext (part 4, section 7.1), or null when it does not decrypt, whatever the reason. */
export function decrypt(privateKey: Uint8Array, ciphertext: Uint8Array): Uint8Array | null {
  const parts = parseCiphertext(ciphertext);
  if (parts === null) return null;
  const d = bytesToNumberBE(decodeScalar(curve, privateKey));
  return withSecret(parts.point.multiply(d).toBytes(false).subarray(1), (shared) => {
    const mask = kdf(shared, parts.cipher.length);
    if (isZero(mask)) return null;
    for (let i = 0; i < mask.length; i++) mask[i] = (mask[i] ?? 0) ^ (parts.cipher[i] ?? 0);
    const check = hash(shared.subarray(0, BYTES), mask, shared.subarray(BYTES));
    if (equal(check, parts.check)) return mask;
    mask.fill(0);
    return null;
  });
}

function parseCiphertext(ciphertext: Uint8Array) {
  try {
    const outer = new DerReader(ciphertext);
    const info = outer.sequence();
    outer.end();
    const x = info.integer();
    const y = info.integer();
    const check = info.read(TAG.octetString);
    const cipher = info.read(TAG.octetString);
    info.end();
    if (cipher.length === 0) return null;
    // Decoding checks the coordinates' lengths and that the point is on the curve: one that is not leaks the key.
    const point = Point.fromBytes(concat(Uint8Array.of(4), leftPad(x, BYTES), leftPad(y, BYTES)));
    return { point, check, cipher };
  } catch {
    return null;
  }
}

/**
 * The raw ECDH secret that KMS DeriveSharedSecret gives: the 32-byte x-coordinate of the shared point.
 * @throws EncodingError when the peer's SubjectPublicKeyInfo is not a valid point of this curve.
 */
export function deriveSharedSecret(privateKey: Uint8Array, peer: Uint8Array): Uint8Array {
  return sharedSecret(curve, decodeScalar(curve, privateKey), decodePoint(curve, peer));
}
