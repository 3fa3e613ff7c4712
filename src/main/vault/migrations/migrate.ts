import { CofferError } from '../../../shared/kms/errors.ts';
import type { ReadDatabase, Store, Transaction } from '../types.ts';
import type { Migration } from './migration.ts';

function versionOf(db: ReadDatabase): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

/** @throws CofferError `VaultTooNew` when the vault was written by a later Coffer. */
export function refuseNewer(db: ReadDatabase, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const current = versionOf(db);
  if (current > newest) {
    throw new CofferError(
      'VaultTooNew',
      `A newer Coffer wrote this vault (schema ${current}, this one knows ${newest}). Update Coffer to open it.`,
    );
  }
}

/**
 * Brings the schema up to date in one transaction: all of it or nothing.
 * @throws CofferError `VaultTooNew` when the vault was written by a later Coffer.
 */
export async function migrate(store: Pick<Store, 'db' | 'transact'>, migrations: readonly Migration[]): Promise<void> {
  refuseNewer(store.db, migrations);
  const current = versionOf(store.db);
  if (migrations.every(({ version }) => version <= current)) return;
  await store.transact((tx: Transaction) => {
    for (const migration of migrations) {
      if (migration.version <= current) continue;
      migration.up(tx);
      tx.run(`PRAGMA user_version = ${migration.version}`);
    }
  });
}
