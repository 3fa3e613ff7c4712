import { mkdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SLOTS_MAX } from '../../../src/main/vault/header.ts';
import { formatRecoveryCode, parseRecoveryCode, RECOVERY_BYTES } from '../../../src/main/vault/recovery-code.ts';
import type { Unlock } from '../../../src/main/vault/slots.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  filesOf,
  handlePrototype,
  IN_MEMORY,
  inTemporaryFolder,
  memoryKeychain,
  notesOf,
  PASSPHRASE,
  refusalOf,
  seededNumbers,
  vaultOptions,
} from '../../support/vault.ts';

const OTHER = 'another passphrase of mine';

async function withVault(
  work: (parts: {
    vault: Vault;
    dir: string;
    recoveryCode: string;
    entries: Map<string, string>;
    idOf: (kind: Unlock['kind']) => string;
    open: (way: Unlock) => Promise<Vault>;
  }) => Promise<void>,
  keychain = memoryKeychain(),
): Promise<void> {
  await inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'v');
    const options = vaultOptions({ keychain });
    const { vault, recoveryCode } = await Vault.create(dir, options, {
      name: 'Slots',
      passphrase: PASSPHRASE,
      useKeychain: true,
    });
    await addNote(vault, 'kept');
    try {
      await work({
        vault,
        dir,
        recoveryCode,
        entries: keychain.entries,
        idOf: (kind) => vault.slots().find((slot) => slot.kind === kind)?.id ?? '',
        open: (way) => Vault.open(dir, options, way),
      });
    } finally {
      await vault.close();
    }
  }, IN_MEMORY);
}

