import type { Migration } from './migration.ts';

/**
 * Grants, the passing states of multi-Region keys, and the service an AWS managed key serves. `grantee` and `retiring` are
 * the forms principals are looked up by; `terms` is JSON: what the grant says in its maker's words.
 */
const statements = [
  'ALTER TABLE keys ADD COLUMN service TEXT',
  // While a state passes by itself: when it ends, and which one follows.
  'ALTER TABLE keys ADD COLUMN settles_at INTEGER',
  'ALTER TABLE keys ADD COLUMN settles_to TEXT',
  'CREATE INDEX keys_settling ON keys (settles_at) WHERE settles_at IS NOT NULL',
  `CREATE TABLE grants (
    row INTEGER PRIMARY KEY,
    grant_id TEXT NOT NULL UNIQUE,
    key_row INTEGER NOT NULL REFERENCES keys ON DELETE CASCADE,
    name TEXT NOT NULL,
    grantee TEXT NOT NULL,
    retiring TEXT,
    issuer TEXT NOT NULL,
    terms TEXT NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT`,
  'CREATE INDEX grants_key ON grants (key_row, grantee)',
  "CREATE INDEX grants_name ON grants (key_row, name) WHERE name <> ''",
  'CREATE INDEX grants_retiring ON grants (retiring) WHERE retiring IS NOT NULL',
];

export const grantsAndReplicas: Migration = {
  version: 2,
  name: 'grants and replicas',
  up(tx) {
    for (const statement of statements) tx.run(statement);
  },
};
