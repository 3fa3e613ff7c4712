import { ReplicateKeyCommand, UpdatePrimaryRegionCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { ACCOUNT, REGION } from '../support/service.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import { changing, disabled, groundsOwn, managing, manyTags, newKey, reservedTag, stateOf, utf8 } from './common.ts';

const THERE = 'us-east-1';
/** Longer than a new replica is being made. */
const SOON = 5000;
const arnIn = (region: string, KeyId: string | undefined) => `arn:aws:kms:${region}:${ACCOUNT}:key/${KeyId}`;
const primary = (ground: Ground) => newKey(ground, { MultiRegion: true });

async function pair(ground: Ground) {
  const KeyId = await primary(ground);
  await ground.kms.replicateKey({ KeyId, ReplicaRegion: THERE });
  ground.service.later(SOON);
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
    async check({ ReplicaKeyMetadata, ReplicaPolicy, ReplicaTags }, { kms, service }, { KeyId }) {
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
      service.later(SOON);
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
    async check(_output, { kms, service }, { KeyId }) {
      expect(await stateOf({ kms }, KeyId)).toBe('Updating');
      service.later(SOON);
      const { KeyMetadata } = await kms.describeKey({ KeyId });
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
        return { KeyId };
      },
      NotFoundException: () => ({ PrimaryRegion: 'eu-west-1' }),
      UnsupportedOperationException: groundsOwn,
    },
  }),
];
