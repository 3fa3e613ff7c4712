import type { KeyObject } from 'node:crypto';
import { aeskw, aeskwp } from '@noble/ciphers/aes.js';
import type { Random } from '../environment.ts';
import { concat } from './bytes.ts';
import { withSecret } from './key-format.ts';
import * as rsa from './rsa.ts';
import { open, type RsaPrivateKey } from './rsa-keys.ts';

/**
 * AES key wrap (RFC 3394, NIST SP 800-38F) with and without padding (RFC 5649), through noble because BoringSSL offers
 * neither to node:crypto; and the RSA wrapping algorithms of KMS ImportKeyMaterial. (SM2PKE is sm2.decrypt.)
 */
export type RsaWrappingAlgorithm = rsa.RsaEncryptionAlgorithm | 'RSA_AES_KEY_WRAP_SHA_1' | 'RSA_AES_KEY_WRAP_SHA_256';

const KEK_BYTES = [16, 24, 32];
const BLOCK = 8;
/** RSA_AES_KEY_WRAP carries an AES-256 key. */
const TRANSPORT_KEY_BYTES = 32;

function requireKek(kek: Uint8Array): void {
  if (!KEK_BYTES.includes(kek.length)) throw new RangeError(`an AES key has 16, 24 or 32 bytes, not ${kek.length}`);
}

/**
 * Wraps 16 bytes or more, a multiple of 8; the result is 8 bytes longer (RFC 3394, section 2.2.1).
 * @throws RangeError
 */
export function wrap(kek: Uint8Array, key: Uint8Array): Uint8Array {
  requireKek(kek);
  if (key.length < 2 * BLOCK || key.length % BLOCK !== 0) {
    throw new RangeError(`key wrap takes a multiple of 8 bytes, at least 16, not ${key.length}`);
  }
  return aeskw(kek).encrypt(key);
}

/** What `wrap` wrapped, or null when it does not authenticate (RFC 3394, section 2.2.2). */
export function unwrap(kek: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  requireKek(kek);
  if (wrapped.length < 3 * BLOCK || wrapped.length % BLOCK !== 0) return null;
  return orNull(() => aeskw(kek).decrypt(wrapped));
}

/**
 * Wraps 1 byte or more; the result is the next multiple of 8, and 8 bytes (RFC 5649, section 4.1).
 * @throws RangeError
 */
export function wrapPadded(kek: Uint8Array, key: Uint8Array): Uint8Array {
  requireKek(kek);
  if (key.length === 0) throw new RangeError('padded key wrap takes at least 1 byte, not 0');
  return aeskwp(kek).encrypt(key);
}

/** What `wrapPadded` wrapped, or null when it does not authenticate (RFC 5649, section 4.2). */
export function unwrapPadded(kek: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  requireKek(kek);
  if (wrapped.length < 2 * BLOCK || wrapped.length % BLOCK !== 0) return null;
  return orNull(() => aeskwp(kek).decrypt(wrapped));
}

/** noble throws one error for every failure to authenticate; the arguments' lengths are checked before. */
function orNull(decrypt: () => Uint8Array): Uint8Array | null {
  try {
    return decrypt();
  } catch {
    return null;
  }
}

/**
 * Key material as a KMS caller wraps it for ImportKeyMaterial, unwrapped with the private half of an RSA wrapping key.
 * RSA_AES_KEY_WRAP is an AES-256 key under RSAES-OAEP, then the material under padded key wrap with that key (PKCS #11,
 * CKM_RSA_AES_KEY_WRAP). Null when it does not unwrap, whatever the reason.
 */
export function unwrapMaterial(
  algorithm: RsaWrappingAlgorithm,
  wrappingKey: RsaPrivateKey,
  wrapped: Uint8Array,
): Uint8Array | null {
  const key = wrappingKey instanceof Uint8Array ? open(wrappingKey) : wrappingKey;
  switch (algorithm) {
    case 'RSAES_OAEP_SHA_1':
    case 'RSAES_OAEP_SHA_256':
      return rsa.decrypt(algorithm, key, wrapped);
    case 'RSA_AES_KEY_WRAP_SHA_1':
      return unwrapRsaAes('RSAES_OAEP_SHA_1', key, wrapped);
    case 'RSA_AES_KEY_WRAP_SHA_256':
      return unwrapRsaAes('RSAES_OAEP_SHA_256', key, wrapped);
  }
}

/** Wraps key material as `unwrapMaterial` takes it, under a public wrapping key (SubjectPublicKeyInfo, DER). */
export function wrapMaterial(
  algorithm: RsaWrappingAlgorithm,
  wrappingKey: Uint8Array,
  material: Uint8Array,
  random: Random,
): Uint8Array {
  switch (algorithm) {
    case 'RSAES_OAEP_SHA_1':
    case 'RSAES_OAEP_SHA_256':
      return rsa.encrypt(algorithm, wrappingKey, material);
    case 'RSA_AES_KEY_WRAP_SHA_1':
      return wrapRsaAes('RSAES_OAEP_SHA_1', wrappingKey, material, random);
    case 'RSA_AES_KEY_WRAP_SHA_256':
      return wrapRsaAes('RSAES_OAEP_SHA_256', wrappingKey, material, random);
  }
}

const wrapRsaAes = (
  algorithm: rsa.RsaEncryptionAlgorithm,
  wrappingKey: Uint8Array,
  material: Uint8Array,
  random: Random,
): Uint8Array =>
  withSecret(random.bytes(TRANSPORT_KEY_BYTES), (kek) =>
    concat(rsa.encrypt(algorithm, wrappingKey, kek), wrapPadded(kek, material)),
  );

function unwrapRsaAes(algorithm: rsa.RsaEncryptionAlgorithm, key: KeyObject, wrapped: Uint8Array) {
  const size = rsa.modulusBytesOf(key);
  const transportKey = rsa.decrypt(algorithm, key, wrapped.subarray(0, size));
  if (transportKey === null) return null;
  return withSecret(transportKey, (kek) =>
    kek.length === TRANSPORT_KEY_BYTES ? unwrapPadded(kek, wrapped.subarray(size)) : null,
  );
}
