import { KmsError } from '../../shared/kms/errors.ts';
import type { AuditEntry } from '../audit/types.ts';
import type { Transaction } from '../vault/types.ts';
import { byKeyId } from './find.ts';
import { type KeyRecord, relatedKeys, setPassingState } from './key-rows.ts';
import { metadataOf } from './keys.ts';
import { countKey, insertKey } from './new-key.ts';
import type { Operation } from './operation.ts';
import { policyFor } from './policies.ts';
import { toRecord } from './recorded.ts';
import { SETTLING } from './settling.ts';
import { addTags } from './tags.ts';

/** @throws KmsError `UnsupportedOperationException` for single-Region keys and replicas. */
function checkPrimary(key: KeyRecord): void {
  if (key.multiRegion !== 'PRIMARY')
    throw new KmsError('UnsupportedOperationException', `${key.arn} is not a multi-Region primary key.`);
}

function checkRegion(tx: Transaction, name: string): void {
  if (!tx.get('SELECT 1 FROM regions WHERE name = ?', [name]))
    throw new KmsError('UnsupportedOperationException', `Region ${name} is not supported.`);
}

const replicateKey: Operation<'ReplicateKey'> = {
  name: 'ReplicateKey',
  source: 'kms.amazonaws.com',
  readOnly: false,
  find(context, input) {
    const key = byKeyId(context, input);
    const { accountId } = context.caller;
    return [
      { key, action: 'kms:ReplicateKey' },
      { resource: '*', accountId, action: 'kms:CreateKey' },
      ...(input.Tags?.length ? [{ resource: '*', accountId, action: 'kms:TagResource' }] : []),
    ];
  },
  run(context, input, keys) {
    const { tx, caller, now } = context;
    const primary = keys[0] as KeyRecord;
    checkPrimary(primary);
    const region = input.ReplicaRegion;
    checkRegion(tx, region);
    const existing = relatedKeys(tx, primary).find((key) => key.region === region);
    if (existing) throw new KmsError('AlreadyExistsException', `${existing.arn} already exists.`);
    countKey(context, region);
    const arn = primary.arn.replace(`:${primary.region}:`, `:${region}:`);
    const ReplicaPolicy = policyFor(caller, arn, input);
    const { keyId, spec, usage, origin } = primary;
    const replica = insertKey(context, {
      region,
      keyId,
      description: input.Description ?? '',
      spec,
      usage,
      origin,
      state: 'Creating',
      multiRegion: 'REPLICA',
      policy: ReplicaPolicy,
    });
    // Imported material is not copied: it must be imported into each Region.
    setPassingState(tx, replica, 'Creating', now + SETTLING, origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled');
    const ReplicaTags = (input.Tags ?? []).map(({ TagKey, TagValue }) => ({ TagKey, TagValue }));
    addTags(tx, replica, ReplicaTags);
    return { ReplicaKeyMetadata: metadataOf(tx, replica), ReplicaPolicy, ReplicaTags };
  },
  audit: {
    request: ['KeyId', 'ReplicaRegion', 'Policy', 'BypassPolicyLockoutSafetyCheck', 'Description', 'Tags'],
    response: (output) => toRecord(output) as AuditEntry['responseElements'],
    elsewhere: ({ input, output: { ReplicaKeyMetadata } }) => [
      {
        eventName: 'CreateKey',
        region: input.ReplicaRegion,
        requestParameters: toRecord({
          Description: ReplicaKeyMetadata.Description,
          KeySpec: ReplicaKeyMetadata.KeySpec,
          KeyUsage: ReplicaKeyMetadata.KeyUsage,
          Origin: ReplicaKeyMetadata.Origin,
          MultiRegion: true,
          MultiRegionKeyType: 'REPLICA',
        }) as AuditEntry['requestParameters'],
        responseElements: toRecord({ KeyMetadata: ReplicaKeyMetadata }) as AuditEntry['responseElements'],
        resources: [ReplicaKeyMetadata.Arn],
      },
    ],
  },
};

const updatePrimaryRegion: Operation<'UpdatePrimaryRegion'> = {
  name: 'UpdatePrimaryRegion',
  source: 'kms.amazonaws.com',
  readOnly: false,
  find(context, input) {
    const key = byKeyId(context, input);
    const action = 'kms:UpdatePrimaryRegion';
    const replica = context.keys.byId(context.tx, key.accountId, input.PrimaryRegion, key.keyId);
    return replica && replica.region !== key.region
      ? [
          { key, action },
          { key: replica, action },
        ]
      : [{ key, action }];
  },
  run({ tx, now }, input, keys) {
    const [primary, replica] = keys as readonly [KeyRecord, KeyRecord?];
    checkPrimary(primary);
    if (input.PrimaryRegion === primary.region)
      throw new KmsError('UnsupportedOperationException', `${primary.arn} is the primary key already.`);
    checkRegion(tx, input.PrimaryRegion);
    if (!replica)
      throw new KmsError('NotFoundException', `${primary.arn} has no replica key in ${input.PrimaryRegion}.`);
    for (const [key, role] of [
      [primary, 'REPLICA'],
      [replica, 'PRIMARY'],
    ] as const) {
      tx.run('UPDATE keys SET multi_region = ? WHERE row = ?', [role, key.row]);
      setPassingState(tx, key, 'Updating', now + SETTLING, key.settlesTo ?? key.state);
    }
    return {};
  },
  audit: {
    request: ['KeyId', 'PrimaryRegion'],
    elsewhere({ input, resources }) {
      const arn = resources[0] ?? '';
      const there = arn.replace(/^(arn:aws:kms:)[^:]+/, `$1${input.PrimaryRegion}`);
      return [
        {
          region: input.PrimaryRegion,
          requestParameters: { keyId: there, primaryRegion: input.PrimaryRegion },
          responseElements: { keyId: there },
          resources: [there],
        },
      ];
    },
  },
};

export const replicaOperations = [replicateKey, updatePrimaryRegion];
