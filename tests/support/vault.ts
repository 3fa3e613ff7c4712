import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type FileHandle, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Keychain } from '../../src/main/environment.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import type { Migration } from '../../src/main/vault/migrations/migration.ts';
import type { Vault, VaultOptions } from '../../src/main/vault/vault.ts';
import { CofferError } from '../../src/shared/kms/errors.ts';

/** A scrypt cost that is quick; for tests whose point is not its strength. */
export const QUICK_SCRYPT = { N: 1024, r: 8, p: 1 };

export const PASSPHRASE = 'correct horse battery';

/** A keychain in memory: what a test holds still. The real one has tests of its own. */
export function memoryKeychain(): Keychain & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    available: async () => ({ ok: true }),
    get: async (account) => entries.get(account) ?? null,
    set: async (account, secret) => {
      entries.set(account, secret);
    },
    delete: async (account) => entries.delete(account),
  };
}

/** A small schema for tests of the storage itself. */
export const testMigrations: readonly Migration[] = [
  {
    version: 1,
    name: 'notes',
    up: (tx) => {
      tx.run('CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL, data BLOB)');
    },
  },
];

export function vaultOptions(changes: Partial<VaultOptions> = {}): VaultOptions {
  return {
    ...systemEnvironment(),
    keychain: memoryKeychain(),
    migrations: testMigrations,
    scrypt: QUICK_SCRYPT,
    ...changes,
  };
}

/** A folder in memory where the system has one: syncs cost nothing there. For thousands of openings. */
export const IN_MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A folder of its own, for what begins in one hook and ends in another, which waits until it is removed. */
export async function temporaryFolder(above = tmpdir()): Promise<{ dir: string; remove: () => Promise<void> }> {
  const dir = await mkdtemp(path.join(above, 'coffer-test-'));
  return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

/** Runs `work` in a folder of its own that is removed afterwards. */
export async function inTemporaryFolder<T>(work: (dir: string) => Promise<T>, above?: string): Promise<T> {
  const { dir, remove } = await temporaryFolder(above);
  try {
    return await work(dir);
  } finally {
    await remove();
  }
}

/** A number that a failing test prints; COFFER_TEST_SEED repeats its run. */
export function testSeed(): number {
  return Number(process.env.COFFER_TEST_SEED ?? randomInt(2 ** 31));
}

/** Whole numbers below `limit`, the same for the same seed (the mulberry32 generator). */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Adds a note and returns its id; for vaults with `testMigrations`. */
export function addNote(vault: Vault, text: string, data: Uint8Array | null = null): Promise<number> {
  return vault.transact((tx) => {
    tx.run('INSERT INTO note (text, data) VALUES (?, ?)', [text, data]);
    return tx.lastInsertId();
  });
}

/** The texts of all notes in the order in which they were added. */
export function notesOf(vault: Vault): string[] {
  return vault.db.all<{ text: string }>('SELECT text FROM note ORDER BY id').map(({ text }) => text);
}

/** Every file of a folder by its name. */
export async function filesOf(dir: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(dir)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(path.join(dir, name))] as const)));
}

/** Whether a folder holds exactly these files, byte by byte. */
export async function holdsExactly(dir: string, files: ReadonlyMap<string, Uint8Array>): Promise<boolean> {
  const found = await filesOf(dir);
  return found.size === files.size && [...files].every(([name, bytes]) => found.get(name)?.equals(bytes) === true);
}

/** Makes a folder hold these files and nothing else. */
export async function layOut(dir: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const name of await readdir(dir)) if (!files.has(name)) await rm(path.join(dir, name), { recursive: true });
  for (const [name, bytes] of files) await writeFile(path.join(dir, name), bytes);
}

/** What `work` is refused with; fails when it is not. */
export async function refusalOf(work: Promise<unknown>): Promise<CofferError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof CofferError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

/** What all open files have their methods from: where a test puts a disk's faults. */
export async function handlePrototype(): Promise<FileHandle> {
  const handle = await open(import.meta.filename);
  await handle.close();
  return Object.getPrototypeOf(handle);
}
