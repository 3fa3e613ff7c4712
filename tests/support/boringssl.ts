import type * as Crypto from 'node:crypto';

/**
 * What `getCiphers`, `getHashes` and `getCurves` answer in Electron 33, whose node:crypto is BoringSSL. Anything else that
 * Node's OpenSSL has is made to throw, as it would there.
 */
const CIPHERS =
  /^(aes-(128|192|256)-(cbc|ctr|ecb|gcm)|aes-(128|256)-(cfb|ofb)|aes-192-ofb|(bf|des|rc2)-\w+|des-ede3?(-cbc)?|rc4)$/;
const HASHES = /^(rsa-)?(md4|md5|ripemd160|sha-?1|sha-?224|sha-?256|sha-?384|sha-?512|sha-?512-256)$/;
const CURVES = /^(prime256v1|p-256|secp224r1|p-224|secp384r1|p-384|secp521r1|p-521)$/;
const KEY_TYPES = /^(rsa|ec|ed25519|x25519)$/;

export class MissingInBoringSsl extends Error {}

function allow(pattern: RegExp, name: unknown): void {
  if (typeof name === 'string' && !pattern.test(name.toLowerCase())) throw new MissingInBoringSsl(`${name} is missing`);
}

/** node:crypto without what BoringSSL lacks. */
export function likeBoringSsl(node: typeof Crypto): typeof Crypto {
  // biome-ignore lint/suspicious/noExplicitAny: every function keeps the type of the one it stands for
  const guarded = (name: keyof typeof Crypto, check: (...args: any[]) => void) => ({
    // biome-ignore lint/suspicious/noExplicitAny: as above
    [name]: (...args: any[]) => {
      check(...args);
      return (node[name] as (...all: unknown[]) => unknown)(...args);
    },
  });
  const curve = (type: string, options?: { namedCurve?: string }) => {
    allow(KEY_TYPES, type);
    allow(CURVES, options?.namedCurve);
  };
  return {
    ...node,
    ...guarded('createCipheriv', (name) => allow(CIPHERS, name)),
    ...guarded('createDecipheriv', (name) => allow(CIPHERS, name)),
    ...guarded('createHash', (name) => allow(HASHES, name)),
    ...guarded('createHmac', (name) => allow(HASHES, name)),
    ...guarded('createSign', (name) => allow(HASHES, name)),
    ...guarded('createVerify', (name) => allow(HASHES, name)),
    ...guarded('hkdfSync', (name) => allow(HASHES, name)),
    ...guarded('pbkdf2Sync', (_p, _s, _i, _l, name) => allow(HASHES, name)),
    ...guarded('createECDH', (name) => allow(CURVES, name)),
    ...guarded('generateKeyPair', curve),
    ...guarded('generateKeyPairSync', curve),
  };
}
