import { limits } from '../../shared/kms/limits.ts';
import type { Transaction } from '../vault/types.ts';
import { mayCall } from './authorize.ts';
import { byKeyIdOrAlias } from './find.ts';
import { type KeyRecord, keysBefore } from './key-rows.ts';
import { onAccount, onKey } from './operation.ts';
import { afterNumber, cutPage } from './paging.ts';
import { materialsOf, onDemandRotations, scheduleOf } from './rotation.ts';
import { tagsOf } from './tags.ts';

function overviewOf(key: KeyRecord, aliases: string[], tagCount: number, expiresAt: number | undefined) {
  const schedule = scheduleOf(key);
  return {
    KeyId: key.keyId,
    Arn: key.arn,
    Aliases: aliases,
    Description: key.description,
    KeySpec: key.spec,
    KeyUsage: key.usage,
    KeyState: key.state,
    Origin: key.origin,
    ...(key.keyStore === null ? {} : { CustomKeyStoreId: key.keyStore }),
    KeyManager: key.manager,
    MultiRegion: key.multiRegion !== null,
    CreationDate: new Date(key.createdAt),
    ...(key.deletionAt === null ? {} : { DeletionDate: new Date(key.deletionAt) }),
    RotationEnabled: schedule.enabled,
    ...(schedule.enabled ? { RotationPeriodInDays: schedule.days, NextRotationDate: schedule.next } : {}),
    ...(expiresAt === undefined ? {} : { MaterialExpirationDate: new Date(expiresAt) }),
    ...(key.lastUsed === null ? {} : { LastUsedDate: new Date(key.lastUsed) }),
    TagCount: tagCount,
  };
}

/** Aliases by key row, of the keys between two rows: one query a page instead of one a key. */
function aliasesBetween(tx: Transaction, first: number, last: number): Map<number, string[]> {
  const out = new Map<number, string[]>();
  const rows = tx.all<{ row: number; name: string }>(
    'SELECT key_row AS row, name FROM aliases WHERE key_row BETWEEN ? AND ? ORDER BY key_row, name',
    [first, last],
  );
  for (const { row, name } of rows) {
    const names = out.get(row);
    if (names) names.push(name);
    else out.set(row, [name]);
  }
  return out;
}

function tagCountsBetween(tx: Transaction, first: number, last: number): Map<number, number> {
  const rows = tx.all<{ row: number; n: number }>(
    'SELECT key_row AS row, count(*) AS n FROM tags WHERE key_row BETWEEN ? AND ? GROUP BY key_row',
    [first, last],
  );
  return new Map(rows.map(({ row, n }) => [row, n]));
}

function expiriesBetween(tx: Transaction, first: number, last: number): Map<number, number> {
  const rows = tx.all<{ row: number; at: number }>(
    `SELECT key_row AS row, min(expires_at) AS at FROM imports
     WHERE key_row BETWEEN ? AND ? AND expires_at IS NOT NULL GROUP BY key_row`,
    [first, last],
  );
  return new Map(rows.map(({ row, at }) => [row, at]));
}

const listKeyOverviews = onAccount({
  name: 'ListKeyOverviews',
  source: 'coffer.local',
  action: 'ListKeys',
  readOnly: true,
  run(context, input) {
    const { tx, caller } = context;
    const limit = input.Limit ?? limits.pages.overviews.default;
    const before = afterNumber('ListKeyOverviews', input.Marker) ?? Number.MAX_SAFE_INTEGER;
    const found = keysBefore(tx, caller.accountId, caller.region, before, limit + 1);
    const { rows, end } = cutPage('ListKeyOverviews', found, limit, (key) => key.row);
    const first = rows.at(-1)?.row ?? 0;
    const last = rows[0]?.row ?? 0;
    const aliases = aliasesBetween(tx, first, last);
    const tags = tagCountsBetween(tx, first, last);
    const expiries = expiriesBetween(tx, first, last);
    const mayListAliases = mayCall(context, 'kms:ListAliases');
    const tagCount = (key: KeyRecord) => {
      const count = tags.get(key.row) ?? 0;
      return count > 0 && mayCall(context, 'kms:ListResourceTags', key) ? count : 0;
    };
    const described = rows.filter((key) => mayCall(context, 'kms:DescribeKey', key));
    return {
      Keys: described.map((key) =>
        overviewOf(key, mayListAliases ? (aliases.get(key.row) ?? []) : [], tagCount(key), expiries.get(key.row)),
      ),
      Undescribed: rows.length - described.length,
      ...end,
    };
  },
  audit: { request: ['Limit', 'Marker'] },
});

/** What the overview of a key shows beyond kms:DescribeKey, by the permission each takes. */
const shows = ['kms:ListAliases', 'kms:ListResourceTags', 'kms:ListKeyRotations'] as const;
const isOfAccount = (action: (typeof shows)[number]) => action === 'kms:ListAliases';

const getKeyOverview = onKey({
  name: 'GetKeyOverview',
  source: 'coffer.local',
  action: 'DescribeKey',
  readOnly: true,
  find: byKeyIdOrAlias,
  run(context, _input, key) {
    const { tx } = context;
    const seen = new Map(
      shows.map((action) => [action, mayCall(context, action, isOfAccount(action) ? undefined : key)]),
    );
    const tags = seen.get('kms:ListResourceTags') ? tagsOf(tx, key, '', limits.tagsPerKey) : [];
    const aliases = seen.get('kms:ListAliases') ? aliasesBetween(tx, key.row, key.row).get(key.row) : undefined;
    const materials = seen.get('kms:ListKeyRotations') ? materialsOf(tx, key, -1, -1) : [];
    return {
      ...overviewOf(key, aliases ?? [], tags.length, expiriesBetween(tx, key.row, key.row).get(key.row)),
      // One that waits for its first rotation has no part in the key's life yet.
      Materials: materials.flatMap(({ id, kind, createdAt }) =>
        kind === 'PENDING'
          ? []
          : [
              {
                KeyMaterialId: id,
                CreationDate: new Date(createdAt),
                Kind: kind,
                Current: id === key.currentMaterial,
              },
            ],
      ),
      Tags: tags.map(({ TagKey, TagValue }) => ({ TagKey, TagValue })),
      OnDemandRotationsLeft: Math.max(0, limits.onDemandRotations - onDemandRotations(tx, key)),
      ...(key.deletionDays === null ? {} : { PendingDeletionWindowInDays: key.deletionDays }),
      Unseen: shows.filter((action) => !seen.get(action)),
    };
  },
  audit: { request: ['KeyId'] },
});

export const overviewOperations = [listKeyOverviews, getKeyOverview];
