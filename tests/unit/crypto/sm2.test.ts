import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { sm2 as other } from 'sm-crypto-v2';
import { describe, expect, it } from 'vitest';
import {
  bitString,
  DerReader,
  EncodingError,
  integer,
  octetString,
  oid,
  sequence,
  TAG,
} from '../../../src/main/crypto/der.ts';
import * as ecc from '../../../src/main/crypto/ecc.ts';
import * as sm2 from '../../../src/main/crypto/sm2.ts';
import { drawn, flipped, hex, random, text, toHex } from '../../support/crypto.ts';

/** sm-crypto-v2 has an SM2 of its own, which Coffer does not use: here it is the other side. */
const privateKey = sm2.generate(random);
const publicKey = sm2.publicKey(privateKey);
const scalar = toHex(privateKey.subarray(36, 68));
const point = toHex(publicKey.subarray(26));
const message = text('a message');

const n = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123');
const algorithm = sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301'));
const key = (value: Uint8Array) =>
  sequence(integer(Uint8Array.of(0)), algorithm, octetString(sequence(integer(Uint8Array.of(1)), octetString(value))));

describe('SM2 keys', () => {
  it('have the lengths of P-256’s and survive import', () => {
    expect([privateKey.length, publicKey.length]).toEqual([138, 91]);
    expect(other.getPublicKeyFromPrivateKey(scalar)).toBe(point);
    expect(sm2.importPrivateKey(privateKey)).toEqual(privateKey);
    expect(sm2.importPrivateKey(key(hex(scalar)))).toEqual(privateKey);
    sm2.requirePublicKey(publicKey);
  });

  it('of another curve, out of range or malformed are refused', () => {
    const p256 = ecc.generate('ECC_NIST_P256', random);
    for (const bad of [
      key(new Uint8Array(32)),
      key(numberToBytesBE(n - 1n, 32)),
      key(numberToBytesBE(n, 32)),
      p256,
      privateKey.subarray(0, -1),
    ]) {
      expect(() => sm2.importPrivateKey(bad)).toThrow(EncodingError);
    }
    expect(sm2.importPrivateKey(key(numberToBytesBE(n - 2n, 32)))).toHaveLength(138);
    expect(() => sm2.requirePublicKey(ecc.publicKey('ECC_NIST_P256', p256))).toThrow('not a key of SM2');
    expect(() => ecc.importPrivateKey('ECC_NIST_P256', privateKey)).toThrow('not a key of P-256');
    const offCurve = sequence(algorithm, bitString(flipped(hex(point), -1)));
    expect(() => sm2.requirePublicKey(offCurve)).toThrow('not a point of SM2');
    expect(() => sm2.deriveSharedSecret(privateKey, offCurve)).toThrow(EncodingError);
    expect(() => sm2.encrypt(offCurve, message, random)).toThrow(EncodingError);
  });

  it('are drawn again when n − 1 comes up, which has no inverse', () => {
    const drawing = (value: bigint) => numberToBytesBE(value - 1n, 48);
    expect(sm2.generate(drawn(drawing(n - 1n), drawing(5n)))).toEqual(
      sm2.importPrivateKey(key(numberToBytesBE(5n, 32))),
    );
  });
});

describe('SM2DSA', () => {
  it('another implementation verifies its signatures, and the other way round', () => {
    for (const [type, input] of [
      ['RAW', message],
      ['DIGEST', sm2.messageDigest(publicKey, message)],
    ] as const) {
      const signature = sm2.sign(privateKey, type, input, random);
      expect(other.doVerifySignature(message, toHex(signature), point, { der: true, hash: true })).toBe(true);
      const theirs = hex(other.doSignature(message, scalar, { der: true, hash: true, publicKey: point }));
      expect(sm2.verify(publicKey, type, input, theirs)).toBe(true);
    }
  });

  it('a signer with another id sends the digest made with it', () => {
    const digest = sm2.messageDigest(publicKey, message, text('ALICE123@YAHOO.COM'));
    const signature = sm2.sign(privateKey, 'DIGEST', digest, random);
    const options = { der: true, hash: true, userId: 'ALICE123@YAHOO.COM' };
    expect(other.doVerifySignature(message, toHex(signature), point, options)).toBe(true);
    expect(sm2.verify(publicKey, 'DIGEST', digest, signature)).toBe(true);
    expect(sm2.verify(publicKey, 'RAW', message, signature)).toBe(false);
  });

  it('refuses every damaged signature', () => {
    const signature = sm2.sign(privateKey, 'RAW', message, random);
    const pair = new DerReader(signature).sequence();
    const [r, s] = [bytesToNumberBE(pair.integer()), bytesToNumberBE(pair.integer())];
    const der = (...values: bigint[]) => sequence(...values.map((value) => integer(numberToBytesBE(value, 33))));
    const verify = (given: Uint8Array) => sm2.verify(publicKey, 'RAW', message, given);
    expect(verify(der(r, s))).toBe(true);
    const bad = [
      der(0n, s),
      der(r, 0n),
      der(n, s),
      der(r, n),
      der(r + n, s),
      der(r, s + n),
      der(r, n - r), // t = 0
      der(s, r),
      der(r, s, 1n),
      signature.subarray(0, -1),
      Uint8Array.from([...signature, 0]),
      flipped(signature, -1),
      new Uint8Array(0),
    ];
    expect(bad).toHaveLength(13);
    expect(bad.map(verify)).toEqual(bad.map(() => false));
    expect(sm2.verify(publicKey, 'RAW', text('another message'), signature)).toBe(false);
    expect(sm2.verify(sm2.publicKey(sm2.generate(random)), 'RAW', message, signature)).toBe(false);
  });

  it('refuses r + s = n, which anybody could make for a digest of their choosing', () => {
    // With t = 0 the public key drops out: s·G alone gives x, and e = r − x fits.
    const s = 12345n;
    const x = bytesToNumberBE(sm2.publicKey(key(numberToBytesBE(s, 32))).subarray(27, 59));
    const e = (2n * n - s - x) % n;
    const signature = sequence(integer(numberToBytesBE(n - s, 32)), integer(numberToBytesBE(s, 32)));
    expect(sm2.verify(publicKey, 'DIGEST', numberToBytesBE(e, 32), signature)).toBe(false);
  });

  it.each([0, 31, 33])('refuses a digest of %i bytes', (length) => {
    expect(() => sm2.sign(privateKey, 'DIGEST', new Uint8Array(length), random)).toThrow(RangeError);
    expect(() => sm2.verify(publicKey, 'DIGEST', new Uint8Array(length), new Uint8Array(8))).toThrow(RangeError);
  });
});

