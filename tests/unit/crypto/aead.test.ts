import { gcm } from '@noble/ciphers/aes.js';
import { describe, expect, it } from 'vitest';
import {
  NONCE_BYTES,
  open,
  openWith,
  SEAL_OVERHEAD,
  seal,
  sealWith,
  TAG_BYTES,
} from '../../../src/main/crypto/aead.ts';
import { fromHex, toHex } from '../../../src/main/crypto/bytes.ts';
import { seededNumbers, testSeed } from '../../support/vault.ts';

const LONG_KEY = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';
const LONG_TEXT =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255';
const LONG_SEALED =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad';

/** Test cases 13 to 16 (AES-256) of "The Galois/Counter Mode of Operation" by McGrew and Viega, the submission behind SP 800-38D. */
const vectors = [
  { key: '00'.repeat(32), nonce: '00'.repeat(12), text: '', aad: '', out: '530f8afbc74536b9a963b4f1c4cb738b' },
  {
    key: '00'.repeat(32),
    nonce: '00'.repeat(12),
    text: '00'.repeat(16),
    aad: '',
    out: 'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  },
  {
    key: LONG_KEY,
    nonce: 'cafebabefacedbaddecaf888',
    text: LONG_TEXT,
    aad: '',
    out: `${LONG_SEALED}b094dac5d93471bdec1a502270e3cc6c`,
  },
  {
    key: LONG_KEY,
    nonce: 'cafebabefacedbaddecaf888',
    text: LONG_TEXT.slice(0, 120),
    aad: 'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    out: `${LONG_SEALED.slice(0, 120)}76fc6ece0f4e1768cddf8853bb2d551b`,
  },
];

describe('AES-256-GCM', () => {
  it.each(vectors)('gives the standard answer: $out', ({ key, nonce, text, aad, out }) => {
    const [k, n, p, a] = [fromHex(key), fromHex(nonce), fromHex(text), fromHex(aad)];
    expect(toHex(sealWith(k, n, p, a))).toBe(out);
    expect(toHex(openWith(k, n, fromHex(out), a) ?? new Uint8Array(1))).toBe(text);
    expect(toHex(seal(k, n, p, a))).toBe(nonce + out);
    expect(toHex(open(k, fromHex(nonce + out), a) ?? new Uint8Array(1))).toBe(text);
  });

  it('agrees with another implementation at every length up to three blocks, and refuses every turned bit', () => {
    const seed = testSeed();
    const number = seededNumbers(seed);
    const bytes = (length: number) => Uint8Array.from({ length }, () => number(256));
    for (let length = 0; length <= 48; length++) {
      const [key, nonce, text, aad] = [bytes(32), bytes(12), bytes(length), bytes(number(40))];
      const sealed = sealWith(key, nonce, text, aad);
      expect(sealed, `seed ${seed}`).toEqual(gcm(key, nonce, aad).encrypt(text));
      expect(sealed).toHaveLength(length + TAG_BYTES);
      for (let bit = 0; bit < sealed.length * 8; bit++) {
        const bad = sealed.slice();
        bad[bit >> 3] = (bad[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(openWith(key, nonce, bad, aad), `bit ${bit}, seed ${seed}`).toBeNull();
      }
    }
  });

  it('opens nothing under another key, nonce or additional data, and nothing that is cut', () => {
    const key = new Uint8Array(32).fill(1);
    const nonce = new Uint8Array(12).fill(2);
    const aad = Uint8Array.of(3);
    const sealed = seal(key, nonce, new Uint8Array(20), aad);
    expect(open(key, sealed, aad)).toEqual(new Uint8Array(20));
    expect(open(new Uint8Array(32), sealed, aad)).toBeNull();
    expect(open(key, sealed, new Uint8Array(0))).toBeNull();
    expect(openWith(key, new Uint8Array(12), sealed.subarray(NONCE_BYTES), aad)).toBeNull();
    for (let length = 0; length < sealed.length; length++)
      expect(open(key, sealed.subarray(0, length), aad)).toBeNull();
    expect(SEAL_OVERHEAD).toBe(28);
  });

  it('refuses keys and nonces of another length, and names only lengths', () => {
    const empty = new Uint8Array(0);
    for (const length of [0, 16, 24, 31, 33]) {
      const message = `an AES-256 key has 32 bytes, not ${length}`;
      expect(() => sealWith(new Uint8Array(length), new Uint8Array(12), empty, empty)).toThrow(message);
      expect(() => openWith(new Uint8Array(length), new Uint8Array(12), new Uint8Array(16), empty)).toThrow(message);
    }
    for (const length of [0, 8, 11, 13, 16])
      expect(() => sealWith(new Uint8Array(32), new Uint8Array(length), empty, empty)).toThrow(
        `the nonce has 12 bytes, not ${length}`,
      );
  });
});
