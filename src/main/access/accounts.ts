import type { Random } from '../environment.ts';
import type { ReadDatabase } from '../vault/types.ts';

/** A number for a new account: 12 digits. The first is never 0, so that it survives tools that read it as a number. */
export function newAccountId(random: Random): string {
  return [...random.bytes(12)].map((byte, index) => (index === 0 ? 1 + (byte % 9) : byte % 10)).join('');
}

/** The accounts of the vault, the oldest first. */
export const accountIds = (db: ReadDatabase): string[] =>
  db.all<{ id: string }>('SELECT account_id AS id FROM accounts ORDER BY created_at, account_id').map(({ id }) => id);

export const hasAccount = (db: ReadDatabase, id: string): boolean =>
  db.get('SELECT 1 FROM accounts WHERE account_id = ?', [id]) !== undefined;