describe('SM2PKE', () => {
  it.each([1, 31, 32, 33, 1024])(
    '%i bytes: another implementation decrypts them, and the other way round',
    (length) => {
      const plaintext = random.bytes(length);
      const ciphertext = sm2.encrypt(publicKey, plaintext, random);
      expect(sm2.decrypt(privateKey, ciphertext)).toEqual(plaintext);
      const info = new DerReader(ciphertext).sequence();
      const [x, y] = [info.integer(), info.integer()].map((value) =>
        toHex(numberToBytesBE(bytesToNumberBE(value), 32)),
      );
      const [check, cipher] = [info.read(TAG.octetString), info.read(TAG.octetString)].map(toHex);
      const theirs = other.doDecrypt(`${x}${y}${check}${cipher}`, scalar, 1, { output: 'array' });
      expect(toHex(Uint8Array.from(theirs as unknown as number[]))).toBe(toHex(plaintext));
      const raw = hex(other.doEncrypt(plaintext, point, 1));
      const asn1 = sequence(
        integer(raw.subarray(0, 32)),
        integer(raw.subarray(32, 64)),
        octetString(raw.subarray(64, 96)),
        octetString(raw.subarray(96)),
      );
      expect(sm2.decrypt(privateKey, asn1)).toEqual(plaintext);
    },
  );

  it('takes 1 to 1,024 bytes, and opens longer ones, which imports send', () => {
    for (const length of [0, 1025]) {
      expect(() => sm2.encrypt(publicKey, new Uint8Array(length), random)).toThrow(
        `SM2PKE takes 1 to 1024 bytes, not ${length}`,
      );
    }
    const long = random.bytes(2400);
    const raw = hex(other.doEncrypt(long, point, 1));
    const asn1 = sequence(
      integer(raw.subarray(0, 32)),
      integer(raw.subarray(32, 64)),
      octetString(raw.subarray(64, 96)),
      octetString(raw.subarray(96)),
    );
    expect(sm2.decrypt(privateKey, asn1)).toEqual(long);
  });

  it('whatever was tampered with is null, points off the curve among it', () => {
    const ciphertext = sm2.encrypt(publicKey, message, random);
    const info = new DerReader(ciphertext).sequence();
    const parts = [info.integer(), info.integer(), info.read(TAG.octetString), info.read(TAG.octetString)] as const;
    const build = ([x, y, check, cipher]: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array]) =>
      sequence(integer(x), integer(y), octetString(check), octetString(cipher));
    expect(sm2.decrypt(privateKey, build(parts))).toEqual(message);
    const [x, y, check, cipher] = parts;
    const bad = [
      build([flipped(x, -1), y, check, cipher]),
      build([x, flipped(y, -1), check, cipher]),
      build([x, y, flipped(check), cipher]),
      build([x, y, check.subarray(1), cipher]),
      build([x, y, check, flipped(cipher)]),
      build([x, y, check, cipher.subarray(1)]),
      build([x, y, check, new Uint8Array(0)]),
      build([new Uint8Array(0), new Uint8Array(0), check, cipher]),
      build([new Uint8Array(33).fill(1), y, check, cipher]),
      build([x, y, cipher, check]),
      ciphertext.subarray(0, -1),
      Uint8Array.from([...ciphertext, 0]),
      new Uint8Array(0),
      sm2.encrypt(sm2.publicKey(sm2.generate(random)), message, random),
    ];
    expect(bad).toHaveLength(14);
    expect(bad.map((given) => sm2.decrypt(privateKey, given))).toEqual(bad.map(() => null));
  });
});

it('ECDH gives both sides the x-coordinate that another implementation finds', () => {
  const peer = sm2.generate(random);
  const secret = sm2.deriveSharedSecret(privateKey, sm2.publicKey(peer));
  expect(sm2.deriveSharedSecret(peer, publicKey)).toEqual(secret);
  const shared = other.ecdh(hex(scalar), toHex(sm2.publicKey(peer).subarray(26)), false);
  expect(toHex(secret)).toBe(toHex(shared.subarray(1, 33)));
});
