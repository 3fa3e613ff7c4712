import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { salvageVault } from '../../../src/main/vault/salvage.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { inTemporaryFolder, memoryKeychain, PASSPHRASE, vaultOptions } from '../../support/vault.ts';

const wish = { name: 'Test', passphrase: PASSPHRASE, useKeychain: true };
const insert = (vault: Vault, text: string) =>
  vault.transact((tx) => {
    tx.run('INSERT INTO note (text) VALUES (?)', [text]);
    return tx.lastInsertId();
  });
const texts = (vault: Vault) =>
  vault.db.all<{ text: string }>('SELECT text FROM note ORDER BY id').map(({ text }) => text);

describe('a vault', () => {
  it('opens by every way in and holds what was committed', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const options = vaultOptions();
      const { vault, recoveryCode } = await Vault.create(dir, options, wish);
      await Promise.all([insert(vault, 'one'), insert(vault, 'two')]);
      await vault.close();
      for (const way of [
        { kind: 'passphrase', secret: PASSPHRASE },
        { kind: 'recovery', secret: recoveryCode.toLowerCase().replaceAll('-', ' ') },
        { kind: 'keychain' },
      ] as const) {
        const again = await Vault.open(dir, options, way);
        expect(texts(again)).toEqual(['one', 'two']);
        expect(again.report).toEqual({ tornBytes: 0, replayedRecords: 3, headerRepaired: false });
        await again.close();
      }
      expect(await readdir(dir)).toEqual(['header.copy.json', 'header.json', 'journal-1.sealed', 'snapshot-1.sealed']);
    }));

  it('refuses a wrong passphrase, a mistyped and a foreign recovery code, each with its own error', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const options = vaultOptions();
      const { vault, recoveryCode } = await Vault.create(dir, options, wish);
      await vault.close();
      const other = await Vault.create(path.join(home, 'w'), options, wish);
      await other.vault.close();
      const open = (way: Parameters<typeof Vault.open>[2]) => Vault.open(dir, options, way);
      await expect(open({ kind: 'passphrase', secret: 'not this one at all' })).rejects.toMatchObject({
        code: 'WrongPassphrase',
      });
      const typo = recoveryCode.startsWith('0') ? `1${recoveryCode.slice(1)}` : `0${recoveryCode.slice(1)}`;
      await expect(open({ kind: 'recovery', secret: typo })).rejects.toMatchObject({ code: 'RecoveryCodeTypo' });
      await expect(open({ kind: 'recovery', secret: other.recoveryCode })).rejects.toMatchObject({
        code: 'WrongRecoveryCode',
      });
      await expect(
        Vault.open(dir, vaultOptions({ keychain: memoryKeychain() }), { kind: 'keychain' }),
      ).rejects.toMatchObject({ code: 'KeychainKeyMissing' });
    }));

  it('undoes a transaction that throws, and only that one', () =>
    inTemporaryFolder(async (home) => {
      const options = vaultOptions();
      const { vault } = await Vault.create(path.join(home, 'v'), options, wish);
      const failing = vault.transact((tx) => {
        tx.run('INSERT INTO note (text) VALUES (?)', ['lost']);
        throw new Error('no');
      });
      const kept = vault.transact((tx) => {
        tx.run('INSERT INTO note (text) VALUES (?)', ['kept']);
        try {
          tx.attempt(() => {
            tx.run('INSERT INTO note (text) VALUES (?)', ['inner']);
            throw new Error('inner');
          });
        } catch {}
      });
      await expect(failing).rejects.toThrow('no');
      await kept;
      await vault.close();
      const again = await Vault.open(path.join(home, 'v'), options, { kind: 'keychain' });
      expect(texts(again)).toEqual(['kept']);
      await again.close();
    }));

  it('takes snapshots while commits go on, and loses nothing', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const options = vaultOptions({ snapshotAfterBytes: 2000 });
      const { vault } = await Vault.create(dir, options, wish);
      const wanted: string[] = [];
      for (let i = 0; i < 300; i++) {
        wanted.push(`note ${i}`);
        await insert(vault, `note ${i}`);
      }
      await vault.close();
      expect(
        (await readdir(dir))
          .filter((name) => name.startsWith('snapshot'))
          .every((name) => name !== 'snapshot-1.sealed'),
      ).toBe(true);
      const again = await Vault.open(dir, options, { kind: 'keychain' });
      expect(texts(again)).toEqual(wanted);
      await again.close();
    }));

  it('opens with the good copy when one header is damaged, and salvages up to a damaged record', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const options = vaultOptions();
      const { vault } = await Vault.create(dir, options, wish);
      for (let i = 0; i < 5; i++) await insert(vault, `n${i}`);
      await vault.close();
      await writeFile(path.join(dir, 'header.json'), '{');
      const repaired = await Vault.open(dir, options, { kind: 'keychain' });
      expect(repaired.report.headerRepaired).toBe(true);
      await repaired.close();
      const journal = path.join(dir, 'journal-1.sealed');
      const whole = await readFile(journal);
      const bad = Buffer.from(whole);
      bad[bad.length - 200] = (bad[bad.length - 200] ?? 0) ^ 1;
      await writeFile(journal, bad);
      await expect(Vault.open(dir, options, { kind: 'keychain' })).rejects.toMatchObject({ code: 'VaultDamaged' });
      expect(await readFile(journal)).toEqual(bad);
      const outcome = await salvageVault(
        dir,
        { kind: 'passphrase', secret: PASSPHRASE },
        path.join(home, 's'),
        options,
      );
      // What is wrong, without the advice to do what was just done.
      expect(outcome.lost).toMatch(/^a record was altered \(journal 1, after \d+ whole records\)$/);
      const salvaged = await Vault.open(path.join(home, 's'), options, { kind: 'passphrase', secret: PASSPHRASE });
      expect(texts(salvaged).length).toBeGreaterThan(0);
      expect(texts(salvaged).every((text, index) => text === `n${index}`)).toBe(true);
      await salvaged.close();
    }));
});
