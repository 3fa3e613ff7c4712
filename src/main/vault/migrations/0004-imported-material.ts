import type { Migration } from './migration.ts';

/**
 * Imported material. A key of origin EXTERNAL has its materials' ids in `materials` like any other, where its replicas share
 * them, but with empty bytes: each Region holds its own copy here or holds none (`sealed` is null once it was deleted or has
 * expired; the row keeps its description for when it comes back). A material of the kind PENDING waits for a rotation.
 */
const statements = [
  `CREATE TABLE imports (
    key_row INTEGER NOT NULL REFERENCES keys ON DELETE CASCADE,
    material_id TEXT NOT NULL,
    description TEXT,
    expires_at INTEGER,
    sealed BLOB,
    PRIMARY KEY (key_row, material_id)
  ) STRICT`,
  'CREATE INDEX imports_due ON imports (expires_at) WHERE expires_at IS NOT NULL',
];

export const importedMaterial: Migration = {
  version: 4,
  name: 'imported material',
  up(tx) {
    for (const statement of statements) tx.run(statement);
  },
};
