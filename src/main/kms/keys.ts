import { aliasArn, keyArn } from '../../shared/iam/arn.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { importable } from '../../shared/kms/importing.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { KeyMetadata } from '../../shared/kms/operations.ts';
import { managedServiceOf } from '../../shared/kms/services.ts';
import { algorithmsOf, specs } from '../../shared/kms/specs.ts';
import type { AuditEntry } from '../audit/types.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { checkConnection, findKeyStore, insertOutsideKey, type OutsideKey, planKey } from './custom-keys.ts';
import { byKeyId, byKeyIdOrAlias } from './find.ts';
import { expirationOf } from './imported.ts';
import { type KeyRecord, relatedKeys } from './key-rows.ts';
import { keyStoreById } from './key-store-rows.ts';
import { managedKey } from './managed-keys.ts';
import { SYMMETRIC_BYTES } from './materials.ts';
import { countKey, generateMaterial, insertKey, makeEmptyLine, makeLine, type NewKey } from './new-key.ts';
import { type Context, onAccount, onKey, type Parsed } from './operation.ts';
import { afterMarker, cutPage } from './paging.ts';
import { policyFor } from './policies.ts';
import { toRecord } from './recorded.ts';
import { addTags } from './tags.ts';
import { uuid } from './uuid.ts';

const place = ({ arn, region }: KeyRecord) => ({ Arn: arn, Region: region });

function multiRegionOf(tx: ReadDatabase, key: KeyRecord): Pick<KeyMetadata, 'MultiRegionConfiguration'> {
  if (key.multiRegion === null) return {};
  const related = relatedKeys(tx, key);
  const primary = related.find(({ multiRegion }) => multiRegion === 'PRIMARY');
  if (!primary) throw new Error('a multi-Region key without its primary key');
  const replicas = related.filter((each) => each !== primary);
  return {
    MultiRegionConfiguration: {
      MultiRegionKeyType: key.multiRegion,
      PrimaryKey: place(primary),
      ReplicaKeys: replicas.map(place),
    },
  };
}

function keyStoreOf(tx: ReadDatabase, key: KeyRecord): Partial<KeyMetadata> {
  const store = key.keyStore === null ? undefined : keyStoreById(tx, key.keyStore);
  if (!store) return {};
  return {
    CustomKeyStoreId: store.storeId,
    ...(store.type === 'AWS_CLOUDHSM'
      ? { CloudHsmClusterId: store.settings.clusterId }
      : { XksKeyConfiguration: { Id: key.backing ?? '' } }),
  };
}

/** `KeyMetadata` as DescribeKey answers it. */
export function metadataOf(tx: ReadDatabase, key: KeyRecord): KeyMetadata {
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
    ...keyStoreOf(tx, key),
    ...expirationOf(tx, key),
    KeyManager: key.manager,
    CustomerMasterKeySpec: key.spec,
    KeySpec: key.spec,
    ...algorithmsOf(key.spec, key.usage),
    MultiRegion: key.multiRegion !== null,
    ...multiRegionOf(tx, key),
    ...(key.state === 'PendingReplicaDeletion' && key.deletionDays !== null
      ? { PendingDeletionWindowInDays: key.deletionDays }
      : {}),
    // AWS names the material of the keys that can have several.
    ...(specs[key.spec].rotates && key.keyStore === null && key.currentMaterial !== ''
      ? { CurrentKeyMaterialId: key.currentMaterial }
      : {}),
  };
}

/** The key store a new key is to be in. @throws KmsError as CreateKey documents for custom key stores. */
function outsideOf(context: Context, input: Parsed<'CreateKey'>): OutsideKey | undefined {
  const { Origin: origin = 'AWS_KMS', CustomKeyStoreId: storeId, XksKeyId: xksKeyId } = input;
  const custom = origin === 'AWS_CLOUDHSM' || origin === 'EXTERNAL_KEY_STORE';
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  if (custom && (spec !== 'SYMMETRIC_DEFAULT' || input.MultiRegion))
    throw new KmsError(
      'UnsupportedOperationException',
      'Keys in a custom key store are symmetric encryption keys of a single Region.',
    );
  const store = storeId === undefined ? undefined : findKeyStore(context, storeId);
  if (custom !== (store !== undefined) || (origin === 'EXTERNAL_KEY_STORE') !== (xksKeyId !== undefined))
    throw new KmsError(
      'ValidationException',
      'Origin AWS_CLOUDHSM needs CustomKeyStoreId; EXTERNAL_KEY_STORE needs CustomKeyStoreId and XksKeyId; no other Origin takes them.',
    );
  if (store === undefined) return undefined;
  if (store.type !== origin)
    throw new KmsError('UnsupportedOperationException', `Origin ${origin} does not fit the key store ${storeId}.`);
  checkConnection(store, 'CreateKey');
  return { store, xksKeyId };
}

