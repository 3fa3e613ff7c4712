import { createHash } from 'node:crypto';
import { sm3 as otherSm3 } from 'sm-crypto-v2';
import { describe, expect, it } from 'vitest';
import * as ed25519 from '../../../src/main/crypto/ed25519.ts';
import { keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { messageHash } from '../../../src/main/crypto/message-hash.ts';
import { Sm3 } from '../../../src/main/crypto/sm3.ts';
import { flipped, random, text, toHex } from '../../support/crypto.ts';

describe('SM3', () => {
  it('has the digests of GB/T 32905, annex A', () => {
    expect(toHex(new Sm3().update(text('abc')).digest())).toBe(
      '66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0',
    );
    expect(toHex(new Sm3().update(text('abcd'.repeat(16))).digest())).toBe(
      'debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732',
    );
  });

  it('is another implementation’s at every length around the block, in pieces of any size', () => {
    for (const length of [0, 1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000]) {
      const message = random.bytes(length);
      const state = new Sm3();
      for (let at = 0, size = 1; at < length; at += size, size = (size * 7) % 97)
        state.update(message.subarray(at, at + size));
      expect(toHex(state.digest()), `${length}`).toBe(otherSm3(message));
    }
  });
});

describe('a message hashed in pieces', () => {
  const message = random.bytes(10_001);
  const inPieces = (update: (piece: Uint8Array) => unknown) => {
    for (let at = 0; at < message.length; at += 999) update(message.subarray(at, at + 999));
  };

  it.each([
    ['SM2', 'SM2DSA'],
    ['ML_DSA_44', 'ML_DSA_SHAKE_256'],
    ['ML_DSA_65', 'ML_DSA_SHAKE_256'],
    ['ML_DSA_87', 'ML_DSA_SHAKE_256'],
    ['ECC_NIST_P384', 'ECDSA_SHA_384'],
  ] as const)('of %s has the signature of the whole one', async (spec, algorithm) => {
    const { generate, publicKey, signing } = keyPairs[spec];
    const scheme = signing[algorithm];
    if (!scheme) throw new Error(algorithm);
    const privateKey = await generate(random);
    const spki = publicKey(privateKey);
    const state = messageHash(algorithm, { spec, spki });
    inPieces((piece) => state.update(piece));
    const digest = state.digest();
    const type = scheme.messageTypes.includes('DIGEST') ? 'DIGEST' : 'EXTERNAL_MU';
    expect(scheme.verify(spki, 'RAW', message, scheme.sign(privateKey, type, digest, random))).toBe(true);
    expect(scheme.verify(spki, type, digest, scheme.sign(privateKey, 'RAW', message, random))).toBe(true);
  });

  it('has SHA-512 of Ed25519ph, and none of Ed25519 or of a missing or wrong key', async () => {
    const state = messageHash('ED25519_PH_SHA_512');
    inPieces((piece) => state.update(piece));
    expect(toHex(state.digest())).toBe(createHash('sha512').update(message).digest('hex'));
    expect(() => messageHash('ED25519_SHA_512')).toThrow(RangeError);
    expect(() => messageHash('SM2DSA')).toThrow(RangeError);
    const spki = keyPairs.SM2.publicKey(await keyPairs.SM2.generate(random));
    expect(() => messageHash('ML_DSA_SHAKE_256', { spec: 'SM2', spki })).toThrow(RangeError);
    expect(() => messageHash('ML_DSA_SHAKE_256', { spec: 'ML_DSA_44', spki })).toThrow(/not a key/);
  });

  it('verifies with Ed25519 as the whole one does', () => {
    const privateKey = ed25519.generate(random);
    const spki = ed25519.publicKey(privateKey);
    const good = ed25519.sign('ED25519_SHA_512', privateKey, message);
    const valid = (signature: Uint8Array, key = spki) => {
      const state = ed25519.verification(key, signature);
      inPieces(state.update);
      return state.valid();
    };
    expect(valid(good)).toBe(true);
    const largeS = Uint8Array.from(good).fill(0xff, 32);
    for (const bad of [flipped(good), flipped(good, -1), good.subarray(1), new Uint8Array(0), largeS])
      expect(valid(bad)).toBe(false);
    expect(valid(good, ed25519.publicKey(ed25519.generate(random)))).toBe(false);
    const smallOrder = Uint8Array.from(spki).fill(0, 12);
    expect(valid(Uint8Array.from(good).fill(0), smallOrder)).toBe(false);
  });
});
