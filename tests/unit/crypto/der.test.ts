import { describe, expect, it } from 'vitest';
import {
  bitString,
  DerReader,
  EncodingError,
  element,
  integer,
  octetString,
  oid,
  TAG,
} from '../../../src/main/crypto/der.ts';
import { hex, toHex } from '../../support/crypto.ts';

describe('DER is written as X.690 has it', () => {
  it.each([
    ['1.2.840.113549', '06062a864886f70d'],
    ['2.16.840.1.101.3.4.2.1', '0609608648016503040201'],
    ['1.2.156.10197.1.301', '06082a811ccf5501822d'],
    ['2.999', '06028837'],
  ])('the identifier %s', (dotted, encoded) => expect(toHex(oid(dotted))).toBe(encoded));

  it.each([
    ['', '020100'],
    ['00', '020100'],
    ['000000', '020100'],
    ['7f', '02017f'],
    ['80', '02020080'],
    ['0080', '02020080'],
    ['ff00', '020300ff00'],
  ])('the integer %s', (magnitude, encoded) => expect(toHex(integer(hex(magnitude)))).toBe(encoded));

  it.each([
    [0, '0400'],
    [127, '047f'],
    [128, '048180'],
    [255, '0481ff'],
    [256, '04820100'],
    [65536, '0483010000'],
  ])('a length of %i', (length, header) => {
    const encoded = octetString(new Uint8Array(length));
    expect(toHex(encoded.subarray(0, encoded.length - length))).toBe(header);
    const reader = new DerReader(encoded);
    expect(reader.read(TAG.octetString)).toHaveLength(length);
    reader.end();
  });
});

describe('DER is read strictly', () => {
  const cases: [string, string, (reader: DerReader) => unknown][] = [
    ['an empty input', '', (reader) => reader.sequence()],
    ['a tag without a length', '30', (reader) => reader.sequence()],
    ['an indefinite length', '30800000', (reader) => reader.sequence()],
    ['a length of four bytes', '308400000000', (reader) => reader.sequence()],
    ['a length of one byte too many', '30820001aa', (reader) => reader.sequence()],
    ['a long form below 128', `30817f${'00'.repeat(127)}`, (reader) => reader.sequence()],
    ['a length past the end', '3003aabb', (reader) => reader.sequence()],
    ['a length cut off', '3082', (reader) => reader.sequence()],
    ['another tag', '3100', (reader) => reader.sequence()],
    ['an integer without contents', '0200', (reader) => reader.integer()],
    ['a negative integer', '020180', (reader) => reader.integer()],
    ['an integer with a spare zero', '0202007f', (reader) => reader.integer()],
    ['a long version', '02020101', (reader) => reader.version()],
    ['unused bits', '030201aa', (reader) => reader.bitString()],
    ['a bit string without contents', '0300', (reader) => reader.bitString()],
    ['bytes after the end', '00', (reader) => reader.end()],
  ];
  it.each(cases)('%s', (_what, encoded, read) => {
    expect(() => read(new DerReader(hex(encoded)))).toThrow(EncodingError);
  });
  it('knows its cases', () => expect(cases).toHaveLength(16));

  it('messages hold tags and lengths, never contents', () => {
    const secret = hex('c0ffeec0ffee');
    const read = () => {
      const reader = new DerReader(Uint8Array.from([...element(TAG.octetString, secret), ...secret]));
      reader.read(TAG.octetString);
      reader.end();
    };
    expect(read).toThrow('6 bytes after the end of a structure');
  });

  it('what it wrote, without copying', () => {
    const input = Uint8Array.from([...integer(hex('00ff01')), ...bitString(hex('aabb'))]);
    const reader = new DerReader(input);
    const number = reader.integer();
    expect(toHex(number)).toBe('ff01');
    expect(number.buffer).toBe(input.buffer);
    expect(reader.optional(TAG.octetString)).toBeUndefined();
    expect(toHex(reader.bitString())).toBe('aabb');
    reader.end();
  });
});
