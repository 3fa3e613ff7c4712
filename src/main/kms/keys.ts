import { defaultKeyPolicy } from '../../shared/iam/default-policy.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { KeyMetadata } from '../../shared/kms/operations.ts';
import { specs } from '../../shared/kms/specs.ts';
import type { AuditEntry } from '../audit/types.ts';
import { byKeyId, byKeyIdOrAlias, noKeyStore } from './find.ts';
import { type KeyRecord, keyById } from './key-rows.ts';
import { type Context, onAccount, onKey, type Parsed } from './operation.ts';
import { afterMarker, cutPage } from './paging.ts';
import { toRecord } from './recorded.ts';
import { addTags } from './tags.ts';
import { uuid } from './uuid.ts';

/** `KeyMetadata` as DescribeKey answers it. */
export function metadataOf(key: KeyRecord): KeyMetadata {
  const facts = specs[key.spec];
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: key.usage,
    KeyState: key.state,
    ...(key.deletionAt === null ? {} : { DeletionDate: new Date(key.deletionAt) }),
    Origin: key.origin,
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...(facts && facts.encryption.length > 0 ? { EncryptionAlgorithms: [...facts.encryption] } : {}),
    MultiRegion: key.multiRegion !== null,
    ...(facts?.rotates ? { CurrentKeyMaterialId: key.currentMaterial } : {}),
  };
}

const unsupported = (what: string) =>
  new KmsError('UnsupportedOperationException', `${what} is not supported by this version of Coffer.`);

/** What CreateKey is asked for, once everything Coffer does not do is refused. */
function wanted(input: Parsed<'CreateKey'>) {
  if (input.KeySpec && input.CustomerMasterKeySpec)
    throw new KmsError(
      'ValidationException',
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    );
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  const origin = input.Origin ?? 'AWS_KMS';
  if (input.CustomKeyStoreId !== undefined) throw noKeyStore(input.CustomKeyStoreId);
  if (input.XksKeyId !== undefined) throw unsupported('An external key');
  const facts = specs[spec];
  if (!facts) throw unsupported(`KeySpec ${spec}`);
  if (origin !== 'AWS_KMS') throw unsupported(`Origin ${origin}`);
  if (input.MultiRegion) throw unsupported('A multi-Region key');
  if (input.Policy !== undefined) throw unsupported('A key policy other than the default one');
  const usage = input.KeyUsage ?? 'ENCRYPT_DECRYPT';
  if (!facts.usages.includes(usage))
    throw new KmsError('ValidationException', `KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  return { spec, usage, origin };
}

/** Counts the new key against the quota. The count is kept, so that it costs the same with any number of keys. */
function countKey({ tx, caller, keysPerRegion }: Context): void {
  const place = [caller.accountId, caller.region];
  tx.run('INSERT INTO key_counts (account_id, region, count) VALUES (?, ?, 0) ON CONFLICT DO NOTHING', place);
  const changed = tx.run('UPDATE key_counts SET count = count + 1 WHERE account_id = ? AND region = ? AND count < ?', [
    ...place,
    keysPerRegion,
  ]);
  if (changed === 0)
    throw new KmsError(
      'LimitExceededException',
      `The account has ${keysPerRegion} KMS keys in this Region, the most it may have.`,
    );
}

const createKey = onAccount({
  name: 'CreateKey',
  readOnly: false,
  run(context, input) {
    const { tx, caller, now, random, materials } = context;
    const { spec, usage, origin } = wanted(input);
    if (!tx.get('SELECT 1 FROM regions WHERE name = ?', [caller.region]))
      throw new KmsError('ValidationException', `The vault has no Region ${caller.region}.`);
    countKey(context);
    const line = { accountId: caller.accountId, keyId: uuid(random.bytes(16)) };
    tx.run('INSERT INTO key_lines (account_id, key_id, current_material) VALUES (?, ?, ?)', [
      line.accountId,
      line.keyId,
      '',
    ]);
    const material = materials.create(tx, line, 0, 'CREATED', now);
    tx.run('UPDATE key_lines SET current_material = ? WHERE account_id = ? AND key_id = ?', [
      material,
      line.accountId,
      line.keyId,
    ]);
    tx.run(
      `INSERT INTO keys (account_id, region, key_id, description, spec, usage, origin, manager, state, created_at, policy)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'CUSTOMER', 'Enabled', ?, ?)`,
      [
        line.accountId,
        caller.region,
        line.keyId,
        input.Description ?? '',
        spec,
        usage,
        origin,
        now,
        defaultKeyPolicy(line.accountId),
      ],
    );
    const key = keyById(tx, line.accountId, caller.region, line.keyId) as KeyRecord;
    addTags(tx, key, input.Tags ?? []);
    return { KeyMetadata: metadataOf(key) };
  },
  audit: {
    request: [
      'Description',
      'KeyUsage',
      'CustomerMasterKeySpec',
      'KeySpec',
      'Origin',
      'MultiRegion',
      'Tags',
      'BypassPolicyLockoutSafetyCheck',
    ],
    response: (output) => toRecord(output) as AuditEntry['responseElements'],
    made: ({ KeyMetadata }) => [KeyMetadata.Arn],
  },
});

const describeKey = onKey({
  name: 'DescribeKey',
  readOnly: true,
  find: byKeyIdOrAlias,
  run: (_context, _input, key) => ({ KeyMetadata: metadataOf(key) }),
  audit: { request: ['KeyId'] },
});

const listKeys = onAccount({
  name: 'ListKeys',
  readOnly: true,
  run({ tx, caller }, input) {
    const limit = input.Limit ?? limits.pages.keys.default;
    const found = tx.all<{ keyId: string }>(
      'SELECT key_id AS keyId FROM keys WHERE account_id = ? AND region = ? AND key_id > ? ORDER BY key_id LIMIT ?',
      [caller.accountId, caller.region, afterMarker('ListKeys', input.Marker) ?? '', limit + 1],
    );
    const { rows, end } = cutPage('ListKeys', found, limit, (row) => row.keyId);
    const prefix = `arn:aws:kms:${caller.region}:${caller.accountId}:key/`;
    return { Keys: rows.map(({ keyId }) => ({ KeyId: keyId, KeyArn: prefix + keyId })), ...end };
  },
  audit: { request: ['Limit', 'Marker'] },
});

const updateKeyDescription = onKey({
  name: 'UpdateKeyDescription',
  readOnly: false,
  find: byKeyId,
  run({ tx }, { Description }, key) {
    tx.run('UPDATE keys SET description = ? WHERE row = ?', [Description, key.row]);
    return {};
  },
  audit: { request: ['KeyId', 'Description'] },
});

const getKeyPolicy = onKey({
  name: 'GetKeyPolicy',
  readOnly: true,
  find: byKeyId,
  run({ tx }, { PolicyName }, key) {
    if (PolicyName !== undefined && PolicyName !== 'default')
      throw new KmsError('NotFoundException', `No such policy exists`);
    return { Policy: policyOf(tx, key), PolicyName: 'default' };
  },
  audit: { request: ['KeyId', 'PolicyName'] },
});

/** The key's policy document, JSON text. */
export function policyOf(tx: Context['tx'], key: KeyRecord): string {
  return tx.get<{ policy: string }>('SELECT policy FROM keys WHERE row = ?', [key.row])?.policy ?? '';
}

export const keyOperations = [createKey, describeKey, listKeys, updateKeyDescription, getKeyPolicy];
