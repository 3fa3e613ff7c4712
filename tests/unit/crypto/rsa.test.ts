import {
  constants,
  createPublicKey,
  sign as nodeSign,
  verify as nodeVerify,
  privateDecrypt,
  privateEncrypt,
  publicEncrypt,
} from 'node:crypto';
import { bytesToNumberBE, numberToBytesBE } from '@noble/curves/utils.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { DerReader, EncodingError, integer, octetString, oid, sequence, TAG } from '../../../src/main/crypto/der.ts';
import { digest, type HashName } from '../../../src/main/crypto/digest.ts';
import * as rsa from '../../../src/main/crypto/rsa.ts';
import * as rsaKeys from '../../../src/main/crypto/rsa-keys.ts';
import { flipped, random, text } from '../../support/crypto.ts';

let privateKey: Uint8Array;
let publicKey: Uint8Array;
beforeAll(async () => {
  privateKey = await rsaKeys.generate('RSA_2048');
  publicKey = rsaKeys.publicKey(privateKey);
});

const algorithms = [
  ['RSASSA_PSS_SHA_256', 'SHA_256'],
  ['RSASSA_PSS_SHA_384', 'SHA_384'],
  ['RSASSA_PSS_SHA_512', 'SHA_512'],
  ['RSASSA_PKCS1_V1_5_SHA_256', 'SHA_256'],
  ['RSASSA_PKCS1_V1_5_SHA_384', 'SHA_384'],
  ['RSASSA_PKCS1_V1_5_SHA_512', 'SHA_512'],
] as const satisfies readonly (readonly [rsa.RsaSigningAlgorithm, HashName])[];

