import { shake256 } from '@noble/hashes/sha3.js';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
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
} from '../../../src/main/crypto/der.ts';
import * as mldsa from '../../../src/main/crypto/mldsa.ts';
import * as mlkem from '../../../src/main/crypto/mlkem.ts';
import { drawn, flipped, random, text } from '../../support/crypto.ts';

const dsas = [
  { spec: 'ML_DSA_44', dsa: ml_dsa44, arc: '2.16.840.1.101.3.4.3.17', spki: 1334, signature: 2420 },
  { spec: 'ML_DSA_65', dsa: ml_dsa65, arc: '2.16.840.1.101.3.4.3.18', spki: 1974, signature: 3309 },
  { spec: 'ML_DSA_87', dsa: ml_dsa87, arc: '2.16.840.1.101.3.4.3.19', spki: 2614, signature: 4627 },
] as const;
const kems = [
  { spec: 'ML_KEM_512', kem: ml_kem512, arc: '2.16.840.1.101.3.4.4.1', spki: 822, ciphertext: 768 },
  { spec: 'ML_KEM_768', kem: ml_kem768, arc: '2.16.840.1.101.3.4.4.2', spki: 1206, ciphertext: 1088 },
  { spec: 'ML_KEM_1024', kem: ml_kem1024, arc: '2.16.840.1.101.3.4.4.3', spki: 1590, ciphertext: 1568 },
] as const;

const message = text('a message');

function keyOf(spki: Uint8Array): Uint8Array {
  const info = new DerReader(spki).sequence();
  info.sequence();
  return info.bitString();
}

/** The private key forms of RFC 9881 and RFC 9935, which share their structure. */
function forms(arc: string, seed: Uint8Array, expanded: Uint8Array, publicKey: Uint8Array) {
  const pkcs8 = (key: Uint8Array, version = 0, ...rest: Uint8Array[]) =>
    sequence(integer(Uint8Array.of(version)), sequence(oid(arc)), octetString(key), ...rest);
  const given = (key: Uint8Array) => element(0x81, Uint8Array.of(0), key);
  const both = sequence(octetString(seed), octetString(expanded));
  return {
    good: {
      seed: pkcs8(element(0x80, seed)),
      both: pkcs8(both),
      'with its public key': pkcs8(element(0x80, seed), 1, given(publicKey)),
    },
    bad: {
      'the expanded key alone': pkcs8(octetString(expanded)),
      'two halves of different keys': pkcs8(sequence(octetString(flipped(seed)), octetString(expanded))),
      'a short seed': pkcs8(element(0x80, seed.subarray(1))),
      'a long seed': pkcs8(element(0x80, seed, Uint8Array.of(0))),
      'bytes after the seed': pkcs8(Uint8Array.from([...element(0x80, seed), 0])),
      'bytes after both': pkcs8(Uint8Array.from([...both, 0])),
      'another key’s public key': pkcs8(element(0x80, seed), 1, given(flipped(publicKey))),
      'nothing at all': pkcs8(new Uint8Array(0)),
    },
  };
}

