import { concat, equal } from './bytes.ts';
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

/**
 * The two envelopes every asymmetric key travels in: SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) for public keys and
 * PKCS#8 PrivateKeyInfo, now OneAsymmetricKey (RFC 5958, section 2), for private ones. AWS KMS gives and takes both as DER.
 */

/** Which kind of key an envelope holds. */
export interface KeyAlgorithm {
  /** What messages call it. */
  readonly name: string;
  /** Its AlgorithmIdentifier, whose very bytes a key must carry. */
  readonly identifier: Uint8Array;
}

/**
 * An AlgorithmIdentifier (RFC 5280, section 4.1.1.2) from its dotted identifier and its parameters: a whole DER element, or
 * nothing where the standard asks for none.
 */
export function keyAlgorithm(name: string, dotted: string, parameters: Uint8Array = new Uint8Array(0)): KeyAlgorithm {
  return { name, identifier: sequence(oid(dotted), parameters) };
}

export const DER_NULL = element(TAG.null);

/**
 * Explicit curve parameters, another curve and another algorithm are all a different AlgorithmIdentifier, so one comparison
 * refuses them.
 */
function requireAlgorithm(reader: DerReader, algorithm: KeyAlgorithm): void {
  const found = reader.read(TAG.sequence);
  if (!equal(sequence(found), algorithm.identifier)) throw new EncodingError(`not a key of ${algorithm.name}`);
}

export function encodePublicKey(algorithm: KeyAlgorithm, key: Uint8Array): Uint8Array {
  return sequence(algorithm.identifier, bitString(key));
}

/**
 * The key inside a SubjectPublicKeyInfo of this algorithm, a view of the input.
 * @throws EncodingError when it is another algorithm's or malformed.
 */
export function decodePublicKey(algorithm: KeyAlgorithm, spki: Uint8Array): Uint8Array {
  const outer = new DerReader(spki);
  const info = outer.sequence();
  outer.end();
  requireAlgorithm(info, algorithm);
  const key = info.bitString();
  info.end();
  return key;
}

/** A PrivateKeyInfo of version 1 (written 0), without attributes. */
export function encodePrivateKey(algorithm: KeyAlgorithm, key: Uint8Array): Uint8Array {
  return withSecret(octetString(key), (copy) => sequence(integer(Uint8Array.of(0)), algorithm.identifier, copy));
}

export interface DecodedPrivateKey {
  readonly key: Uint8Array;
  /** The public key that RFC 5958 lets stand beside the private one. */
  readonly publicKey: Uint8Array | undefined;
}

/**
 * The key inside a PrivateKeyInfo or OneAsymmetricKey of this algorithm, as views of the input. Attributes are skipped.
 * @throws EncodingError when it is another algorithm's, encrypted or malformed.
 */
export function decodePrivateKey(algorithm: KeyAlgorithm, pkcs8: Uint8Array): DecodedPrivateKey {
  const outer = new DerReader(pkcs8);
  const info = outer.sequence();
  outer.end();
  const version = info.version();
  if (version > 1) throw new EncodingError(`PKCS#8 of version ${version}`);
  requireAlgorithm(info, algorithm);
  const key = info.read(TAG.octetString);
  info.optional(contextTag(0, true));
  const bits = info.optional(contextTag(1, false));
  if (bits !== undefined && version === 0) throw new EncodingError('a public key in PKCS#8 of version 0');
  info.end();
  return { key, publicKey: bits === undefined ? undefined : wholeBytes(bits) };
}

/** @throws EncodingError when a public key given beside a private one, if any, is not the private key's own. */
export function requireSamePublicKey(given: Uint8Array | undefined, own: Uint8Array): void {
  if (given !== undefined && !equal(given, own)) throw new EncodingError('the public key is not the private key’s own');
}

/** Runs `use` on a secret copy and zeroes it, whatever happens. */
export function withSecret<T>(secret: Uint8Array, use: (secret: Uint8Array) => T): T {
  try {
    return use(secret);
  } finally {
    secret.fill(0);
  }
}

/** `value` padded on the left with zeros to `bytes`; the value must fit. */
export function leftPad(value: Uint8Array, bytes: number): Uint8Array {
  return value.length >= bytes ? value : concat(new Uint8Array(bytes - value.length), value);
}
