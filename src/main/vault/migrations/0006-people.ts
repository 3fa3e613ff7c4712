import type { Migration } from './migration.ts';

/**
 * What makes principals people: the policies of users and roles, their tags, whom a role trusts, second factors; and on each
 * record of the trail the decision it was made by. `tags` is a JSON object, `trust` and `document` are policy documents as they
 * were given. An MFA device without a principal is the root's of its account; `sealed` is its seed, bound to the serial number.
 * `last_step` is the last time step whose code was taken (RFC 6238, section 5.2), so that none counts twice. `decision` is JSON
 * text, or the number of a text in `audit_strings`. Times are milliseconds since the epoch.
 */
const statements = [
  `ALTER TABLE principals ADD COLUMN tags TEXT NOT NULL DEFAULT '{}'`,
  'ALTER TABLE principals ADD COLUMN trust TEXT',
  'ALTER TABLE principals ADD COLUMN max_session_seconds INTEGER NOT NULL DEFAULT 3600',
  `CREATE TABLE identity_policies (
    principal INTEGER NOT NULL REFERENCES principals ON DELETE CASCADE,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (principal, name)
  ) STRICT, WITHOUT ROWID`,
  `CREATE TABLE mfa_devices (
    serial TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES accounts,
    principal INTEGER REFERENCES principals ON DELETE CASCADE,
    sealed BLOB NOT NULL,
    enabled_at INTEGER,
    last_step INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    locked_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID`,
  'CREATE INDEX mfa_devices_principal ON mfa_devices (principal)',
  'ALTER TABLE audit_events ADD COLUMN decision',
];

export const people: Migration = {
  version: 6,
  name: 'people and decisions',
  up(tx) {
    for (const statement of statements) tx.run(statement);
  },
};
