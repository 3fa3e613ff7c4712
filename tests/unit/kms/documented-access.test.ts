import { expect, it } from 'vitest';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { ACCOUNT, REGION, ROOT } from '../../support/engine.ts';
import {
  disabled,
  dryRun,
  type Ground,
  managing,
  manyTags,
  marker,
  nothing,
  pending,
  type Row,
  testDocumented,
} from './documented.ts';

const GRANTEE = `arn:aws:iam::${ACCOUNT}:user/ann`;
const made = ({ call, KeyId }: Ground) =>
  call('CreateGrant', { KeyId, GranteePrincipal: GRANTEE, Operations: ['Decrypt', 'RetireGrant'] });

const mrk = async ({ key }: Ground) => (await key({ MultiRegion: true })).id;
/** Puts every key in this account into a state. */
const inState = (state: string) => async (ground: Ground) => {
  await ground.store.transact((tx) => tx.run('UPDATE keys SET state = ?', [state]));
  return {};
};

const rows: Partial<Record<OperationName, Row>> = {
  CreateGrant: {
    good: () => ({ GranteePrincipal: GRANTEE, Operations: ['Decrypt'] }),
    answers: ['GrantId', 'GrantToken'],
    refused: {
      ...managing,
      DisabledException: disabled,
      DryRunOperationException: dryRun,
      InvalidArnException: () => ({ GranteePrincipal: 'arn:aws:iam::111122223333:group/g' }),
      InvalidGrantTokenException: () => ({ GrantTokens: ['x'] }),
      KMSInvalidStateException: pending,
      LimitExceededException: () => ({ Constraints: { EncryptionContextEquals: { a: 'x'.repeat(384) } } }),
    },
  },
  ListGrants: {
    good: nothing,
    answers: ['Grants', 'Truncated'],
    refused: { ...managing, InvalidGrantIdException: () => ({ GrantId: 'x' }), InvalidMarkerException: marker },
    absent: ['KMSInvalidStateException'],
  },
  ListRetirableGrants: {
    good: () => ({ RetiringPrincipal: ROOT }),
    keyed: false,
    answers: ['Grants', 'Truncated'],
    refused: { InvalidArnException: () => ({ RetiringPrincipal: 'x' }), InvalidMarkerException: marker },
    absent: ['NotFoundException'],
  },
  RetireGrant: {
    good: async (ground) => ({ GrantToken: (await made(ground)).GrantToken }),
    keyed: false,
    answers: [],
    refused: {
      DryRunOperationException: dryRun,
      InvalidArnException: () => ({ GrantToken: undefined, KeyId: 'arn:aws:s3:::bucket', GrantId: '0'.repeat(64) }),
      InvalidGrantIdException: ({ KeyId }) => ({ GrantToken: undefined, KeyId, GrantId: 'x' }),
      InvalidGrantTokenException: () => ({ GrantToken: 'x' }),
      NotFoundException: ({ KeyId }) => ({ GrantToken: undefined, KeyId, GrantId: '0'.repeat(64) }),
    },
    absent: ['KMSInvalidStateException'],
  },
  RevokeGrant: {
    good: async (ground) => ({ GrantId: (await made(ground)).GrantId }),
    answers: [],
    refused: {
      ...managing,
      DryRunOperationException: dryRun,
      InvalidGrantIdException: () => ({ GrantId: '0'.repeat(63) }),
      NotFoundException: () => ({ GrantId: '0'.repeat(64) }),
    },
    absent: ['KMSInvalidStateException'],
  },
  ReplicateKey: {
    good: async (ground) => ({ KeyId: await mrk(ground), ReplicaRegion: 'us-east-1' }),
    keyed: false,
    answers: ['ReplicaKeyMetadata', 'ReplicaPolicy', 'ReplicaTags'],
    refused: {
      ...managing,
      AlreadyExistsException: () => ({ ReplicaRegion: REGION }),
      DisabledException: inState('Disabled'),
      KMSInvalidStateException: inState('Updating'),
      LimitExceededException: manyTags,
      MalformedPolicyDocumentException: () => ({ Policy: '{}' }),
      TagException: () => ({ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }),
      UnsupportedOperationException: ({ KeyId }) => ({ KeyId }),
    },
  },
  UpdatePrimaryRegion: {
    async good(ground) {
      const KeyId = await mrk(ground);
      await ground.call('ReplicateKey', { KeyId, ReplicaRegion: 'us-east-1' });
      ground.clock.time += 5000;
      return { KeyId, PrimaryRegion: 'us-east-1' };
    },
    keyed: false,
    answers: [],
    refused: {
      InvalidArnException: managing.InvalidArnException,
      DisabledException: inState('Disabled'),
      KMSInvalidStateException: inState('Creating'),
      NotFoundException: () => ({ PrimaryRegion: 'eu-west-1' }),
      UnsupportedOperationException: ({ KeyId }) => ({ KeyId }),
    },
  },
  GetKeyLastUsage: {
    good: nothing,
    answers: ['KeyCreationDate', 'KeyId', 'KeyLastUsage', 'TrackingStartDate'],
    refused: managing,
  },
};

it('covers grants, replicas and usage', () => {
  expect(Object.keys(rows).length).toBe(8);
});

testDocumented(rows);
