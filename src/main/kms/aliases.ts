import { aliasArn } from '../../shared/iam/arn.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { findKey, keyOfAlias, type Lookup } from './find.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, type Operation, onAccount, type Target } from './operation.ts';
import { afterMarker, cutPage } from './paging.ts';

const AWS_PREFIX = 'alias/aws/';

/** @throws KmsError `ValidationException` without the prefix; `reserved` for AWS's own names. */
function checkName(name: string, reserved = 'ValidationException'): void {
  if (!/^alias\/.+$/.test(name) || name.includes(':'))
    throw new KmsError(
      'ValidationException',
      'An alias name starts with "alias/" and has no colon, as in alias/photos.',
    );
  if (name === 'alias/aws' || name.startsWith(AWS_PREFIX))
    throw new KmsError(reserved, `The prefix ${AWS_PREFIX} is reserved for AWS managed keys.`);
}

/** The permissions an alias operation needs: the action on the alias and on each key. */
function targets({ caller }: Context, action: string, name: string, keys: readonly KeyRecord[]): Target[] {
  const resource = aliasArn(caller.region, caller.accountId, name);
  return [{ resource, accountId: caller.accountId, action }, ...keys.map((key) => ({ key, action }))];
}

/** The key to be named. @throws KmsError `ValidationException` for an alias, `NotFoundException` */
function namedKey(context: Context, targetKeyId: string): KeyRecord {
  if (/^(arn:[^/]*:)?alias\//.test(targetKeyId))
    throw new KmsError('ValidationException', 'An alias must name a key, not another alias.');
  return findKey(context, targetKeyId, { alias: false, malformed: 'NotFoundException' });
}

function existing(context: Lookup, name: string): KeyRecord {
  const { caller } = context;
  const key = keyOfAlias(context, caller.accountId, name);
  if (!key)
    throw new KmsError('NotFoundException', `Alias ${aliasArn(caller.region, caller.accountId, name)} is not found.`);
  return key;
}

/** @throws KmsError `LimitExceededException` when the key already has as many names as it may. */
function checkQuota(db: ReadDatabase, key: KeyRecord): void {
  const count = db.get<{ n: number }>('SELECT count(*) AS n FROM aliases WHERE key_row = ?', [key.row])?.n ?? 0;
  if (count >= limits.aliasesPerKey)
    throw new KmsError('LimitExceededException', `A key may have no more than ${limits.aliasesPerKey} aliases.`);
}

/** Symmetric, HMAC or asymmetric: an alias moves within one type, so that code that uses it goes on working. */
function typeOf({ spec }: KeyRecord): string {
  if (spec === 'SYMMETRIC_DEFAULT') return 'symmetric';
  return spec.startsWith('HMAC_') ? 'HMAC' : 'asymmetric';
}

const createAlias: Operation<'CreateAlias'> = {
  name: 'CreateAlias',
  source: 'kms.amazonaws.com',
  readOnly: false,
  find(context, { AliasName, TargetKeyId }) {
    // The only operation that is documented to throw it.
    checkName(AliasName, 'InvalidAliasNameException');
    return targets(context, 'kms:CreateAlias', AliasName, [namedKey(context, TargetKeyId)]);
  },
  run({ tx, caller, now }, { AliasName }, keys) {
    const key = keys[0] as KeyRecord;
    checkQuota(tx, key);
    const place = [caller.accountId, caller.region, AliasName];
    const made = tx.run(
      `INSERT INTO aliases (account_id, region, name, key_row, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT DO NOTHING`,
      [...place, key.row, now, now],
    );
    if (made === 0)
      throw new KmsError(
        'AlreadyExistsException',
        `An alias with the name ${aliasArn(caller.region, caller.accountId, AliasName)} already exists`,
      );
    return {};
  },
  audit: { request: ['AliasName', 'TargetKeyId'] },
};

const updateAlias: Operation<'UpdateAlias'> = {
  name: 'UpdateAlias',
  source: 'kms.amazonaws.com',
  readOnly: false,
  find(context, { AliasName, TargetKeyId }) {
    checkName(AliasName);
    // The state of the key the alias leaves does not matter: only the permission on it, as on another resource.
    const before = existing(context, AliasName);
    const action = 'kms:UpdateAlias';
    return [
      { resource: before.arn, accountId: before.accountId, action },
      ...targets(context, action, AliasName, [namedKey(context, TargetKeyId)]),
    ];
  },
  run(context, { AliasName }, keys) {
    const { tx, caller, now } = context;
    const key = keys[0] as KeyRecord;
    const before = existing(context, AliasName);
    if (typeOf(before) !== typeOf(key) || before.usage !== key.usage)
      throw new KmsError(
        'ValidationException',
        `Alias ${AliasName} can only move to a key of the same type and usage as ${before.arn}.`,
      );
    if (before.row !== key.row) checkQuota(tx, key);
    tx.run('UPDATE aliases SET key_row = ?, updated_at = ? WHERE account_id = ? AND region = ? AND name = ?', [
      key.row,
      now,
      caller.accountId,
      caller.region,
      AliasName,
    ]);
    return {};
  },
  audit: { request: ['AliasName', 'TargetKeyId'] },
};

const deleteAlias: Operation<'DeleteAlias'> = {
  name: 'DeleteAlias',
  source: 'kms.amazonaws.com',
  readOnly: false,
  find(context, { AliasName }) {
    checkName(AliasName);
    return targets(context, 'kms:DeleteAlias', AliasName, [existing(context, AliasName)]);
  },
  run({ tx, caller }, { AliasName }) {
    const place = [caller.accountId, caller.region, AliasName];
    tx.run('DELETE FROM aliases WHERE account_id = ? AND region = ? AND name = ?', place);
    return {};
  },
  audit: { request: ['AliasName'] },
};

interface AliasRow {
  readonly name: string;
  readonly keyId: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

const ALIAS_COLUMNS = `a.name, k.key_id AS keyId, a.created_at AS createdAt, a.updated_at AS updatedAt
  FROM aliases a JOIN keys k ON k.row = a.key_row`;

const listAliases = onAccount({
  name: 'ListAliases',
  readOnly: true,
  run(context, input) {
    const { tx, caller } = context;
    const limit = input.Limit ?? limits.pages.aliases.default;
    const after = afterMarker('ListAliases', input.Marker) ?? '';
    const found =
      input.KeyId === undefined
        ? tx.all<AliasRow>(
            `SELECT ${ALIAS_COLUMNS} WHERE a.account_id = ? AND a.region = ? AND a.name > ? ORDER BY a.name LIMIT ?`,
            [caller.accountId, caller.region, after, limit + 1],
          )
        : tx.all<AliasRow>(`SELECT ${ALIAS_COLUMNS} WHERE a.key_row = ? AND a.name > ? ORDER BY a.name LIMIT ?`, [
            findKey(context, input.KeyId, { alias: false }).row,
            after,
            limit + 1,
          ]);
    const { rows, end } = cutPage('ListAliases', found, limit, (row) => row.name);
    const Aliases = rows.map(({ name, keyId, createdAt, updatedAt }) => ({
      AliasName: name,
      AliasArn: aliasArn(caller.region, caller.accountId, name),
      TargetKeyId: keyId,
      CreationDate: new Date(createdAt),
      LastUpdatedDate: new Date(updatedAt),
    }));
    return { Aliases, ...end };
  },
  audit: { request: ['KeyId', 'Limit', 'Marker'] },
});

export const aliasOperations = [createAlias, updateAlias, deleteAlias, listAliases];
