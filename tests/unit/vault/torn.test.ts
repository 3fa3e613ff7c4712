import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { JOURNAL_HEADER_BYTES } from '../../../src/main/vault/journal.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  IN_MEMORY,
  inTemporaryFolder,
  notesOf,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

const keychain = { kind: 'keychain' } as const;

/** A vault with notes a, b and c, one journal record each; `ends` are the offsets at which the records end. */
async function withJournal(
  work: (parts: { journal: string; whole: Buffer; ends: number[]; open: () => Promise<Vault> }) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'v');
    const options = vaultOptions();
    const { vault } = await Vault.create(dir, options, { name: 'Torn', passphrase: PASSPHRASE, useKeychain: true });
    const journal = path.join(dir, 'journal-1.sealed');
    const ends: number[] = [];
    for (const text of ['a', 'b', 'c']) {
      await addNote(vault, text, Buffer.alloc(40, text));
      ends.push((await readFile(journal)).length);
    }
    await vault.close();
    const whole = await readFile(journal);
    await work({ journal, whole, ends, open: () => Vault.open(dir, options, keychain) });
  }, IN_MEMORY);
}

describe('a journal that a crash cut off', () => {
  it.each([
    ['ends there', (part: Buffer) => part],
    [
      'goes on with zeros to where it would have ended',
      (part: Buffer, length: number) => Buffer.concat([part], length),
    ],
    ['goes on with a whole block of zeros', (part: Buffer) => Buffer.concat([part], part.length + 4096)],
  ])('at any byte of its last record, and that %s, holds every earlier record and reports what was torn', (_, leave) =>
    withJournal(async ({ journal, whole, ends, open }) => {
      const [, begin = 0, end = 0] = ends;
      for (let cut = begin; cut < end; cut++) {
        const left = leave(whole.subarray(0, cut), end);
        await writeFile(journal, left);
        const vault = await open();
        const where = `cut at ${cut} of ${begin}…${end}`;
        expect(notesOf(vault), where).toEqual(['a', 'b']);
        expect(vault.report.tornBytes, where).toBe(left.length - begin);
        expect((await readFile(journal)).length, where).toBe(begin);
        if (cut % 16 === 0) {
          // It goes on from there, and the next opening finds nothing to complain about.
          await addNote(vault, 'd');
          await vault.close();
          const again = await open();
          expect([notesOf(again), again.report.tornBytes], where).toEqual([['a', 'b', 'd'], 0]);
          await again.close();
        } else await vault.close();
      }
    }),
  );

  it('is opened whole when only zeros follow its last record', () =>
    withJournal(async ({ journal, whole, open }) => {
      await writeFile(journal, Buffer.concat([whole, Buffer.alloc(1000)]));
      const vault = await open();
      expect([notesOf(vault), vault.report.tornBytes]).toEqual([['a', 'b', 'c'], 1000]);
      await vault.close();
    }));

  it('is refused when bytes are missing anywhere before its last record', () =>
    withJournal(async ({ journal, whole, ends, open }) => {
      const last = ends[1] ?? 0;
      for (let at = JOURNAL_HEADER_BYTES; at < last; at += 3) {
        for (const length of [1, 7, 64]) {
          if (at + length > last) continue;
          await writeFile(journal, Buffer.concat([whole.subarray(0, at), whole.subarray(at + length)]));
          const { code } = await refusalOf(open()).catch((error) => error);
          expect(code, `${length} bytes at ${at}`).toBe('VaultDamaged');
        }
      }
    }));

  it('is refused when zeros stand before a record that is whole', () =>
    withJournal(async ({ journal, whole, ends, open }) => {
      const bad = Buffer.from(whole);
      bad.fill(0, ends[0], ends[1]);
      await writeFile(journal, bad);
      const error = await refusalOf(open());
      expect(error).toMatchObject({ code: 'VaultDamaged', details: { wholeRecords: 2 } });
    }));

  it('is refused when records are exchanged, repeated or left out', () =>
    withJournal(async ({ journal, whole, ends, open }) => {
      const [a = 0, b = 0, c = 0] = ends;
      const head = whole.subarray(0, a);
      const second = whole.subarray(a, b);
      const third = whole.subarray(b, c);
      for (const parts of [
        [head, third, second],
        [head, third],
        [head, second, second, third],
      ]) {
        await writeFile(journal, Buffer.concat(parts));
        expect((await refusalOf(open())).code).toBe('VaultDamaged');
      }
    }));
});