/** How node:crypto, which signs whole messages, names the same scheme. */
function nodeScheme<T extends 'pkcs8' | 'spki'>(algorithm: string, key: Uint8Array, type: T) {
  const padding = algorithm.startsWith('RSASSA_PSS') ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return { key: Buffer.from(key), format: 'der' as const, type, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
}

const message = text('a message');

describe('RSA signatures', () => {
  it.each(algorithms)('%s: node:crypto verifies them, and the other way round', (algorithm, hash) => {
    const name = hash.replace('_', '').toLowerCase();
    for (const [type, input] of [
      ['RAW', message],
      ['DIGEST', digest(hash, message)],
    ] as const) {
      const signature = rsa.sign(algorithm, privateKey, type, input, random);
      expect(signature).toHaveLength(256);
      expect(nodeVerify(name, message, nodeScheme(algorithm, publicKey, 'spki'), signature)).toBe(true);
      const theirs = new Uint8Array(nodeSign(name, message, nodeScheme(algorithm, privateKey, 'pkcs8')));
      expect(rsa.verify(algorithm, publicKey, type, input, theirs)).toBe(true);
      if (algorithm.includes('PKCS1')) expect(signature).toEqual(theirs);
    }
  });

  it.each(algorithms)('%s: other messages, keys, schemes and lengths do not verify', async (algorithm, hash) => {
    const signature = rsa.sign(algorithm, rsaKeys.open(privateKey), 'RAW', message, random);
    const verify = (given: Uint8Array, spki = publicKey, as: rsa.RsaSigningAlgorithm = algorithm, said = message) =>
      rsa.verify(as, spki, 'RAW', said, given);
    expect(verify(signature)).toBe(true);
    expect(verify(signature, publicKey, algorithm, text('another message'))).toBe(false);
    for (const [other] of algorithms) if (other !== algorithm) expect(verify(signature, publicKey, other)).toBe(false);
    for (const at of [0, 100, -1]) expect(verify(flipped(signature, at))).toBe(false);
    expect(verify(signature.subarray(1))).toBe(false);
    expect(verify(signature.subarray(0, -1))).toBe(false);
    expect(verify(Uint8Array.from([0, ...signature]))).toBe(false);
    expect(verify(Uint8Array.from([...signature, 0]))).toBe(false);
    expect(verify(new Uint8Array(0))).toBe(false);
    expect(verify(new Uint8Array(256))).toBe(false);
    expect(verify(new Uint8Array(256).fill(0xff))).toBe(false);
    // s + n stands for the same residue; only the one below n is the signature.
    const n = modulus(publicKey);
    const lifted = bytesToNumberBE(signature) + n;
    if (lifted < 1n << 2048n) expect(verify(numberToBytesBE(lifted, 256))).toBe(false);
    expect(() => rsa.sign(algorithm, privateKey, 'DIGEST', digest(hash, message).subarray(1), random)).toThrow(
      RangeError,
    );
    expect(() => rsa.verify(algorithm, publicKey, 'DIGEST', message, signature)).toThrow(RangeError);
  });

  it('PSS refuses salts of another length, which node:crypto makes', () => {
    for (const saltLength of [0, 20, 31, 33, 222]) {
      const scheme = { ...nodeScheme('RSASSA_PSS_SHA_256', privateKey, 'pkcs8'), saltLength };
      const signature = new Uint8Array(nodeSign('sha256', message, scheme));
      expect(rsa.verify('RSASSA_PSS_SHA_256', publicKey, 'RAW', message, signature)).toBe(false);
    }
  });

  it('PSS refuses encodings that differ from the standard’s in one place (RFC 8017, section 9.1.2)', () => {
    // EMSA-PSS written out, with one flaw at a time, and signed with the bare RSA operation.
    const forge = (change: { trailer?: number; separator?: number; padding?: number; top?: number }) => {
      for (;;) {
        const salt = random.bytes(32);
        const h = digest('SHA_256', new Uint8Array(8), digest('SHA_256', message), salt);
        const db = Uint8Array.from([...new Uint8Array(190), change.separator ?? 1, ...salt]);
        if (change.padding !== undefined) db[100] = change.padding;
        for (let i = 0; i < db.length; i++) {
          const block = digest('SHA_256', h, Uint8Array.of(0, 0, 0, i >> 5));
          db[i] = (db[i] ?? 0) ^ (block[i & 31] ?? 0);
        }
        db[0] = ((db[0] ?? 0) & 0x7f) | (change.top ?? 0);
        const encoded = Uint8Array.from([...db, ...h, change.trailer ?? 0xbc]);
        if (bytesToNumberBE(encoded) >= modulus(publicKey)) continue;
        const key = rsaKeys.open(privateKey);
        return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, encoded));
      }
    };
    const verify = (signature: Uint8Array) => rsa.verify('RSASSA_PSS_SHA_256', publicKey, 'RAW', message, signature);
    expect(verify(forge({}))).toBe(true);
    const flaws = [{ trailer: 0xcc }, { separator: 2 }, { separator: 0 }, { padding: 1 }, { top: 0x80 }];
    for (const flaw of flaws) expect(verify(forge(flaw)), JSON.stringify(flaw)).toBe(false);
  });

  it.each(['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'] as const)(
    '%s: a leading zero is not left out',
    (algorithm) => {
      const opened = rsaKeys.open(privateKey);
      for (let i = 0; ; i++) {
        const said = text(`message ${i}`);
        const signature = rsa.sign(algorithm, opened, 'RAW', said, random);
        if (signature[0] !== 0) continue;
        expect(rsa.verify(algorithm, publicKey, 'RAW', said, signature)).toBe(true);
        expect(rsa.verify(algorithm, publicKey, 'RAW', said, signature.subarray(1))).toBe(false);
        break;
      }
    },
  );

  it('PSS takes a fresh salt each time, PKCS #1 v1.5 gives the same', () => {
    const make = (algorithm: rsa.RsaSigningAlgorithm) => rsa.sign(algorithm, privateKey, 'RAW', message, random);
    expect(make('RSASSA_PSS_SHA_256')).not.toEqual(make('RSASSA_PSS_SHA_256'));
    expect(make('RSASSA_PKCS1_V1_5_SHA_256')).toEqual(make('RSASSA_PKCS1_V1_5_SHA_256'));
  });
});

