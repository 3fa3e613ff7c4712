import { ReplicateKeyCommand, UpdatePrimaryRegionCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { ACCOUNT, REGION } from '../support/service.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import {
  changing,
  disabled,
  groundsOwn,
  hold,
  managing,
  manyTags,
  newKey,
  reservedTag,
  settle,
  stateOf,
  utf8,
} from './common.ts';

const THERE = 'us-east-1';
const arnIn = (region: string, KeyId: string | undefined) => `arn:aws:kms:${region}:${ACCOUNT}:key/${KeyId}`;
const primary = (ground: Ground) => newKey(ground, { MultiRegion: true });

async function pair(ground: Ground) {
  const KeyId = await primary(ground);
  await ground.kms.replicateKey({ KeyId, ReplicaRegion: THERE });
  settle(ground);
  return KeyId;
}
const inGermany: Provoke = () => ({ ReplicaRegion: REGION });

export const rows = [
  row(ReplicateKeyCommand, {
    good: async (ground) => ({
      KeyId: await primary(ground),
      ReplicaRegion: THERE,
      Description: 'over there',
      Tags: [{ TagKey: 'a', TagValue: 'b' }],
    }),
    async check({ ReplicaKeyMetadata, ReplicaPolicy, ReplicaTags }, ground, { KeyId }) {
      const { kms, service } = ground;
      expect(ReplicaKeyMetadata).toMatchObject({
        Arn: arnIn(THERE, KeyId),
        Description: 'over there',
        KeyState: 'Creating',
        MultiRegionConfiguration: {
          MultiRegionKeyType: 'REPLICA',
          PrimaryKey: { Arn: arnIn(REGION, KeyId), Region: REGION },
          ReplicaKeys: [{ Arn: arnIn(THERE, KeyId), Region: THERE }],
        },
      });
      expect(JSON.parse(ReplicaPolicy ?? '')).toHaveProperty('Statement');
      expect(ReplicaTags).toEqual([{ TagKey: 'a', TagValue: 'b' }]);
      settle(ground);
      const there = service.client('root', { region: THERE });
      expect(await stateOf({ kms: there }, KeyId)).toBe('Enabled');
      const here = await kms.encrypt({ KeyId, Plaintext: utf8('portable') });
      expect(await there.decrypt({ CiphertextBlob: here.CiphertextBlob, KeyId })).toMatchObject({
        KeyId: arnIn(THERE, KeyId),
        Plaintext: utf8('portable'),
      });
    },
    refused: {
      ...managing,
      AlreadyExistsException: inGermany,
      DisabledException: disabled,
      KMSInvalidStateException: changing.KMSInvalidStateException,
      LimitExceededException: manyTags,
      MalformedPolicyDocumentException: () => ({ Policy: '{}' }),
      TagException: reservedTag,
      UnsupportedOperationException: groundsOwn,
    },
  }),
  row(UpdatePrimaryRegionCommand, {
    good: async (ground) => ({ KeyId: await pair(ground), PrimaryRegion: THERE }),
    async check(_output, ground, { KeyId }) {
      hold(ground);
      expect(await stateOf(ground, KeyId)).toBe('Updating');
      settle(ground);
      const { KeyMetadata } = await ground.kms.describeKey({ KeyId });
      expect(KeyMetadata).toMatchObject({
        KeyState: 'Enabled',
        MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA', PrimaryKey: { Region: THERE } },
      });
    },
    refused: {
      InvalidArnException: managing.InvalidArnException,
      DisabledException: disabled,
      async KMSInvalidStateException(ground) {
        // The replica is still being made.
        const KeyId = await primary(ground);
        await ground.kms.replicateKey({ KeyId, ReplicaRegion: THERE });
        hold(ground);
        return { KeyId };
      },
      NotFoundException: () => ({ PrimaryRegion: 'eu-west-1' }),
      UnsupportedOperationException: groundsOwn,
    },
  }),
];
