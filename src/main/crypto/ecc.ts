import { diffieHellman, KeyObject, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import type { Random } from '../environment.ts';
import { concat } from './bytes.ts';
import { type DigestMessageType, digest, digestBytes, type HashName, nodeHash, requireDigest } from './digest.ts';
import {
  decodePoint,
  decodeScalar,
  decodeSignature,
  type EcCurve,
  ecCurve,
  encodePoint,
  encodeScalar,
  encodeSignature,
  importScalar,
  publicPoint,
  randomScalar,
  sharedSecret,
} from './ec-keys.ts';
import { withSecret } from './key-format.ts';
import { parsePrivateKey, parsePublicKey } from './native-keys.ts';

/**
 * ECDSA (FIPS 186-5, section 6) and ECDH (NIST SP 800-56A) on P-256, P-384, P-521 and secp256k1 (SEC 2). Each curve signs
 * with the one hash that KMS pairs it with.
 *
 * On the NIST curves messages are signed, and secrets derived, by node:crypto: quicker, and in constant time. It cannot sign
 * a digest, and BoringSSL has no secp256k1, so noble does those on Node and on Electron alike.
 */
export type EccSpec = 'ECC_NIST_P256' | 'ECC_NIST_P384' | 'ECC_NIST_P521' | 'ECC_SECG_P256K1';

interface Suite {
  readonly curve: EcCurve;
  readonly ecdsa: ECDSA;
  readonly hash: HashName;
  readonly native: boolean;
}

const suites: Record<EccSpec, Suite> = {
  ECC_NIST_P256: {
    curve: ecCurve('P-256', '1.2.840.10045.3.1.7', p256.Point),
    ecdsa: p256,
    hash: 'SHA_256',
    native: true,
  },
  ECC_NIST_P384: { curve: ecCurve('P-384', '1.3.132.0.34', p384.Point), ecdsa: p384, hash: 'SHA_384', native: true },
  ECC_NIST_P521: { curve: ecCurve('P-521', '1.3.132.0.35', p521.Point), ecdsa: p521, hash: 'SHA_512', native: true },
  ECC_SECG_P256K1: {
    curve: ecCurve('secp256k1', '1.3.132.0.10', secp256k1.Point),
    ecdsa: secp256k1,
    hash: 'SHA_256',
    native: false,
  },
};

/** PKCS#8, or what `open` made of it. */
export type EccPrivateKey = Uint8Array | KeyObject;

/** A fresh private key as PKCS#8 with its public point: 138, 185, 241 or 135 bytes. */
export function generate(spec: EccSpec, random: Random): Uint8Array {
  const { curve } = suites[spec];
  return withSecret(randomScalar(curve, random), (scalar) => encodeScalar(curve, scalar));
}

/**
 * A private key from outside (PKCS#8), checked and in Coffer's own encoding.
 * @throws EncodingError when it is another curve's, gives explicit parameters or another key's public point, or is malformed.
 */
export function importPrivateKey(spec: EccSpec, pkcs8: Uint8Array): Uint8Array {
  return importScalar(suites[spec].curve, pkcs8);
}

/** Parses a private key once for many uses: on Node that costs more than signing does. secp256k1 keys stay as they are. */
export function open(spec: EccSpec, pkcs8: Uint8Array): EccPrivateKey {
  return suites[spec].native ? parsePrivateKey(pkcs8) : pkcs8;
}

/** The public key as SubjectPublicKeyInfo with an uncompressed point: 91, 120, 158 or 88 bytes. */
export function publicKey(spec: EccSpec, privateKey: EccPrivateKey): Uint8Array {
  const { curve } = suites[spec];
  return withScalar(curve, privateKey, (scalar) => encodePoint(curve, publicPoint(curve, scalar)));
}

/** @throws EncodingError unless it is a SubjectPublicKeyInfo with a valid point of the curve. */
export function requirePublicKey(spec: EccSpec, spki: Uint8Array): void {
  decodePoint(suites[spec].curve, spki);
}

/**
 * A DER signature over a message, or over a digest of the curve's hash. s may be in either half of its range, as with AWS.
 * @throws RangeError when a DIGEST has not the hash's length.
 */
export function sign(
  spec: EccSpec,
  privateKey: EccPrivateKey,
  messageType: DigestMessageType,
  message: Uint8Array,
  random: Random,
): Uint8Array {
  const { curve, ecdsa, hash, native } = suites[spec];
  if (native && messageType === 'RAW') {
    return new Uint8Array(
      nodeSign(nodeHash(hash), message, privateKey instanceof KeyObject ? privateKey : parsePrivateKey(privateKey)),
    );
  }
  if (messageType === 'DIGEST') requireDigest(digestBytes(hash), message);
  const hashed = messageType === 'RAW' ? digest(hash, message) : message;
  // The nonce is RFC 6979's with fresh randomness mixed in (section 3.6): neither a poor random source nor an induced fault
  // reveals the key.
  const extraEntropy = random.bytes(curve.bytes);
  const compact = withScalar(curve, privateKey, (scalar) =>
    ecdsa.sign(hashed, scalar, { prehash: false, lowS: false, extraEntropy, format: 'compact' }),
  );
  return encodeSignature({ r: compact.subarray(0, curve.bytes), s: compact.subarray(curve.bytes) });
}

/**
 * Whether a signature is the key's over the message or digest. Anything but strict DER with r and s in [1, n − 1] is not.
 * @throws RangeError when a DIGEST has not the hash's length; EncodingError when the public key is not one of this curve.
 */
export function verify(
  spec: EccSpec,
  spki: Uint8Array,
  messageType: DigestMessageType,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const { curve, ecdsa, hash, native } = suites[spec];
  if (messageType === 'DIGEST') requireDigest(digestBytes(hash), message);
  const point = decodePoint(curve, spki);
  const pair = decodeSignature(curve, signature);
  if (pair === null) return false;
  if (native && messageType === 'RAW') {
    return nodeVerify(nodeHash(hash), message, parsePublicKey(encodePoint(curve, point)), signature);
  }
  const hashed = messageType === 'RAW' ? digest(hash, message) : message;
  const compact = concat(pair.r, pair.s);
  return ecdsa.verify(compact, hashed, point.toBytes(false), { prehash: false, lowS: false, format: 'compact' });
}

/**
 * The raw ECDH secret that KMS DeriveSharedSecret gives: the x-coordinate of the shared point, 32, 48, 66 or 32 bytes.
 * @throws EncodingError when the peer's SubjectPublicKeyInfo is not a valid point of this curve.
 */
export function deriveSharedSecret(spec: EccSpec, privateKey: EccPrivateKey, peer: Uint8Array): Uint8Array {
  const { curve, native } = suites[spec];
  const point = decodePoint(curve, peer);
  if (!native) return withScalar(curve, privateKey, (scalar) => sharedSecret(curve, scalar, point));
  const secret = diffieHellman({
    privateKey: privateKey instanceof KeyObject ? privateKey : parsePrivateKey(privateKey),
    publicKey: parsePublicKey(encodePoint(curve, point)),
  });
  return new Uint8Array(secret);
}

function withScalar<T>(curve: EcCurve, privateKey: EccPrivateKey, use: (scalar: Uint8Array) => T): T {
  if (privateKey instanceof KeyObject) {
    const exported = privateKey.export({ format: 'der', type: 'pkcs8' });
    return withSecret(exported, (pkcs8) => use(decodeScalar(curve, pkcs8)));
  }
  return use(decodeScalar(curve, privateKey));
}