describe('RSAES-OAEP', () => {
  it.each([
    { algorithm: 'RSAES_OAEP_SHA_1', oaepHash: 'sha1', sizes: [214, 342, 470] },
    { algorithm: 'RSAES_OAEP_SHA_256', oaepHash: 'sha256', sizes: [190, 318, 446] },
  ] as const)('$algorithm', ({ algorithm, oaepHash, sizes }) => {
    expect([256, 384, 512].map((bytes) => rsa.maxPlaintext(algorithm, bytes))).toEqual(sizes);
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    for (const length of [0, 1, sizes[0]]) {
      const plaintext = random.bytes(length);
      const ciphertext = rsa.encrypt(algorithm, publicKey, plaintext);
      expect(ciphertext).toHaveLength(256);
      expect(rsa.decrypt(algorithm, privateKey, ciphertext)).toEqual(plaintext);
      expect(rsa.decrypt(algorithm, rsaKeys.open(privateKey), ciphertext)).toEqual(plaintext);
      const opened = rsaKeys.open(privateKey);
      expect(new Uint8Array(privateDecrypt({ key: opened, padding, oaepHash }, ciphertext))).toEqual(plaintext);
    }
    expect(() => rsa.encrypt(algorithm, publicKey, new Uint8Array(sizes[0] + 1))).toThrow(
      `${algorithm} takes at most ${sizes[0]} bytes with this key, not ${sizes[0] + 1}`,
    );
  });

  it('a ciphertext’s leading zero is not left out', () => {
    for (;;) {
      const ciphertext = rsa.encrypt('RSAES_OAEP_SHA_256', publicKey, message);
      if (ciphertext[0] !== 0) continue;
      expect(rsa.decrypt('RSAES_OAEP_SHA_256', privateKey, ciphertext)).toEqual(message);
      expect(rsa.decrypt('RSAES_OAEP_SHA_256', privateKey, ciphertext.subarray(1))).toBeNull();
      break;
    }
  });

  it('whatever was tampered with is null, and nothing tells why', () => {
    const plaintext = text('secret');
    const ciphertext = rsa.encrypt('RSAES_OAEP_SHA_256', publicKey, plaintext);
    const decrypt = (given: Uint8Array) => rsa.decrypt('RSAES_OAEP_SHA_256', privateKey, given);
    for (const at of [0, 1, 128, -1]) expect(decrypt(flipped(ciphertext, at))).toBeNull();
    expect(decrypt(ciphertext.subarray(1))).toBeNull();
    expect(decrypt(Uint8Array.from([...ciphertext, 0]))).toBeNull();
    expect(decrypt(new Uint8Array(0))).toBeNull();
    expect(decrypt(new Uint8Array(256))).toBeNull();
    expect(decrypt(new Uint8Array(256).fill(0xff))).toBeNull();
    expect(rsa.decrypt('RSAES_OAEP_SHA_1', privateKey, ciphertext)).toBeNull();
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
    const labelled = publicEncrypt({ ...oaep, oaepLabel: Buffer.from('label') }, plaintext);
    expect(decrypt(new Uint8Array(labelled))).toBeNull();
    const pkcs1 = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, plaintext);
    expect(decrypt(new Uint8Array(pkcs1))).toBeNull();
  });
});

function modulus(spki: Uint8Array): bigint {
  const info = new DerReader(spki).sequence();
  info.sequence();
  return bytesToNumberBE(new DerReader(info.bitString()).sequence().integer());
}

const RSA_ALGORITHM = sequence(oid('1.2.840.113549.1.1.1'), Uint8Array.of(TAG.null, 0));
const pkcs8 = (...numbers: Uint8Array[]) =>
  sequence(integer(Uint8Array.of(0)), RSA_ALGORITHM, octetString(sequence(...numbers.map(integer))));

/** The integers of the test's key: version, n, e, d, p, q, dP, dQ, qInv. */
function numbersOf(key: Uint8Array): Uint8Array[] {
  const info = new DerReader(key).sequence();
  info.version();
  info.sequence();
  const numbers = new DerReader(info.read(TAG.octetString)).sequence();
  return Array.from({ length: 9 }, () => numbers.integer());
}

