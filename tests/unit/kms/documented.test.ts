import { expect, it } from 'vitest';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { ACCOUNT } from '../../support/engine.ts';
import {
  changing,
  fill,
  managing,
  manyTags,
  marker,
  NOWHERE,
  nothing,
  opening,
  pending,
  type Row,
  rotating,
  spec,
  testDocumented,
  using,
} from './documented.ts';

const rows: Partial<Record<OperationName, Row>> = {
  CreateKey: {
    good: nothing,
    keyed: false,
    answers: ['KeyMetadata'],
    refused: {
      CustomKeyStoreNotFoundException: () => ({ CustomKeyStoreId: 'cks-1', Origin: 'AWS_CLOUDHSM' }),
      LimitExceededException: manyTags,
      MalformedPolicyDocumentException: () => ({ Policy: '{}' }),
      TagException: () => ({ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }),
      UnsupportedOperationException: () => ({ Origin: 'EXTERNAL_KEY_STORE', MultiRegion: true }),
    },
    absent: ['InvalidArnException'],
  },
  DescribeKey: { good: nothing, answers: ['KeyMetadata'], refused: managing },
  ListKeys: {
    good: nothing,
    keyed: false,
    answers: ['Keys', 'Truncated'],
    refused: { InvalidMarkerException: marker },
  },
  EnableKey: { good: nothing, answers: [], refused: changing, absent: ['LimitExceededException'] },
  DisableKey: { good: nothing, answers: [], refused: changing },
  ScheduleKeyDeletion: {
    good: () => ({ PendingWindowInDays: 7 }),
    answers: ['DeletionDate', 'KeyId', 'KeyState', 'PendingWindowInDays'],
    refused: changing,
  },
  CancelKeyDeletion: { good: pending, answers: ['KeyId'], refused: { ...managing, KMSInvalidStateException: nothing } },
  UpdateKeyDescription: { good: () => ({ Description: 'x' }), answers: [], refused: changing },
  GetKeyPolicy: {
    good: nothing,
    answers: ['Policy', 'PolicyName'],
    refused: managing,
    absent: ['KMSInvalidStateException'],
  },
  PutKeyPolicy: {
    good: () => ({ Policy: defaultKeyPolicy(ACCOUNT) }),
    answers: [],
    refused: {
      ...managing,
      LimitExceededException: () => ({ Policy: ' '.repeat(32_769) }),
      MalformedPolicyDocumentException: () => ({ Policy: 'no JSON' }),
      UnsupportedOperationException: () => ({ PolicyName: 'other' }),
    },
    absent: ['KMSInvalidStateException'],
  },
  ListKeyPolicies: {
    good: nothing,
    answers: ['PolicyNames', 'Truncated'],
    refused: managing,
    absent: ['KMSInvalidStateException'],
  },
  CreateAlias: {
    good: ({ KeyId }) => ({ AliasName: 'alias/new', TargetKeyId: KeyId }),
    keyed: false,
    answers: [],
    refused: {
      AlreadyExistsException: ({ KeyId }) => ({ AliasName: 'alias/taken', TargetKeyId: KeyId }),
      InvalidAliasNameException: () => ({ AliasName: 'alias/aws/s3' }),
      KMSInvalidStateException: pending,
      LimitExceededException: fill,
      NotFoundException: () => ({ TargetKeyId: NOWHERE }),
    },
  },
  UpdateAlias: {
    good: ({ KeyId }) => ({ AliasName: 'alias/taken', TargetKeyId: KeyId }),
    keyed: false,
    answers: [],
    refused: {
      KMSInvalidStateException: pending,
      LimitExceededException: fill,
      NotFoundException: () => ({ AliasName: 'alias/none' }),
    },
  },
  DeleteAlias: {
    good: () => ({ AliasName: 'alias/taken' }),
    keyed: false,
    answers: [],
    refused: { NotFoundException: () => ({ AliasName: 'alias/none' }) },
    absent: ['KMSInvalidStateException'],
  },
  ListAliases: {
    good: nothing,
    keyed: false,
    answers: ['Aliases', 'Truncated'],
    refused: { ...managing, InvalidMarkerException: marker },
  },
  TagResource: {
    good: () => ({ Tags: [{ TagKey: 'a', TagValue: '' }] }),
    answers: [],
    refused: {
      ...changing,
      LimitExceededException: manyTags,
      TagException: () => ({ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }),
    },
  },
  UntagResource: {
    good: () => ({ TagKeys: ['a'] }),
    answers: [],
    refused: { ...changing, TagException: () => ({ TagKeys: ['aws:x'] }) },
  },
  ListResourceTags: {
    good: nothing,
    answers: ['Tags', 'Truncated'],
    refused: { ...managing, InvalidMarkerException: marker },
  },
  Encrypt: {
    good: () => ({ Plaintext: new Uint8Array(1) }),
    answers: ['CiphertextBlob', 'EncryptionAlgorithm', 'KeyId'],
    refused: using,
  },
  Decrypt: {
    good: ({ CiphertextBlob }) => ({ CiphertextBlob }),
    answers: ['EncryptionAlgorithm', 'KeyId', 'KeyMaterialId', 'Plaintext'],
    refused: { ...opening, IncorrectKeyException: ({ other }) => ({ KeyId: other }) },
  },
  ReEncrypt: {
    good: ({ CiphertextBlob, other }) => ({ CiphertextBlob, DestinationKeyId: other }),
    keyed: false,
    answers: [
      'CiphertextBlob',
      'DestinationEncryptionAlgorithm',
      'DestinationKeyMaterialId',
      'KeyId',
      'SourceEncryptionAlgorithm',
      'SourceKeyId',
      'SourceKeyMaterialId',
    ],
    refused: {
      ...opening,
      NotFoundException: () => ({ DestinationKeyId: NOWHERE }),
      IncorrectKeyException: ({ other }) => ({ SourceKeyId: other }),
    },
  },
  GenerateDataKey: {
    good: () => ({ KeySpec: 'AES_256' }),
    answers: ['CiphertextBlob', 'KeyId', 'KeyMaterialId', 'Plaintext'],
    refused: using,
  },
  GenerateDataKeyWithoutPlaintext: {
    good: () => ({ NumberOfBytes: 16 }),
    answers: ['CiphertextBlob', 'KeyId', 'KeyMaterialId'],
    refused: using,
  },
  GenerateRandom: {
    good: () => ({ NumberOfBytes: 8 }),
    keyed: false,
    answers: ['Plaintext'],
    refused: {
      CustomKeyStoreNotFoundException: () => ({ CustomKeyStoreId: 'cks-1' }),
      UnsupportedOperationException: () => ({ Recipient: {} }),
    },
  },
  EnableKeyRotation: { good: () => ({ RotationPeriodInDays: 90 }), answers: [], refused: rotating },
  DisableKeyRotation: { good: nothing, answers: [], refused: rotating },
  GetKeyRotationStatus: {
    good: nothing,
    answers: ['KeyId', 'KeyRotationEnabled'],
    refused: { ...managing, UnsupportedOperationException: spec },
    absent: ['KMSInvalidStateException'],
  },
  RotateKeyOnDemand: {
    good: nothing,
    answers: ['KeyId'],
    refused: {
      ...rotating,
      ConflictException: async ({ call, clock, KeyId }) => {
        await call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
        clock.time += 90 * 86_400_000 - 20 * 60_000;
        return {};
      },
      LimitExceededException: async ({ call, KeyId }) => {
        for (let i = 0; i < 25; i++) await call('RotateKeyOnDemand', { KeyId });
        return {};
      },
    },
  },
  ListKeyRotations: {
    good: nothing,
    answers: ['Rotations', 'Truncated'],
    refused: { ...managing, InvalidMarkerException: marker, UnsupportedOperationException: spec },
    absent: ['KMSInvalidStateException'],
  },
};

it('covers the operations of the first slice', () => {
  expect(Object.keys(rows).length).toBe(29);
});

testDocumented(rows);
