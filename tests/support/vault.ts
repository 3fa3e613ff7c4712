import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Keychain } from '../../src/main/environment.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import type { Migration } from '../../src/main/vault/migrations/migration.ts';
import type { VaultOptions } from '../../src/main/vault/vault.ts';

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

/** Runs `work` in a folder of its own that is removed afterwards. */
export async function inTemporaryFolder<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const dir = await mkdtemp(path.join(tmpdir(), 'coffer-test-'));
  try {
    return await work(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
