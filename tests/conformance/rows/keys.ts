import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetKeyLastUsageCommand,
  GetKeyPolicyCommand,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  UpdateKeyDescriptionCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { ACCOUNT, REGION, ROOT } from '../support/service.ts';
import { type Ground, row } from '../support/table.ts';
import {
  changing,
  DAY,
  everyState,
  inside,
  managing,
  manyTags,
  neverLate,
  reservedTag,
  stateOf,
  utf8,
} from './common.ts';

/** Everything to the account, and a mark by which it is known again. */
export const policy = (Sid: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid, Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' }],
  });

/** A policy after which nobody could change the policy any more. */
const lockingOut = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:Encrypt', Resource: '*' }],
});

/** What makes a key of an external one. */
const external = async ({ kms, service: { backing } }: Ground, XksKeyId: string | undefined) => ({
  CustomKeyStoreId: await backing.externalStore(kms),
  MultiRegion: false,
  Origin: 'EXTERNAL_KEY_STORE',
  XksKeyId,
});

export const rows = [
  row(CreateKeyCommand, {
    good: () => ({
      Description: 'made by a client',
      MultiRegion: true,
      Policy: policy('made'),
      Tags: [{ TagKey: 'team', TagValue: 'shop' }],
    }),
    async check({ KeyMetadata }, { kms }) {
      const KeyId = KeyMetadata?.KeyId;
      expect(KeyMetadata).toMatchObject({
        AWSAccountId: ACCOUNT,
        Arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}`,
        CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT',
        Description: 'made by a client',
        Enabled: true,
        EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
        KeyManager: 'CUSTOMER',
        KeySpec: 'SYMMETRIC_DEFAULT',
        KeyState: 'Enabled',
        KeyUsage: 'ENCRYPT_DECRYPT',
        MultiRegion: true,
        MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY', ReplicaKeys: [] },
        Origin: 'AWS_KMS',
      });
      expect(KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
      expect(KeyMetadata?.CreationDate).toBeInstanceOf(Date);
      expect(await kms.describeKey({ KeyId })).toMatchObject({ KeyMetadata });
      expect((await kms.getKeyPolicy({ KeyId })).Policy).toBe(policy('made'));
      expect((await kms.listResourceTags({ KeyId })).Tags).toEqual([{ TagKey: 'team', TagValue: 'shop' }]);
    },
    refused: {
      async CustomKeyStoreInvalidStateException({ kms, service: { backing } }) {
        await backing.tidy(kms);
        const CustomKeyStoreId = await backing.create(kms, backing.token('spare'));
        return { CustomKeyStoreId, MultiRegion: false, Origin: 'AWS_CLOUDHSM' };
      },
      CustomKeyStoreNotFoundException: () => ({
        CustomKeyStoreId: 'cks-00000000000000000',
        MultiRegion: false,
        Origin: 'AWS_CLOUDHSM',
      }),
      LimitExceededException: manyTags,
      MalformedPolicyDocumentException: () => ({ Policy: '{}' }),
      TagException: reservedTag,
      UnsupportedOperationException: () => ({ Origin: 'EXTERNAL_KEY_STORE' }),
      async XksKeyAlreadyInUseException(ground) {
        const taken = await ground.service.backing.externalKey(ground.kms);
        const { KeyMetadata } = await ground.kms.describeKey({ KeyId: taken });
        return external(ground, KeyMetadata?.XksKeyConfiguration?.Id);
      },
      XksKeyInvalidConfigurationException(ground) {
        ground.service.backing.proxy.addKey('switched-off', { keyStatus: 'DISABLED' });
        return external(ground, 'switched-off');
      },
      XksKeyNotFoundException: (ground) => external(ground, 'nowhere'),
    },
    uncovered: {
      ...neverLate,
      CloudHsmClusterInvalidConfigurationException: 'A local token has no nodes of which too few could be active.',
      InvalidArnException: 'The request has no member that is an ARN.',
    },
  }),
  row(DescribeKeyCommand, {
    good: async ({ kms, KeyId }) => {
      await kms.createAlias({ AliasName: `alias/${KeyId}`, TargetKeyId: KeyId });
      return { KeyId: `alias/${KeyId}` };
    },
    async check({ KeyMetadata }, { kms, KeyId }) {
      expect(KeyMetadata?.KeyId).toBe(KeyId);
      for (const name of [KeyId, KeyMetadata?.Arn, `arn:aws:kms:${REGION}:${ACCOUNT}:alias/${KeyId}`])
        expect((await kms.describeKey({ KeyId: name })).KeyMetadata).toEqual(KeyMetadata);
    },
    refused: managing,
    uncovered: inside,
  }),
  row(ListKeysCommand, {
    good: () => ({ Limit: 1000 }),
    check({ Keys, Truncated }, { KeyId }) {
      expect(Keys).toContainEqual({ KeyId, KeyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}` });
      expect(typeof Truncated).toBe('boolean');
    },
    refused: {
      InvalidMarkerException: async ({ kms, KeyId }) => {
        for (const name of ['a', 'b'])
          await kms.createAlias({ AliasName: `alias/${name}-${KeyId}`, TargetKeyId: KeyId });
        return { Marker: (await kms.listAliases({ Limit: 1 })).NextMarker };
      },
    },
    uncovered: inside,
  }),
  row(EnableKeyCommand, {
    async good({ kms, KeyId }) {
      await kms.disableKey({ KeyId });
      return { KeyId };
    },
    check: async (_output, ground) => expect(await stateOf(ground, ground.KeyId)).toBe('Enabled'),
    refused: changing,
    uncovered: { ...inside, LimitExceededException: 'No quota counts only the keys that are enabled.' },
  }),
  row(DisableKeyCommand, {
    good: ({ KeyId }) => ({ KeyId }),
    check: async (_output, ground) => expect(await stateOf(ground, ground.KeyId)).toBe('Disabled'),
    refused: changing,
    uncovered: inside,
  }),
  row(UpdateKeyDescriptionCommand, {
    good: ({ KeyId }) => ({ KeyId, Description: 'anders · 別の' }),
    async check(_output, { kms, KeyId }) {
      expect((await kms.describeKey({ KeyId })).KeyMetadata?.Description).toBe('anders · 別の');
    },
    refused: changing,
    uncovered: inside,
  }),
  row(ScheduleKeyDeletionCommand, {
    good: ({ KeyId }) => ({ KeyId, PendingWindowInDays: 9 }),
    async check({ DeletionDate, KeyState, PendingWindowInDays, KeyId }, ground) {
      const { KeyMetadata } = await ground.kms.describeKey({ KeyId: ground.KeyId });
      expect([KeyState, PendingWindowInDays]).toEqual(['PendingDeletion', 9]);
      expect(KeyId).toBe(KeyMetadata?.Arn);
      expect(KeyMetadata).toMatchObject({ KeyState, DeletionDate, Enabled: false });
      expect((DeletionDate?.getTime() ?? 0) - (KeyMetadata?.CreationDate?.getTime() ?? 0)).toBeGreaterThanOrEqual(
        9 * DAY,
      );
    },
    refused: changing,
    uncovered: inside,
  }),
  row(CancelKeyDeletionCommand, {
    async good({ kms, KeyId }) {
      await kms.scheduleKeyDeletion({ KeyId });
      return { KeyId };
    },
    async check({ KeyId }, ground) {
      const { KeyMetadata } = await ground.kms.describeKey({ KeyId: ground.KeyId });
      expect(KeyId).toBe(KeyMetadata?.Arn);
      expect([KeyMetadata?.KeyState, KeyMetadata?.DeletionDate]).toEqual(['Disabled', undefined]);
    },
    refused: {
      ...managing,
      async KMSInvalidStateException({ kms }, { KeyId }) {
        await kms.cancelKeyDeletion({ KeyId });
        return undefined;
      },
    },
    uncovered: inside,
  }),
  row(GetKeyLastUsageCommand, {
    async good({ kms, KeyId }) {
      await kms.encrypt({ KeyId, Plaintext: utf8('used') });
      return { KeyId };
    },
    async check(output, { kms, KeyId }) {
      const { KeyLastUsage, KeyCreationDate } = output;
      expect(output.KeyId).toBe(KeyId);
      expect(KeyLastUsage?.Operation).toBe('Encrypt');
      expect(KeyLastUsage?.Timestamp).toBeInstanceOf(Date);
      const { $metadata } = await kms.encrypt({ KeyId, Plaintext: utf8('again') });
      expect((await kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.KmsRequestId).toBe($metadata.requestId);
      expect(KeyCreationDate).toEqual((await kms.describeKey({ KeyId })).KeyMetadata?.CreationDate);
    },
    refused: managing,
    uncovered: inside,
  }),
  row(GetKeyPolicyCommand, {
    good: ({ KeyId }) => ({ KeyId, PolicyName: 'default' }),
    check({ Policy, PolicyName }) {
      expect(PolicyName).toBe('default');
      expect(JSON.parse(Policy ?? '')).toMatchObject({
        Id: 'key-default-1',
        Statement: [{ Sid: 'Enable IAM User Permissions', Principal: { AWS: ROOT }, Action: 'kms:*' }],
      });
    },
    refused: managing,
    uncovered: { ...inside, ...everyState },
  }),
  row(PutKeyPolicyCommand, {
    good: ({ KeyId }) => ({ KeyId, Policy: policy('put') }),
    check: async (_output, { kms, KeyId }) => expect((await kms.getKeyPolicy({ KeyId })).Policy).toBe(policy('put')),
    refused: {
      ...managing,
      LimitExceededException: () => ({ Policy: `${' '.repeat(32_768)}${policy('long')}` }),
      MalformedPolicyDocumentException: () => ({ Policy: lockingOut }),
      UnsupportedOperationException: () => ({ PolicyName: 'other' }),
    },
    uncovered: { ...inside, ...everyState },
  }),
  row(ListKeyPoliciesCommand, {
    good: ({ KeyId }) => ({ KeyId }),
    check: ({ PolicyNames, Truncated }) => expect([PolicyNames, Truncated]).toEqual([['default'], false]),
    refused: managing,
    uncovered: { ...inside, ...everyState },
  }),
];
