/**
 * The trail's tables. A record is small: what repeats (names, callers, key ARNs, common parameters) is stored once and named
 * by number. `sequence` counts from 1 without gaps and time never runs backward along it, so a search by time is a binary
 * search by sequence and needs no index.
 *
 * `request` and `response` hold JSON text, or the number of a text in `audit_strings` when it is one that repeats; hence
 * no STRICT there. `hash` is the first 16 bytes of the chain value (chain.ts).
 */
export const auditSchema: readonly string[] = [
  'CREATE TABLE audit_strings (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)',
  `CREATE TABLE audit_callers (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    principal TEXT NOT NULL,
    account TEXT NOT NULL,
    region TEXT NOT NULL,
    ip TEXT NOT NULL,
    agent TEXT NOT NULL,
    UNIQUE (source, principal, account, region, ip, agent)
  )`,
  `CREATE TABLE audit_events (
    sequence INTEGER PRIMARY KEY,
    time INTEGER NOT NULL,
    name INTEGER NOT NULL,
    caller INTEGER NOT NULL,
    read_only INTEGER NOT NULL,
    key INTEGER,
    error INTEGER,
    message TEXT,
    request,
    response,
    hash BLOB NOT NULL
  )`,
  'CREATE INDEX audit_events_key ON audit_events (key) WHERE key IS NOT NULL',
  'CREATE INDEX audit_events_error ON audit_events (error) WHERE error IS NOT NULL',
  // The second and further keys of a call; rare.
  'CREATE TABLE audit_more_keys (sequence INTEGER NOT NULL, position INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (sequence, position)) WITHOUT ROWID',
  'CREATE INDEX audit_more_keys_key ON audit_more_keys (key)',
  'CREATE TABLE audit_head (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, time INTEGER NOT NULL, hash BLOB NOT NULL, mac BLOB NOT NULL)',
  `CREATE TABLE audit_digests (
    number INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    hash BLOB NOT NULL,
    previous BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    signature BLOB NOT NULL
  )`,
];