describe('RSA keys', () => {
  it('of every length: SubjectPublicKeyInfo as node:crypto derives it, imported unchanged', async () => {
    for (const [spec, bytes] of [
      ['RSA_2048', 256],
      ['RSA_3072', 384],
    ] as const) {
      const key = spec === 'RSA_2048' ? privateKey : await rsaKeys.generate(spec);
      const spki = rsaKeys.publicKey(key);
      const theirs = createPublicKey(rsaKeys.open(key)).export({ format: 'der', type: 'spki' });
      expect(spki).toEqual(new Uint8Array(theirs));
      expect(rsaKeys.publicKey(rsaKeys.open(key))).toEqual(spki);
      expect(rsaKeys.modulusBytes(spec)).toBe(bytes);
      expect(await rsaKeys.importPrivateKey(spec, key)).toEqual(key);
      rsaKeys.requirePublicKey(spec, spki);
      expect(() => rsaKeys.requirePublicKey('RSA_4096', spki)).toThrow(
        `an RSA_4096 modulus has 4096 bits, not ${bytes * 8}`,
      );
      await expect(rsaKeys.importPrivateKey('RSA_4096', key)).rejects.toThrow(EncodingError);
    }
  });

  it('whose numbers do not belong together are refused, each by itself', async () => {
    const numbers = numbersOf(privateKey);
    expect(pkcs8(...numbers)).toEqual(privateKey);
    for (let i = 0; i < 9; i++) {
      const changed = numbers.map((number, at) =>
        at === i ? flipped(number.length > 0 ? number : Uint8Array.of(0), -1) : number,
      );
      await expect(rsaKeys.importPrivateKey('RSA_2048', pkcs8(...changed)), `number ${i}`).rejects.toThrow(
        EncodingError,
      );
    }
    // Each number plus what it is taken modulo still computes, but is not the standard's.
    const [version, n, e, d, p, q, dp, dq, qinv] = numbers.map(bytesToNumberBE);
    if (!(n && e && d && p && q && dp && dq && qinv && version === 0n)) throw new Error('the key has nine numbers');
    const bytes = (...values: bigint[]) => pkcs8(...values.map((value) => numberToBytesBE(value, 300)));
    await expect(rsaKeys.importPrivateKey('RSA_2048', bytes(0n, n, e, d, p, q, dp, dq, qinv))).resolves.toEqual(
      privateKey,
    );
    for (const values of [
      [0n, n, e, d, p, q, dp + p - 1n, dq, qinv],
      [0n, n, e, d, p, q, dp, dq + q - 1n, qinv],
      [0n, n, e, d, p, q, dp, dq, qinv + p],
      [0n, n, e, d, q, p, dp, dq, qinv],
      [0n, n, 3n, d, p, q, dp, dq, qinv],
      [0n, n, e, d, n, 1n, dp, dq, qinv],
    ]) {
      await expect(rsaKeys.importPrivateKey('RSA_2048', bytes(...values))).rejects.toThrow(EncodingError);
    }
  });

  it('with the smaller prime first, or another exponent, serve as well', async () => {
    const [, n, e, d, p, q, dp, dq] = numbersOf(privateKey).map(bytesToNumberBE);
    if (!(n && e && d && p && q && dp && dq)) throw new Error('the key has nine numbers');
    const encode = (...values: bigint[]) => pkcs8(...values.map((value) => numberToBytesBE(value, 300)));
    const swapped = encode(0n, n, e, d, q, p, dq, dp, inverse(p, q));
    const lambda = (p - 1n) * (q - 1n);
    let other = (1n << 32n) + 1n;
    while (gcd(other, lambda) !== 1n) other += 2n;
    const d2 = inverse(other, lambda);
    const exponent = encode(0n, n, other, d2, p, q, d2 % (p - 1n), d2 % (q - 1n), inverse(q, p));
    for (const key of [swapped, exponent]) {
      const imported = await rsaKeys.importPrivateKey('RSA_2048', key);
      expect(imported).toEqual(key);
      const spki = rsaKeys.publicKey(imported);
      rsaKeys.requirePublicKey('RSA_2048', spki);
      const signature = rsa.sign('RSASSA_PSS_SHA_256', imported, 'RAW', message, random);
      expect(rsa.verify('RSASSA_PSS_SHA_256', spki, 'RAW', message, signature)).toBe(true);
    }
    let long = (1n << 33n) + 1n;
    while (gcd(long, lambda) !== 1n) long += 2n;
    const d3 = inverse(long, lambda);
    const tooLong = encode(0n, n, long, d3, p, q, d3 % (p - 1n), d3 % (q - 1n), inverse(q, p));
    await expect(rsaKeys.importPrivateKey('RSA_2048', tooLong)).rejects.toThrow(
      'an RSA public exponent is odd and in [65537, 2^33)',
    );
  });

  it('with a factor that is not prime are refused, though every other number fits', async () => {
    // p = a·b of 1,024 bits: (p − 1) and the CRT numbers are consistent with it, only a primality test tells.
    const q = bytesToNumberBE(numbersOf(privateKey)[5] ?? new Uint8Array(0));
    const e = 65537n;
    let p = (1n << 1023n) + (1n << 1022n) + 1n;
    while (p % 3n !== 0n || (p - 1n) % e === 0n) p += 2n;
    const n = p * q;
    const lambda = (p - 1n) * (q - 1n);
    const d = inverse(e, lambda);
    const values = [0n, n, e, d, p, q, d % (p - 1n), d % (q - 1n), inverse(q, p)];
    const key = pkcs8(...values.map((value) => numberToBytesBE(value, 300)));
    await expect(rsaKeys.importPrivateKey('RSA_2048', key)).rejects.toThrow('a factor of the RSA modulus is not prime');
  });

  it('that are truncated, extended or another algorithm’s are refused', async () => {
    const bad = [privateKey.subarray(0, -1), Uint8Array.from([...privateKey, 0]), publicKey, new Uint8Array(0)];
    for (const key of bad) await expect(rsaKeys.importPrivateKey('RSA_2048', key)).rejects.toThrow(EncodingError);
    const pss = Uint8Array.from(privateKey);
    pss[17] = 0x0a; // the last arc of rsaEncryption becomes that of id-RSASSA-PSS
    await expect(rsaKeys.importPrivateKey('RSA_2048', pss)).rejects.toThrow('not a key of RSA');
    expect(() => rsa.verify('RSASSA_PSS_SHA_256', publicKey.subarray(1), 'RAW', message, new Uint8Array(256))).toThrow(
      EncodingError,
    );
  });
});

function inverse(value: bigint, modulus: bigint): bigint {
  let [r0, r1, s0, s1] = [modulus, value % modulus, 0n, 1n];
  while (r1 > 0n) [r0, r1, s0, s1] = [r1, r0 % r1, s1, s0 - (r0 / r1) * s1];
  return ((s0 % modulus) + modulus) % modulus;
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a, b];
  while (y > 0n) [x, y] = [y, x % y];
  return x;
}
