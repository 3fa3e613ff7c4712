import { expect, it } from 'vitest';
import {
  digestName,
  formsOf,
  hashOf,
  messageTypeOf,
  parseDigest,
  toHex,
} from '../../../src/renderer/features/keys/use/message.ts';
import { signingAlgorithms as algorithms } from '../../../src/shared/kms/enums.ts';

it('every algorithm has a form, and each form the type that the engine takes', () => {
  const taken = Object.fromEntries(
    algorithms.map((algorithm) => [algorithm, formsOf(algorithm).map((form) => messageTypeOf(algorithm, form))]),
  );
  expect(taken).toMatchObject({
    ED25519_SHA_512: ['RAW'],
    ED25519_PH_SHA_512: ['DIGEST', 'DIGEST'],
    SM2DSA: ['RAW', 'DIGEST'],
    ML_DSA_SHAKE_256: ['RAW', 'EXTERNAL_MU'],
    ECDSA_SHA_384: ['RAW', 'DIGEST', 'DIGEST'],
    RSASSA_PSS_SHA_256: ['RAW', 'DIGEST', 'DIGEST'],
  });
  expect([hashOf('ECDSA_SHA_384'), hashOf('RSASSA_PSS_SHA_256'), hashOf('ED25519_PH_SHA_512')]).toEqual([
    'SHA-384',
    'SHA-256',
    'SHA-512',
  ]);
  expect(digestName('SM2DSA')).toBe('SM3 digest with ZA');
});

it('a digest is read as hexadecimal or base64, of the right length only', () => {
  const digest = Uint8Array.from({ length: 48 }, (_, index) => index * 5);
  const hex = toHex(digest);
  const base64 = Buffer.from(digest).toString('base64');
  for (const typed of [
    hex,
    hex.toUpperCase(),
    hex.replace(/../g, '$&:').slice(0, -1),
    ` ${hex}\n`,
    base64,
    `${base64}\n`,
  ])
    expect(parseDigest(typed, 48)).toEqual(digest);
  for (const typed of ['', hex.slice(2), `${hex}00`, `zz${hex.slice(2)}`, base64.slice(4), 'no digest'])
    expect(parseDigest(typed, 48)).toBeNull();
  expect(parseDigest(hex, 32)).toBeNull();
});
