import type { Migration } from './migration.ts';

/**
 * What was done with files, one row a finished job. `folded` is name and path in lower case, to be searched; `files` counts
 * the files of a job over each file of a folder. Times are milliseconds since the epoch.
 */
const statements = [
  `CREATE TABLE file_history (
    id INTEGER PRIMARY KEY,
    finished_at INTEGER NOT NULL,
    action TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    folded TEXT NOT NULL,
    output TEXT,
    key_arn TEXT,
    files INTEGER NOT NULL,
    bytes INTEGER NOT NULL
  ) STRICT`,
  'CREATE INDEX file_history_key ON file_history (key_arn)',
];

export const fileHistory: Migration = {
  version: 7,
  name: 'history of files',
  up(tx) {
    for (const statement of statements) tx.run(statement);
  },
};
