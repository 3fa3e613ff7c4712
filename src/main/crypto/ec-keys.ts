import { getMinHashLength, mapHashToField } from '@noble/curves/abstract/modular.js';
import type { WeierstrassPoint, WeierstrassPointCons } from '@noble/curves/abstract/weierstrass.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import type { Random } from '../environment.ts';
import {
  bitString,
  contextTag,
  DerReader,
  EncodingError,
  element,
  integer,
  octetString,
  oid,
  sequence,
  TAG,
  wholeBytes,
} from './der.ts';
import {
  decodePrivateKey,
  decodePublicKey,
  encodePrivateKey,
  encodePublicKey,
  type KeyAlgorithm,
  keyAlgorithm,
  leftPad,
  requireSamePublicKey,
  withSecret,
} from './key-format.ts';

/**
 * Keys on short Weierstrass curves, as RFC 5480 (public) and RFC 5915 inside PKCS#8 (private) write them; shared by ecc.ts
 * and sm2.ts. Curves are named by their object identifier: explicit parameters are refused (RFC 5480, section 2.1.1), for
 * whoever may choose the generator may choose the private key (CVE-2020-0601).
 *
 * Scalars pass through JavaScript's bigint, which cannot be zeroed; the byte copies made here are.
 */
export interface EcCurve {
  readonly algorithm: KeyAlgorithm;
  readonly oid: Uint8Array;
  readonly Point: WeierstrassPointCons<bigint>;
  /** The length of a coordinate, and on these curves of a scalar. */
  readonly bytes: number;
}

export function ecCurve(name: string, dotted: string, Point: WeierstrassPointCons<bigint>): EcCurve {
  const identifier = oid(dotted);
  return {
    algorithm: keyAlgorithm(name, '1.2.840.10045.2.1', identifier),
    oid: identifier,
    Point,
    bytes: Point.Fp.BYTES,
  };
}

/** A scalar in [1, n − 1] whose bias is below 2^-64 (FIPS 186-5, appendix A.2.1: half as many bits again are drawn). */
export function randomScalar(curve: EcCurve, random: Random): Uint8Array {
  const order = curve.Point.Fn.ORDER;
  const drawn = random.bytes(getMinHashLength(order));
  return withSecret(drawn, (seed) => mapHashToField(seed, order));
}

/**
 * The point of a SubjectPublicKeyInfo, uncompressed or compressed. It is on the curve, in the group and not at infinity
 * (NIST SP 800-56A, section 5.6.2.3.3); hybrid encodings are refused.
 * @throws EncodingError
 */
export function decodePoint(curve: EcCurve, spki: Uint8Array): WeierstrassPoint<bigint> {
  return pointOf(curve, decodePublicKey(curve.algorithm, spki));
}

export function pointOf(curve: EcCurve, encoded: Uint8Array): WeierstrassPoint<bigint> {
  try {
    return curve.Point.fromBytes(encoded);
  } catch {
    throw new EncodingError(`not a point of ${curve.algorithm.name}`);
  }
}

/** The SubjectPublicKeyInfo of a point, uncompressed as AWS KMS gives it. */
export function encodePoint(curve: EcCurve, point: WeierstrassPoint<bigint>): Uint8Array {
  return encodePublicKey(curve.algorithm, point.toBytes(false));
}

/** The point of a private key's scalar. */
export function publicPoint(curve: EcCurve, scalar: Uint8Array): WeierstrassPoint<bigint> {
  return curve.Point.BASE.multiply(bytesToNumberBE(scalar));
}

/** The PKCS#8 of a scalar, its public point inside. */
export function encodeScalar(curve: EcCurve, scalar: Uint8Array): Uint8Array {
  const point = element(contextTag(1, true), bitString(publicPoint(curve, scalar).toBytes(false)));
  const key = withSecret(octetString(scalar), (copy) => sequence(integer(Uint8Array.of(1)), copy, point));
  return withSecret(key, (ecPrivateKey) => encodePrivateKey(curve.algorithm, ecPrivateKey));
}

interface DecodedScalar {
  readonly scalar: Uint8Array;
  /** Encoded points given beside it. */
  readonly publicKeys: readonly (Uint8Array | undefined)[];
}

