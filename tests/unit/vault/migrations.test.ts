import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { migrations } from '../../../src/main/vault/migrations/index.ts';
import type { Migration } from '../../../src/main/vault/migrations/migration.ts';
import type { ReadDatabase } from '../../../src/main/vault/types.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  filesOf,
  holdsExactly,
  IN_MEMORY,
  inTemporaryFolder,
  notesOf,
  PASSPHRASE,
  refusalOf,
  testMigrations,
  vaultOptions,
} from '../../support/vault.ts';

const wish = { name: 'Old', passphrase: PASSPHRASE, useKeychain: true };
const way = { kind: 'keychain' } as const;

/** Every row of every table, to be compared across an upgrade. */
function contentsOf(db: ReadDatabase): Record<string, unknown[]> {
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
  return Object.fromEntries(tables.map(({ name }) => [name, db.all(`SELECT * FROM "${name}"`)]));
}

/**
 * Fills every column of every table with something of its type; the rows need not make sense, only survive. A row that a
 * CHECK refuses is left out, one that refers to another table is tried again when that has its rows.
 */
async function fillEveryTable(vault: Vault): Promise<void> {
  const names = vault.db
    .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .map(({ name }) => name);
  const tables = names.flatMap(() => names);
  await vault.transact((tx) => {
    for (const name of tables) {
      const columns = vault.db.all<{ name: string; type: string }>(
        'SELECT name, type FROM pragma_table_info(?) ORDER BY cid',
        [name],
      );
      for (const row of [1, 2]) {
        const values = columns.map(({ type }) =>
          type === 'INTEGER' ? row : type === 'BLOB' ? Buffer.alloc(20, row) : `value ${row}`,
        );
        const list = columns.map((column) => `"${column.name}"`).join(', ');
        try {
          const places = columns.map(() => '?').join(', ');
          tx.attempt(() => tx.run(`INSERT INTO "${name}" (${list}) VALUES (${places})`, values));
        } catch {}
      }
    }
  });
  for (const [name, rows] of Object.entries(contentsOf(vault.db))) expect(rows, name).not.toHaveLength(0);
}

describe('the migrations of the schema', () => {
  it('are numbered from 1 without a gap', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it.each(migrations.map(({ version, name }) => [version, name]))(
    'step %i (%s) keeps every row of a vault of the step before',
    (version) =>
      inTemporaryFolder(async (home) => {
        const dir = path.join(home, 'v');
        const before = vaultOptions({ migrations: migrations.slice(0, version - 1) });
        const { vault } = await Vault.create(dir, before, wish);
        if (version > 1) await fillEveryTable(vault);
        const held = contentsOf(vault.db);
        await vault.close();
        const options = { ...before, migrations: migrations.slice(0, version) };
        const upgraded = await Vault.open(dir, options, way);
        expect(upgraded.db.get('PRAGMA user_version')).toEqual({ user_version: version });
        expect(contentsOf(upgraded.db)).toMatchObject(held);
        await fillEveryTable(upgraded);
        const filled = contentsOf(upgraded.db);
        await upgraded.close();
        // Journaled, so the next opening finds the same schema and rows, and a snapshot holds them as well.
        const again = await Vault.open(dir, options, way);
        expect(contentsOf(again.db)).toEqual(filled);
        await again.snapshot();
        await again.close();
        const last = await Vault.open(dir, options, way);
        expect(contentsOf(last.db)).toEqual(filled);
        expect(last.db.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
        await last.close();
      }, IN_MEMORY),
  );
});

describe('an upgrade', () => {
  const addColumn: Migration = {
    version: 2,
    name: 'colour',
    up: (tx) => {
      tx.run("ALTER TABLE note ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey'");
      tx.run('UPDATE note SET colour = ? WHERE text = ?', ['red', 'b']);
    },
  };

  async function withNotes(work: (dir: string, options: ReturnType<typeof vaultOptions>) => Promise<void>) {
    await inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const options = vaultOptions();
      const { vault } = await Vault.create(dir, options, wish);
      await addNote(vault, 'a');
      await addNote(vault, 'b');
      await vault.close();
      await work(dir, options);
    }, IN_MEMORY);
  }

  it('runs every step that is missing, once', () =>
    withNotes(async (dir, options) => {
      const newer = { ...options, migrations: [...testMigrations, addColumn] };
      for (let i = 0; i < 2; i++) {
        const vault = await Vault.open(dir, newer, way);
        expect(vault.db.all('SELECT text, colour FROM note ORDER BY id')).toEqual([
          { text: 'a', colour: 'grey' },
          { text: 'b', colour: 'red' },
        ]);
        await vault.close();
      }
    }));

  it('that fails leaves the vault as it was, and open to the version before', () =>
    withNotes(async (dir, options) => {
      const files = await filesOf(dir);
      const failing: Migration = {
        version: 3,
        name: 'failing',
        up: (tx) => {
          tx.run('DELETE FROM note');
          tx.run('INSERT INTO nowhere VALUES (1)');
        },
      };
      const newer = { ...options, migrations: [...testMigrations, addColumn, failing] };
      await expect(Vault.open(dir, newer, way)).rejects.toThrow(/nowhere/);
      expect(await holdsExactly(dir, files)).toBe(true);
      const vault = await Vault.open(dir, options, way);
      expect(notesOf(vault)).toEqual(['a', 'b']);
      await vault.close();
    }));

  it('backward is refused, and nothing is changed, a torn record and a damaged header included', () =>
    withNotes(async (dir, options) => {
      const newer = { ...options, migrations: [...testMigrations, addColumn] };
      await (await Vault.open(dir, newer, way)).close();
      await appendFile(path.join(dir, 'journal-1.sealed'), Buffer.alloc(7));
      await writeFile(path.join(dir, 'header.copy.json'), '{');
      const files = await filesOf(dir);
      const refused = await refusalOf(Vault.open(dir, options, way));
      expect(refused.code).toBe('VaultTooNew');
      expect(refused.message).toContain('schema 2, this one knows 1');
      expect(await holdsExactly(dir, files)).toBe(true);
      const vault = await Vault.open(dir, newer, way);
      expect(vault.report).toMatchObject({ tornBytes: 7, headerRepaired: true });
      await vault.close();
    }));
});
