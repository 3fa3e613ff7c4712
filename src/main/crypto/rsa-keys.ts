import { checkPrime, generateKeyPair, KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { bytesToNumberBE } from '@noble/curves/utils.js';
import { DerReader, EncodingError, integer, sequence } from './der.ts';
import {
  DER_NULL,
  decodePrivateKey,
  decodePublicKey,
  encodePrivateKey,
  encodePublicKey,
  keyAlgorithm,
  withSecret,
} from './key-format.ts';
import { parsePrivateKey } from './native-keys.ts';

/** RSA keys (RFC 8017, section 3 and appendix A.1) of 2048, 3072 and 4096 bits, as PKCS#8 and SubjectPublicKeyInfo DER. */
export type RsaSpec = 'RSA_2048' | 'RSA_3072' | 'RSA_4096';

/** PKCS#8, or what `open` made of it. */
export type RsaPrivateKey = Uint8Array | KeyObject;

const RSA = keyAlgorithm('RSA', '1.2.840.113549.1.1.1', DER_NULL);
const PUBLIC_EXPONENT = 65537;
/** FIPS 186-5 goes up to 2^256, but BoringSSL reads no longer exponents, and a vault must open on Node and on Electron. */
const PUBLIC_EXPONENT_END = 1n << 33n;
const bitsOf: Record<RsaSpec, number> = { RSA_2048: 2048, RSA_3072: 3072, RSA_4096: 4096 };

const generateAsync = promisify(generateKeyPair);
const isPrime = promisify(checkPrime);

/** The modulus's length, and that of signatures and ciphertext: 256, 384 or 512 bytes. */
export const modulusBytes = (spec: RsaSpec): number => bitsOf[spec] / 8;

/** A fresh private key with public exponent 65537, as PKCS#8. It is made on the thread pool, not on the caller's thread. */
export async function generate(spec: RsaSpec): Promise<Uint8Array> {
  const { privateKey } = await generateAsync('rsa', {
    modulusLength: bitsOf[spec],
    publicExponent: PUBLIC_EXPONENT,
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return new Uint8Array(privateKey.buffer, privateKey.byteOffset, privateKey.byteLength);
}

/** Parses a private key once for many uses: on Node that costs more than a signature does. */
export function open(pkcs8: Uint8Array): KeyObject {
  return parsePrivateKey(pkcs8);
}

/** The public key of a private one, as SubjectPublicKeyInfo: 294, 422 or 550 bytes for exponent 65537. */
export function publicKey(privateKey: RsaPrivateKey): Uint8Array {
  if (!(privateKey instanceof KeyObject)) {
    const key = decodeRsaPrivateKey(privateKey);
    return encodeRsaPublicKey(key.modulus, key.publicExponent);
  }
  const exported = privateKey.export({ format: 'der', type: 'pkcs8' });
  return withSecret(exported, publicKey);
}

function encodeRsaPublicKey(modulus: Uint8Array, publicExponent: Uint8Array): Uint8Array {
  return encodePublicKey(RSA, sequence(integer(modulus), integer(publicExponent)));
}

/**
 * @throws EncodingError unless it is a SubjectPublicKeyInfo whose modulus has the spec's length and whose exponent is odd and in
 * [3, 2^33).
 */
export function requirePublicKey(spec: RsaSpec, spki: Uint8Array): void {
  const outer = new DerReader(decodePublicKey(RSA, spki));
  const key = outer.sequence();
  outer.end();
  const modulus = key.integer();
  const exponent = key.integer();
  key.end();
  requireModulus(spec, modulus);
  requirePublicExponent(bytesToNumberBE(exponent), 3n);
}

function requirePublicExponent(e: bigint, least: bigint): void {
  if (e < least || e >= PUBLIC_EXPONENT_END || (e & 1n) === 0n) {
    throw new EncodingError(`an RSA public exponent is odd and in [${least}, 2^33)`);
  }
}

function requireModulus(spec: RsaSpec, modulus: Uint8Array): void {
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  if (bits !== bitsOf[spec]) throw new EncodingError(`an ${spec} modulus has ${bitsOf[spec]} bits, not ${bits}`);
}

/** The nine INTEGERs of RSAPrivateKey (RFC 8017, appendix A.1.2), two-prime, as views of the input. */
interface RsaPrivateNumbers {
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
  readonly privateExponent: Uint8Array;
  readonly prime1: Uint8Array;
  readonly prime2: Uint8Array;
  readonly exponent1: Uint8Array;
  readonly exponent2: Uint8Array;
  readonly coefficient: Uint8Array;
}

function decodeRsaPrivateKey(pkcs8: Uint8Array): RsaPrivateNumbers {
  const outer = new DerReader(decodePrivateKey(RSA, pkcs8).key);
  const key = outer.sequence();
  outer.end();
  const version = key.version();
  if (version !== 0) throw new EncodingError(`an RSAPrivateKey of version ${version}`);
  const numbers = {
    modulus: key.integer(),
    publicExponent: key.integer(),
    privateExponent: key.integer(),
    prime1: key.integer(),
    prime2: key.integer(),
    exponent1: key.integer(),
    exponent2: key.integer(),
    coefficient: key.integer(),
  };
  key.end();
  return numbers;
}

/**
 * A private key from outside (PKCS#8), in Coffer's own encoding, after the checks of NIST SP 800-56B, section 6.4.1.2: two
 * primes of half the modulus's length whose product it is, a public exponent in [65537, 2^33) and every other number the one
 * that follows from these. A wrong CRT number would not only fail: one faulty signature reveals the key.
 * The primality tests run on the thread pool.
 * @throws EncodingError
 */
export async function importPrivateKey(spec: RsaSpec, pkcs8: Uint8Array): Promise<Uint8Array> {
  const numbers = decodeRsaPrivateKey(pkcs8);
  requireModulus(spec, numbers.modulus);
  const e = bytesToNumberBE(numbers.publicExponent);
  requirePublicExponent(e, BigInt(PUBLIC_EXPONENT));
  requireConsistent(spec, numbers, e);
  for (const prime of [numbers.prime1, numbers.prime2]) {
    if (!(await isPrime(prime))) throw new EncodingError('a factor of the RSA modulus is not prime');
  }
  const { modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = numbers;
  const numbersInOrder = [modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient];
  const copies = numbersInOrder.map(integer);
  const key = sequence(integer(new Uint8Array(0)), ...copies);
  for (const copy of copies) copy.fill(0);
  return withSecret(key, (rsaPrivateKey) => encodePrivateKey(RSA, rsaPrivateKey));
}

function requireConsistent(spec: RsaSpec, numbers: RsaPrivateNumbers, e: bigint): void {
  const n = bytesToNumberBE(numbers.modulus);
  const d = bytesToNumberBE(numbers.privateExponent);
  const p = bytesToNumberBE(numbers.prime1);
  const q = bytesToNumberBE(numbers.prime2);
  const half = modulusBytes(spec) / 2;
  const halves = [numbers.prime1, numbers.prime2].every((prime) => prime.length === half && (prime[0] ?? 0) >= 0x80);
  if (!halves || p === q || p * q !== n) {
    throw new EncodingError('the RSA modulus is not the product of two primes of half its length');
  }
  const consistent =
    d < n &&
    (e * d) % (p - 1n) === 1n &&
    (e * d) % (q - 1n) === 1n &&
    bytesToNumberBE(numbers.exponent1) === d % (p - 1n) &&
    bytesToNumberBE(numbers.exponent2) === d % (q - 1n) &&
    bytesToNumberBE(numbers.coefficient) < p &&
    (bytesToNumberBE(numbers.coefficient) * q) % p === 1n;
  if (!consistent) throw new EncodingError('the numbers of the RSA private key do not belong together');
}
