import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest, type HashName } from '../../../src/main/crypto/digest.ts';
import { type KeyPairSpec, keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { unwrapMaterial, wrapPadded } from '../../../src/main/crypto/key-wrap.ts';
import * as sm2 from '../../../src/main/crypto/sm2.ts';
import type { SigningAlgorithm } from '../../../src/shared/kms/enums.ts';
import { flipped, random } from '../../support/crypto.ts';

/** OpenSSL's command line, which shares no code with these modules, on the other side of each of them. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'coffer-openssl-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(bytes?: Uint8Array): string {
  files += 1;
  const name = path.join(folder, `${files}`);
  if (bytes) writeFileSync(name, bytes);
  return name;
}

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] });

/** Runs openssl for what it writes to `-out`. */
function output(...args: string[]): Uint8Array {
  const out = file();
  openssl(...args, '-out', out);
  return new Uint8Array(readFileSync(out));
}

function accepted(...args: string[]): boolean {
  try {
    openssl(...args);
    return true;
  } catch {
    return false;
  }
}

interface Signing {
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

const signings: readonly Signing[] = [
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

/** Keys are made once a spec: by Coffer and by openssl. */
const ours = new Map<KeyPairSpec, Promise<Uint8Array>>();
const theirs = new Map<KeyPairSpec, Uint8Array>();
function ourKey(spec: KeyPairSpec): Promise<Uint8Array> {
  const key = ours.get(spec) ?? keyPairs[spec].generate(random);
  ours.set(spec, key);
  return key;
}
function theirKey({ spec, genpkey }: Signing): Uint8Array {
  const known = theirs.get(spec);
  if (known) return known;
  // genpkey writes DER in each algorithm's own older form; AWS's guide pipes it through pkcs8 too.
  const pem = file(output('genpkey', ...genpkey));
  const key = output('pkcs8', '-topk8', '-nocrypt', '-in', pem, '-outform', 'DER');
  theirs.set(spec, key);
  return key;
}

const spkiOf = (privateKey: string) =>
  output('pkey', '-inform', 'DER', '-in', privateKey, '-pubout', '-outform', 'DER');

describe('signatures', () => {
  it('cover every signing algorithm openssl 3.0 has', () => {
    expect(signings).toHaveLength(16);
    const missing = Object.values(keyPairs)
      .flatMap(({ signing }) => Object.keys(signing))
      .filter((algorithm) => !signings.some((signing) => signing.algorithm === algorithm));
    expect([...new Set(missing)]).toEqual(['ED25519_PH_SHA_512', 'ML_DSA_SHAKE_256']);
  });

  it.each(signings)('$spec, $algorithm', async (signing) => {
    const { spec, algorithm, options, hash } = signing;
    const primitive = keyPairs[spec];
    const scheme = primitive.signing[algorithm];
    if (!scheme) throw new Error(`${spec} has no ${algorithm}`);
    const message = random.bytes(1000);
    const input = file(message);

    const privateKey = await ourKey(spec);
    const publicKey = primitive.publicKey(privateKey);
    const publicFile = file(publicKey);
    const verify = (signature: Uint8Array, of = input) =>
      accepted(
        ...['pkeyutl', '-verify', '-rawin', '-pubin', '-keyform', 'DER', '-inkey', publicFile],
        ...['-in', of, '-sigfile', file(signature), ...options],
      );
    const digests: ['RAW' | 'DIGEST', Uint8Array][] = [['RAW', message]];
    if (hash) digests.push(['DIGEST', digest(hash, message)]);
    if (algorithm === 'SM2DSA') digests.push(['DIGEST', sm2.messageDigest(publicKey, message)]);
    for (const [type, value] of digests) {
      const signature = scheme.sign(primitive.open(privateKey), type, value, random);
      expect(verify(signature), type).toBe(true);
      expect(verify(signature, file(flipped(message)))).toBe(false);
      expect(verify(flipped(signature, -1))).toBe(false);
    }
    expect(spkiOf(file(privateKey))).toEqual(publicKey);

    const theirPrivate = theirKey(signing);
    const theirFile = file(theirPrivate);
    const theirPublic = spkiOf(theirFile);
    const signature = output(
      'pkeyutl',
      '-sign',
      '-rawin',
      '-keyform',
      'DER',
      '-inkey',
      theirFile,
      '-in',
      input,
      ...options,
    );
    expect(scheme.verify(theirPublic, 'RAW', message, signature)).toBe(true);
    if (hash) expect(scheme.verify(theirPublic, 'DIGEST', digest(hash, message), signature)).toBe(true);
    expect(scheme.verify(theirPublic, 'RAW', flipped(message), signature)).toBe(false);
    const imported = await primitive.importPrivateKey(theirPrivate);
    expect(primitive.publicKey(imported)).toEqual(theirPublic);
    expect(openssl('pkey', '-inform', 'DER', '-in', file(imported), '-check', '-noout').toString()).toBe(
      'Key is valid\n',
    );
  });
});

describe('encryption', () => {
  it.each([
    ['RSA_2048', 'RSAES_OAEP_SHA_1', 'sha1'],
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 'sha256'],
    ['RSA_4096', 'RSAES_OAEP_SHA_1', 'sha1'],
    ['RSA_4096', 'RSAES_OAEP_SHA_256', 'sha256'],
    ['SM2', 'SM2PKE', 'sm3'],
  ] as const)('%s, %s', async (spec, algorithm, hash) => {
    const scheme = keyPairs[spec].encryption[algorithm];
    if (!scheme) throw new Error(`${spec} has no ${algorithm}`);
    const privateKey = await ourKey(spec);
    const publicKey = keyPairs[spec].publicKey(privateKey);
    // openssl takes the same hash for MGF1 unless told otherwise, and SM3 for SM2.
    const oaep = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`].flatMap((option) => ['-pkeyopt', option]);
    const options = spec === 'SM2' ? [] : oaep;
    for (const length of [1, 32, scheme.maxPlaintext]) {
      const plaintext = random.bytes(length);
      const ciphertext = scheme.encrypt(publicKey, plaintext, random);
      const decrypted = output(
        ...['pkeyutl', '-decrypt', '-keyform', 'DER', '-inkey', file(privateKey), '-in', file(ciphertext), ...options],
      );
      expect(decrypted).toEqual(plaintext);
      const theirCiphertext = output(
        ...[
          'pkeyutl',
          '-encrypt',
          '-pubin',
          '-keyform',
          'DER',
          '-inkey',
          file(publicKey),
          '-in',
          file(plaintext),
          ...options,
        ],
      );
      expect(scheme.decrypt(privateKey, theirCiphertext)).toEqual(plaintext);
    }
  });

  it('a private key wrapped by openssl for import, as AWS’s guide shows it', async () => {
    const wrappingKey = await ourKey('RSA_4096');
    const material = await ourKey('RSA_2048');
    const kek = random.bytes(32);
    const options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256'].flatMap((o) => [
      '-pkeyopt',
      o,
    ]);
    const publicFile = file(keyPairs.RSA_4096.publicKey(wrappingKey));
    const wrappedKek = output(
      ...['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', publicFile, '-in', file(kek), ...options],
    );
    // `openssl enc` is the only command of 3.0 that wraps, and only so with its own padding mode.
    const wrapped = output(
      ...[
        'enc',
        '-id-aes256-wrap-pad',
        '-K',
        Buffer.from(kek).toString('hex'),
        '-iv',
        'A65959A6',
        '-in',
        file(material),
      ],
    );
    expect(wrapPadded(kek, material)).toEqual(wrapped);
    const whole = Uint8Array.from([...wrappedKek, ...wrapped]);
    expect(unwrapMaterial('RSA_AES_KEY_WRAP_SHA_256', wrappingKey, whole)).toEqual(material);
  });
});

describe('ECDH', () => {
  it.each(signings.filter(({ algorithm }) => algorithm.startsWith('ECDSA')))('$spec', async (signing) => {
    const primitive = keyPairs[signing.spec];
    const privateKey = await ourKey(signing.spec);
    const theirFile = file(theirKey(signing));
    const theirPublic = spkiOf(theirFile);
    const peer = file(primitive.publicKey(privateKey));
    const secret = output(
      'pkeyutl',
      '-derive',
      '-keyform',
      'DER',
      '-inkey',
      theirFile,
      '-peerform',
      'DER',
      '-peerkey',
      peer,
    );
    expect(primitive.deriveSharedSecret?.(privateKey, theirPublic)).toEqual(secret);
  });
});
