import { createHash, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { describe, expect, it } from 'vitest';
import {
  bitString,
  DerReader,
  EncodingError,
  element,
  integer,
  octetString,
  oid,
  sequence,
  TAG,
} from '../../../src/main/crypto/der.ts';
import { decodeSignature, ecCurve } from '../../../src/main/crypto/ec-keys.ts';
import * as ecc from '../../../src/main/crypto/ecc.ts';
import { drawn, flipped, random, text } from '../../support/crypto.ts';

const curves = [
  { spec: 'ECC_NIST_P256', curve: p256, hash: 'sha256', dotted: '1.2.840.10045.3.1.7', sizes: [138, 91, 32] },
  { spec: 'ECC_NIST_P384', curve: p384, hash: 'sha384', dotted: '1.3.132.0.34', sizes: [185, 120, 48] },
  { spec: 'ECC_NIST_P521', curve: p521, hash: 'sha512', dotted: '1.3.132.0.35', sizes: [241, 158, 66] },
  { spec: 'ECC_SECG_P256K1', curve: secp256k1, hash: 'sha256', dotted: '1.3.132.0.10', sizes: [135, 88, 32] },
] as const;

const message = text('a message');
const digestOf = (hash: string) => new Uint8Array(createHash(hash).update(message).digest());
const spkiOf = (dotted: string, point: Uint8Array) =>
  sequence(sequence(oid('1.2.840.10045.2.1'), oid(dotted)), bitString(point));
const pointOf = (spki: Uint8Array) => {
  const info = new DerReader(spki).sequence();
  info.sequence();
  return info.bitString();
};

describe.each(curves)('$spec', ({ spec, curve, hash, dotted, sizes: [pkcs8Bytes, spkiBytes, bytes] }) => {
  const privateKey = ecc.generate(spec, random);
  const publicKey = ecc.publicKey(spec, privateKey);
  const opened = ecc.open(spec, privateKey);
  const n = curve.Point.Fn.ORDER;

  it('keys have their lengths, and survive import and opening', () => {
    expect([privateKey.length, publicKey.length]).toEqual([pkcs8Bytes, spkiBytes]);
    expect(ecc.importPrivateKey(spec, privateKey)).toEqual(privateKey);
    expect(ecc.publicKey(spec, opened)).toEqual(publicKey);
    ecc.requirePublicKey(spec, publicKey);
  });

  it('signs messages and digests alike; noble verifies them from the point', () => {
    for (const key of [privateKey, opened]) {
      for (const [type, input] of [
        ['RAW', message],
        ['DIGEST', digestOf(hash)],
      ] as const) {
        const signature = ecc.sign(spec, key, type, input, random);
        expect(ecc.verify(spec, publicKey, 'RAW', message, signature)).toBe(true);
        expect(ecc.verify(spec, publicKey, 'DIGEST', digestOf(hash), signature)).toBe(true);
        const options = { prehash: false, lowS: false, format: 'der' } as const;
        expect(curve.verify(signature, digestOf(hash), pointOf(publicKey), options)).toBe(true);
      }
    }
  });

  it('refuses digests of another length', () => {
    const digest = digestOf(hash).subarray(1);
    expect(() => ecc.sign(spec, privateKey, 'DIGEST', digest, random)).toThrow(RangeError);
    expect(() => ecc.verify(spec, publicKey, 'DIGEST', digest, new Uint8Array(8))).toThrow(RangeError);
  });

  it.each(['RAW', 'DIGEST'] as const)('refuses every damaged signature over a %s', (type) => {
    const input = type === 'RAW' ? message : digestOf(hash);
    const signature = ecc.sign(spec, privateKey, type, input, random);
    const verify = (given: Uint8Array) => ecc.verify(spec, publicKey, type, input, given);
    const pair = new DerReader(signature).sequence();
    const [r, s] = [bytesToNumberBE(pair.integer()), bytesToNumberBE(pair.integer())];
    const der = (...values: bigint[]) => sequence(...values.map((value) => integer(numberToBytesBE(value, bytes + 1))));
    expect(verify(der(r, s))).toBe(true);
    // The other half of the range is as valid: AWS does not ask for a low s.
    expect(verify(der(r, n - s))).toBe(true);
    const raw = (tag: number, value: bigint, zeros: number) =>
      element(tag, new Uint8Array(zeros), new DerReader(integer(numberToBytesBE(value, bytes + 1))).read(TAG.integer));
    const bad: Record<string, Uint8Array> = {
      'r is zero': der(0n, s),
      's is zero': der(r, 0n),
      'both are zero': der(0n, 0n),
      'r is the order': der(n, s),
      's is the order': der(r, n),
      'r is above the order': der(r + n, s),
      's is above the order': der(r, s + n),
      swapped: der(s, r),
      'three integers': der(r, s, 1n),
      'one integer': der(r),
      truncated: signature.subarray(0, -1),
      extended: Uint8Array.from([...signature, 0]),
      'a spare zero before r': sequence(raw(TAG.integer, r, 1), raw(TAG.integer, s, 0)),
      'a spare zero before s': sequence(raw(TAG.integer, r, 0), raw(TAG.integer, s, 1)),
      'r as another type': sequence(raw(TAG.octetString, r, 0), raw(TAG.integer, s, 0)),
      'negative r': sequence(element(TAG.integer, Uint8Array.of(0x80)), integer(numberToBytesBE(s, bytes))),
      'compact form': Uint8Array.from([...numberToBytesBE(r, bytes), ...numberToBytesBE(s, bytes)]),
      'an indefinite length': Uint8Array.from([0x30, 0x80, ...signature.subarray(2), 0, 0]),
      empty: new Uint8Array(0),
      'one bit of s': flipped(signature, -1),
    };
    expect(Object.keys(bad)).toHaveLength(20);
    for (const [what, given] of Object.entries(bad)) expect(verify(given), what).toBe(false);
  });

  it('reads r and s from 1 to n − 1, padded, and nothing else', () => {
    const own = ecCurve(spec, dotted, curve.Point);
    const read = (r: bigint, s: bigint) =>
      decodeSignature(own, sequence(...[r, s].map((value) => integer(numberToBytesBE(value, bytes + 1)))));
    expect(read(1n, n - 1n)).toEqual({ r: numberToBytesBE(1n, bytes), s: numberToBytesBE(n - 1n, bytes) });
    const high = 1n << BigInt(8 * bytes);
    for (const [r, s] of [
      [0n, 1n],
      [1n, 0n],
      [n, 1n],
      [1n, n],
      [n + 1n, 1n],
      [1n, high],
      [high, 1n],
    ] as const) {
      expect(read(r, s)).toBeNull();
    }
  });

  it('refuses signatures of another message and of another key', () => {
    const signature = ecc.sign(spec, privateKey, 'RAW', message, random);
    expect(ecc.verify(spec, publicKey, 'RAW', text('another message'), signature)).toBe(false);
    const other = ecc.publicKey(spec, ecc.generate(spec, random));
    expect(ecc.verify(spec, other, 'RAW', message, signature)).toBe(false);
  });

  it('derives one secret from both sides, the x-coordinate that noble finds', () => {
    const peer = ecc.generate(spec, random);
    const peerPublic = ecc.publicKey(spec, peer);
    const secret = ecc.deriveSharedSecret(spec, privateKey, peerPublic);
    expect(secret).toHaveLength(bytes);
    expect(ecc.deriveSharedSecret(spec, ecc.open(spec, peer), publicKey)).toEqual(secret);
    const compressed = curve.Point.fromBytes(pointOf(peerPublic)).toBytes(true);
    expect(ecc.deriveSharedSecret(spec, opened, spkiOf(dotted, compressed))).toEqual(secret);
  });

  it('refuses public keys that are no point of the curve', () => {
    const point = pointOf(publicKey);
    const x = point.subarray(1, 1 + bytes);
    const big = numberToBytesBE(curve.Point.Fp.ORDER, bytes);
    const bad: Record<string, Uint8Array> = {
      'not on the curve': spkiOf(dotted, flipped(point, -1)),
      'at infinity': spkiOf(dotted, Uint8Array.of(0)),
      'all zero': spkiOf(dotted, Uint8Array.from([4, ...new Uint8Array(2 * bytes)])),
      'x not below the prime': spkiOf(dotted, Uint8Array.from([2, ...big])),
      hybrid: spkiOf(dotted, Uint8Array.from([6 | ((point.at(-1) ?? 0) & 1), ...point.subarray(1)])),
      'without a form': spkiOf(dotted, point.subarray(1)),
      'x alone': spkiOf(dotted, x),
      truncated: spkiOf(dotted, point.subarray(0, -1)),
      extended: spkiOf(dotted, Uint8Array.from([...point, 0])),
      'bytes after the end': Uint8Array.from([...publicKey, 0]),
      'a private key': privateKey,
    };
    for (const other of curves) {
      if (other.spec === spec) continue;
      bad[`named ${other.spec}`] = spkiOf(other.dotted, point);
      bad[`on ${other.spec}`] = spkiOf(dotted, other.curve.Point.BASE.toBytes(false));
    }
    expect(Object.keys(bad)).toHaveLength(17);
    for (const [what, spki] of Object.entries(bad)) {
      expect(() => ecc.requirePublicKey(spec, spki), what).toThrow(EncodingError);
      expect(() => ecc.deriveSharedSecret(spec, privateKey, spki), what).toThrow(EncodingError);
      expect(() => ecc.verify(spec, spki, 'RAW', message, new Uint8Array(8)), what).toThrow(EncodingError);
    }
  });

  it('refuses explicit parameters, even the curve’s own', () => {
    const { p, a, b, Gx, Gy } = curve.Point.CURVE();
    const number = (value: bigint) => integer(numberToBytesBE(value, bytes + 1));
    const field = (value: bigint) => octetString(numberToBytesBE(value, bytes));
    const generator = Uint8Array.from([4, ...numberToBytesBE(Gx, bytes), ...numberToBytesBE(Gy, bytes)]);
    const parameters = sequence(
      integer(Uint8Array.of(1)),
      sequence(oid('1.2.840.10045.1.1'), number(p)),
      sequence(field(a), field(b)),
      octetString(generator),
      number(n),
      integer(Uint8Array.of(1)),
    );
    const algorithm = sequence(oid('1.2.840.10045.2.1'), parameters);
    const spki = sequence(algorithm, bitString(pointOf(publicKey)));
    expect(() => ecc.requirePublicKey(spec, spki)).toThrow('not a key of');
    const scalar = numberToBytesBE(1n, bytes);
    const key = sequence(integer(Uint8Array.of(1)), octetString(scalar));
    const pkcs8 = sequence(integer(Uint8Array.of(0)), algorithm, octetString(key));
    expect(() => ecc.importPrivateKey(spec, pkcs8)).toThrow('not a key of');
  });

  const algorithm = sequence(oid('1.2.840.10045.2.1'), oid(dotted));
  const pkcs8Of = (version: number, scalar: Uint8Array, ...rest: Uint8Array[]) =>
    sequence(
      integer(Uint8Array.of(0)),
      algorithm,
      octetString(sequence(integer(Uint8Array.of(version)), octetString(scalar), ...rest)),
    );
  const two = numberToBytesBE(2n, bytes);
  const pointOfTwo = curve.Point.BASE.double();
  const tagged = (tag: number, contents: Uint8Array) => element(tag, contents);

  it('imports what RFC 5915 leaves open into one encoding', () => {
    const own = ecc.importPrivateKey(spec, pkcs8Of(1, two));
    expect(ecc.importPrivateKey(spec, own)).toEqual(own);
    expect(pointOf(ecc.publicKey(spec, own))).toEqual(pointOfTwo.toBytes(false));
    const named = tagged(0xa0, oid(dotted));
    for (const compressed of [false, true]) {
      const point = tagged(0xa1, bitString(pointOfTwo.toBytes(compressed)));
      expect(ecc.importPrivateKey(spec, pkcs8Of(1, two, point))).toEqual(own);
      expect(ecc.importPrivateKey(spec, pkcs8Of(1, two, named, point))).toEqual(own);
    }
  });

  it('refuses private keys that are not of the curve', () => {
    const other = curves.find(({ dotted: theirs }) => theirs !== dotted)?.dotted ?? '';
    const bad: Record<string, Uint8Array> = {
      zero: pkcs8Of(1, new Uint8Array(bytes)),
      'the order': pkcs8Of(1, numberToBytesBE(n, bytes)),
      'above the order': pkcs8Of(1, new Uint8Array(bytes).fill(0xff)),
      short: pkcs8Of(1, two.subarray(1)),
      long: pkcs8Of(1, Uint8Array.from([0, ...two])),
      'of version 2': pkcs8Of(2, two),
      'that name another curve': pkcs8Of(1, two, tagged(0xa0, oid(other))),
      'with another key’s point': pkcs8Of(1, two, tagged(0xa1, bitString(curve.Point.BASE.toBytes(false)))),
      'with no point': pkcs8Of(1, two, tagged(0xa1, bitString(flipped(pointOfTwo.toBytes(false), -1)))),
      'with something more': pkcs8Of(1, two, tagged(0xa2, two)),
      truncated: privateKey.subarray(0, -1),
      extended: Uint8Array.from([...privateKey, 0]),
      'a public key': publicKey,
    };
    expect(Object.keys(bad)).toHaveLength(13);
    for (const [what, pkcs8] of Object.entries(bad)) {
      expect(() => ecc.importPrivateKey(spec, pkcs8), what).toThrow(EncodingError);
    }
  });
});

describe('the NIST curves and node:crypto', () => {
  it.each(curves.slice(0, 3))('$spec: each verifies the other', ({ spec, hash }) => {
    const privateKey = ecc.generate(spec, random);
    const publicKey = ecc.publicKey(spec, privateKey);
    const spki = { key: Buffer.from(publicKey), format: 'der', type: 'spki' } as const;
    const pkcs8 = { key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' } as const;
    const ours = ecc.sign(spec, privateKey, 'DIGEST', digestOf(hash), random);
    expect(nodeVerify(hash, message, spki, ours)).toBe(true);
    const theirs = new Uint8Array(nodeSign(hash, message, pkcs8));
    expect(ecc.verify(spec, publicKey, 'DIGEST', digestOf(hash), theirs)).toBe(true);
  });
});

it('keys are made from the randomness given, and digests are signed with it mixed in', () => {
  const seed = new Uint8Array(48).fill(9);
  const key = ecc.generate('ECC_NIST_P256', drawn(seed));
  expect(ecc.generate('ECC_NIST_P256', drawn(seed))).toEqual(key);
  const sign = (entropy: number) =>
    ecc.sign('ECC_NIST_P256', key, 'DIGEST', digestOf('sha256'), drawn(new Uint8Array(32).fill(entropy)));
  expect(sign(1)).toEqual(sign(1));
  expect(sign(1)).not.toEqual(sign(2));
});
