import { migrations } from '../../src/main/vault/migrations/index.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { PASSPHRASE } from './first-vault.ts';
import { vaultOptions } from './vault.ts';

const TABLES = ['audit_events', 'audit_more_keys', 'audit_digests', 'audit_callers', 'audit_strings'];

/** How many records a copy of a locked vault has, and what they take of its database. The copy's record is emptied for that. */
export async function trailOf(dir: string): Promise<{ readonly records: number; readonly trail: number }> {
  const vault = await Vault.open(dir, vaultOptions({ migrations }), { kind: 'passphrase', secret: PASSPHRASE });
  const number = (sql: string) => Number(Object.values(vault.db.get(sql) ?? {})[0]);
  try {
    const records = number('SELECT count(*) FROM audit_events');
    const unused = number('PRAGMA freelist_count');
    await vault.transact((tx) => {
      for (const table of TABLES) tx.run(`DELETE FROM ${table}`);
    });
    return { records, trail: (number('PRAGMA freelist_count') - unused) * number('PRAGMA page_size') };
  } finally {
    await vault.close();
  }
}
