import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import * as ecc from '../../../src/main/crypto/ecc.ts';
import { unwrap, unwrapMaterial, unwrapPadded, wrap, wrapPadded } from '../../../src/main/crypto/key-wrap.ts';
import * as rsaKeys from '../../../src/main/crypto/rsa-keys.ts';
import { flipped, random } from '../../support/crypto.ts';

describe('AES key wrap', () => {
  const kek = random.bytes(32);

  it('takes every length it is defined for, and no other', () => {
    for (let length = 0; length <= 40; length++) {
      const key = random.bytes(length);
      if (length >= 16 && length % 8 === 0) expect(unwrap(kek, wrap(kek, key))).toEqual(key);
      else expect(() => wrap(kek, key), `${length} bytes`).toThrow(RangeError);
      if (length === 0) expect(() => wrapPadded(kek, key)).toThrow(RangeError);
      else {
        const wrapped = wrapPadded(kek, key);
        expect(wrapped).toHaveLength(8 * Math.ceil(length / 8) + 8);
        expect(unwrapPadded(kek, wrapped)).toEqual(key);
      }
    }
    for (const length of [0, 15, 17, 31, 33, 64]) {
      const odd = new Uint8Array(length);
      for (const call of [wrap, unwrap, wrapPadded, unwrapPadded]) {
        expect(() => call(odd, new Uint8Array(24))).toThrow(`an AES key has 16, 24 or 32 bytes, not ${length}`);
      }
    }
  });

  it('whatever was tampered with is null', () => {
    const key = random.bytes(32);
    for (const [wrapped, open] of [
      [wrap(kek, key), unwrap],
      [wrapPadded(kek, key), unwrapPadded],
    ] as const) {
      for (let at = 0; at < wrapped.length; at++) expect(open(kek, flipped(wrapped, at))).toBeNull();
      for (let length = 0; length < wrapped.length; length++) expect(open(kek, wrapped.subarray(0, length))).toBeNull();
      expect(open(kek, Uint8Array.from([...wrapped, 0]))).toBeNull();
      expect(open(random.bytes(32), wrapped)).toBeNull();
    }
    expect(unwrap(kek, wrapPadded(kek, key))).toBeNull();
    expect(unwrapPadded(kek, wrap(kek, key))).toBeNull();
  });
});

describe('the wrapping algorithms of ImportKeyMaterial', () => {
  let wrappingKey: Uint8Array;
  let oaep: (oaepHash: string, plaintext: Uint8Array) => Uint8Array;
  beforeAll(async () => {
    wrappingKey = await rsaKeys.generate('RSA_2048');
    const spki = Buffer.from(rsaKeys.publicKey(wrappingKey));
    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    oaep = (oaepHash, plaintext) => new Uint8Array(publicEncrypt({ key, padding, oaepHash }, plaintext));
  });

  it.each([
    ['RSAES_OAEP_SHA_1', 'sha1'],
    ['RSAES_OAEP_SHA_256', 'sha256'],
  ] as const)('%s', (algorithm, hash) => {
    const material = random.bytes(32);
    const wrapped = oaep(hash, material);
    expect(unwrapMaterial(algorithm, wrappingKey, wrapped)).toEqual(material);
    expect(unwrapMaterial(algorithm, rsaKeys.open(wrappingKey), wrapped)).toEqual(material);
    expect(unwrapMaterial(algorithm, wrappingKey, flipped(wrapped, 9))).toBeNull();
    expect(unwrapMaterial(algorithm, wrappingKey, wrapped.subarray(1))).toBeNull();
    const other = algorithm === 'RSAES_OAEP_SHA_1' ? 'RSAES_OAEP_SHA_256' : 'RSAES_OAEP_SHA_1';
    expect(unwrapMaterial(other, wrappingKey, wrapped)).toBeNull();
  });

  it.each([
    ['RSA_AES_KEY_WRAP_SHA_1', 'sha1'],
    ['RSA_AES_KEY_WRAP_SHA_256', 'sha256'],
  ] as const)('%s carries private keys of any length', (algorithm, hash) => {
    const kek = random.bytes(32);
    const join = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));
    for (const material of [random.bytes(32), wrappingKey, ecc.generate('ECC_NIST_P521', random)]) {
      const wrapped = join(oaep(hash, kek), wrapPadded(kek, material));
      expect(unwrapMaterial(algorithm, wrappingKey, wrapped)).toEqual(material);
      const bad = [
        flipped(wrapped, 9),
        flipped(wrapped, 256),
        flipped(wrapped, -1),
        wrapped.subarray(0, -8),
        wrapped.subarray(1),
        wrapped.subarray(0, 256),
        wrapped.subarray(0, 100),
        new Uint8Array(0),
        join(wrapped, new Uint8Array(8)),
        join(wrapPadded(kek, material), oaep(hash, kek)),
        join(oaep(hash, kek.subarray(16)), wrapPadded(kek.subarray(16), material)),
        join(oaep(hash === 'sha1' ? 'sha256' : 'sha1', kek), wrapPadded(kek, material)),
      ];
      expect(bad.map((given) => unwrapMaterial(algorithm, wrappingKey, given))).toEqual(bad.map(() => null));
    }
  });
});
