import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numbered, outputName } from '../../../src/main/files/names.ts';

const bytes = (name: string) => Buffer.byteLength(name);
const long = (length: number, extension = '') => 'x'.repeat(length - extension.length) + extension;
const anyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 255 })
  .filter((name) => !/[/\0]/.test(name) && bytes(name) <= 255 && name !== '.' && name !== '..');

describe('the name of a result', () => {
  it.each([
    ['a.txt', 'encrypt', 'file', 'a.txt.encrypted'],
    ['photos', 'encrypt', 'folder', 'photos.tar.encrypted'],
    ['a.txt.encrypted', 'decrypt', 'file', 'a.txt'],
    ['photos.tar.encrypted', 'decrypt', 'folder', 'photos'],
    ['A.TXT.ENCRYPTED', 'decrypt', 'file', 'A.TXT'],
    ['message.bin', 'decrypt', 'file', 'message.bin.decrypted'],
    ['.encrypted', 'decrypt', 'file', '.encrypted.decrypted'],
    ['..encrypted', 'decrypt', 'file', '..encrypted.decrypted'],
    ['...tar.encrypted', 'decrypt', 'folder', '...tar.encrypted.decrypted'],
    ['line\nbreak 🗝️', 'encrypt', 'file', 'line\nbreak 🗝️.encrypted'],
  ] as const)('of %j (%s, %s) is %j', (name, action, kind, expected) => {
    expect(outputName(name, action, kind)).toBe(expected);
  });

  it.each([long(255), long(255, '.txt'), long(255, '.encrypted'), long(255, '.decrypted'), '🗝'.repeat(63)])(
    'is another one that fits, for a name of 255 bytes',
    (name) => {
      for (const action of ['encrypt', 'decrypt'] as const) {
        const output = outputName(name, action, 'file');
        expect(output).not.toBe(name);
        expect(bytes(output)).toBeLessThanOrEqual(255);
        expect(output).not.toContain('\ufffd');
      }
    },
  );

  it('keeps the extension of a long name, and two long names apart', () => {
    expect(outputName(long(255, '.txt'), 'encrypt', 'file')).toMatch(/~[0-9a-f]{8}\.txt\.encrypted$/);
    expect(outputName(`${long(254)}a`, 'encrypt', 'file')).not.toBe(outputName(`${long(254)}b`, 'encrypt', 'file'));
  });

  it('fits, is a name of the same folder and never the original, whatever the name', () => {
    fc.assert(
      fc.property(
        anyName,
        fc.constantFrom('encrypt', 'decrypt'),
        fc.constantFrom('file', 'folder'),
        (name, action, kind) => {
          const output = outputName(name, action, kind);
          return (
            output !== name &&
            bytes(output) <= 255 &&
            path.basename(output) === output &&
            !['', '.', '..'].includes(output)
          );
        },
      ),
    );
  });
});

describe('a numbered name', () => {
  it.each([
    ['/d/a.txt', '/d/a (2).txt'],
    ['/d/a.txt.encrypted', '/d/a (2).txt.encrypted'],
    ['/d/photos.tar.encrypted', '/d/photos (2).tar.encrypted'],
    ['/d/Mr. Smith went home', '/d/Mr. Smith went home (2)'],
    ['/d/.profile', '/d/.profile (2)'],
    ['/d/v1.2.pdf', '/d/v1.2 (2).pdf'],
  ])('of %s is %s', (file, expected) => {
    expect(numbered(file, 1)).toBe(file);
    expect(numbered(file, 2)).toBe(expected);
  });

  it('fits and ends, whatever the name', () => {
    fc.assert(
      fc.property(anyName, fc.integer({ min: 2, max: 99_999 }), (name, number) => {
        const output = path.basename(numbered(`/d/${name}`, number));
        return bytes(output) <= 255 && output.includes(`(${number})`);
      }),
    );
    expect(bytes(path.basename(numbered(`/d/a.${'b'.repeat(253)}`, 2)))).toBeLessThanOrEqual(255);
  });
});
