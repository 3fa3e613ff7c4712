import type { Migration } from './migration.ts';

/**
 * Custom key stores, and the keys whose material is in one. `settings` is JSON: what may be shown of the backing; `sealed` is
 * its secret, a token's PIN or a proxy's secret access key. `backing` is what the store knows the key by.
 */
const statements = [
  `CREATE TABLE key_stores (
    store_id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts,
    region TEXT NOT NULL REFERENCES regions,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    settings TEXT NOT NULL,
    sealed BLOB NOT NULL,
    connection TEXT NOT NULL,
    error TEXT,
    created_at INTEGER NOT NULL,
    UNIQUE (account_id, region, name)
  ) STRICT`,
  'ALTER TABLE keys ADD COLUMN key_store TEXT REFERENCES key_stores',
  'ALTER TABLE keys ADD COLUMN backing TEXT',
  'CREATE UNIQUE INDEX keys_backing ON keys (key_store, backing) WHERE key_store IS NOT NULL',
];

export const keyStores: Migration = {
  version: 5,
  name: 'custom key stores',
  up(tx) {
    for (const statement of statements) tx.run(statement);
  },
};
