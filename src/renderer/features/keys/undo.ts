import { CofferError } from '../../../shared/kms/errors.ts';
import { kms } from '../../lib/api.ts';
import { plural, shorten } from '../../lib/format.ts';
import { type Tag, tagChanges } from '../../lib/tags.ts';
import type { Undo } from '../../lib/undo.ts';
import { type KeyDetail, type KeyRow, keyName } from './model.ts';

/**
 * How acts on keys are taken back. Each is the inverse call, made as whoever acts then; what somebody else changed meanwhile
 * is left alone.
 */
type Named = Pick<KeyRow, 'KeyId' | 'Aliases'>;

const ALIAS_LENGTH = 20;

/** @throws CofferError `ChangedSince`. */
function changedSince(what: string): never {
  throw new CofferError('ChangedSince', `${what} was changed again since: nothing was undone.`);
}

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

export const undoTags = (before: KeyDetail, after: readonly Tag[], region: string): Undo => ({
  title: `Put back the tags of ${keyName(before)}`,
  run: async () => {
    const { put, remove } = tagChanges(after, before.Tags);
    const { KeyId } = before;
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

/** The period counts anew from the moment it is put back, as with every EnableKeyRotation. */
export const undoRotation = (
  before: Named & Pick<KeyRow, 'RotationEnabled' | 'RotationPeriodInDays'>,
  region: string,
): Undo => ({
  title: `Put back the rotation of ${keyName(before)}`,
  run: async () => {
    const { KeyId, RotationEnabled, RotationPeriodInDays } = before;
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

/** How the same act on several keys is taken back, by its operation; an operation that is not here has no way back. */
const inverses: ReadonlyMap<string, readonly [title: string, undo: (key: KeyRow, region: string) => Undo]> = new Map([
  ['EnableKey', ['Disable again', undoEnable]],
  ['DisableKey', ['Enable again', undoDisable]],
  ['ScheduleKeyDeletion', ['Keep', undoDeletion]],
  ['EnableKeyRotation', ['Put back the rotation', undoRotation]],
  ['DisableKeyRotation', ['Put back the rotation', undoRotation]],
] as const);

/** `keys` are as they were before the act. */
export function undoTogether(operation: string, keys: readonly KeyRow[], region: string): Undo | undefined {
  const [title, undo] = inverses.get(operation) ?? [];
  if (!undo || keys.length === 0) return undefined;
  return {
    title: `${title}: ${plural(keys.length, 'key')}`,
    run: async () => {
      let answer: unknown;
      for (const key of keys) answer = await undo(key, region).run();
      return answer;
    },
  };
}

function sameJson(one: string, other: string): boolean {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}
