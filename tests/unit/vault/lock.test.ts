import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { acquireLock } from '../../../src/main/vault/lock.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { expectOneHolder, lockWith, NOBODY } from '../../support/lock.ts';
import {
  handlePrototype,
  IN_MEMORY,
  inTemporaryFolder,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

describe('the lock of a vault', () => {
  it('is refused to a second opening in the same process, which is told who holds it, and free afterwards', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const options = vaultOptions();
      const wish = { name: 'x', passphrase: PASSPHRASE, useKeychain: true };
      const { vault } = await Vault.create(dir, options, wish);
      const refused = await refusalOf(Vault.open(dir, options, { kind: 'keychain' }));
      expect(refused).toMatchObject({ code: 'VaultInUse', details: { pid: process.pid } });
      expect(refused.message).toContain(`process ${process.pid}`);
      await vault.close();
      const again = await Vault.open(dir, options, { kind: 'keychain' });
      // The first one's lock is not the second one's.
      await vault.close();
      expect((await refusalOf(Vault.open(dir, options, { kind: 'keychain' }))).code).toBe('VaultInUse');
      await again.close();
      expect(await readdir(dir)).not.toContain('lock');
    }, IN_MEMORY));

  it.each([
    ['a process that is gone', { pid: NOBODY }],
    ['an earlier process of the same number', { started: '1' }],
    ['the boot before', { boot: '11111111-2222-3333-4444-555555555555' }],
  ])('is taken over from %s', (_, changes) =>
    inTemporaryFolder(async (dir) => {
      await lockWith(dir, changes);
      await (await acquireLock(dir)).release();
      expect(await readdir(dir)).toEqual([]);
    }),
  );

  it('that could not be removed, as its disk was gone, does not keep the same process out', () =>
    inTemporaryFolder(async (home) => {
      const [dir, away] = [path.join(home, 'v'), path.join(home, 'away')];
      const options = vaultOptions();
      const { vault } = await Vault.create(dir, options, { name: 'x', passphrase: PASSPHRASE, useKeychain: true });
      await rename(dir, away);
      await vault.close();
      await rename(away, dir);
      expect(await readdir(dir)).toContain('lock');
      const again = await Vault.open(dir, options, { kind: 'keychain' });
      expect((await refusalOf(Vault.open(dir, options, { kind: 'keychain' }))).code).toBe('VaultInUse');
      await again.close();
      expect(await readdir(dir)).not.toContain('lock');
    }, IN_MEMORY));

  it.each([
    ['a computer of another name', { boot: 'x', host: 'elsewhere', pid: NOBODY }],
    ['another computer of the same name', { boot: 'x', machine: 'another', pid: NOBODY }],
    ['a container on this computer, whose processes are not ours to see', { processes: 'pid:[1]', pid: NOBODY }],
  ])('is left to %s, with what to do', (_, changes) =>
    inTemporaryFolder(async (dir) => {
      await lockWith(dir, changes);
      const text = await readFile(path.join(dir, 'lock'), 'utf8');
      const refused = await refusalOf(acquireLock(dir));
      expect(refused).toMatchObject({ code: 'VaultInUse', details: { pid: NOBODY } });
      expect(refused.message).toContain(`remove the file ${path.join(dir, 'lock')}`);
      expect(await readFile(path.join(dir, 'lock'), 'utf8')).toBe(text);
      expect(await readdir(dir)).toEqual(['lock']);
    }),
  );

  it.each([['{"pid":'], [''], ['null']])('that a power cut left as %j holds nobody off', (text) =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'lock'), text);
      await (await acquireLock(dir)).release();
    }),
  );

  it('goes to exactly one of many that find a dead holder, and a dead guard, at the same time', () =>
    inTemporaryFolder(async (dir) => {
      for (let round = 0; round < 40; round++) {
        await lockWith(dir, { pid: NOBODY });
        if (round % 2 === 1) await writeFile(path.join(dir, 'lock.guard'), await readFile(path.join(dir, 'lock')));
        await expectOneHolder(dir);
      }
    }, IN_MEMORY));
});

describe('two that make a vault in the same folder', () => {
  const wish = { name: 'x', passphrase: PASSPHRASE, useKeychain: true };

  it('one of them whole between the look and the lock of the other, leave that one’s vault alone', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const options = vaultOptions();
      const handles = await handlePrototype();
      const { sync } = handles;
      // The new folder is empty, and its name is being made durable: the other one makes its vault and closes it.
      const spy = vi.spyOn(handles, 'sync').mockImplementationOnce(async function (this: typeof handles) {
        spy.mockRestore();
        await sync.call(this);
        const { vault } = await Vault.create(dir, options, { ...wish, name: 'other' });
        await vault.close();
      });
      expect((await refusalOf(Vault.create(dir, options, wish))).code).toBe('FolderNotEmpty');
      const vault = await Vault.open(dir, options, { kind: 'keychain' });
      expect(vault.name).toBe('other');
      await vault.close();
    }, IN_MEMORY));

  it('get one vault, and the other one is refused without a file of it being touched', () =>
    inTemporaryFolder(async (home) => {
      for (let round = 0; round < 10; round++) {
        const dir = path.join(home, `v${round}`);
        const options = vaultOptions();
        const make = (name: string) => Vault.create(dir, options, { name, passphrase: PASSPHRASE, useKeychain: true });
        const tries = await Promise.allSettled([make('a'), make('b'), make('c')]);
        const made = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value.vault] : []));
        const refused = tries.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
        expect(made).toHaveLength(1);
        for (const code of refused) expect(['VaultInUse', 'FolderNotEmpty']).toContain(code);
        const name = made[0]?.name;
        await made[0]?.close();
        const vault = await Vault.open(dir, options, { kind: 'keychain' });
        expect(vault.name).toBe(name);
        await vault.close();
      }
    }, IN_MEMORY));
});
