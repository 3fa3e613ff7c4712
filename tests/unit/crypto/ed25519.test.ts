import { createHash } from 'node:crypto';
import { ed25519 as curve, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js';
import { bytesToNumberLE, numberToBytesLE } from '@noble/curves/utils.js';
import { describe, expect, it } from 'vitest';
import {
  bitString,
  EncodingError,
  element,
  integer,
  octetString,
  oid,
  sequence,
} from '../../../src/main/crypto/der.ts';
import * as ed25519 from '../../../src/main/crypto/ed25519.ts';
import { drawn, flipped, hex, random, text, toHex } from '../../support/crypto.ts';

const L = curve.Point.Fn.ORDER;
const sha512 = (...parts: Uint8Array[]) => {
  const hash = createHash('sha512');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

/** Ed25519ph written out from RFC 8032, section 5.1.6, on the curve's points and node:crypto's SHA-512. */
function referencePh(seed: Uint8Array, message: Uint8Array): Uint8Array {
  const dom2 = Uint8Array.from([...text('SigEd25519 no Ed25519 collisions'), 1, 0]);
  const h = sha512(seed);
  h[0] = (h[0] ?? 0) & 0xf8;
  h[31] = ((h[31] ?? 0) & 0x7f) | 0x40;
  const s = bytesToNumberLE(h.subarray(0, 32)) % L;
  const a = curve.Point.BASE.multiply(s).toBytes();
  const ph = sha512(message);
  const r = bytesToNumberLE(sha512(dom2, h.subarray(32), ph)) % L;
  const R = curve.Point.BASE.multiply(r).toBytes();
  const k = bytesToNumberLE(sha512(dom2, R, a, ph)) % L;
  return Uint8Array.from([...R, ...numberToBytesLE((r + k * s) % L, 32)]);
}

const seed = random.bytes(32);
const privateKey = ed25519.generate(drawn(seed));
const publicKey = ed25519.publicKey(privateKey);
const spkiOf = (key: Uint8Array) => sequence(sequence(oid('1.3.101.112')), bitString(key));

describe('Ed25519ph', () => {
  it('the reference gives RFC 8032, section 7.3', () => {
    const secret = hex('833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42');
    expect(toHex(referencePh(secret, text('abc')))).toBe(
      '98a70222f0b8121aa9d30f813d683f809e462b469c7ff87639499bb94e6dae4131f85042463c2a355a2003d062adf5aaa10b8c61e636062aaad11c2a26083406',
    );
  });

  it('signs the 64 bytes of a digest, hashing them once more as KMS does', () => {
    const digest = sha512(text('a message'));
    const signature = ed25519.sign('ED25519_PH_SHA_512', privateKey, digest);
    expect(signature).toEqual(referencePh(seed, digest));
    expect(ed25519.verify('ED25519_PH_SHA_512', publicKey, digest, signature)).toBe(true);
    expect(ed25519.verify('ED25519_SHA_512', publicKey, digest, signature)).toBe(false);
    expect(ed25519.verify('ED25519_PH_SHA_512', publicKey, sha512(digest), signature)).toBe(false);
  });

  it.each([0, 32, 63, 65])('refuses %i bytes', (length) => {
    const digest = new Uint8Array(length);
    expect(() => ed25519.sign('ED25519_PH_SHA_512', privateKey, digest)).toThrow(
      `the digest must have 64 bytes, not ${length}`,
    );
    expect(() => ed25519.verify('ED25519_PH_SHA_512', publicKey, digest, new Uint8Array(64))).toThrow(RangeError);
  });
});

describe('Ed25519', () => {
  const message = text('a message');
  const signature = ed25519.sign('ED25519_SHA_512', privateKey, message);
  const verify = (given: Uint8Array, spki = publicKey) => ed25519.verify('ED25519_SHA_512', spki, message, given);

  it('refuses every damaged signature', () => {
    expect(verify(signature)).toBe(true);
    for (const at of [0, 31, 32, -1]) expect(verify(flipped(signature, at))).toBe(false);
    expect(verify(signature.subarray(1))).toBe(false);
    expect(verify(signature.subarray(0, 63))).toBe(false);
    expect(verify(Uint8Array.from([...signature, 0]))).toBe(false);
    expect(verify(new Uint8Array(0))).toBe(false);
    expect(verify(new Uint8Array(64))).toBe(false);
    expect(ed25519.verify('ED25519_SHA_512', publicKey, text('another message'), signature)).toBe(false);
  });

  it('refuses S + L, which satisfies the same equation', () => {
    const s = bytesToNumberLE(signature.subarray(32));
    expect(verify(Uint8Array.from([...signature.subarray(0, 32), ...numberToBytesLE(s + L, 32)]))).toBe(false);
    expect(verify(Uint8Array.from([...signature.subarray(0, 32), ...numberToBytesLE(L, 32)]))).toBe(false);
  });

  it('refuses points of small order and ones not written in canonical form', () => {
    expect(ED25519_TORSION_SUBGROUP).toHaveLength(8);
    const everything = Uint8Array.from([...hex(ED25519_TORSION_SUBGROUP[0] ?? ''), ...new Uint8Array(32)]);
    for (const point of ED25519_TORSION_SUBGROUP) {
      expect(() => ed25519.requirePublicKey(spkiOf(hex(point)))).toThrow('not a point of Ed25519');
      expect(verify(everything, spkiOf(hex(point)))).toBe(false);
    }
    // p + 3 for y = 3, which is on the curve: the same point written a second time.
    const second = numberToBytesLE(curve.Point.Fp.ORDER + 3n, 32);
    expect(() => ed25519.requirePublicKey(spkiOf(numberToBytesLE(3n, 32)))).not.toThrow();
    expect(() => ed25519.requirePublicKey(spkiOf(second))).toThrow(EncodingError);
  });
});

describe('Ed25519 keys', () => {
  const algorithm = sequence(oid('1.3.101.112'));
  const pkcs8 = (version: number, key: Uint8Array, ...rest: Uint8Array[]) =>
    sequence(integer(Uint8Array.of(version)), algorithm, octetString(key), ...rest);

  it('survive import; malformed ones do not', () => {
    expect([privateKey.length, publicKey.length]).toEqual([48, 44]);
    expect(ed25519.importPrivateKey(privateKey)).toEqual(privateKey);
    ed25519.requirePublicKey(publicKey);
    const own = publicKey.subarray(12);
    const given = (key: Uint8Array) => element(0x81, Uint8Array.of(0), key);
    expect(ed25519.importPrivateKey(pkcs8(1, octetString(seed), given(own)))).toEqual(privateKey);
    const bad: Record<string, Uint8Array> = {
      'a short seed': pkcs8(0, octetString(seed.subarray(1))),
      'a long seed': pkcs8(0, octetString(Uint8Array.from([...seed, 0]))),
      'a bare seed': pkcs8(0, seed),
      'a seed and more': pkcs8(0, Uint8Array.from([...octetString(seed), 0])),
      'another key’s public key': pkcs8(1, octetString(seed), given(flipped(own))),
      'a public key in version 0': pkcs8(0, octetString(seed), given(own)),
      'version 2': pkcs8(2, octetString(seed)),
      'parameters NULL': sequence(
        integer(Uint8Array.of(0)),
        sequence(oid('1.3.101.112'), Uint8Array.of(5, 0)),
        octetString(octetString(seed)),
      ),
      X25519: sequence(integer(Uint8Array.of(0)), sequence(oid('1.3.101.110')), octetString(octetString(seed))),
      truncated: privateKey.subarray(0, -1),
      extended: Uint8Array.from([...privateKey, 0]),
    };
    expect(Object.keys(bad)).toHaveLength(11);
    for (const [what, key] of Object.entries(bad)) {
      expect(() => ed25519.importPrivateKey(key), what).toThrow(EncodingError);
    }
    for (const key of [own.subarray(1), Uint8Array.from([...own, 0])]) {
      expect(() => ed25519.requirePublicKey(spkiOf(key))).toThrow(EncodingError);
      expect(() => ed25519.verify('ED25519_SHA_512', spkiOf(key), seed, new Uint8Array(64))).toThrow(EncodingError);
    }
  });
});
