import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { restoreBackup, writeBackup } from '../../../src/main/vault/backup.ts';
import { salvageVault } from '../../../src/main/vault/salvage.ts';
import { Vault, type VaultOptions } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  filesOf,
  handlePrototype,
  holdsExactly,
  IN_MEMORY,
  inTemporaryFolder,
  layOut,
  notesOf,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';
import { CALLER, engineOf, populate, productOptions } from '../../support/vault-engine.ts';

const BACKUP_PASSPHRASE = 'the passphrase of a backup';
const wish = { name: 'Mine', passphrase: PASSPHRASE, useKeychain: true };
const passphrase = { kind: 'passphrase', secret: PASSPHRASE } as const;
const backupWay = { kind: 'passphrase', secret: BACKUP_PASSPHRASE } as const;

async function withVault(
  work: (parts: {
    home: string;
    dir: string;
    vault: Vault;
    recoveryCode: string;
    options: VaultOptions;
  }) => Promise<void>,
  options = vaultOptions(),
): Promise<void> {
  await inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'v');
    const { vault, recoveryCode } = await Vault.create(dir, options, wish);
    try {
      await work({ home, dir, vault, recoveryCode, options });
    } finally {
      await vault.close();
    }
  }, IN_MEMORY);
}

describe('a backup', () => {
  it('of several chunks restores every byte, under its own passphrase only', () =>
    withVault(async ({ home, vault, options }) => {
      const file = path.join(home, 'b');
      for (let i = 0; i < 5; i++) await addNote(vault, `note ${i}`, Buffer.alloc(700_000, i + 1));
      const bytes = await writeBackup(vault, options, file, BACKUP_PASSPHRASE);
      expect(bytes).toBeGreaterThan(3_500_000);
      expect((await readFile(file)).length).toBe(bytes);
      const restored = path.join(home, 'r');
      await restoreBackup(file, BACKUP_PASSPHRASE, restored, options);
      expect((await refusalOf(Vault.open(restored, options, passphrase))).code).toBe('WrongPassphrase');
      expect((await refusalOf(Vault.open(restored, options, { kind: 'keychain' }))).code).toBe('NoSuchSlot');
      const copy = await Vault.open(restored, options, backupWay);
      expect([copy.id, copy.name]).toEqual([vault.id, 'Mine']);
      const rows = 'SELECT * FROM note ORDER BY id';
      expect(JSON.stringify(copy.db.all(rows)) === JSON.stringify(vault.db.all(rows))).toBe(true);
      await copy.close();
    }));

  it('is not restored over a vault, or into a folder that holds anything', () =>
    withVault(async ({ home, dir, vault, options }) => {
      const file = path.join(home, 'b');
      await writeBackup(vault, options, file, BACKUP_PASSPHRASE);
      const other = path.join(home, 'other');
      await mkdir(other);
      await writeFile(path.join(other, 'letter'), 'mine');
      for (const folder of [dir, other]) {
        const files = await filesOf(folder);
        const refused = await refusalOf(restoreBackup(file, BACKUP_PASSPHRASE, folder, options));
        expect(refused.code).toBe('FolderNotEmpty');
        expect(await holdsExactly(folder, files)).toBe(true);
      }
    }));

  it('never replaces a file, and is not begun when there is one', () =>
    withVault(async ({ home, vault, options }) => {
      const file = path.join(home, 'b');
      await writeFile(file, 'mine');
      expect((await refusalOf(writeBackup(vault, options, file, BACKUP_PASSPHRASE))).code).toBe('FileExists');
      expect(await readFile(file, 'utf8')).toBe('mine');
      expect((await readdir(home)).sort()).toEqual(['b', 'v']);
    }));

  it('replaces no file that came to be there while it was written', () =>
    withVault(async ({ home, vault, options }) => {
      const file = path.join(home, 'b');
      const handles = await handlePrototype();
      const { sync } = handles;
      const other = vi.spyOn(handles, 'sync').mockImplementationOnce(async function (this: typeof handles) {
        await writeFile(file, 'mine');
        return sync.call(this);
      });
      try {
        expect((await refusalOf(writeBackup(vault, options, file, BACKUP_PASSPHRASE))).code).toBe('FileExists');
      } finally {
        other.mockRestore();
      }
      expect(await readFile(file, 'utf8')).toBe('mine');
      expect((await readdir(home)).sort()).toEqual(['b', 'v']);
    }));

  it('that cannot be read back as it was written is not kept', () =>
    withVault(async ({ home, vault, options }) => {
      const handles = await handlePrototype();
      const { sync } = handles;
      // What a disk does that lies about what it stored.
      const lying = vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handles) {
        await this.write(Uint8Array.of(0x55, 0x55), 0, 2, 1000);
        return sync.call(this);
      });
      try {
        const refused = await refusalOf(writeBackup(vault, options, path.join(home, 'b'), BACKUP_PASSPHRASE));
        expect(['BackupFailed', 'BackupDamaged']).toContain(refused.code);
      } finally {
        lying.mockRestore();
      }
      expect(await readdir(home)).toEqual(['v']);
    }));

  it('that is cut off, empty, something else, huge, or gone is refused in words', () =>
    withVault(async ({ home, vault, options }) => {
      const file = path.join(home, 'b');
      await writeBackup(vault, options, file, BACKUP_PASSPHRASE);
      const whole = await readFile(file);
      const code = () =>
        refusalOf(restoreBackup(file, BACKUP_PASSPHRASE, path.join(home, 'r'), options)).then((error) => error.code);
      for (const length of [8, 11, 12, 100, 300, whole.length - 1]) {
        await writeFile(file, whole.subarray(0, length));
        expect(await code(), `${length} bytes`).toBe(length < 12 ? 'NotABackup' : 'BackupDamaged');
      }
      await writeFile(file, Buffer.concat([whole, Buffer.alloc(1)]));
      expect(await code()).toBe('BackupDamaged');
      await writeFile(file, '');
      expect(await code()).toBe('NotABackup');
      await truncate(file, 10 * 2 ** 30);
      expect(await code()).toBe('NotABackup');
      const wrong = restoreBackup(path.join(home, 'nothing'), BACKUP_PASSPHRASE, path.join(home, 'r'), options);
      expect((await refusalOf(wrong)).code).toBe('BackupUnreadable');
      expect((await readdir(home)).sort()).toEqual(['b', 'v']);
    }));

  it('tells a wrong passphrase from damage', () =>
    withVault(async ({ home, vault, options }) => {
      const file = path.join(home, 'b');
      await writeBackup(vault, options, file, BACKUP_PASSPHRASE);
      const bytes = await readFile(file);
      const code = (secret: string) =>
        refusalOf(restoreBackup(file, secret, path.join(home, 'r'), options)).then((error) => error.code);
      expect(await code('another one')).toBe('WrongPassphrase');
      bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 4;
      await writeFile(file, bytes);
      expect(await code(BACKUP_PASSPHRASE)).toBe('BackupDamaged');
    }));

  it('of a newer Coffer is refused, and nothing is made', () =>
    withVault(async ({ home, vault, options }) => {
      const file = path.join(home, 'b');
      await writeBackup(vault, options, file, BACKUP_PASSPHRASE);
      const older = { ...options, migrations: [] };
      const refused = await refusalOf(restoreBackup(file, BACKUP_PASSPHRASE, path.join(home, 'r'), older));
      expect(refused.code).toBe('VaultTooNew');
      expect((await readdir(home)).sort()).toEqual(['b', 'v']);
    }));

  it('of a locked vault is refused', () =>
    withVault(async ({ home, vault, options }) => {
      await vault.close();
      const refused = await refusalOf(writeBackup(vault, options, path.join(home, 'b'), BACKUP_PASSPHRASE));
      expect(refused.code).toBe('VaultLocked');
    }));

  it('keeps the keys usable: what was encrypted before it opens after it', () =>
    withVault(async ({ home, vault, options }) => {
      await populate(vault);
      const { engine } = engineOf(vault);
      const { output } = await engine.call(CALLER, 'CreateKey', {});
      const Plaintext = Buffer.from('in the first vault');
      const KeyId = output.KeyMetadata.KeyId;
      const sealed = await engine.call(CALLER, 'Encrypt', { KeyId, Plaintext });
      const file = path.join(home, 'b');
      await writeBackup(vault, options, file, BACKUP_PASSPHRASE);
      const restored = path.join(home, 'r');
      await restoreBackup(file, BACKUP_PASSPHRASE, restored, options);
      const copy = await Vault.open(restored, options, backupWay);
      const opened = await engineOf(copy).engine.call(CALLER, 'Decrypt', {
        CiphertextBlob: sealed.output.CiphertextBlob,
      });
      expect(Buffer.from(opened.output.Plaintext).toString()).toBe('in the first vault');
      await copy.close();
    }, productOptions()));

  it('restored twice makes two vaults, and no record of one fits the other, though their keys are the same', () =>
    withVault(async ({ home, vault, options }) => {
      const file = path.join(home, 'b');
      await writeBackup(vault, options, file, BACKUP_PASSPHRASE);
      const [one, other] = [path.join(home, 'one'), path.join(home, 'other')];
      for (const dir of [one, other]) await restoreBackup(file, BACKUP_PASSPHRASE, dir, options);
      const copy = await Vault.open(one, options, backupWay);
      await addNote(copy, 'only in the one');
      await copy.close();
      const files = await filesOf(other);
      files.set('journal-1.sealed', await readFile(path.join(one, 'journal-1.sealed')));
      await layOut(other, files);
      expect((await refusalOf(Vault.open(other, options, backupWay))).code).toBe('VaultDamaged');
    }));

  it('says of a backup that cannot be read whether it is there', () =>
    withVault(async ({ home, options }) => {
      const refusal = async (file: string) => {
        const { code, message } = await refusalOf(
          restoreBackup(file, BACKUP_PASSPHRASE, path.join(home, 'restored'), options),
        );
        return [code, message];
      };
      expect(await refusal(path.join(home, 'nothing'))).toEqual([
        'BackupUnreadable',
        'The backup cannot be read: there is no such file.',
      ]);
      expect(await refusal(home)).toEqual(['BackupUnreadable', 'The backup cannot be read: it is a folder.']);
    }));
});