describe.each(dsas)('$spec', ({ spec, dsa, arc, spki, signature: bytes }) => {
  const seed = random.bytes(32);
  const privateKey = mldsa.generate(spec, drawn(seed));
  const publicKey = mldsa.publicKey(spec, privateKey);
  const mu = (m: Uint8Array) => {
    const tr = shake256(keyOf(publicKey), { dkLen: 64 });
    return shake256(Uint8Array.from([...tr, 0, 0, ...m]), { dkLen: 64 });
  };

  it('keys are the seed’s, and survive import in each form', () => {
    const pair = dsa.keygen(seed);
    expect([privateKey.length, publicKey.length]).toEqual([54, spki]);
    expect(keyOf(publicKey)).toEqual(pair.publicKey);
    mldsa.requirePublicKey(spec, publicKey);
    const { good, bad } = forms(arc, seed, pair.secretKey, pair.publicKey);
    for (const [what, key] of Object.entries(good)) {
      expect(mldsa.importPrivateKey(spec, key), what).toEqual(privateKey);
    }
    for (const [what, key] of Object.entries(bad)) {
      expect(() => mldsa.importPrivateKey(spec, key), what).toThrow(EncodingError);
    }
    for (const other of dsas) {
      if (other.spec === spec) continue;
      expect(() => mldsa.importPrivateKey(other.spec, privateKey)).toThrow('not a key of');
      expect(() => mldsa.requirePublicKey(other.spec, publicKey)).toThrow('not a key of');
    }
    const short = sequence(sequence(oid(arc)), bitString(pair.publicKey.subarray(1)));
    expect(() => mldsa.requirePublicKey(spec, short)).toThrow(EncodingError);
    expect(() => mldsa.verify(spec, short, 'RAW', message, new Uint8Array(bytes))).toThrow(EncodingError);
  });

  it('signs messages and their representatives alike; noble verifies', () => {
    for (const [type, input] of [
      ['RAW', message],
      ['EXTERNAL_MU', mu(message)],
    ] as const) {
      const signature = mldsa.sign(spec, privateKey, type, input, random);
      expect(signature).toHaveLength(bytes);
      expect(dsa.verify(signature, message, keyOf(publicKey))).toBe(true);
      expect(mldsa.verify(spec, publicKey, 'RAW', message, signature)).toBe(true);
      expect(mldsa.verify(spec, publicKey, 'EXTERNAL_MU', mu(message), signature)).toBe(true);
      const bad = [flipped(signature), flipped(signature, bytes >> 1), signature.subarray(1), new Uint8Array(bytes)];
      const extended = Uint8Array.from([...signature, 0]);
      for (const given of [...bad, extended]) {
        expect(mldsa.verify(spec, publicKey, 'RAW', message, given)).toBe(false);
        expect(mldsa.verify(spec, publicKey, 'EXTERNAL_MU', mu(message), given)).toBe(false);
      }
      expect(mldsa.verify(spec, publicKey, 'RAW', text('another message'), signature)).toBe(false);
    }
    const withContext = dsa.sign(message, dsa.keygen(seed).secretKey, { context: text('c') });
    expect(mldsa.verify(spec, publicKey, 'RAW', message, withContext)).toBe(false);
  });

  it('signs with fresh randomness, and takes µ of 64 bytes alone', () => {
    const sign = () => mldsa.sign(spec, privateKey, 'RAW', message, random);
    expect(sign()).not.toEqual(sign());
    for (const length of [0, 63, 65]) {
      const input = new Uint8Array(length);
      expect(() => mldsa.sign(spec, privateKey, 'EXTERNAL_MU', input, random)).toThrow(RangeError);
      expect(() => mldsa.verify(spec, publicKey, 'EXTERNAL_MU', input, new Uint8Array(bytes))).toThrow(RangeError);
    }
  });
});

describe.each(kems)('$spec', ({ spec, kem, arc, spki, ciphertext: bytes }) => {
  const seed = random.bytes(64);
  const privateKey = mlkem.generate(spec, drawn(seed));
  const publicKey = mlkem.publicKey(spec, privateKey);

  it('keys are the seed’s, and survive import in each form', () => {
    const pair = kem.keygen(seed);
    expect([privateKey.length, publicKey.length]).toEqual([86, spki]);
    expect(keyOf(publicKey)).toEqual(pair.publicKey);
    mlkem.requirePublicKey(spec, publicKey);
    const { good, bad } = forms(arc, seed, pair.secretKey, pair.publicKey);
    for (const [what, key] of Object.entries(good)) {
      expect(mlkem.importPrivateKey(spec, key), what).toEqual(privateKey);
    }
    for (const [what, key] of Object.entries(bad)) {
      expect(() => mlkem.importPrivateKey(spec, key), what).toThrow(EncodingError);
    }
    for (const key of [pair.publicKey.subarray(1), new Uint8Array(pair.publicKey.length).fill(0xff)]) {
      const encoded = sequence(sequence(oid(arc)), bitString(key));
      expect(() => mlkem.requirePublicKey(spec, encoded)).toThrow(EncodingError);
      expect(() => mlkem.encapsulate(spec, encoded, random)).toThrow(EncodingError);
    }
  });

  it('both sides get one secret, the one noble finds', () => {
    const m = random.bytes(32);
    const { sharedSecret, ciphertext } = mlkem.encapsulate(spec, publicKey, drawn(m));
    expect([sharedSecret.length, ciphertext.length, mlkem.ciphertextBytes(spec)]).toEqual([32, bytes, bytes]);
    expect(mlkem.decapsulate(spec, privateKey, ciphertext)).toEqual(sharedSecret);
    expect(kem.encapsulate(keyOf(publicKey), m)).toEqual({ sharedSecret, cipherText: ciphertext });
  });

  it('rejects implicitly: another secret, always the same (FIPS 203, Algorithm 18, line 7)', () => {
    const { sharedSecret, ciphertext } = mlkem.encapsulate(spec, publicKey, random);
    const tampered = flipped(ciphertext, 5);
    const secret = mlkem.decapsulate(spec, privateKey, tampered);
    expect(secret).not.toEqual(sharedSecret);
    expect(secret).toEqual(shake256(Uint8Array.from([...seed.subarray(32), ...tampered]), { dkLen: 32 }));
    for (const length of [0, bytes - 1, bytes + 1]) {
      expect(() => mlkem.decapsulate(spec, privateKey, new Uint8Array(length))).toThrow(
        `an encapsulation for ${spec} has ${bytes} bytes, not ${length}`,
      );
    }
  });
});
