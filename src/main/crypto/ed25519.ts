import { createHash } from 'node:crypto';
import { ed25519, ed25519ph } from '@noble/curves/ed25519.js';
import { bytesToNumberLE } from '@noble/curves/utils.js';
import type { Random } from '../environment.ts';
import { DerReader, EncodingError, octetString, TAG } from './der.ts';
import { requireDigest } from './digest.ts';
import {
  decodePrivateKey,
  decodePublicKey,
  encodePrivateKey,
  encodePublicKey,
  keyAlgorithm,
  requireSamePublicKey,
  withSecret,
} from './key-format.ts';

/**
 * Ed25519 and Ed25519ph (RFC 8032, section 5.1; FIPS 186-5, section 7), keys as RFC 8410 writes them. noble does both, on
 * Node and on Electron: node:crypto has no Ed25519ph, and OpenSSL and BoringSSL need not agree on odd points.
 *
 * KMS pairs ED25519_SHA_512 with messages (RAW) and ED25519_PH_SHA_512 with digests (DIGEST). The latter hashes once more:
 * what is signed is Ed25519ph of the 64 bytes given, so PH(M) is SHA-512 of that digest (KMS API, Sign, MessageType).
 */
export type Ed25519Algorithm = 'ED25519_SHA_512' | 'ED25519_PH_SHA_512';

const ED25519 = keyAlgorithm('Ed25519', '1.3.101.112');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;
const DIGEST_BYTES = 64;

/** A fresh private key as PKCS#8, 48 bytes. */
export function generate(random: Random): Uint8Array {
  return withSecret(random.bytes(KEY_BYTES), encode);
}

function encode(seed: Uint8Array): Uint8Array {
  return withSecret(octetString(seed), (curvePrivateKey) => encodePrivateKey(ED25519, curvePrivateKey));
}

function decode(pkcs8: Uint8Array) {
  const { key, publicKey: given } = decodePrivateKey(ED25519, pkcs8);
  const reader = new DerReader(key);
  const seed = reader.read(TAG.octetString);
  reader.end();
  if (seed.length !== KEY_BYTES) {
    throw new EncodingError(`an Ed25519 private key has ${KEY_BYTES} bytes, not ${seed.length}`);
  }
  return { seed, given };
}

/**
 * A private key from outside (PKCS#8), checked and in Coffer's own encoding.
 * @throws EncodingError
 */
export function importPrivateKey(pkcs8: Uint8Array): Uint8Array {
  const { seed, given } = decode(pkcs8);
  requireSamePublicKey(given, ed25519.getPublicKey(seed));
  return encode(seed);
}

/** The public key as SubjectPublicKeyInfo, 44 bytes. */
export function publicKey(privateKey: Uint8Array): Uint8Array {
  return encodePublicKey(ED25519, ed25519.getPublicKey(decode(privateKey).seed));
}

/**
 * @throws EncodingError unless it is a SubjectPublicKeyInfo with a canonical point that is not of small order, under which
 * one signature would fit many messages.
 */
export function requirePublicKey(spki: Uint8Array): void {
  const key = decodePublicKey(ED25519, spki);
  if (!isSound(key)) throw new EncodingError('not a point of Ed25519');
}

function isSound(key: Uint8Array): boolean {
  if (key.length !== KEY_BYTES) return false;
  try {
    return !ed25519.Point.fromBytes(key, false).isSmallOrder();
  } catch {
    return false;
  }
}

/**
 * The 64 bytes of a signature, which are the same each time.
 * @throws RangeError when ED25519_PH_SHA_512 is given anything but 64 bytes.
 */
export function sign(algorithm: Ed25519Algorithm, privateKey: Uint8Array, message: Uint8Array): Uint8Array {
  const { seed } = decode(privateKey);
  if (algorithm === 'ED25519_SHA_512') return ed25519.sign(message, seed);
  requireDigest(DIGEST_BYTES, message);
  return ed25519ph.sign(message, seed);
}

/**
 * Whether a signature is the key's: S below the order, R and the key canonical, no small order (section 5.1.7, strictly).
 * @throws RangeError when ED25519_PH_SHA_512 is given anything but 64 bytes; EncodingError when the key is not Ed25519's.
 */
export function verify(
  algorithm: Ed25519Algorithm,
  spki: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const key = decodePublicKey(ED25519, spki);
  if (key.length !== KEY_BYTES) throw new EncodingError(`an Ed25519 key has ${KEY_BYTES} bytes, not ${key.length}`);
  if (algorithm === 'ED25519_PH_SHA_512') requireDigest(DIGEST_BYTES, message);
  if (signature.length !== SIGNATURE_BYTES) return false;
  const scheme = algorithm === 'ED25519_SHA_512' ? ed25519 : ed25519ph;
  return scheme.verify(signature, message, key, { zip215: false });
}

/**
 * Whether a signature of ED25519_SHA_512 is the key's over a message that comes a piece at a time, as `verify` has it: the
 * message is needed once, for SHA-512(R ‖ A ‖ M), where signing needs it twice.
 * @throws EncodingError when the key is not Ed25519's.
 */
export function verification(spki: Uint8Array, signature: Uint8Array) {
  const key = decodePublicKey(ED25519, spki);
  if (key.length !== KEY_BYTES) throw new EncodingError(`an Ed25519 key has ${KEY_BYTES} bytes, not ${key.length}`);
  const r = signature.subarray(0, KEY_BYTES);
  const state = createHash('sha512').update(r).update(key);
  return {
    update(piece: Uint8Array): void {
      state.update(piece);
    },
    valid(): boolean {
      if (signature.length !== SIGNATURE_BYTES) return false;
      const { Point } = ed25519;
      const k = Point.Fn.create(bytesToNumberLE(state.digest()));
      try {
        // Decoding refuses what is not canonical, and the multiplication an S that is not below the order.
        const a = Point.fromBytes(key, false);
        const sb = Point.BASE.multiplyUnsafe(bytesToNumberLE(signature.subarray(KEY_BYTES)));
        const ra = Point.fromBytes(r, false).add(a.multiplyUnsafe(k));
        return !a.isSmallOrder() && ra.subtract(sb).clearCofactor().is0();
      } catch {
        return false;
      }
    },
  };
}
