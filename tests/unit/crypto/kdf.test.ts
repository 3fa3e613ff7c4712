import { describe, expect, it } from 'vitest';
import { concat, equal, framed, fromBase64, fromHex, toHex, u32, u64, utf8 } from '../../../src/main/crypto/bytes.ts';
import { hkdf, hmac, SCRYPT_DEFAULT, scryptCostIsSane, stretch } from '../../../src/main/crypto/kdf.ts';

/** HKDF as section 2 of RFC 5869 says it, over HMAC: slow and clear. */
function reference(key: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array {
  const prk = hmac(salt.length > 0 ? salt : new Uint8Array(32), key);
  let block = new Uint8Array(0);
  let out = new Uint8Array(0);
  for (let counter = 1; out.length < length; counter++) {
    block = hmac(prk, block, info, Uint8Array.of(counter)) as Uint8Array<ArrayBuffer>;
    out = concat(out, block) as Uint8Array<ArrayBuffer>;
  }
  return out.subarray(0, length);
}

describe('HMAC-SHA-256', () => {
  // RFC 4231, test cases 1 and 2.
  it.each([
    ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    [
      toHex(utf8('Jefe')),
      'what do ya want for nothing?',
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
  ])('of key %s gives the standard answer, in one part or several', (key, text, mac) => {
    expect(toHex(hmac(fromHex(key), utf8(text)))).toBe(mac);
    expect(toHex(hmac(fromHex(key), utf8(text.slice(0, 3)), utf8(text.slice(3))))).toBe(mac);
  });
});

describe('HKDF-SHA-256', () => {
  const IKM = fromHex('0b'.repeat(22));

  it('gives the answers of RFC 5869, appendix A', () => {
    // A.3: no salt and no info. A.1 and A.2 have an info that is no text; they hold the reference to the standard.
    expect(toHex(hkdf(IKM, new Uint8Array(0), '', 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    );
    expect(toHex(reference(IKM, fromHex('000102030405060708090a0b0c'), fromHex('f0f1f2f3f4f5f6f7f8f9'), 42))).toBe(
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    );
  });

  it('agrees with the reference for the purposes the vault has', () => {
    const key = fromHex('42'.repeat(32));
    for (const purpose of ['coffer/v1/header', 'coffer/v1/journal/7', 'größer'])
      for (const length of [16, 32, 100])
        expect(hkdf(key, utf8('salt'), purpose, length)).toEqual(reference(key, utf8('salt'), utf8(purpose), length));
    expect(hkdf(key, utf8('salt'), 'a')).toHaveLength(32);
  });

  it('gives other keys for another purpose or salt', () => {
    const key = new Uint8Array(32);
    const all = ['a', 'b', 'a/b'].flatMap((purpose) => ['', 's'].map((salt) => toHex(hkdf(key, utf8(salt), purpose))));
    expect(new Set(all).size).toBe(6);
  });
});

describe('scrypt', () => {
  // RFC 7914, section 12; its outputs are 64 bytes, of which a shorter output is the beginning.
  it.each([
    ['', '', { N: 16, r: 1, p: 1 }, '77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442'],
    ['password', 'NaCl', { N: 1024, r: 8, p: 16 }, 'fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162'],
    [
      'pleaseletmein',
      'SodiumChloride',
      { N: 16384, r: 8, p: 1 },
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2',
    ],
  ])('of "%s" and "%s" gives the standard answer', async (passphrase, salt, cost, out) => {
    expect(toHex(await stretch(passphrase, utf8(salt), cost))).toBe(out);
  });

  it('costs at least N = 2^17 by default, and works with it', async () => {
    expect(SCRYPT_DEFAULT.N).toBeGreaterThanOrEqual(2 ** 17);
    expect(SCRYPT_DEFAULT.r).toBeGreaterThanOrEqual(8);
    expect(await stretch('x', new Uint8Array(16), SCRYPT_DEFAULT)).toHaveLength(32);
  });

  it('takes two spellings of one text for the same passphrase', async () => {
    const cost = { N: 2, r: 1, p: 1 };
    const salt = new Uint8Array(16);
    expect(await stretch('\u00e9\ufb01', salt, cost)).toEqual(await stretch('e\u0301fi', salt, cost));
    expect(await stretch('a', salt, cost)).not.toEqual(await stretch('A', salt, cost));
  });

  it.each([
    { N: 0, r: 8, p: 1 },
    { N: 1, r: 8, p: 1 },
    { N: 1000, r: 8, p: 1 },
    { N: 2 ** 24, r: 8, p: 1 },
    { N: 2 ** 32, r: 1, p: 1 },
    { N: 1024, r: 2 ** 30, p: 1 },
    { N: 1024, r: 8, p: 17 },
    { N: 1024, r: -8, p: 1 },
    { N: 1024.5, r: 8, p: 1 },
    { N: Number.NaN, r: 8, p: 1 },
  ])('refuses a cost that a forged file may ask for: %j', (cost) => {
    expect(scryptCostIsSane(cost)).toBe(false);
    expect(() => stretch('x', new Uint8Array(16), cost)).toThrow(RangeError);
  });
});

describe('bytes', () => {
  it('are framed so that no two lists look the same', () => {
    const lists = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], []];
    expect(new Set(lists.map((list) => toHex(framed(...list)))).size).toBe(lists.length);
    expect(toHex(framed('a', Uint8Array.of(255)))).toBe('000000016100000001ff');
  });

  it('of numbers are big-endian, up to 2^53 − 1', () => {
    expect(toHex(u32(0x01020304))).toBe('01020304');
    expect(toHex(u64(2 ** 53 - 1))).toBe('001fffffffffffff');
  });

  it('are equal only when length and content are', () => {
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2))).toBe(true);
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 3))).toBe(false);
    expect(equal(Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0))).toBe(false);
  });

  it.each(['AAA', 'AA==A', 'AB==', 'AA-_', 'AA\n==', ' AA=='])(
    'are not read from base64 that is not canonical: %j',
    (text) => {
      expect(() => fromBase64(text)).toThrow('not canonical base64');
    },
  );
});
