import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { writeBackup } from '../../../src/main/vault/backup.ts';
import { acquireLock } from '../../../src/main/vault/lock.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { expectOneHolder, lockWith, NOBODY } from '../../support/lock.ts';
import {
  addNote,
  IN_MEMORY,
  inTemporaryFolder,
  notesOf,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

const disk = vi.hoisted(() => ({ answers: 'EPERM', onWrite: async (_file: string) => undefined as unknown }));
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    link: async () => {
      throw Object.assign(new Error('no hard links here'), { code: disk.answers });
    },
    writeFile: async (...args: Parameters<typeof real.writeFile>) => {
      await real.writeFile(...args);
      await disk.onWrite(String(args[0]));
    },
  };
});
afterEach(() => {
  disk.answers = 'EPERM';
  disk.onWrite = async () => undefined;
});

describe('on a disk without hard links (exFAT, FAT)', () => {
  // What Linux, macOS and Windows answer there.
  it.each(['EPERM', 'ENOTSUP', 'EISDIR'])(
    'that answers %s, a vault is made, opened by one at a time, and backed up',
    (code) =>
      inTemporaryFolder(async (home) => {
        disk.answers = code;
        const dir = path.join(home, 'v');
        const options = vaultOptions();
        const wish = { name: 'x', passphrase: PASSPHRASE, useKeychain: true };
        const { vault } = await Vault.create(dir, options, wish);
        await addNote(vault, 'kept');
        expect((await refusalOf(Vault.open(dir, options, { kind: 'keychain' }))).code).toBe('VaultInUse');
        await writeBackup(vault, options, path.join(home, 'b'), 'a passphrase');
        await vault.close();
        expect((await readdir(dir)).filter((name) => name.startsWith('lock'))).toEqual([]);
        const again = await Vault.open(dir, options, { kind: 'keychain' });
        expect(notesOf(again)).toEqual(['kept']);
        await again.close();
      }, IN_MEMORY),
  );

  it('a dead holder’s lock goes to exactly one of many that find it', () =>
    inTemporaryFolder(async (dir) => {
      for (let round = 0; round < 10; round++) {
        await lockWith(dir, { pid: NOBODY });
        await expectOneHolder(dir);
      }
    }, IN_MEMORY));

  it('a lock that somebody else took away while it was half written is not held', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'lock');
      let taken = 0;
      disk.onWrite = async (written) => {
        if (written !== file || taken++ > 0) return;
        await rm(file);
      };
      const lock = await acquireLock(dir);
      expect(taken).toBe(2);
      expect(await readdir(dir)).toEqual(['lock']);
      await lock.release();
    }, IN_MEMORY));
});
