import { keyArn } from '../../shared/iam/arn.ts';
import type { KeyManager, KeySpec, KeyState, KeyUsage, Origin } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { ReadDatabase, Transaction } from '../vault/types.ts';

/** A key of one account in one Region, with what it shares with its replicas. Times in milliseconds. */
export interface KeyRecord {
  readonly row: number;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly keyId: string;
  readonly description: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: Origin;
  readonly manager: KeyManager;
  readonly state: KeyState;
  readonly multiRegion: 'PRIMARY' | 'REPLICA' | null;
  readonly createdAt: number;
  readonly deletionAt: number | null;
  readonly deletionDays: number | null;
  readonly lastUsed: number | null;
  readonly currentMaterial: string;
  readonly rotationEnabled: 0 | 1;
  readonly rotationDays: number | null;
  readonly nextRotation: number | null;
  /** The service an AWS managed key serves, as `s3`. */
  readonly service: string | null;
  /** While the state passes by itself: when it ends, and which one follows. */
  readonly settlesAt: number | null;
  readonly settlesTo: KeyState | null;
  /** The custom key store that has the key's material, and what it knows the key by. */
  readonly keyStore: string | null;
  readonly backing: string | null;
}

/**
 * Keys of a key store that is not connected are `Unavailable`, whatever they were, and are it again once it is.
 * One JSON column instead of twenty: sql.js takes 45 µs to hand over twenty columns, and this row is read on every call.
 */
const columns = `json_object('row', k.row, 'accountId', k.account_id, 'region', k.region, 'keyId', k.key_id,
  'description', k.description, 'spec', k.spec, 'usage', k.usage, 'origin', k.origin, 'manager', k.manager,
  'state', CASE WHEN s.connection <> 'CONNECTED' AND k.state IN ('Enabled', 'Disabled') THEN 'Unavailable' ELSE k.state END,
  'multiRegion', k.multi_region, 'createdAt', k.created_at, 'deletionAt', k.deletion_at,
  'deletionDays', k.deletion_days, 'lastUsed', k.last_used, 'currentMaterial', l.current_material,
  'rotationEnabled', l.rotation_enabled, 'rotationDays', l.rotation_days, 'nextRotation', l.next_rotation,
  'service', k.service, 'settlesAt', k.settles_at, 'settlesTo', k.settles_to, 'keyStore', k.key_store,
  'backing', k.backing) AS json`;
const from = `FROM keys k JOIN key_lines l ON l.account_id = k.account_id AND l.key_id = k.key_id
  LEFT JOIN key_stores s ON s.store_id = k.key_store`;
const SELECT_BY_ID = `SELECT ${columns} ${from} WHERE k.account_id = ? AND k.region = ? AND k.key_id = ?`;
const SELECT_BY_ROW = `SELECT ${columns} ${from} WHERE k.row = ?`;
const SELECT_LINE = `SELECT ${columns} ${from} WHERE k.account_id = ? AND k.key_id = ? ORDER BY k.region`;
// The rows are chosen by the index alone, or every key of the Region would be read for each page.
const SELECT_PAGE = `SELECT ${columns} ${from} WHERE k.row IN (SELECT row FROM keys
  WHERE account_id = ? AND region = ? AND row < ? ORDER BY row DESC LIMIT ?) ORDER BY k.row DESC`;

/** What an operation says to a key whose material comes from where the operation does not reach. */
export const wrongOrigin = ({ arn, origin }: KeyRecord) =>
  new KmsError('UnsupportedOperationException', `${arn} origin is ${origin} which is not valid for this operation.`);

interface Row {
  readonly json: string;
}

function recordOf({ json }: Row): KeyRecord {
  const row: Omit<KeyRecord, 'arn'> = JSON.parse(json);
  return Object.assign(row, { arn: keyArn(row.region, row.accountId, row.keyId) });
}

export function keyById(db: ReadDatabase, accountId: string, region: string, keyId: string): KeyRecord | undefined {
  const row = db.get<Row>(SELECT_BY_ID, [accountId, region, keyId]);
  return row && recordOf(row);
}

export function keyByRow(db: ReadDatabase, row: number): KeyRecord | undefined {
  const found = db.get<Row>(SELECT_BY_ROW, [row]);
  return found && recordOf(found);
}

/** Keys held at once; more are read anew. */
const HELD_MAX = 4096;

