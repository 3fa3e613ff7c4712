import { limits } from '../../shared/kms/limits.ts';
import type { Transaction } from '../vault/types.ts';
import { byKeyIdOrAlias } from './find.ts';
import { type KeyRecord, keysBefore } from './key-rows.ts';
import { onAccount, onKey } from './operation.ts';
import { afterNumber, cutPage } from './paging.ts';
import { policyOf } from './policies.ts';
import { materialsOf, onDemandRotations, scheduleOf } from './rotation.ts';
import { tagsOf } from './tags.ts';

function overviewOf(key: KeyRecord, aliases: string[], tagCount: number) {
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

const listKeyOverviews = onAccount({
  name: 'ListKeyOverviews',
  source: 'coffer.local',
  action: 'ListKeys',
  readOnly: true,
  run({ tx, caller }, input) {
    const limit = input.Limit ?? limits.pages.overviews.default;
    const before = afterNumber('ListKeyOverviews', input.Marker) ?? Number.MAX_SAFE_INTEGER;
    const found = keysBefore(tx, caller.accountId, caller.region, before, limit + 1);
    const { rows, end } = cutPage('ListKeyOverviews', found, limit, (key) => key.row);
    const first = rows.at(-1)?.row ?? 0;
    const last = rows[0]?.row ?? 0;
    const aliases = aliasesBetween(tx, first, last);
    const tags = tagCountsBetween(tx, first, last);
    return { Keys: rows.map((key) => overviewOf(key, aliases.get(key.row) ?? [], tags.get(key.row) ?? 0)), ...end };
  },
  audit: { request: ['Limit', 'Marker'] },
});

const getKeyOverview = onKey({
  name: 'GetKeyOverview',
  source: 'coffer.local',
  action: 'DescribeKey',
  readOnly: true,
  find: byKeyIdOrAlias,
  run({ tx }, _input, key) {
    const tags = tagsOf(tx, key, '', limits.tagsPerKey);
    return {
      ...overviewOf(key, aliasesBetween(tx, key.row, key.row).get(key.row) ?? [], tags.length),
      // One that waits for its first rotation has no part in the key's life yet.
      Materials: materialsOf(tx, key, -1, -1).flatMap(({ id, kind, createdAt }) =>
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
      Policy: policyOf(tx, key),
    };
  },
  audit: { request: ['KeyId'] },
});

export const overviewOperations = [listKeyOverviews, getKeyOverview];
