import { rootArn } from '../../shared/iam/arn.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { ManagedService } from '../../shared/kms/services.ts';
import { keyOfAlias } from './find.ts';
import type { KeyRecord } from './key-rows.ts';
import { DAY } from './lifecycle.ts';
import { SYMMETRIC_BYTES } from './materials.ts';
import { insertKey, makeLine } from './new-key.ts';
import type { Context } from './operation.ts';
import { uuid } from './uuid.ts';

const aliasOf = (service: ManagedService) => `alias/aws/${service}`;

/** Its account sees the key and uses it through the service; nobody changes it. */
function policyOf(service: ManagedService, accountId: string, region: string): string {
  const statements = [
    {
      Sid: `Allow access through ${service} for all principals in the account that are authorized to use ${service}`,
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:CreateGrant',
        'kms:DescribeKey',
      ],
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:CallerAccount': accountId, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
      },
    },
    {
      Sid: 'Allow direct access to key metadata to the account',
      Effect: 'Allow',
      Principal: { AWS: rootArn(accountId) },
      Action: ['kms:Describe*', 'kms:Get*', 'kms:List*', 'kms:RevokeGrant'],
      Resource: '*',
    },
  ];
  return JSON.stringify({ Version: '2012-10-17', Id: `auto-${service}-1`, Statement: statements }, null, 2);
}

/**
 * The AWS managed key of a service in the caller's account and Region, made when there is none: symmetric, rotated every
 * year, outside the quota of keys. A new one is noted in `context.born`, so that it gets its record.
 */
export function managedKey(context: Context, service: ManagedService): KeyRecord {
  const { tx, caller, now, random } = context;
  const { accountId, region } = caller;
  const existing = keyOfAlias(context, accountId, aliasOf(service));
  if (existing) return existing;
  const keyId = uuid(random.bytes(16));
  makeLine(context, keyId, random.bytes(SYMMETRIC_BYTES));
  const days = limits.rotationPeriod.default;
  tx.run(
    'UPDATE key_lines SET rotation_enabled = 1, rotation_days = ?, next_rotation = ? WHERE account_id = ? AND key_id = ?',
    [days, now + days * DAY, accountId, keyId],
  );
  const key = insertKey(context, {
    region,
    keyId,
    description: `Default key that protects my ${service} data when no other key is defined`,
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    state: 'Enabled',
    manager: 'AWS',
    service,
    policy: policyOf(service, accountId, region),
  });
  tx.run('INSERT INTO aliases (account_id, region, name, key_row, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)', [
    accountId,
    region,
    aliasOf(service),
    key.row,
    now,
    now,
  ]);
  context.born.push(key);
  return key;
}
