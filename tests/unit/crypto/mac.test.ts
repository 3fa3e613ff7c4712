import { hmac } from '@noble/hashes/hmac.js';
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { expect, it } from 'vitest';
import * as mac from '../../../src/main/crypto/mac.ts';
import { flipped, hex, random, text, toHex } from '../../support/crypto.ts';

/** Wycheproof, hmac_sha224/256/384/512_test.json, test 6 of each: keys as long as the hash, whole tags. */
const cases = [
  {
    algorithm: 'HMAC_SHA_224',
    hash: sha224,
    bytes: 28,
    key: '6dde8828f09b7aa981082aa116fca3b7341721c0440803f52cc9732e',
    message: 'be81602da7',
    tag: 'e510fbf14bd7301f751cc0ae89f8725a7654ebbba6bb2f741626471d',
  },
  {
    algorithm: 'HMAC_SHA_256',
    hash: sha256,
    bytes: 32,
    key: 'b7938910f518f13205ca1492c669001a14ff913c8ab4a0dc3564e7418e91297c',
    message: 'a4a6ef6ebd',
    tag: '01a93f4ed216d0b280896301e366aa67b25e6b6a5a6e84f291a13391c6e496c5',
  },
  {
    algorithm: 'HMAC_SHA_384',
    hash: sha384,
    bytes: 48,
    key: 'f22d867b972b232e3f444a488dd794d170807c70eb650f952b6177596f76c558a5d860d6f7be0be9e666f9bd53732f8d',
    message: '15b29377e0',
    tag: 'e02e4e20b5f1e5f06913bc9745c9069c09ec1369f1a296ad1d07c04cc4f9cb4741248d7ba097cd3ba0e75d2409d6a01b',
  },
  {
    algorithm: 'HMAC_SHA_512',
    hash: sha512,
    bytes: 64,
    key: 'aca47f6350941a0efd8c3bac9064a554be337cde7d192f6fbf86d1b4db09b36531165cbae0a634206f71fa400df33352fff60e1fba4009ac6671cd37312bdd98',
    message: 'bc993b1db0',
    tag: '89af2f5746cab89fda6993e00f1bf0cc70a77188945bb7b5409b536aec5533ad501db6ecfa3e516b580b7df9c8eadb3cf556ccc01668be984335bd5a6255d566',
  },
] as const;

it.each(cases)('$algorithm', ({ algorithm, hash, bytes, key, message, tag }) => {
  expect(toHex(mac.mac(algorithm, hex(key), hex(message)))).toBe(tag);
  const own = mac.generate(algorithm, random);
  expect([own.length, mac.macBytes(algorithm)]).toEqual([bytes, bytes]);
  for (const length of [0, 1, 200, 4096]) {
    const input = random.bytes(length);
    const made = mac.mac(algorithm, own, input);
    expect(made).toEqual(hmac(hash, own, input));
    expect(mac.verify(algorithm, own, input, made)).toBe(true);
    const bad = [flipped(made), flipped(made, -1), made.subarray(1), made.subarray(0, -1), new Uint8Array(0)];
    expect(bad.map((given) => mac.verify(algorithm, own, input, given))).toEqual(bad.map(() => false));
  }
  // Imported keys have up to 1,024 bits.
  for (const length of [bytes + 1, 128]) {
    const longer = random.bytes(length);
    expect(mac.mac(algorithm, longer, text('m'))).toEqual(hmac(hash, longer, text('m')));
  }
  for (const length of [0, bytes - 1, 129]) {
    expect(() => mac.mac(algorithm, new Uint8Array(length), text('m'))).toThrow(
      `an ${algorithm} key has ${bytes} to 128 bytes, not ${length}`,
    );
  }
});
