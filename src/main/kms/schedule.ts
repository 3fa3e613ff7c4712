import type { AuditLog } from '../audit/types.ts';
import type { Store, Transaction } from '../vault/types.ts';
import type { KeyStores } from './connections.ts';
import { type Expirer, nextExpiry } from './expiry.ts';
import { deleteKey, type KeyRecord, keyByRow, relatedKeys } from './key-rows.ts';
import { DAY } from './lifecycle.ts';
import type { Materials } from './materials.ts';
import { rotate } from './rotation.ts';
import { serviceEvent } from './service-event.ts';
import { nextSettling, type Settler } from './settling.ts';

/** One thing the schedule did; what the person is told after opening (`OpenReport.caughtUp`). */
export interface Done {
  readonly what: 'rotated' | 'deleted' | 'expired';
  readonly keyId: string;
}

interface Parts {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly materials: Materials;
  readonly settler: Settler;
  readonly keyStores: KeyStores;
  readonly expirer: Expirer;
}

/** Keys whose time has come. Only enabled keys rotate; one that was disabled meanwhile does once it is enabled again. */
const ROTATIONS = `SELECT k.row FROM key_lines l JOIN keys k ON k.account_id = l.account_id AND k.key_id = l.key_id
  WHERE l.rotation_enabled = 1 AND l.next_rotation <= ? AND k.state = 'Enabled' AND k.multi_region IS NOT 'REPLICA'`;
const DELETIONS = `SELECT row FROM keys WHERE deletion_at <= ? AND state = 'PendingDeletion'`;

/**
 * Rotates once, however many periods have passed: material that was never used would protect nothing. The next date stays
 * on the key's own schedule, a whole number of periods after the last, and lies in the future.
 */
function rotateNow({ audit, materials }: Parts, tx: Transaction, now: number, row: number): Done | null {
  const key = keyByRow(tx, row);
  if (key?.state !== 'Enabled' || !key.rotationEnabled || key.nextRotation === null || key.rotationDays === null)
    return null;
  if (key.nextRotation > now) return null;
  const currentKeyMaterialId = rotate({ tx, materials, now }, key, 'AUTOMATIC');
  const period = key.rotationDays * DAY;
  const next = key.nextRotation + (Math.floor((now - key.nextRotation) / period) + 1) * period;
  tx.run('UPDATE key_lines SET next_rotation = ? WHERE account_id = ? AND key_id = ?', [
    next,
    key.accountId,
    key.keyId,
  ]);
  const details = {
    rotationType: 'AUTOMATIC',
    keyOrigin: key.origin,
    previousKeyMaterialId: key.currentMaterial,
    currentKeyMaterialId,
  };
  audit.append(tx, serviceEvent(key, now, 'RotateKey', details));
  return { what: 'rotated', keyId: key.keyId };
}

/** With its last replica gone, a primary key that waits for that begins its own waiting period. */
function beginPrimaryDeletion(tx: Transaction, now: number, deleted: KeyRecord): void {
  const [primary, ...others] = relatedKeys(tx, deleted);
  if (primary?.state !== 'PendingReplicaDeletion' || others.length > 0 || primary.deletionDays === null) return;
  tx.run(`UPDATE keys SET state = 'PendingDeletion', deletion_at = ? WHERE row = ?`, [
    now + primary.deletionDays * DAY,
    primary.row,
  ]);
}

/** `backing` is what became of a key in a token, as the record tells it. */
function deleteNow(
  { audit, materials }: Parts,
  tx: Transaction,
  now: number,
  row: number,
  backing: { readonly [name: string]: string } = {},
): Done | null {
  const key = keyByRow(tx, row);
  if (key?.state !== 'PendingDeletion' || key.deletionAt === null || key.deletionAt > now) return null;
  deleteKey(tx, key);
  materials.forget(key);
  audit.append(tx, serviceEvent(key, now, 'DeleteKey', backing));
  beginPrimaryDeletion(tx, now, key);
  return { what: 'deleted', keyId: key.keyId };
}

/**
 * Deletes a key whose material is in a token: the token's key first, so that a crash in between leaves none behind, then the
 * KMS key, whether or not the token could be reached ("best effort", ScheduleKeyDeletion). No opening of a vault waits for it.
 */
function deleteWithToken(parts: Parts, now: number, key: KeyRecord): void {
  const { keyStores, store } = parts;
  keyStores.backgroundOnce(`delete ${key.row}`, async () => {
    const backingKeysDeletionStatus = (await keyStores.destroyKey(store.db, key)) ? 'SUCCESS' : 'FAILURE';
    const details = { customKeyStoreId: key.keyStore ?? '', backingKeysDeletionStatus };
    await store.transact((tx) => deleteNow(parts, tx, now, key.row, details));
  });
}

/**
 * Does everything that is due at `now`: each key rotated or deleted in a transaction of its own together with its audit record, so that a
 * crash in between loses nothing. Resolves, when all of it is durable, to what was done.
 */
export async function runSchedule(parts: Parts, now: number): Promise<Done[]> {
  const { store, settler, expirer } = parts;
  if ((nextSettling(store.db) ?? now + 1) <= now) await store.transact((tx) => settler.settle(tx, now));
  const expired = (nextExpiry(store.db) ?? now + 1) <= now ? await store.transact((tx) => expirer.expire(tx, now)) : [];
  const due = (sql: string) => store.db.all<{ row: number }>(sql, [now]);
  const deletions = due(DELETIONS).flatMap(({ row }) => keyByRow(store.db, row) ?? []);
  const work = [
    ...deletions.map((key) => {
      if (key.origin !== 'AWS_CLOUDHSM') return store.transact((tx) => deleteNow(parts, tx, now, key.row));
      deleteWithToken(parts, now, key);
      return null;
    }),
    ...due(ROTATIONS).map(({ row }) => store.transact((tx) => rotateNow(parts, tx, now, row))),
  ];
  const done = (await Promise.all(work)).filter((each) => each !== null);
  return [...expired.map((keyId): Done => ({ what: 'expired', keyId })), ...done];
}

/** When `runSchedule` has something to do next, in milliseconds since the epoch; undefined when nothing is planned. */
export function nextDue({ store }: Pick<Parts, 'store'>): number | undefined {
  const deletion = store.db.get<{ at: number | null }>(
    `SELECT min(deletion_at) AS at FROM keys WHERE deletion_at IS NOT NULL`,
  );
  // CROSS keeps the order of the tables: the soonest by its index, instead of all keys sorted, every few seconds.
  const rotation = store.db.get<{ at: number | null }>(
    `SELECT l.next_rotation AS at FROM key_lines l CROSS JOIN keys k ON k.account_id = l.account_id AND k.key_id = l.key_id
     WHERE l.rotation_enabled = 1 AND k.state = 'Enabled' AND k.multi_region IS NOT 'REPLICA' ORDER BY l.next_rotation LIMIT 1`,
  );
  const times = [deletion?.at, rotation?.at, nextSettling(store.db), nextExpiry(store.db)].filter(
    (at) => at !== null && at !== undefined,
  );
  return times.length === 0 ? undefined : Math.min(...times);
}
