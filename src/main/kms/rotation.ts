import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import { specs } from '../../shared/kms/specs.ts';
import type { Transaction } from '../vault/types.ts';
import { byKeyId } from './find.ts';
import { importFacts, isImportedEverywhere, pendingMaterial } from './imported.ts';
import { type KeyRecord, wrongOrigin } from './key-rows.ts';
import { DAY } from './lifecycle.ts';
import type { Materials, StoredKind } from './materials.ts';
import { onKey } from './operation.ts';
import { afterNumber, cutPage } from './paging.ts';

/** So close to an automatic rotation there is none on demand. */
const CONFLICT_MS = 20 * 60_000;

export interface MaterialRow {
  readonly number: number;
  readonly id: string;
  readonly kind: StoredKind;
  readonly createdAt: number;
}

/** The key's materials, oldest first, after `number`; one that waits for a rotation is the newest. */
export function materialsOf(tx: Transaction, key: KeyRecord, after: number, limit: number): MaterialRow[] {
  return tx.all<MaterialRow>(
    `SELECT number, material_id AS id, kind, created_at AS createdAt FROM materials
     WHERE account_id = ? AND key_id = ? AND number > ? ORDER BY number LIMIT ?`,
    [key.accountId, key.keyId, after, limit],
  );
}

export function onDemandRotations(tx: Transaction, key: KeyRecord): number {
  return (
    tx.get<{ n: number }>(
      `SELECT count(*) AS n FROM materials WHERE account_id = ? AND key_id = ? AND kind = 'ON_DEMAND'`,
      [key.accountId, key.keyId],
    )?.n ?? 0
  );
}

/** Makes new material and lets the key encrypt with it from now on; returns its id. What older material made still opens. */
export function rotate(
  { tx, materials, now }: { tx: Transaction; materials: Materials; now: number },
  key: KeyRecord,
  kind: 'AUTOMATIC' | 'ON_DEMAND',
): string {
  const last = tx.get<{ number: number }>(
    'SELECT max(number) AS number FROM materials WHERE account_id = ? AND key_id = ?',
    [key.accountId, key.keyId],
  );
  const id = materials.create(tx, key, (last?.number ?? 0) + 1, kind, now);
  tx.run('UPDATE key_lines SET current_material = ? WHERE account_id = ? AND key_id = ?', [
    id,
    key.accountId,
    key.keyId,
  ]);
  return id;
}

/** @throws KmsError `UnsupportedOperationException` for a key that cannot be rotated. */
function checkRotates(key: KeyRecord): void {
  if (key.keyStore !== null) throw wrongOrigin(key);
  if (!specs[key.spec].rotates)
    throw new KmsError('UnsupportedOperationException', `${key.arn} key spec is ${key.spec}, which does not rotate.`);
}

/**
 * Lets the imported material that waits for it take over; everything older stays for decryption. With replicas each of them
 * must have it first (API reference, RotateKeyOnDemand).
 * @throws KmsError `KMSInvalidStateException` when there is none, or a Region lacks it.
 */
function rotateImported(tx: Transaction, key: KeyRecord, now: number): void {
  const next = pendingMaterial(tx, key);
  if (!next)
    throw new KmsError(
      'KMSInvalidStateException',
      `${key.arn} has no key material pending rotation. Import new key material first.`,
    );
  if (!isImportedEverywhere(tx, key, next.id))
    throw new KmsError(
      'KMSInvalidStateException',
      `${key.arn} has key material pending rotation that is not imported into each of its replica keys.`,
    );
  const line = [key.accountId, key.keyId];
  tx.run(
    `UPDATE materials SET kind = 'ON_DEMAND', created_at = ? WHERE account_id = ? AND key_id = ? AND kind = 'PENDING'`,
    [now, ...line],
  );
  tx.run('UPDATE key_lines SET current_material = ? WHERE account_id = ? AND key_id = ?', [next.id, ...line]);
}

/** Rotation is a property that replicas share; it is managed at the primary key. */
function checkManagesRotation(key: KeyRecord): void {
  checkRotates(key);
  if (key.multiRegion === 'REPLICA')
    throw new KmsError('UnsupportedOperationException', `${key.arn} is a replica key. Use its primary key.`);
}

/** Only material that is made here can be made anew by itself. */
function checkSchedules(key: KeyRecord): void {
  if (key.origin !== 'AWS_KMS') throw wrongOrigin(key);
}

const enableKeyRotation = onKey({
  name: 'EnableKeyRotation',
  readOnly: false,
  find: byKeyId,
  run({ tx, now }, input, key) {
    checkManagesRotation(key);
    checkSchedules(key);
    const days = input.RotationPeriodInDays ?? limits.rotationPeriod.default;
    tx.run(
      'UPDATE key_lines SET rotation_enabled = 1, rotation_days = ?, next_rotation = ? WHERE account_id = ? AND key_id = ?',
      [days, now + days * DAY, key.accountId, key.keyId],
    );
    return {};
  },
  audit: { request: ['KeyId', 'RotationPeriodInDays'] },
});

