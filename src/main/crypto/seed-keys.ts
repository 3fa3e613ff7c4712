import type { Random } from '../environment.ts';
import { equal } from './bytes.ts';
import { contextTag, DerReader, EncodingError, element, TAG } from './der.ts';
import {
  decodePrivateKey,
  decodePublicKey,
  encodePrivateKey,
  encodePublicKey,
  type KeyAlgorithm,
  requireSamePublicKey,
  withSecret,
} from './key-format.ts';

/**
 * Keys of ML-DSA (RFC 9881) and ML-KEM (RFC 9935): the private key is a seed, which is expanded for each use and the expanded
 * form zeroed after. Both RFCs (section 6) prefer the seed alone, and AWS KMS gives it so.
 */
export interface SeedScheme {
  readonly algorithm: KeyAlgorithm;
  readonly seedBytes: number;
  readonly publicKeyBytes: number;
  readonly keygen: (seed: Uint8Array) => KeyPair;
}

export interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

function generateSeedKey(scheme: SeedScheme, random: Random): Uint8Array {
  return withSecret(random.bytes(scheme.seedBytes), (seed) => encodeSeedKey(scheme, seed));
}

/** `seed [0] OCTET STRING` in PKCS#8. */
function encodeSeedKey(scheme: SeedScheme, seed: Uint8Array): Uint8Array {
  return withSecret(element(contextTag(0, false), seed), (key) => encodePrivateKey(scheme.algorithm, key));
}

function importSeedKey(scheme: SeedScheme, pkcs8: Uint8Array): Uint8Array {
  const { key, publicKey } = decodePrivateKey(scheme.algorithm, pkcs8);
  const { seed, expanded } = decodeSeed(scheme, key);
  withExpanded(scheme, seed, (pair) => {
    if (expanded !== undefined && !equal(expanded, pair.secretKey)) {
      throw new EncodingError('an expanded private key that is not what its seed expands to');
    }
    requireSamePublicKey(publicKey, pair.publicKey);
  });
  return encodeSeedKey(scheme, seed);
}

function decodeSeed(scheme: SeedScheme, key: Uint8Array) {
  const reader = new DerReader(key);
  if (reader.peek() === TAG.octetString) throw new EncodingError('an expanded private key without its seed');
  const both = reader.peek() === TAG.sequence ? reader.sequence() : undefined;
  const seed = both ? both.read(TAG.octetString) : reader.read(contextTag(0, false));
  const expanded = both?.read(TAG.octetString);
  both?.end();
  reader.end();
  if (seed.length !== scheme.seedBytes) {
    throw new EncodingError(`a seed of ${scheme.algorithm.name} has ${scheme.seedBytes} bytes, not ${seed.length}`);
  }
  return { seed, expanded };
}

function withExpanded<T>(scheme: SeedScheme, seed: Uint8Array, use: (pair: KeyPair) => T): T {
  const pair = scheme.keygen(seed);
  return withSecret(pair.secretKey, () => use(pair));
}

/** Expands a private key (PKCS#8) for one use. */
export function withSeedKey<T>(scheme: SeedScheme, pkcs8: Uint8Array, use: (pair: KeyPair) => T): T {
  const { key } = decodePrivateKey(scheme.algorithm, pkcs8);
  return withExpanded(scheme, decodeSeed(scheme, key).seed, use);
}

function publicSeedKey(scheme: SeedScheme, pkcs8: Uint8Array): Uint8Array {
  return withSeedKey(scheme, pkcs8, (pair) => encodePublicKey(scheme.algorithm, pair.publicKey));
}

/**
 * The key inside a SubjectPublicKeyInfo.
 * @throws EncodingError when it is another scheme's or has not its length.
 */
export function decodeSeedPublicKey({ algorithm, publicKeyBytes }: SeedScheme, spki: Uint8Array): Uint8Array {
  const key = decodePublicKey(algorithm, spki);
  if (key.length !== publicKeyBytes) {
    throw new EncodingError(`a key of ${algorithm.name} has ${publicKeyBytes} bytes, not ${key.length}`);
  }
  return key;
}

/** What both families do with keys, by the names of their specs. */
export function seedKeysOf<Spec extends string>(suites: Readonly<Record<Spec, { readonly keys: SeedScheme }>>) {
  return {
    /** A fresh private key as PKCS#8 with the seed alone. */
    generate: (spec: Spec, random: Random): Uint8Array => generateSeedKey(suites[spec].keys, random),
    /**
     * A private key from outside (PKCS#8, with the seed or with both seed and expanded key), checked and in Coffer's encoding.
     * @throws EncodingError, also for an expanded key alone: no seed leads back from it.
     */
    importPrivateKey: (spec: Spec, pkcs8: Uint8Array): Uint8Array => importSeedKey(suites[spec].keys, pkcs8),
    /** The public key of a private one, as SubjectPublicKeyInfo. */
    publicKey: (spec: Spec, privateKey: Uint8Array): Uint8Array => publicSeedKey(suites[spec].keys, privateKey),
  };
}