function decode(curve: EcCurve, pkcs8: Uint8Array): DecodedScalar {
  const { key, publicKey } = decodePrivateKey(curve.algorithm, pkcs8);
  const outer = new DerReader(key);
  const info = outer.sequence();
  outer.end();
  const version = info.version();
  if (version !== 1) throw new EncodingError(`an ECPrivateKey of version ${version}`);
  const scalar = info.read(TAG.octetString);
  if (scalar.length !== curve.bytes) {
    throw new EncodingError(`a private key of ${curve.algorithm.name} has ${curve.bytes} bytes, not ${scalar.length}`);
  }
  const named = info.optional(contextTag(0, true));
  requireSameCurve(curve, named);
  const tagged = info.optional(contextTag(1, true));
  info.end();
  const value = bytesToNumberBE(scalar);
  if (value < 1n || value >= curve.Point.Fn.ORDER) throw new EncodingError('a private key outside [1, n − 1]');
  return { scalar, publicKeys: [publicKey, tagged && taggedBits(tagged)] };
}

function requireSameCurve(curve: EcCurve, named: Uint8Array | undefined): void {
  if (named === undefined) return;
  const same = named.length === curve.oid.length && named.every((byte, i) => byte === curve.oid[i]);
  if (!same) throw new EncodingError(`the private key names another curve than ${curve.algorithm.name}`);
}

function taggedBits(contents: Uint8Array): Uint8Array {
  const reader = new DerReader(contents);
  const bits = wholeBytes(reader.read(TAG.bitString));
  reader.end();
  return bits;
}

/**
 * The scalar of a private key, in [1, n − 1], as a view of the input.
 * @throws EncodingError when it is another curve's, out of range or malformed.
 */
export function decodeScalar(curve: EcCurve, pkcs8: Uint8Array): Uint8Array {
  return decode(curve, pkcs8).scalar;
}

/**
 * A private key from outside in Coffer's own encoding; a public key inside it must be its own.
 * @throws EncodingError
 */
export function importScalar(curve: EcCurve, pkcs8: Uint8Array): Uint8Array {
  const { scalar, publicKeys } = decode(curve, pkcs8);
  const own = publicPoint(curve, scalar).toBytes(false);
  for (const given of publicKeys) {
    requireSamePublicKey(given && pointOf(curve, given).toBytes(false), own);
  }
  return encodeScalar(curve, scalar);
}

/** r and s of an ECDSA or SM2 signature. */
export interface SignaturePair {
  readonly r: Uint8Array;
  readonly s: Uint8Array;
}

/** SEQUENCE { r INTEGER, s INTEGER } (RFC 3279, section 2.2.3). */
export function encodeSignature({ r, s }: SignaturePair): Uint8Array {
  return sequence(integer(r), integer(s));
}

/**
 * r and s, each in [1, n − 1] and padded to the curve's length, or null: not strict DER, something after it, zero, or not
 * below the order. A signature thus has one encoding.
 */
export function decodeSignature(curve: EcCurve, signature: Uint8Array): SignaturePair | null {
  try {
    const outer = new DerReader(signature);
    const pair = outer.sequence();
    outer.end();
    const r = inRange(curve, pair.integer());
    const s = inRange(curve, pair.integer());
    pair.end();
    return r && s && { r, s };
  } catch (error) {
    if (error instanceof EncodingError) return null;
    throw error;
  }
}

function inRange(curve: EcCurve, magnitude: Uint8Array): Uint8Array | null {
  if (magnitude.length === 0 || magnitude.length > curve.bytes) return null;
  return bytesToNumberBE(magnitude) < curve.Point.Fn.ORDER ? leftPad(magnitude, curve.bytes) : null;
}

/** The x-coordinate of scalar · point, padded to the curve's length: the raw shared secret of ECDH (SP 800-56A, 5.7.1.2). */
export function sharedSecret(curve: EcCurve, scalar: Uint8Array, point: WeierstrassPoint<bigint>): Uint8Array {
  return numberToBytesBE(point.multiply(bytesToNumberBE(scalar)).x, curve.bytes);
}
