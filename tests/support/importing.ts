import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Caller } from '../../src/main/kms/types.ts';
import type { KeySpec, WrappingAlgorithm, WrappingKeySpec } from '../../src/shared/kms/enums.ts';
import type { OperationInput } from '../../src/shared/kms/operations.ts';
import type { openTestEngine } from './engine.ts';

/**
 * Key material made and wrapped by others than Coffer, as a person who imports it does: node:crypto (OpenSSL) for RSA and AES,
 * the openssl command for SM2. Required past the module loader, so that a suite under BoringSSL's limits has all of OpenSSL
 * here.
 */
const crypto: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto');
const {
  constants,
  createCipheriv,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  publicEncrypt,
  randomBytes,
} = crypto;

const bytes = (buffer: Uint8Array) => new Uint8Array(buffer);

/** Runs openssl on `files`, whose names stand for `{0}`, `{1}` … in its arguments, and removes them. */
export function openssl(args: readonly string[], files: readonly Uint8Array[] = []): Uint8Array {
  const dir = mkdtempSync(path.join(tmpdir(), 'coffer-test-'));
  try {
    const names = files.map((contents, index) => {
      const name = path.join(dir, String(index));
      writeFileSync(name, contents);
      return name;
    });
    const filled = args.map((arg) => arg.replace(/^\{(\d)\}$/, (_all, index: string) => names[Number(index)] ?? ''));
    return bytes(execFileSync('openssl', filled, { stdio: ['ignore', 'pipe', 'pipe'] }));
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const curves: Partial<Record<KeySpec, string>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};
const der = { format: 'der', type: 'pkcs8' } as const;

/** Fresh material of a spec as its owner has it: raw bytes, or PKCS #8 DER. */
export function freshMaterial(spec: KeySpec): Uint8Array {
  if (spec === 'SYMMETRIC_DEFAULT') return bytes(randomBytes(32));
  if (spec.startsWith('HMAC_')) return bytes(randomBytes(Number(spec.slice(5)) / 8));
  if (spec.startsWith('RSA_'))
    return bytes(generateKeyPairSync('rsa', { modulusLength: Number(spec.slice(4)) }).privateKey.export(der));
  if (spec === 'ECC_NIST_EDWARDS25519') return bytes(generateKeyPairSync('ed25519').privateKey.export(der));
  if (spec === 'SM2')
    return openssl(
      ['pkcs8', '-topk8', '-nocrypt', '-in', '{0}', '-outform', 'DER'],
      [openssl(['genpkey', '-algorithm', 'SM2'])],
    );
  const namedCurve = curves[spec];
  if (namedCurve === undefined) throw new Error(`no material of ${spec}`);
  return bytes(generateKeyPairSync('ec', { namedCurve }).privateKey.export(der));
}

/** The public key (SubjectPublicKeyInfo DER) of a private one (PKCS #8 DER). */
export function publicKeyTo(spec: KeySpec, material: Uint8Array): Uint8Array {
  if (spec === 'SM2')
    return openssl(['pkey', '-inform', 'DER', '-in', '{0}', '-pubout', '-outform', 'DER'], [material]);
  const privateKey = createPrivateKey({ key: Buffer.from(material), ...der });
  return bytes(createPublicKey(privateKey).export({ format: 'der', type: 'spki' }));
}

/** Wraps material under a public wrapping key (SubjectPublicKeyInfo DER). */
export function wrapped(algorithm: WrappingAlgorithm, publicKey: Uint8Array, material: Uint8Array): Uint8Array {
  if (algorithm === 'SM2PKE')
    return openssl(
      ['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', '{0}', '-in', '{1}'],
      [publicKey, material],
    );
  const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
  const oaepHash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256';
  const oaep = (text: Uint8Array) => publicEncrypt({ key, oaepHash, padding: constants.RSA_PKCS1_OAEP_PADDING }, text);
  if (algorithm.startsWith('RSAES_OAEP')) return bytes(oaep(material));
  const kek = randomBytes(32);
  const cipher = createCipheriv('id-aes256-wrap-pad', kek, Buffer.from('a65959a6', 'hex'));
  return bytes(Buffer.concat([oaep(kek), cipher.update(material), cipher.final()]));
}

type Test = Awaited<ReturnType<typeof openTestEngine>>;
type Wish = Partial<Omit<OperationInput<'ImportKeyMaterial'>, 'KeyId' | 'ImportToken' | 'EncryptedKeyMaterial'>>;
interface Wrapping {
  readonly WrappingAlgorithm?: WrappingAlgorithm;
  readonly WrappingKeySpec?: WrappingKeySpec;
}

/** What a key's importer does: gets parameters, wraps, imports. */
export function importer(t: Test) {
  /** The input of ImportKeyMaterial for the material. */
  async function input(KeyId: string, material: Uint8Array, wish: Wish & Wrapping = {}, as: Partial<Caller> = {}) {
    const { WrappingAlgorithm = 'RSAES_OAEP_SHA_256', WrappingKeySpec = 'RSA_2048', ...rest } = wish;
    const parameters = await t.call('GetParametersForImport', { KeyId, WrappingAlgorithm, WrappingKeySpec }, as);
    return {
      KeyId,
      ImportToken: parameters.ImportToken,
      EncryptedKeyMaterial: wrapped(WrappingAlgorithm, parameters.PublicKey, material),
      ...('ValidTo' in rest ? {} : { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const }),
      ...rest,
    };
  }
  return {
    input,
    /** Imports the material and returns its id. */
    async put(KeyId: string, material: Uint8Array, wish: Wish & Wrapping = {}, as: Partial<Caller> = {}) {
      return (await t.call('ImportKeyMaterial', await input(KeyId, material, wish, as), as)).KeyMaterialId;
    },
    /** A new key of origin EXTERNAL; its id. */
    async external(wish: OperationInput<'CreateKey'> = {}) {
      return (await t.key({ Origin: 'EXTERNAL', ...wish })).id;
    },
    /** The key's state. */
    async state(KeyId: string, as: Partial<Caller> = {}) {
      return (await t.call('DescribeKey', { KeyId }, as)).KeyMetadata.KeyState;
    },
  };
}
