import type * as nodeCrypto from 'node:crypto';
import { promisify } from 'node:util';

/** What Electron 33's BoringSSL offers node:crypto: its getHashes, getCurves and getCiphers, and the key types it reads. */
const HASHES = ['md4', 'md5', 'ripemd160', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-256'];
const CURVES = ['prime256v1', 'secp224r1', 'secp384r1', 'secp521r1'];
const CIPHERS = [128, 192, 256].flatMap((bits) =>
  ['cbc', 'ctr', 'ecb', 'gcm', 'ofb'].map((mode) => `aes-${bits}-${mode}`),
);
const KEY_TYPES = ['rsa', 'ec', 'ed25519', 'x25519'];

/** How often each guarded function was called, so that a guard nobody passes is noticed. */
export const calls = new Map<string, number>();

type AnyFunction = (...args: unknown[]) => unknown;
type Check = (...args: unknown[]) => void;

function require(list: readonly string[], name: unknown): void {
  if (typeof name !== 'string' || !list.includes(name)) throw new Error(`BoringSSL has no ${String(name)}`);
}

function requireHash(name: unknown): void {
  if (typeof name === 'string') require(HASHES, name.toLowerCase());
}

function requireKey(key: nodeCrypto.KeyObject): nodeCrypto.KeyObject {
  require(KEY_TYPES, key.asymmetricKeyType);
  if (key.asymmetricKeyType === 'ec') require(CURVES, key.asymmetricKeyDetails?.namedCurve);
  return key;
}

function requireKeyPair(type: unknown, options: unknown): void {
  require(KEY_TYPES, type);
  const { namedCurve } = options as { namedCurve?: string };
  if (type === 'ec') require(CURVES, namedCurve === 'P-256' ? 'prime256v1' : namedCurve);
}

/** node:crypto with everything made to throw that BoringSSL lacks, by whichever function it is asked for. */
export function withBoringSslOnly(real: typeof nodeCrypto): typeof nodeCrypto {
  const guard = (name: string, original: unknown, check: Check): AnyFunction => {
    const guarded: AnyFunction = (...args) => {
      calls.set(name, (calls.get(name) ?? 0) + 1);
      check(...args);
      return (original as AnyFunction)(...args);
    };
    return guarded;
  };
  const parser = (name: 'createPrivateKey' | 'createPublicKey'): AnyFunction => {
    const parse = guard(name, real[name], () => {});
    return (...args) => requireKey(parse(...args) as nodeCrypto.KeyObject);
  };
  /** A key as sign and verify take it: an object, or what one is made from. */
  const requireInput = (input: unknown): void => {
    if (input instanceof real.KeyObject) requireKey(input);
    else {
      const { type } = input as { type?: string };
      requireKey(type === 'spki' ? real.createPublicKey(input as never) : real.createPrivateKey(input as never));
    }
  };
  const signature: Check = (hash, _data, key) => {
    requireHash(hash);
    requireInput(key);
  };
  const generateKeyPair = Object.assign(guard('generateKeyPair', real.generateKeyPair, requireKeyPair), {
    [promisify.custom]: guard('generateKeyPair', promisify(real.generateKeyPair), requireKeyPair),
  });
  const guarded = {
    generateKeyPair,
    generateKeyPairSync: guard('generateKeyPairSync', real.generateKeyPairSync, requireKeyPair),
    createHash: guard('createHash', real.createHash, requireHash),
    createHmac: guard('createHmac', real.createHmac, requireHash),
    hkdfSync: guard('hkdfSync', real.hkdfSync, requireHash),
    createCipheriv: guard('createCipheriv', real.createCipheriv, (name) => require(CIPHERS, name)),
    createDecipheriv: guard('createDecipheriv', real.createDecipheriv, (name) => require(CIPHERS, name)),
    createECDH: guard('createECDH', real.createECDH, (name) => require(CURVES, name)),
    createPrivateKey: parser('createPrivateKey'),
    createPublicKey: parser('createPublicKey'),
    sign: guard('sign', real.sign, signature),
    verify: guard('verify', real.verify, signature),
  };
  return { ...real, ...(guarded as unknown as Partial<typeof nodeCrypto>) };
}