/**
 * Reads keys and holds them for as long as no key was written: reading one costs more than encrypting under it, and nearly
 * every call reads one and changes none.
 */
export class KeyReader {
  readonly #byName = new Map<string, KeyRecord>();
  readonly #byRow = new Map<number, KeyRecord>();
  #stamp = -1;

  byId(db: ReadDatabase, accountId: string, region: string, keyId: string): KeyRecord | undefined {
    this.#refresh(db);
    return this.#byName.get(`${accountId} ${region} ${keyId}`) ?? this.#hold(keyById(db, accountId, region, keyId));
  }

  byRow(db: ReadDatabase, row: number): KeyRecord | undefined {
    this.#refresh(db);
    return this.#byRow.get(row) ?? this.#hold(keyByRow(db, row));
  }

  #refresh(db: ReadDatabase): void {
    // The numbers only grow, so their sum stays the same only while all of them do.
    const stamp = db.stamp('keys') + db.stamp('key_lines') + db.stamp('key_stores');
    if (stamp === this.#stamp && this.#byRow.size < HELD_MAX) return;
    this.#stamp = stamp;
    this.#byName.clear();
    this.#byRow.clear();
  }

  #hold(key: KeyRecord | undefined): KeyRecord | undefined {
    if (!key) return undefined;
    this.#byName.set(`${key.accountId} ${key.region} ${key.keyId}`, key);
    this.#byRow.set(key.row, key);
    return key;
  }
}

/** Newest first, at most `limit`, older than row `before`. */
export function keysBefore(
  db: ReadDatabase,
  accountId: string,
  region: string,
  before: number,
  limit: number,
): KeyRecord[] {
  return db.all<Row>(SELECT_PAGE, [accountId, region, before, limit]).map(recordOf);
}

/** How exact `last_used` is, in milliseconds: a key in steady use costs no write a call. */
export const USE_RESOLUTION = 60_000;

/** Notes that the key's material was used, to the minute. */
export function noteUse(tx: Transaction, key: KeyRecord, now: number): void {
  if (key.lastUsed !== null && Math.abs(now - key.lastUsed) < USE_RESOLUTION) return;
  tx.run('UPDATE keys SET last_used = ? WHERE row = ?', [now, key.row]);
}

export function setState(tx: Transaction, key: KeyRecord, state: KeyState): void {
  tx.run(
    `UPDATE keys SET state = ?, deletion_at = NULL, deletion_days = NULL, settles_at = NULL, settles_to = NULL
     WHERE row = ?`,
    [state, key.row],
  );
}

/** Puts the key into a state that passes by itself at `at` (ms) and becomes `then`. */
export function setPassingState(tx: Transaction, key: KeyRecord, state: KeyState, at: number, then: KeyState): void {
  tx.run('UPDATE keys SET state = ?, settles_at = ?, settles_to = ? WHERE row = ?', [state, at, then, key.row]);
}

/** Whether the key is a multi-Region primary key that has replica keys. */
export function hasReplicas(db: ReadDatabase, key: KeyRecord): boolean {
  return key.multiRegion === 'PRIMARY' && relatedKeys(db, key).length > 1;
}

/** The keys of a multi-Region key, this one included, by Region. */
export function relatedKeys(db: ReadDatabase, { accountId, keyId }: KeyRecord): KeyRecord[] {
  return db.all<Row>(SELECT_LINE, [accountId, keyId]).map(recordOf);
}

/** A key's aliases with their prefix, sorted. */
export const aliasNames = (db: ReadDatabase, { row }: KeyRecord): string[] =>
  db.all<{ name: string }>('SELECT name FROM aliases WHERE key_row = ? ORDER BY name', [row]).map(({ name }) => name);

/**
 * Removes a key with its aliases, tags and grants; with the last key of its line, the material, too, for good (the database
 * overwrites deleted content).
 */
export function deleteKey(tx: Transaction, key: KeyRecord): void {
  tx.run('DELETE FROM keys WHERE row = ?', [key.row]);
  tx.run('UPDATE key_counts SET count = count - 1 WHERE account_id = ? AND region = ?', [key.accountId, key.region]);
  const line = [key.accountId, key.keyId];
  if (tx.get('SELECT 1 FROM keys WHERE account_id = ? AND key_id = ?', line)) return;
  tx.run('DELETE FROM key_lines WHERE account_id = ? AND key_id = ?', line);
}
