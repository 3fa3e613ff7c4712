import { kms } from '../../lib/api.ts';
import { shorten } from '../../lib/format.ts';
import type { Tag } from '../../lib/tags.ts';
import { changedSince, sameJson, tagsBack, type Undo } from '../../lib/undo.ts';
import { type KeyDetail, type KeyRow, keyName } from './model.ts';

/**
 * How acts on keys are taken back. Each is the inverse call, made as whoever acts then; what somebody else changed meanwhile
 * is left alone.
 */
type Named = Pick<KeyRow, 'KeyId' | 'Aliases'>;

const ALIAS_LENGTH = 20;

export const undoDisable = (key: Named, region: string): Undo => ({
  title: `Enable ${keyName(key)} again`,
  run: () => kms('EnableKey', { KeyId: key.KeyId }, region),
});

export const undoEnable = (key: Named, region: string): Undo => ({
  title: `Disable ${keyName(key)} again`,
  run: () => kms('DisableKey', { KeyId: key.KeyId }, region),
});

/** A key whose deletion is cancelled is disabled, as at AWS: one that was enabled before is enabled again. */
export const undoDeletion = (key: Pick<KeyRow, 'KeyId' | 'Aliases' | 'KeyState'>, region: string): Undo => ({
  title: `Keep ${keyName(key)}`,
  run: async () => {
    const answer = await kms('CancelKeyDeletion', { KeyId: key.KeyId }, region);
    return key.KeyState === 'Enabled' ? kms('EnableKey', { KeyId: key.KeyId }, region) : answer;
  },
});

export const undoDescription = (before: KeyDetail, now: string, region: string): Undo => ({
  title: `Put back the description of ${keyName(before)}`,
  run: async () => {
    const { KeyMetadata } = await kms('DescribeKey', { KeyId: before.KeyId }, region);
    if (KeyMetadata.Description !== now) changedSince('The description');
    return kms('UpdateKeyDescription', { KeyId: before.KeyId, Description: before.Description }, region);
  },
});

export const undoTags = (before: Named & Pick<KeyDetail, 'Tags'>, after: readonly Tag[], region: string): Undo => ({
  title: `Put back the tags of ${keyName(before)}`,
  run: async () => {
    const { KeyId } = before;
    const { Tags } = await kms('ListResourceTags', { KeyId }, region);
    const { put, remove } = tagsBack(before.Tags, after, Tags);
    let answer: unknown;
    if (remove.length > 0) answer = await kms('UntagResource', { KeyId, TagKeys: remove }, region);
    if (put.length > 0) answer = await kms('TagResource', { KeyId, Tags: put }, region);
    return answer;
  },
});

/** @throws CofferError when the alias names another key by now, or none. */
async function stillNames(alias: string, keyId: string, region: string): Promise<void> {
  const { KeyMetadata } = await kms('DescribeKey', { KeyId: alias }, region);
  if (KeyMetadata.KeyId !== keyId) changedSince('The alias');
}

export const undoAliasAdded = (alias: string, keyId: string, region: string): Undo => ({
  title: `Delete ${shorten(alias, ALIAS_LENGTH)} again`,
  run: async () => {
    await stillNames(alias, keyId, region);
    return kms('DeleteAlias', { AliasName: alias }, region);
  },
});

export const undoAliasMoved = (alias: string, from: string, to: string, region: string): Undo => ({
  title: `Move ${shorten(alias, ALIAS_LENGTH)} back`,
  run: async () => {
    await stillNames(alias, to, region);
    return kms('UpdateAlias', { AliasName: alias, TargetKeyId: from }, region);
  },
});

/** An alias that somebody took meanwhile is refused by the call itself. */
export const undoAliasDeleted = (alias: string, keyId: string, region: string): Undo => ({
  title: `Bring back ${shorten(alias, ALIAS_LENGTH)}`,
  run: () => kms('CreateAlias', { AliasName: alias, TargetKeyId: keyId }, region),
});

type Rotation = Pick<KeyRow, 'RotationEnabled' | 'RotationPeriodInDays'>;

/** `now` is what was set. The period counts anew from the moment it is put back, as with every EnableKeyRotation. */
export const undoRotation = (before: Named & Rotation, now: Rotation, region: string): Undo => ({
  title: `Put back the rotation of ${keyName(before)}`,
  run: async () => {
    const { KeyId, RotationEnabled, RotationPeriodInDays } = before;
    const found = await kms('GetKeyRotationStatus', { KeyId }, region);
    const same = found.KeyRotationEnabled === now.RotationEnabled;
    if (!same || (now.RotationEnabled && found.RotationPeriodInDays !== now.RotationPeriodInDays))
      changedSince('The rotation');
    if (!RotationEnabled) return kms('DisableKeyRotation', { KeyId }, region);
    const period = RotationPeriodInDays === undefined ? {} : { RotationPeriodInDays };
    return kms('EnableKeyRotation', { KeyId, ...period }, region);
  },
});

/** `now` is the policy as it was saved, to tell whether somebody saved another since. */
export const undoPolicy = (key: Named, before: string, now: string, region: string): Undo => ({
  title: `Put back the policy of ${keyName(key)}`,
  run: async () => {
    const asked = { KeyId: key.KeyId, PolicyName: 'default' };
    const { Policy } = await kms('GetKeyPolicy', asked, region);
    if (!sameJson(Policy, now)) changedSince('The policy');
    return kms('PutKeyPolicy', { ...asked, Policy: before }, region);
  },
});

/** Tags that are put to a key with others: those it has of the same names are read before. @throws CofferError as ListResourceTags */
export async function undoTagging(key: KeyRow, put: readonly Tag[], region: string): Promise<Undo> {
  const { Tags } = key.TagCount > 0 ? await kms('ListResourceTags', { KeyId: key.KeyId }, region) : { Tags: [] };
  const names = new Set(put.map(({ TagKey }) => TagKey));
  return undoTags({ ...key, Tags: Tags.filter(({ TagKey }) => names.has(TagKey)) }, put, region);
}

/** A primary key that moved on meanwhile is refused by the call itself. */
export const undoMakePrimary = (key: Named, from: string, to: string): Undo => ({
  title: `Make ${from} the primary Region of ${keyName(key)} again`,
  run: () => kms('UpdatePrimaryRegion', { KeyId: key.KeyId, PrimaryRegion: from }, to),
});

/** A grant that ended meanwhile is refused by the call itself. */
export const undoGrant = (key: Named, GrantId: string, region: string): Undo => ({
  title: `Revoke the new grant on ${keyName(key)}`,
  run: () => kms('RevokeGrant', { KeyId: key.KeyId, GrantId }, region),
});
