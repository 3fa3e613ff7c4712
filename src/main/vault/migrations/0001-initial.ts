import { auditSchema } from '../../audit/schema.ts';
import type { Migration } from './migration.ts';

/**
 * The first schema. A key row is one key in one Region. What multi-Region replicas share (material and rotation) belongs
 * to (account, key id) instead. Times are milliseconds since the epoch.
 */
const statements = [
  `CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE accounts (
    account_id TEXT PRIMARY KEY,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE regions (
    name TEXT PRIMARY KEY,
    position INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE key_lines (
    account_id TEXT NOT NULL REFERENCES accounts,
    key_id TEXT NOT NULL,
    current_material TEXT NOT NULL,
    rotation_enabled INTEGER NOT NULL DEFAULT 0,
    rotation_days INTEGER,
    next_rotation INTEGER,
    PRIMARY KEY (account_id, key_id)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX key_lines_due ON key_lines (next_rotation) WHERE rotation_enabled = 1`,
  `CREATE TABLE materials (
    account_id TEXT NOT NULL,
    key_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    material_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (account_id, key_id, number),
    UNIQUE (account_id, key_id, material_id),
    FOREIGN KEY (account_id, key_id) REFERENCES key_lines ON DELETE CASCADE
  ) STRICT`,
  `CREATE TABLE keys (
    row INTEGER PRIMARY KEY,
    account_id TEXT NOT NULL,
    region TEXT NOT NULL REFERENCES regions,
    key_id TEXT NOT NULL,
    description TEXT NOT NULL,
    spec TEXT NOT NULL,
    usage TEXT NOT NULL,
    origin TEXT NOT NULL,
    manager TEXT NOT NULL,
    state TEXT NOT NULL,
    multi_region TEXT,
    created_at INTEGER NOT NULL,
    deletion_at INTEGER,
    deletion_days INTEGER,
    last_used INTEGER,
    policy TEXT NOT NULL,
    UNIQUE (account_id, region, key_id),
    FOREIGN KEY (account_id, key_id) REFERENCES key_lines
  ) STRICT`,
  `CREATE TABLE key_counts (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (account_id, region)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX keys_line ON keys (account_id, key_id)`,
  `CREATE INDEX keys_due ON keys (deletion_at) WHERE deletion_at IS NOT NULL`,
  `CREATE TABLE aliases (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    key_row INTEGER NOT NULL REFERENCES keys ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (account_id, region, name)
  ) STRICT, WITHOUT ROWID`,
  `CREATE INDEX aliases_key ON aliases (key_row, name)`,
  `CREATE TABLE tags (
    key_row INTEGER NOT NULL REFERENCES keys ON DELETE CASCADE,
    tag_key TEXT NOT NULL,
    tag_value TEXT NOT NULL,
    PRIMARY KEY (key_row, tag_key)
  ) STRICT, WITHOUT ROWID`,
];

export const initial: Migration = {
  version: 1,
  name: 'initial',
  up(tx) {
    for (const statement of [...statements, ...auditSchema]) tx.run(statement);
  },
};
