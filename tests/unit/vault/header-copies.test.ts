import { mkdir, readdir, readFile, rm, rmdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Vault } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  handlePrototype,
  IN_MEMORY,
  inTemporaryFolder,
  notesOf,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

const WAY = { kind: 'passphrase', secret: PASSPHRASE } as const;
const COPIES = ['header.json', 'header.copy.json'] as const;

/** A vault with one note, closed. */
function withVault(work: (dir: string, open: () => Promise<Vault>) => Promise<void>, snapshotAfterBytes = 2 ** 30) {
  return inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'v');
    const options = vaultOptions({ snapshotAfterBytes });
    const { vault } = await Vault.create(dir, options, { name: 'x', passphrase: PASSPHRASE, useKeychain: false });
    await addNote(vault, 'kept');
    await vault.close();
    await work(dir, () => Vault.open(dir, options, WAY));
  }, IN_MEMORY);
}

const sealed = async (dir: string, kind: string) => (await readdir(dir)).filter((name) => name.startsWith(kind));
const revisionOf = async (file: string) => JSON.parse(await readFile(file, 'utf8')).revision as number;

afterEach(() => vi.restoreAllMocks());

describe.each(COPIES)('a vault whose %s cannot be written anew', (name) => {
  it('opens by the other copy, says so each time, and is whole once it can be', () =>
    withVault(async (dir, open) => {
      const copy = path.join(dir, name);
      await rm(copy);
      await mkdir(copy);
      for (const note of ['first', 'second']) {
        const vault = await open();
        expect(vault.report).toMatchObject({ headerRepaired: false, headerUnrepaired: 'a folder has its name' });
        expect(notesOf(vault)[0]).toBe('kept');
        await addNote(vault, note);
        await vault.close();
      }
      await rmdir(copy);
      const again = await open();
      expect(again.report).toMatchObject({ headerRepaired: true });
      expect(again.report).not.toHaveProperty('headerUnrepaired');
      expect(notesOf(again)).toEqual(['kept', 'first', 'second']);
      await again.close();
      const [one, other] = await Promise.all(COPIES.map((each) => readFile(path.join(dir, each))));
      expect(one).toEqual(other);
    }));

  it('does not fill the disk with snapshots that no header names', () =>
    withVault(async (dir, open) => {
      const copy = path.join(dir, name);
      await rm(copy);
      await mkdir(copy);
      const vault = await open();
      for (let round = 0; round < 4; round++) {
        await addNote(vault, `note ${round}`);
        await refusalOf(vault.snapshot());
      }
      await vault.close();
      // The one that is named, and the one that is to be.
      expect(await sealed(dir, 'snapshot')).toHaveLength(2);
      await rmdir(copy);
      const again = await open();
      expect(notesOf(again)).toHaveLength(5);
      expect(await sealed(dir, 'snapshot')).toHaveLength(1);
      await again.close();
    }));

  it('does not let one journal grow without end either', () =>
    withVault(async (dir, open) => {
      const copy = path.join(dir, name);
      await rm(copy);
      await mkdir(copy);
      const vault = await open();
      for (let round = 0; round < 40; round++) {
        await addNote(vault, 'x'.repeat(200));
        await vault.snapshot().catch(() => undefined);
      }
      await vault.close();
      const sizes = await Promise.all(
        (await sealed(dir, 'journal')).map(async (each) => (await stat(path.join(dir, each))).size),
      );
      expect(sizes.length).toBeGreaterThan(2);
      expect(Math.max(...sizes)).toBeLessThan(4000);
      await rmdir(copy);
      const again = await open();
      expect(notesOf(again)).toHaveLength(41);
      await again.close();
    }, 300));

  it('opens also when that one leads nowhere', () =>
    withVault(async (dir, open) => {
      const copy = path.join(dir, name);
      await rm(copy);
      await symlink(name, copy);
      const vault = await open();
      expect(vault.report).toMatchObject({ headerRepaired: true });
      await vault.close();
    }));
});

it('a vault with a damaged copy opens on a full disk', () =>
  withVault(async (dir, open) => {
    const copy = path.join(dir, 'header.copy.json');
    await writeFile(copy, '{');
    const before = await revisionOf(path.join(dir, 'header.json'));
    const handles = await handlePrototype();
    vi.spyOn(handles, 'writeFile').mockRejectedValue(Object.assign(new Error('full'), { code: 'ENOSPC' }));
    const vault = await open();
    expect(vault.report).toMatchObject({ headerRepaired: false, headerUnrepaired: 'the disk is full' });
    vi.restoreAllMocks();
    // There is space again: the next change writes both.
    await vault.rename('renamed');
    await vault.close();
    for (const name of COPIES) expect(await revisionOf(path.join(dir, name))).toBeGreaterThan(before);
    expect((await open().then((again) => again.close().then(() => again.report))).headerRepaired).toBe(false);
  }));