const disableKeyRotation = onKey({
  name: 'DisableKeyRotation',
  readOnly: false,
  find: byKeyId,
  run({ tx }, _input, key) {
    checkManagesRotation(key);
    checkSchedules(key);
    tx.run(
      'UPDATE key_lines SET rotation_enabled = 0, rotation_days = NULL, next_rotation = NULL WHERE account_id = ? AND key_id = ?',
      [key.accountId, key.keyId],
    );
    return {};
  },
  audit: { request: ['KeyId'] },
});

/** Whether, how often and when next the key rotates by itself. A key that waits for its deletion does not. */
export function scheduleOf(key: KeyRecord) {
  const rotates =
    key.rotationEnabled === 1 && key.state !== 'PendingDeletion' && key.state !== 'PendingReplicaDeletion';
  if (!rotates || key.rotationDays === null || key.nextRotation === null) return { enabled: false as const };
  return { enabled: true as const, days: key.rotationDays, next: new Date(key.nextRotation) };
}

const getKeyRotationStatus = onKey({
  name: 'GetKeyRotationStatus',
  readOnly: true,
  find: byKeyId,
  run(_context, _input, key) {
    checkRotates(key);
    checkSchedules(key);
    const schedule = scheduleOf(key);
    return {
      KeyRotationEnabled: schedule.enabled,
      KeyId: key.keyId,
      ...(schedule.enabled ? { RotationPeriodInDays: schedule.days, NextRotationDate: schedule.next } : {}),
    };
  },
  audit: { request: ['KeyId'] },
});

const rotateKeyOnDemand = onKey({
  name: 'RotateKeyOnDemand',
  readOnly: false,
  find: byKeyId,
  run(context, _input, key) {
    checkManagesRotation(key);
    if (key.rotationEnabled === 1 && key.nextRotation !== null && key.nextRotation - context.now <= CONFLICT_MS)
      throw new KmsError('ConflictException', `${key.arn} rotates automatically within the next 20 minutes.`);
    if (onDemandRotations(context.tx, key) >= limits.onDemandRotations)
      throw new KmsError(
        'LimitExceededException',
        `${key.arn} was rotated on demand ${limits.onDemandRotations} times, as often as a key may be.`,
      );
    if (key.origin === 'EXTERNAL') rotateImported(context.tx, key, context.now);
    else rotate(context, key, 'ON_DEMAND');
    return { KeyId: key.keyId };
  },
  audit: { request: ['KeyId'], response: ({ KeyId }) => ({ keyId: KeyId }) },
});

function stateOf(tx: Transaction, key: KeyRecord, { id, kind }: MaterialRow) {
  if (kind === 'PENDING')
    return isImportedEverywhere(tx, key, id)
      ? ('PENDING_ROTATION' as const)
      : ('PENDING_MULTI_REGION_IMPORT_AND_ROTATION' as const);
  return id === key.currentMaterial ? ('CURRENT' as const) : ('NON_CURRENT' as const);
}

const listKeyRotations = onKey({
  name: 'ListKeyRotations',
  readOnly: true,
  find: byKeyId,
  run({ tx }, input, key) {
    checkRotates(key);
    const all = input.IncludeKeyMaterial === 'ALL_KEY_MATERIAL';
    const limit = input.Limit ?? limits.pages.rotations.default;
    // The material the key was made with has the number 0 and is no rotation.
    const after = afterNumber('ListKeyRotations', input.Marker) ?? (all ? -1 : 0);
    const found = materialsOf(tx, key, after, limit + 1).filter(({ kind }) => all || kind !== 'PENDING');
    const { rows, end } = cutPage('ListKeyRotations', found, limit, (row) => row.number);
    const Rotations = rows.map((row) => ({
      KeyId: key.keyId,
      KeyMaterialId: row.id,
      ...(key.origin === 'EXTERNAL' ? importFacts(tx, key, row.id) : {}),
      KeyMaterialState: stateOf(tx, key, row),
      ...(row.kind === 'CREATED' || row.kind === 'PENDING'
        ? {}
        : { RotationDate: new Date(row.createdAt), RotationType: row.kind }),
    }));
    return { Rotations, ...end };
  },
  audit: { request: ['KeyId', 'IncludeKeyMaterial', 'Limit', 'Marker'] },
});

export const rotationOperations = [
  enableKeyRotation,
  disableKeyRotation,
  getKeyRotationStatus,
  rotateKeyOnDemand,
  listKeyRotations,
];
