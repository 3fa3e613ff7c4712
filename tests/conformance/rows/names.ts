import {
  CreateAliasCommand,
  DeleteAliasCommand,
  ListAliasesCommand,
  ListResourceTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { ACCOUNT, REGION } from '../support/service.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import {
  changing,
  foreignMarker,
  inside,
  managing,
  manyTags,
  NOWHERE,
  newKey,
  pending,
  reservedTag,
} from './common.ts';

interface Target {
  readonly TargetKeyId?: string | undefined;
}
/** Gives a key as many aliases as it may have. */
const full: Provoke<Target> = async ({ kms }, { TargetKeyId }) => {
  for (let i = 0; i < 50; i++) await kms.createAlias({ AliasName: `alias/${TargetKeyId}/${i}`, TargetKeyId });
  return undefined;
};
const targetPending: Provoke<Target> = (ground, { TargetKeyId }) => pending(ground, { KeyId: TargetKeyId });
const targetNowhere: Provoke = () => ({ TargetKeyId: NOWHERE });

const aliasOf = async ({ kms, KeyId }: Ground, name: string) => {
  await kms.createAlias({ AliasName: `alias/${name}-${KeyId}`, TargetKeyId: KeyId });
  return `alias/${name}-${KeyId}`;
};
const tags = [
  { TagKey: 'Cost Center', TagValue: '87654' },
  { TagKey: 'stage', TagValue: '' },
];
const tagged = async ({ kms, KeyId }: Ground) => {
  await kms.tagResource({ KeyId, Tags: tags });
  return KeyId;
};
const aliasesOfAnyState = { KMSInvalidStateException: 'Aliases of keys in every state may be deleted.' };

export const rows = [
  row(CreateAliasCommand, {
    good: ({ KeyId }) => ({ AliasName: `alias/new-${KeyId}`, TargetKeyId: KeyId }),
    async check(_output, { kms, KeyId }, { AliasName }) {
      expect((await kms.describeKey({ KeyId: AliasName })).KeyMetadata?.KeyId).toBe(KeyId);
    },
    refused: {
      AlreadyExistsException: async (ground) => ({ AliasName: await aliasOf(ground, 'taken') }),
      InvalidAliasNameException: () => ({ AliasName: 'alias/aws/mine' }),
      KMSInvalidStateException: targetPending,
      LimitExceededException: full,
      NotFoundException: targetNowhere,
    },
    uncovered: inside,
  }),
  row(UpdateAliasCommand, {
    good: async (ground) => ({
      AliasName: await aliasOf(ground, 'moves'),
      TargetKeyId: await newKey(ground, {}),
    }),
    async check(_output, { kms, KeyId }, { AliasName, TargetKeyId }) {
      expect((await kms.describeKey({ KeyId: AliasName })).KeyMetadata?.KeyId).toBe(TargetKeyId);
      expect((await kms.listAliases({ KeyId })).Aliases).toEqual([]);
    },
    refused: {
      KMSInvalidStateException: targetPending,
      LimitExceededException: full,
      NotFoundException: () => ({ AliasName: 'alias/none' }),
    },
    uncovered: inside,
  }),
  row(DeleteAliasCommand, {
    good: async (ground) => ({ AliasName: await aliasOf(ground, 'goes') }),
    async check(_output, { kms, KeyId }) {
      expect((await kms.listAliases({ KeyId })).Aliases).toEqual([]);
    },
    refused: { NotFoundException: () => ({ AliasName: 'alias/none' }) },
    uncovered: { ...inside, ...aliasesOfAnyState },
  }),
  row(ListAliasesCommand, {
    async good(ground) {
      await aliasOf(ground, 'one');
      await aliasOf(ground, 'two');
      return { KeyId: ground.KeyId };
    },
    check({ Aliases, Truncated }, { KeyId }) {
      expect(Truncated).toBe(false);
      expect(Aliases).toEqual(
        ['one', 'two'].map((name) => ({
          AliasName: `alias/${name}-${KeyId}`,
          AliasArn: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/${name}-${KeyId}`,
          TargetKeyId: KeyId,
          CreationDate: expect.any(Date),
          LastUpdatedDate: expect.any(Date),
        })),
      );
    },
    refused: { ...managing, InvalidMarkerException: foreignMarker },
    uncovered: inside,
  }),
  row(TagResourceCommand, {
    good: ({ KeyId }) => ({ KeyId, Tags: tags }),
    check: async (_output, { kms, KeyId }) =>
      expect(await kms.listResourceTags({ KeyId })).toMatchObject({ Tags: tags, Truncated: false }),
    refused: { ...changing, LimitExceededException: manyTags, TagException: reservedTag },
  }),
  row(UntagResourceCommand, {
    good: async (ground) => ({ KeyId: await tagged(ground), TagKeys: ['stage'] }),
    check: async (_output, { kms, KeyId }) =>
      expect((await kms.listResourceTags({ KeyId })).Tags).toEqual(tags.slice(0, 1)),
    refused: { ...changing, TagException: () => ({ TagKeys: ['aws:x'] }) },
  }),
  row(ListResourceTagsCommand, {
    good: async (ground) => ({ KeyId: await tagged(ground) }),
    check: ({ Tags, Truncated }) => expect([Tags, Truncated]).toEqual([tags, false]),
    refused: { ...managing, InvalidMarkerException: foreignMarker },
  }),
];