describe('salvage', () => {
  const flip = async (file: string, at: number) => {
    const bytes = await readFile(file);
    const index = at < 0 ? bytes.length + at : at;
    bytes[index] = (bytes[index] ?? 0) ^ 16;
    await writeFile(file, bytes);
  };

  it('keeps every record before the damage, by passphrase or recovery code, and only reads what is damaged', () =>
    withVault(async ({ home, dir, vault, recoveryCode, options }) => {
      for (let i = 0; i < 9; i++) await addNote(vault, `note ${i}`);
      await vault.snapshot();
      const ends: number[] = [];
      for (let i = 9; i < 20; i++) {
        await addNote(vault, `note ${i}`);
        ends.push((await readFile(path.join(dir, 'journal-2.sealed'))).length);
      }
      await vault.close();
      await flip(path.join(dir, 'journal-2.sealed'), (ends[5] ?? 0) + 30);
      const files = await filesOf(dir);
      const ways = [passphrase, { kind: 'recovery', secret: recoveryCode } as const];
      for (const [index, way] of ways.entries()) {
        const copy = path.join(home, `copy ${index}`);
        const outcome = await salvageVault(dir, way, copy, options);
        expect(outcome).toEqual({ recoveredRecords: 6, lost: expect.stringContaining('after 6 whole records') });
        const salvaged = await Vault.open(copy, options, way);
        expect(notesOf(salvaged)).toEqual(Array.from({ length: 15 }, (_, i) => `note ${i}`));
        await salvaged.close();
        expect(await holdsExactly(dir, files)).toBe(true);
      }
      const over = salvageVault(dir, passphrase, dir, options);
      expect((await refusalOf(over)).code).toBe('FolderNotEmpty');
      const wrong = salvageVault(dir, { kind: 'passphrase', secret: 'no' }, path.join(home, 'w'), options);
      expect((await refusalOf(wrong)).code).toBe('WrongPassphrase');
      expect((await readdir(home)).sort()).toEqual(['copy 0', 'copy 1', 'v']);
    }));

  it('keeps nothing of a record that cannot be applied whole', () =>
    withVault(async ({ home, dir, vault, options }) => {
      await addNote(vault, 'whole');
      // A table that the journal does not know of: what is written there cannot be replayed.
      vault.db.get('CREATE TEMP TABLE unknown (x)');
      await vault.transact((tx) => {
        tx.run('INSERT INTO note (text) VALUES (?)', ['half']);
        tx.run('INSERT INTO unknown VALUES (1)');
      });
      await vault.close();
      const refused = await refusalOf(Vault.open(dir, options, passphrase));
      expect([refused.code, refused.message]).toEqual([
        'VaultDamaged',
        expect.stringContaining('could not be applied'),
      ]);
      await salvageVault(dir, passphrase, path.join(home, 'copy'), options);
      const salvaged = await Vault.open(path.join(home, 'copy'), options, passphrase);
      expect(notesOf(salvaged)).toEqual(['whole']);
      await salvaged.close();
    }));

  it('uses the newer snapshot when the one the header names is lost', () =>
    withVault(async ({ home, dir, vault, options }) => {
      for (let i = 0; i < 3; i++) await addNote(vault, `note ${i}`);
      const before = await filesOf(dir);
      await vault.snapshot();
      await addNote(vault, 'after the snapshot');
      await vault.close();
      // A crash between the new snapshot and the header: the old generation is still there, and named.
      const files = new Map([...(await filesOf(dir))]);
      for (const name of ['header.json', 'header.copy.json', 'snapshot-1.sealed'])
        files.set(name, before.get(name) as Buffer);
      await layOut(dir, files);
      await flip(path.join(dir, 'snapshot-1.sealed'), -20);
      expect((await refusalOf(Vault.open(dir, options, passphrase))).code).toBe('VaultDamaged');
      const outcome = await salvageVault(dir, passphrase, path.join(home, 'copy'), options);
      expect(outcome.lost).toContain('snapshot 1');
      const salvaged = await Vault.open(path.join(home, 'copy'), options, passphrase);
      expect(notesOf(salvaged)).toEqual(['note 0', 'note 1', 'note 2', 'after the snapshot']);
      await salvaged.close();
    }));

  it('says that a backup is needed when no snapshot is whole', () =>
    withVault(async ({ home, dir, vault, options }) => {
      await addNote(vault, 'lost');
      await vault.close();
      await flip(path.join(dir, 'snapshot-1.sealed'), -20);
      const refused = await refusalOf(salvageVault(dir, passphrase, path.join(home, 'copy'), options));
      expect(refused).toMatchObject({ code: 'VaultDamaged', message: expect.stringContaining('Restore a backup') });
      expect(await readdir(home)).toEqual(['v']);
    }));
});
