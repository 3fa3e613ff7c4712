import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HashName } from '../../src/main/crypto/digest.ts';
import type { KeyPairSpec } from '../../src/main/crypto/key-pairs.ts';
import type { SigningAlgorithm } from '../../src/shared/kms/enums.ts';

/** A signing algorithm as openssl's command line has it. */
export interface Signing {
  readonly spec: KeyPairSpec;
  readonly algorithm: SigningAlgorithm;
  /** How openssl makes such a key. */
  readonly genpkey: readonly string[];
  /** How pkeyutl signs and verifies a message. */
  readonly options: readonly string[];
  readonly hash?: HashName;
}

const rsa = (bits: number, padding: 'PSS' | 'PKCS1_V1_5', size: 256 | 384 | 512): Signing => ({
  spec: `RSA_${bits}` as KeyPairSpec,
  algorithm: `RSASSA_${padding}_SHA_${size}`,
  genpkey: ['-algorithm', 'RSA', '-pkeyopt', `rsa_keygen_bits:${bits}`],
  options: [
    ...['-digest', `sha${size}`],
    ...(padding === 'PSS' ? ['-pkeyopt', 'rsa_padding_mode:pss', '-pkeyopt', 'rsa_pss_saltlen:digest'] : []),
  ],
  hash: `SHA_${size}`,
});
const ecdsa = (spec: KeyPairSpec, curve: string, size: 256 | 384 | 512): Signing => ({
  spec,
  algorithm: `ECDSA_SHA_${size}`,
  genpkey: ['-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`],
  options: ['-digest', `sha${size}`],
  hash: `SHA_${size}`,
});

/** Every signing algorithm that openssl 3.0 has, with at least one spec each. */
export const signings: readonly Signing[] = [
  ...([256, 384, 512] as const).flatMap((size) => [rsa(2048, 'PSS', size), rsa(2048, 'PKCS1_V1_5', size)]),
  rsa(3072, 'PSS', 384),
  rsa(3072, 'PKCS1_V1_5', 384),
  rsa(4096, 'PSS', 512),
  rsa(4096, 'PKCS1_V1_5', 512),
  ecdsa('ECC_NIST_P256', 'P-256', 256),
  ecdsa('ECC_NIST_P384', 'P-384', 384),
  ecdsa('ECC_NIST_P521', 'P-521', 512),
  ecdsa('ECC_SECG_P256K1', 'secp256k1', 256),
  { spec: 'ECC_NIST_EDWARDS25519', algorithm: 'ED25519_SHA_512', genpkey: ['-algorithm', 'ED25519'], options: [] },
  {
    spec: 'SM2',
    algorithm: 'SM2DSA',
    genpkey: ['-algorithm', 'SM2'],
    options: ['-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'],
  },
];

/** How pkeyutl encrypts and decrypts. It takes the same hash for MGF1 unless told otherwise, and SM3 for SM2. */
export const encryptionOptions = (hash: 'sha1' | 'sha256' | 'sm3'): string[] =>
  hash === 'sm3' ? [] : ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`].flatMap((option) => ['-pkeyopt', option]);

/** openssl's command line, with a folder for the files it reads and writes. */
export function openOpenssl() {
  const folder = mkdtempSync(path.join(tmpdir(), 'coffer-openssl-'));
  let files = 0;

  /** A new file's name; with these bytes in it when there are any. */
  function file(bytes?: Uint8Array): string {
    files += 1;
    const name = path.join(folder, `${files}`);
    if (bytes) writeFileSync(name, bytes);
    return name;
  }

  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });

  /** Runs openssl for what it writes to `-out`. */
  function output(...args: string[]): Uint8Array {
    const out = file();
    run(...args, '-out', out);
    return new Uint8Array(readFileSync(out));
  }

  function accepted(...args: string[]): boolean {
    try {
      run(...args);
      return true;
    } catch {
      return false;
    }
  }

  return {
    file,
    run,
    output,
    accepted,
    /** A private key of openssl's making, PKCS #8 DER: genpkey writes each algorithm's own older form. */
    privateKey({ genpkey }: Signing): Uint8Array {
      const pem = file(output('genpkey', ...genpkey));
      return output('pkcs8', '-topk8', '-nocrypt', '-in', pem, '-outform', 'DER');
    },
    /** The public key of a private key's file, SubjectPublicKeyInfo DER. */
    publicKey: (privateKey: string) =>
      output('pkey', '-inform', 'DER', '-in', privateKey, '-pubout', '-outform', 'DER'),
    /** Signs a message's file with a private key's. */
    sign: (privateKey: string, message: string, { options }: Signing) =>
      output('pkeyutl', '-sign', '-rawin', '-keyform', 'DER', '-inkey', privateKey, '-in', message, ...options),
    /** Whether a signature of a message's file holds for a public key's file. */
    verifies: (publicKey: string, message: string, signature: Uint8Array, { options }: Signing) =>
      accepted(
        ...['pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER', '-inkey', publicKey],
        ...['-in', message, '-sigfile', file(signature), ...options],
      ),
    encrypt: (publicKey: string, plaintext: Uint8Array, options: readonly string[]) =>
      output(
        ...['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', publicKey, '-in', file(plaintext)],
        ...options,
      ),
    decrypt: (privateKey: string, ciphertext: Uint8Array, options: readonly string[]) =>
      output('pkeyutl', '-decrypt', '-keyform', 'DER', '-inkey', privateKey, '-in', file(ciphertext), ...options),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
