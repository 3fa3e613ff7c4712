import { regions } from '../../shared/kms/regions.ts';
import type { Transaction } from '../vault/types.ts';

/** What must exist before the first call: the account and the Regions. Once, in a new vault's first transaction. */
export function initialiseVault(
  tx: Transaction,
  { accountId, now }: { readonly accountId: string; readonly now: number },
): void {
  if (!/^\d{12}$/.test(accountId)) throw new RangeError('an account id has 12 digits');
  tx.run('INSERT INTO accounts (account_id, created_at) VALUES (?, ?)', [accountId, now]);
  regions.forEach((name, position) => {
    tx.run('INSERT INTO regions (name, position) VALUES (?, ?)', [name, position]);
  });
}

/** Gives a vault that holds no key the accounts of a seed, in place of the one it was born with. */
export function replaceAccounts(tx: Transaction, accountIds: readonly string[], now: number): void {
  tx.run('DELETE FROM accounts');
  for (const id of accountIds) tx.run('INSERT INTO accounts (account_id, created_at) VALUES (?, ?)', [id, now]);
}