/** What CreateKey is asked for, once everything Coffer does not do is refused. */
function wanted(context: Context, input: Parsed<'CreateKey'>) {
  const { tx, caller } = context;
  if (input.KeySpec && input.CustomerMasterKeySpec)
    throw new KmsError(
      'ValidationException',
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    );
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
  const origin = input.Origin ?? 'AWS_KMS';
  if (origin === 'EXTERNAL' && !importable(spec))
    throw new KmsError('UnsupportedOperationException', `Key material for ${spec} cannot be imported.`);
  const usage = input.KeyUsage ?? (spec === 'SYMMETRIC_DEFAULT' ? 'ENCRYPT_DECRYPT' : undefined);
  if (usage === undefined)
    throw new KmsError('ValidationException', `You must specify a KeyUsage value for a key of spec ${spec}.`);
  if (!specs[spec].usages.includes(usage))
    throw new KmsError('ValidationException', `KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  if (!tx.get('SELECT 1 FROM regions WHERE name = ?', [caller.region]))
    throw new KmsError('ValidationException', `The vault has no Region ${caller.region}.`);
  return { spec, usage, origin, outside: outsideOf(context, input) };
}

const createKey = onAccount({
  name: 'CreateKey',
  readOnly: false,
  plan(context, input) {
    const { spec, origin, outside } = wanted(context, input);
    const { random } = context;
    if (outside) return planKey(context, outside);
    return spec === 'SYMMETRIC_DEFAULT' || origin === 'EXTERNAL' ? undefined : () => generateMaterial(spec, random);
  },
  /** `work` is the material, or the id of the key made outside. */
  run(context, input, work: Uint8Array | string | undefined) {
    const { tx, caller, random } = context;
    const { spec, usage, origin, outside } = wanted(context, input);
    countKey(context, caller.region);
    const id = typeof work === 'string' ? work : uuid(random.bytes(16));
    const keyId = input.MultiRegion ? `mrk-${id.replaceAll('-', '')}` : id;
    const wish: NewKey = {
      region: caller.region,
      keyId,
      description: input.Description ?? '',
      spec,
      usage,
      origin,
      state: origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled',
      multiRegion: input.MultiRegion ? 'PRIMARY' : null,
      policy: policyFor(caller, keyArn(caller.region, caller.accountId, keyId), input),
    };
    const tag = (key: KeyRecord) => addTags(tx, key, input.Tags ?? []);
    if (outside) return { KeyMetadata: metadataOf(tx, insertOutsideKey(context, outside, wish, tag)) };
    if (origin === 'EXTERNAL') makeEmptyLine(context, keyId);
    else makeLine(context, keyId, work instanceof Uint8Array ? work : random.bytes(SYMMETRIC_BYTES));
    const key = insertKey(context, wish);
    tag(key);
    return { KeyMetadata: metadataOf(tx, key) };
  },
  audit: {
    request: [
      'Policy',
      'Description',
      'KeyUsage',
      'CustomerMasterKeySpec',
      'KeySpec',
      'Origin',
      'CustomKeyStoreId',
      'XksKeyId',
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
  find(context, input) {
    // As at AWS, describing a service's alias makes the key it stands for.
    const { region, accountId } = context.caller;
    const here = aliasArn(region, accountId, '');
    const service = managedServiceOf(input.KeyId.startsWith(here) ? input.KeyId.slice(here.length) : input.KeyId);
    return service ? managedKey(context, service) : byKeyIdOrAlias(context, input);
  },
  run: ({ tx }, _input, key) => ({ KeyMetadata: metadataOf(tx, key) }),
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

export const keyOperations = [createKey, describeKey, listKeys, updateKeyDescription];