describe('the ways into a vault', () => {
  it('are added, changed and removed without a byte of the database being written', () =>
    withVault(async ({ vault, dir, idOf, recoveryCode, entries, open }) => {
      const before = await filesOf(dir);
      const added = await vault.addSlot({ kind: 'passphrase', secret: OTHER });
      const code = await vault.addSlot({ kind: 'recovery' });
      const chain = await vault.addSlot({ kind: 'keychain' });
      await vault.changePassphrase(added.slotId, OTHER, 'changed once more');
      await vault.removeSlot(idOf('keychain'));
      await vault.rename('Renamed');
      const after = await filesOf(dir);
      for (const name of ['snapshot-1.sealed', 'journal-1.sealed'])
        expect(after.get(name)?.equals(before.get(name) as Buffer), name).toBe(true);
      expect(after.get('header.json')?.equals(before.get('header.json') as Buffer)).toBe(false);
      expect(after.get('header.json')?.equals(after.get('header.copy.json') as Buffer)).toBe(true);
      expect([...entries.keys()]).toEqual([`${vault.id}/${chain.slotId}`]);
      await vault.close();
      const ways: Unlock[] = [
        { kind: 'keychain' },
        { kind: 'passphrase', secret: PASSPHRASE },
        { kind: 'passphrase', secret: 'changed once more' },
        { kind: 'recovery', secret: recoveryCode },
        { kind: 'recovery', secret: code.recoveryCode ?? '' },
      ];
      for (const way of ways) {
        const again = await open(way);
        expect([again.name, notesOf(again)]).toEqual(['Renamed', ['kept']]);
        await again.close();
      }
      expect((await refusalOf(open({ kind: 'passphrase', secret: OTHER }))).code).toBe('WrongPassphrase');
    }));

  it('open with a passphrase that another keyboard composes in another way', () =>
    withVault(async ({ vault, open }) => {
      await vault.addSlot({ kind: 'passphrase', secret: 'größer als groß \u00e9' });
      await vault.close();
      await (await open({ kind: 'passphrase', secret: 'gro\u0308ßer als groß e\u0301' })).close();
    }));

  it('are never fewer than one besides the keychain, and a refused change leaves the header as it was', () =>
    withVault(async ({ vault, dir, idOf }) => {
      await vault.removeSlot(idOf('recovery'));
      const header = await readFile(path.join(dir, 'header.json'));
      expect((await refusalOf(vault.removeSlot(idOf('passphrase')))).code).toBe('LastSlot');
      expect((await refusalOf(vault.removeSlot('00000000-0000-4000-8000-000000000001'))).code).toBe('NoSuchSlot');
      const wrong = vault.changePassphrase(idOf('passphrase'), 'not this one', OTHER);
      expect((await refusalOf(wrong)).code).toBe('WrongPassphrase');
      expect((await refusalOf(vault.changePassphrase(idOf('keychain'), PASSPHRASE, OTHER))).code).toBe('NoSuchSlot');
      expect(await readFile(path.join(dir, 'header.json'))).toEqual(header);
    }));

  it('are never more than an opening accepts', () =>
    withVault(async ({ vault, open }) => {
      while (vault.slots().length < SLOTS_MAX) await vault.addSlot({ kind: 'recovery' });
      expect((await refusalOf(vault.addSlot({ kind: 'recovery' }))).code).toBe('TooManySlots');
      await vault.close();
      await (await open({ kind: 'passphrase', secret: PASSPHRASE })).close();
    }));

  it('leave no header behind that an opening would refuse', () =>
    withVault(async ({ vault, open }) => {
      expect((await refusalOf(vault.rename('x'.repeat(2 ** 20)))).code).toBe('VaultWriteError');
      expect(vault.name).toBe('Slots');
      await vault.close();
      await (await open({ kind: 'passphrase', secret: PASSPHRASE })).close();
    }));

  it('can be changed at the same time: each change is kept', () =>
    withVault(async ({ vault, open }) => {
      const codes = await Promise.all(Array.from({ length: 5 }, () => vault.addSlot({ kind: 'recovery' })));
      expect(vault.slots()).toHaveLength(8);
      await vault.close();
      for (const { recoveryCode = '' } of codes) await (await open({ kind: 'recovery', secret: recoveryCode })).close();
    }));

  it('count a keychain only when it gives back what it was given, and leave no entry behind', async () => {
    const forgetful = { ...memoryKeychain(), get: async () => null };
    await inTemporaryFolder(async (home) => {
      const made = Vault.create(path.join(home, 'v'), vaultOptions({ keychain: forgetful }), {
        name: 'x',
        passphrase: PASSPHRASE,
        useKeychain: true,
      });
      expect((await refusalOf(made)).code).toBe('KeychainError');
      expect(forgetful.entries.size).toBe(0);
      expect((await filesOf(home)).size).toBe(0);
    });
    const keychain = memoryKeychain();
    await withVault(async ({ vault, entries }) => {
      const held = [...entries.keys()];
      keychain.get = async () => 'something else';
      expect((await refusalOf(vault.addSlot({ kind: 'keychain' }))).code).toBe('KeychainError');
      expect([...entries.keys()]).toEqual(held);
      expect(vault.slots()).toHaveLength(3);
    }, keychain);
  });

  it('say which of them is wrong', () =>
    withVault(async ({ vault, entries, open }) => {
      await vault.close();
      const code = (way: Unlock) => refusalOf(open(way)).then((error) => error.code);
      expect(await code({ kind: 'passphrase', secret: '' })).toBe('WrongPassphrase');
      expect(await code({ kind: 'recovery', secret: formatRecoveryCode(new Uint8Array(20)) })).toBe(
        'WrongRecoveryCode',
      );
      const [account = ''] = entries.keys();
      entries.set(account, Buffer.alloc(32, 7).toString('base64'));
      expect(await code({ kind: 'keychain' })).toBe('KeychainKeyMissing');
      entries.set(account, 'not a key');
      expect(await code({ kind: 'keychain' })).toBe('KeychainKeyMissing');
      entries.delete(account);
      expect(await code({ kind: 'keychain' })).toBe('KeychainKeyMissing');
    }));
});

