import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { salvageVault } from '../../../src/main/vault/salvage.ts';
import { Vault, type VaultOptions } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  handlePrototype,
  IN_MEMORY,
  inTemporaryFolder,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

const way = { kind: 'passphrase', secret: PASSPHRASE } as const;
const denied = () => Object.assign(new Error('permission denied'), { code: 'EACCES' });

/** A locked vault with something in it. */
const withVault = (work: (parts: { home: string; dir: string; options: VaultOptions }) => Promise<void>) =>
  inTemporaryFolder(async (home) => {
    const [dir, options] = [path.join(home, 'v'), vaultOptions()];
    const { vault } = await Vault.create(dir, options, { name: 'Mine', passphrase: PASSPHRASE, useKeychain: false });
    await addNote(vault, 'kept');
    await vault.close();
    await work({ home, dir, options });
  }, IN_MEMORY);

/** What stands where a file is looked for and can be opened, but not read. */
async function makeFolderOf(file: string): Promise<void> {
  await rm(file);
  await mkdir(file);
}

const said = async (work: Promise<unknown>) => {
  const { code, message } = await refusalOf(work);
  return [code, message];
};

describe('a vault whose files cannot be read', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('says that its header may not be read', () =>
    withVault(async ({ dir }) => {
      vi.spyOn(await handlePrototype(), 'stat').mockRejectedValue(denied());
      expect(await said(Vault.inspect(dir))).toEqual([
        'VaultUnreadable',
        expect.stringMatching(/header\.(copy\.)?json could not be read: it may not be read\.$/),
      ]);
    }));

  it('says what is wrong when it is opened or salvaged, and not that anything was to be written', () =>
    withVault(async ({ home, dir, options }) => {
      await makeFolderOf(path.join(dir, 'snapshot-1.sealed'));
      expect(await said(Vault.open(dir, options, way))).toEqual([
        'VaultUnreadable',
        `The vault in ${dir} could not be opened: it is a folder. Nothing was changed.`,
      ]);
      expect(await said(salvageVault(dir, way, path.join(home, 'copy'), options))).toEqual([
        'VaultUnreadable',
        `The vault in ${dir} could not be read: it is a folder.`,
      ]);
    }));

  it('speaks of writing once all of it was read', () =>
    withVault(async ({ dir, options }) => {
      vi.spyOn(await handlePrototype(), 'sync').mockRejectedValue(denied());
      expect(await said(Vault.open(dir, options, way))).toEqual([
        'VaultUnreadable',
        `The vault in ${dir} could not be opened: the folder may not be written. Nothing was changed.`,
      ]);
    }));

  it('is not there any more when it is salvaged', () =>
    withVault(async ({ home, dir, options }) => {
      await rm(dir, { recursive: true });
      expect(await said(salvageVault(dir, way, path.join(home, 'copy'), options))).toEqual([
        'VaultUnreadable',
        `The vault in ${dir} could not be read: there is no such file.`,
      ]);
    }));
});
