import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  sign as nodeSign,
  verify as nodeVerify,
} from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as ecc from '../../../src/main/crypto/ecc.ts';
import * as ed25519 from '../../../src/main/crypto/ed25519.ts';
import { unwrap, unwrapPadded, wrap, wrapPadded } from '../../../src/main/crypto/key-wrap.ts';
import * as sm2 from '../../../src/main/crypto/sm2.ts';
import { random, text } from '../../support/crypto.ts';

/**
 * What noble and sm-crypto-v2 do, against OpenSSL inside Node. Electron's BoringSSL has none of it but Ed25519, so this file
 * is the one that boringssl.test.ts leaves out.
 */
const message = text('a message');
const pkcs8 = (key: Uint8Array) => ({ key: Buffer.from(key), format: 'der', type: 'pkcs8' }) as const;
const spki = (key: Uint8Array) => ({ key: Buffer.from(key), format: 'der', type: 'spki' }) as const;

describe('secp256k1', () => {
  it('signatures, both ways and by message and digest', () => {
    const digest = new Uint8Array(createHash('sha256').update(message).digest());
    for (let i = 0; i < 20; i++) {
      const privateKey = ecc.generate('ECC_SECG_P256K1', random);
      const publicKey = ecc.publicKey('ECC_SECG_P256K1', privateKey);
      const theirs = new Uint8Array(nodeSign('sha256', message, pkcs8(privateKey)));
      for (const [type, input] of [
        ['RAW', message],
        ['DIGEST', digest],
      ] as const) {
        const ours = ecc.sign('ECC_SECG_P256K1', privateKey, type, input, random);
        expect(nodeVerify('sha256', message, spki(publicKey), ours)).toBe(true);
        expect(ecc.verify('ECC_SECG_P256K1', publicKey, type, input, theirs)).toBe(true);
      }
    }
  });

  it('keys OpenSSL made, and the secret it derives', () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    const exported = new Uint8Array(pair.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const theirPublic = new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }));
    expect(ecc.importPrivateKey('ECC_SECG_P256K1', exported)).toEqual(exported);
    expect(ecc.publicKey('ECC_SECG_P256K1', exported)).toEqual(theirPublic);
    const privateKey = ecc.generate('ECC_SECG_P256K1', random);
    const secret = diffieHellman({ privateKey: createPrivateKey(pkcs8(privateKey)), publicKey: pair.publicKey });
    expect(ecc.deriveSharedSecret('ECC_SECG_P256K1', privateKey, theirPublic)).toEqual(new Uint8Array(secret));
  });
});

it('Ed25519: the same signatures and keys', () => {
  for (let i = 0; i < 20; i++) {
    const privateKey = ed25519.generate(random);
    const input = random.bytes(i * 7);
    const signature = ed25519.sign('ED25519_SHA_512', privateKey, input);
    expect(new Uint8Array(nodeSign(null, input, pkcs8(privateKey)))).toEqual(signature);
    const derived = createPublicKey(createPrivateKey(pkcs8(privateKey))).export({ format: 'der', type: 'spki' });
    expect(ed25519.publicKey(privateKey)).toEqual(new Uint8Array(derived));
  }
});

it('SM2’s message digest, with OpenSSL’s SM3', () => {
  const publicKey = sm2.publicKey(sm2.generate(random));
  const parameters = [
    'FFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC',
    '28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93',
    '32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7',
    'BC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0',
  ];
  for (const length of [0, 1, 55, 56, 64, 119, 200, 4096]) {
    const input = random.bytes(length);
    const z = createHash('sm3').update(Uint8Array.of(0, 128)).update('1234567812345678');
    for (const parameter of parameters) z.update(parameter, 'hex');
    const zOfKey = z.update(publicKey.subarray(27)).digest();
    const digest = createHash('sm3').update(zOfKey).update(input).digest();
    expect(sm2.messageDigest(publicKey, input)).toEqual(new Uint8Array(digest));
  }
});

describe('AES key wrap', () => {
  const plainIv = Buffer.alloc(8, 0xa6);
  const paddedIv = Buffer.from('a65959a6', 'hex');
  const run = (
    make: typeof createCipheriv | typeof createDecipheriv,
    name: string,
    kek: Uint8Array,
    input: Uint8Array,
  ) => {
    const cipher = make(name, kek, name.endsWith('pad') ? paddedIv : plainIv);
    return new Uint8Array(Buffer.concat([cipher.update(input), cipher.final()]));
  };

  it.each([16, 24, 32])('with a key of %i bytes', (kekBytes) => {
    const bits = kekBytes * 8;
    for (const length of [1, 7, 8, 9, 16, 20, 24, 32, 64, 1000, 2400]) {
      const kek = random.bytes(kekBytes);
      const key = random.bytes(length);
      const padded = wrapPadded(kek, key);
      expect(run(createCipheriv, `id-aes${bits}-wrap-pad`, kek, key)).toEqual(padded);
      expect(unwrapPadded(kek, padded)).toEqual(key);
      if (length < 16 || length % 8 !== 0) continue;
      const plain = wrap(kek, key);
      expect(run(createCipheriv, `id-aes${bits}-wrap`, kek, key)).toEqual(plain);
      expect(run(createDecipheriv, `id-aes${bits}-wrap`, kek, plain)).toEqual(key);
      expect(unwrap(kek, plain)).toEqual(key);
    }
  });
});