describe('a change of the header that the disk refuses', () => {
  afterEach(() => vi.restoreAllMocks());

  const failure = () => Object.assign(new Error('EIO'), { code: 'EIO' });
  /** Has the next `times` syncs of the vault's folder fail: what was renamed before stands. */
  async function failFolderSyncs(times: number) {
    const handles = await handlePrototype();
    const { sync } = handles;
    let failed = 0;
    vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handles) {
      if ((await this.stat()).isDirectory() && failed++ < times) throw failure();
      return sync.call(this);
    });
  }

  it('before it counts, changes nothing', () =>
    withVault(async ({ vault, idOf, entries, open }) => {
      const slots = vault.slots();
      const held = [...entries.keys()];
      vi.spyOn(await handlePrototype(), 'sync').mockRejectedValue(failure());
      for (const change of [
        () => vault.changePassphrase(idOf('passphrase'), PASSPHRASE, OTHER),
        () => vault.addSlot({ kind: 'keychain' }),
      ]) {
        const { code, message } = await refusalOf(change());
        expect([code, message]).toEqual(['VaultWriteError', expect.stringContaining('Nothing was changed')]);
      }
      vi.restoreAllMocks();
      expect([vault.slots(), [...entries.keys()]]).toEqual([slots, held]);
      await vault.close();
      await (await open({ kind: 'passphrase', secret: PASSPHRASE })).close();
    }));

  it('once, is made all the same', () =>
    withVault(async ({ vault, dir, idOf, open }) => {
      await failFolderSyncs(1);
      await vault.changePassphrase(idOf('passphrase'), PASSPHRASE, OTHER);
      const files = await filesOf(dir);
      expect(files.get('header.json')).toEqual(files.get('header.copy.json'));
      await vault.close();
      await (await open({ kind: 'passphrase', secret: OTHER })).close();
    }));

  it('after it counts, is not told as if nothing had changed', () =>
    withVault(async ({ vault, idOf, open }) => {
      const before = idOf('passphrase');
      await failFolderSyncs(2);
      const refused = await refusalOf(vault.changePassphrase(before, PASSPHRASE, OTHER));
      expect([refused.code, refused.message]).toEqual(['VaultWriteError', expect.stringContaining('may hold')]);
      expect(idOf('passphrase')).not.toBe(before);
      await vault.close();
      await (await open({ kind: 'passphrase', secret: OTHER })).close();
    }));

  it('for one copy alone, leaves the keychain what the other copy asks it for', () =>
    withVault(async ({ vault, dir, entries, open }) => {
      const copy = path.join(dir, 'header.copy.json');
      await rm(copy);
      await mkdir(copy);
      const slots = vault.slots().length;
      const refused = await refusalOf(vault.addSlot({ kind: 'keychain' }));
      expect(refused.message).not.toContain('Nothing was changed');
      expect([vault.slots().length, entries.size]).toEqual([slots + 1, 2]);
      const added = vault.slots().at(-1)?.id ?? '';
      await rmdir(copy);
      for (const { id } of vault.slots().filter(({ kind }) => kind === 'keychain'))
        if (id !== added) await vault.removeSlot(id);
      await vault.close();
      await (await open({ kind: 'keychain' })).close();
    }));

  it('is told as one that may hold when the header cannot be read back', () =>
    withVault(async ({ vault, dir, idOf }) => {
      const handles = await handlePrototype();
      const { sync } = handles;
      vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handles) {
        if ((await this.stat()).isDirectory()) {
          for (const name of ['header.json', 'header.copy.json']) await writeFile(path.join(dir, name), '');
          throw failure();
        }
        return sync.call(this);
      });
      const { message } = await refusalOf(vault.changePassphrase(idOf('passphrase'), PASSPHRASE, OTHER));
      expect(message).toContain('may hold');
    }));
});

describe('a recovery code', () => {
  const code = formatRecoveryCode(Uint8Array.from({ length: RECOVERY_BYTES }, (_, index) => index * 13));

  it('is read in any case, spacing, and with the letters that look like digits', () => {
    const bytes = parseRecoveryCode(code);
    expect(formatRecoveryCode(bytes)).toBe(code);
    expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
    const spoken = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
    expect(parseRecoveryCode(`  ${spoken}\n`)).toEqual(bytes);
  });

  it('with one wrong symbol, or two exchanged, is found by its checksum', () => {
    const symbols = [...code.replaceAll('-', '')];
    const number = seededNumbers(1);
    const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    let refused = 0;
    let tried = 0;
    for (let i = 0; i < 36; i++) {
      for (const wrong of alphabet) {
        if (wrong === symbols[i]) continue;
        tried++;
        const typed = symbols.with(i, wrong).join('');
        try {
          parseRecoveryCode(typed);
        } catch (error) {
          expect(error).toMatchObject({ code: 'RecoveryCodeTypo' });
          refused++;
        }
      }
      const j = number(36);
      if (symbols[i] === symbols[j]) continue;
      const exchanged = symbols.with(i, symbols[j] ?? '').with(j, symbols[i] ?? '');
      expect(() => parseRecoveryCode(exchanged.join(''))).toThrow();
    }
    // 20 bits of checksum miss one typing mistake in a million.
    expect(refused).toBe(tried);
  });

  it('of another length or with a letter no code has says so', () => {
    expect(() => parseRecoveryCode(code.slice(1))).toThrow(/36 letters and digits; this has 35/);
    expect(() => parseRecoveryCode(code.replace(/^..../, 'UUUU'))).toThrow(/Group 1 /);
    expect(() => parseRecoveryCode('')).toThrow(/this has 0/);
  });
});
