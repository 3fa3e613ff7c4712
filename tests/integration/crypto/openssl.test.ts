import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../../../src/main/crypto/digest.ts';
import { type KeyPairSpec, keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { unwrapMaterial, wrapPadded } from '../../../src/main/crypto/key-wrap.ts';
import * as sm2 from '../../../src/main/crypto/sm2.ts';
import { flipped, random } from '../../support/crypto.ts';
import { encryptionOptions, openOpenssl, type Signing, signings } from '../../support/openssl.ts';

/** OpenSSL's command line, which shares no code with these modules, on the other side of each of them. */
let openssl: ReturnType<typeof openOpenssl>;
beforeAll(() => {
  openssl = openOpenssl();
});
afterAll(() => openssl.remove());

const file = (bytes?: Uint8Array) => openssl.file(bytes);

/** Keys are made once a spec: by Coffer and by openssl. */
const ours = new Map<KeyPairSpec, Promise<Uint8Array>>();
const theirs = new Map<KeyPairSpec, Uint8Array>();
function ourKey(spec: KeyPairSpec): Promise<Uint8Array> {
  const key = ours.get(spec) ?? keyPairs[spec].generate(random);
  ours.set(spec, key);
  return key;
}
function theirKey(signing: Signing): Uint8Array {
  const key = theirs.get(signing.spec) ?? openssl.privateKey(signing);
  theirs.set(signing.spec, key);
  return key;
}

describe('signatures', () => {
  it('cover every signing algorithm openssl 3.0 has', () => {
    expect(signings).toHaveLength(16);
    const missing = Object.values(keyPairs)
      .flatMap(({ signing }) => Object.keys(signing))
      .filter((algorithm) => !signings.some((signing) => signing.algorithm === algorithm));
    expect([...new Set(missing)]).toEqual(['ED25519_PH_SHA_512', 'ML_DSA_SHAKE_256']);
  });

  it.each(signings)('$spec, $algorithm', async (signing) => {
    const { spec, algorithm, hash } = signing;
    const primitive = keyPairs[spec];
    const scheme = primitive.signing[algorithm];
    if (!scheme) throw new Error(`${spec} has no ${algorithm}`);
    const message = random.bytes(1000);
    const input = file(message);

    const privateKey = await ourKey(spec);
    const publicKey = primitive.publicKey(privateKey);
    const publicFile = file(publicKey);
    const verify = (signature: Uint8Array, of = input) => openssl.verifies(publicFile, of, signature, signing);
    const digests: ['RAW' | 'DIGEST', Uint8Array][] = [['RAW', message]];
    if (hash) digests.push(['DIGEST', digest(hash, message)]);
    if (algorithm === 'SM2DSA') digests.push(['DIGEST', sm2.messageDigest(publicKey, message)]);
    for (const [type, value] of digests) {
      const signature = scheme.sign(primitive.open(privateKey), type, value, random);
      expect(verify(signature), type).toBe(true);
      expect(verify(signature, file(flipped(message)))).toBe(false);
      expect(verify(flipped(signature, -1))).toBe(false);
    }
    expect(openssl.publicKey(file(privateKey))).toEqual(publicKey);

    const theirPrivate = theirKey(signing);
    const theirFile = file(theirPrivate);
    const theirPublic = openssl.publicKey(theirFile);
    const signature = openssl.sign(theirFile, input, signing);
    expect(scheme.verify(theirPublic, 'RAW', message, signature)).toBe(true);
    if (hash) expect(scheme.verify(theirPublic, 'DIGEST', digest(hash, message), signature)).toBe(true);
    expect(scheme.verify(theirPublic, 'RAW', flipped(message), signature)).toBe(false);
    const imported = await primitive.importPrivateKey(theirPrivate);
    expect(primitive.publicKey(imported)).toEqual(theirPublic);
    expect(openssl.run('pkey', '-inform', 'DER', '-in', file(imported), '-check', '-noout').toString()).toBe(
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
    const options = encryptionOptions(hash);
    for (const length of [1, 32, scheme.maxPlaintext]) {
      const plaintext = random.bytes(length);
      const ciphertext = scheme.encrypt(publicKey, plaintext, random);
      const decrypted = openssl.decrypt(file(privateKey), ciphertext, options);
      expect(decrypted).toEqual(plaintext);
      const theirCiphertext = openssl.encrypt(file(publicKey), plaintext, options);
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
    const wrappedKek = openssl.output(
      ...['pkeyutl', '-encrypt', '-pubin', '-keyform', 'DER', '-inkey', publicFile, '-in', file(kek), ...options],
    );
    // `openssl enc` is the only command of 3.0 that wraps, and only so with its own padding mode.
    const wrapped = openssl.output(
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
    const theirPublic = openssl.publicKey(theirFile);
    const peer = file(primitive.publicKey(privateKey));
    const secret = openssl.output(
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
