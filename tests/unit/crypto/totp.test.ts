import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src/main/crypto/bytes.ts';
import { hotp, matchingStep, otpauthUri, stepAt, toBase32 } from '../../../src/main/crypto/totp.ts';

const SEED = utf8('12345678901234567890');

describe('RFC 4226, appendix D', () => {
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489'];
  it.each(codes.map((code, counter) => [counter, code] as const))('counter %i is %s', (counter, code) => {
    expect(hotp(SEED, counter)).toBe(code);
  });
});

describe('RFC 6238, appendix B, the last six of its eight digits', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('second %i is %s', (seconds, code) => {
    expect(hotp(SEED, stepAt(seconds * 1000))).toBe(code);
  });
});

it('finds the step of a code among those it may be of, and of two codes that follow each other', () => {
  expect(matchingStep(SEED, [0, 1, 2], '359152')).toBe(2);
  expect(matchingStep(SEED, [0, 1], '359152')).toBeUndefined();
  expect(matchingStep(SEED, [0, 1, 2], '287082', '359152')).toBe(1);
  expect(matchingStep(SEED, [0, 1, 2], '287082', '969429')).toBeUndefined();
  for (const code of ['', '35915', '3591520', '35915２']) expect(matchingStep(SEED, [0, 1, 2], code)).toBeUndefined();
});

describe('base32, RFC 4648, section 10, without padding', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('%s', (text, base32) => {
    expect(toBase32(utf8(text))).toBe(base32);
  });
});

it('says the seed as a URI whose label is escaped', () => {
  expect(otpauthUri('Coffer', '111122223333/a b', 'MZXW6')).toBe(
    'otpauth://totp/Coffer:111122223333%2Fa%20b?secret=MZXW6&issuer=Coffer&algorithm=SHA1&digits=6&period=30',
  );
});
