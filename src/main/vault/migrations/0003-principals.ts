import type { Migration } from './migration.ts';

/**
 * Users and roles of an account, and access keys. The root of an account is implicit: an access key without a principal is
 * the root's. `sealed` is the secret, bound to the access key's id. Times are milliseconds since the epoch.
 */
const statements = [
  `CREATE TABLE principals (
    row INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts,
    kind TEXT NOT NULL,
    name TEXT NOT NULL COLLATE NOCASE,
    path TEXT NOT NULL,
    unique_id TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    UNIQUE (account_id, kind, name)
  ) STRICT`,
  `CREATE TABLE access_keys (
    access_key_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts,
    principal INTEGER REFERENCES principals ON DELETE CASCADE,
    sealed BLOB NOT NULL,
    active INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    last_used INTEGER
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX access_keys_principal ON access_keys (principal)',
];

export const principals: Migration = {
  version: 3,
  name: 'principals',
  up(tx) {
    for (const statement of statements) tx.run(statement);
  },
};
