import type { ExpirationModel } from '../../shared/kms/enums.ts';
import type { ReadDatabase, Transaction } from '../vault/types.ts';
import { type KeyRecord, relatedKeys, setState } from './key-rows.ts';
import type { Materials, StoredKind } from './materials.ts';

/**
 * The rows of imported material. Which materials belong to a key, in which order, its replicas share (`materials`); each
 * Region has them or has them not (`imports`). A key can be used when it has every material that is permanently associated
 * with it: all but one that waits for its first rotation (developer guide, "Import the key material").
 */
export interface KnownMaterial {
  readonly id: string;
  readonly kind: StoredKind;
}

/** A material of that id among those the key and its replicas know, imported here or not. */
export function knownMaterial(tx: ReadDatabase, key: KeyRecord, id: string): KnownMaterial | undefined {
  return tx.get<{ id: string; kind: StoredKind }>(
    'SELECT material_id AS id, kind FROM materials WHERE account_id = ? AND key_id = ? AND material_id = ?',
    [key.accountId, key.keyId, id],
  );
}

/** The material that waits for a rotation; a key has at most one. */
export function pendingMaterial(tx: ReadDatabase, key: KeyRecord): KnownMaterial | undefined {
  return tx.get<{ id: string; kind: StoredKind }>(
    `SELECT material_id AS id, kind FROM materials WHERE account_id = ? AND key_id = ? AND kind = 'PENDING'`,
    [key.accountId, key.keyId],
  );
}

/** Associates a new material with the key and its replicas: the first as the current one, any other to wait for a rotation. */
export function addMaterial(tx: Transaction, key: KeyRecord, id: string, now: number): void {
  const line = [key.accountId, key.keyId];
  const first = key.currentMaterial === '';
  const last = tx.get<{ number: number | null }>(
    'SELECT max(number) AS number FROM materials WHERE account_id = ? AND key_id = ?',
    line,
  );
  tx.run(
    'INSERT INTO materials (account_id, key_id, number, material_id, kind, created_at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
    [...line, (last?.number ?? -1) + 1, id, first ? 'CREATED' : 'PENDING', now, new Uint8Array(0)],
  );
  if (first) tx.run('UPDATE key_lines SET current_material = ? WHERE account_id = ? AND key_id = ?', [id, ...line]);
}

export interface Import {
  readonly id: string;
  /** Undefined keeps the description it had when it was last imported. */
  readonly description: string | undefined;
  /** Milliseconds since the epoch; null when it does not expire. */
  readonly expiresAt: number | null;
  readonly sealed: Uint8Array;
}

/** Puts a known material into this Region's key, or in place of what it has of it. */
export function putImport(tx: Transaction, key: KeyRecord, { id, description, expiresAt, sealed }: Import): void {
  tx.run(
    `INSERT INTO imports (key_row, material_id, description, expires_at, sealed) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET description = coalesce(excluded.description, description), expires_at = excluded.expires_at,
       sealed = excluded.sealed`,
    [key.row, id, description ?? null, expiresAt, sealed],
  );
}

/**
 * Deletes a material from this Region's key, for good (the database overwrites deleted content); the key still knows it, so
 * that it can come back. One that waits for a rotation is forgotten, too, and when the key is a primary key in every Region.
 */
export function dropImport(tx: Transaction, materials: Materials, key: KeyRecord, { id, kind }: KnownMaterial): void {
  if (kind === 'PENDING' && key.multiRegion !== 'REPLICA') {
    for (const { row } of relatedKeys(tx, key))
      tx.run('DELETE FROM imports WHERE key_row = ? AND material_id = ?', [row, id]);
    tx.run('DELETE FROM materials WHERE account_id = ? AND key_id = ? AND material_id = ?', [
      key.accountId,
      key.keyId,
      id,
    ]);
  } else
    tx.run('UPDATE imports SET sealed = NULL, expires_at = NULL WHERE key_row = ? AND material_id = ?', [key.row, id]);
  materials.forget(key);
  settleImport(tx, key);
}

/** Whether this Region's key has all of its material. */
export function isWhole(tx: ReadDatabase, key: Pick<KeyRecord, 'accountId' | 'keyId' | 'row'>): boolean {
  const found = tx.get<{ known: number; here: number }>(
    `SELECT count(*) AS known, count(i.sealed) AS here FROM materials m
     LEFT JOIN imports i ON i.key_row = ? AND i.material_id = m.material_id
     WHERE m.account_id = ? AND m.key_id = ? AND m.kind <> 'PENDING'`,
    [key.row, key.accountId, key.keyId],
  );
  return found !== undefined && found.known > 0 && found.known === found.here;
}

/**
 * Brings the key's state in line with its material: pending import as long as any is missing. A key that waits for its
 * deletion goes on waiting, and one that was switched off is not switched on by importing once more what it has.
 */
export function settleImport(tx: Transaction, key: KeyRecord): void {
  const whole = isWhole(tx, key);
  if (whole && key.state === 'PendingImport') setState(tx, key, 'Enabled');
  if (!whole && (key.state === 'Enabled' || key.state === 'Disabled' || key.state === 'Updating'))
    setState(tx, key, 'PendingImport');
}

/** Whether a material of the key is imported in every Region that has the key. */
export function isImportedEverywhere(tx: ReadDatabase, key: KeyRecord, id: string): boolean {
  const missing = tx.get(
    `SELECT 1 FROM keys k LEFT JOIN imports i ON i.key_row = k.row AND i.material_id = ?
     WHERE k.account_id = ? AND k.key_id = ? AND i.sealed IS NULL LIMIT 1`,
    [id, key.accountId, key.keyId],
  );
  return missing === undefined;
}

interface ImportRow {
  readonly description: string | null;
  readonly expiresAt: number | null;
  readonly here: 0 | 1;
}

const expiration = (at: number | null): { ExpirationModel: ExpirationModel; ValidTo?: Date } =>
  at === null
    ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
    : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(at) };

/** What ListKeyRotations adds for a material of an EXTERNAL key. */
export function importFacts(tx: ReadDatabase, key: KeyRecord, id: string) {
  const row = tx.get<ImportRow>(
    `SELECT description, expires_at AS expiresAt, sealed IS NOT NULL AS here FROM imports
     WHERE key_row = ? AND material_id = ?`,
    [key.row, id],
  );
  const state = row?.here === 1 ? ('IMPORTED' as const) : ('PENDING_IMPORT' as const);
  return {
    ...(row?.description == null ? {} : { KeyMaterialDescription: row.description }),
    ImportState: state,
    ...(row?.here === 1 ? expiration(row.expiresAt) : {}),
  };
}

/**
 * `ExpirationModel` and `ValidTo` of KeyMetadata: the earliest end among the imported materials that are permanently
 * associated with the key. Nothing for a key that has none.
 */
export function expirationOf(tx: ReadDatabase, key: KeyRecord): Partial<ReturnType<typeof expiration>> {
  if (key.origin !== 'EXTERNAL') return {};
  const found = tx.get<{ here: number; at: number | null }>(
    `SELECT count(*) AS here, min(i.expires_at) AS at FROM imports i
     JOIN materials m ON m.account_id = ? AND m.key_id = ? AND m.material_id = i.material_id AND m.kind <> 'PENDING'
     WHERE i.key_row = ? AND i.sealed IS NOT NULL`,
    [key.accountId, key.keyId, key.row],
  );
  return found && found.here > 0 ? expiration(found.at) : {};
}
