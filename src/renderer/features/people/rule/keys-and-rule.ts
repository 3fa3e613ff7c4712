import { hasMfaRule, withMfaRule, withoutMfaRule } from '../../../../shared/iam/mfa-rule.ts';
import type { CofferError } from '../../../../shared/kms/errors.ts';
import { kms } from '../../../lib/api.ts';
import { asCofferError } from '../../../lib/errors.ts';
import { rememberUndo } from '../../../lib/undo.ts';
import { allKeys, keyName } from '../../keys/index.ts';

/** A customer managed key with its policy. */
export interface RuledKey {
  readonly keyId: string;
  readonly region: string;
  readonly name: string;
  readonly policy: string;
}

/** A key that could not be read or changed, and why. */
export interface LeftKey extends Omit<RuledKey, 'policy'> {
  readonly error: CofferError;
}

export interface Found {
  /** Keys whose policy has the statement, and those whose has not. */
  readonly ruled: readonly RuledKey[];
  readonly bare: readonly RuledKey[];
  readonly unread: readonly LeftKey[];
  /** Keys that the acting principal may not describe. */
  readonly hidden: number;
}

export type Progress = (done: number, total: number) => void;

/** States in which a key's policy can be changed no more. */
const leaving = new Set(['PendingDeletion', 'PendingReplicaDeletion']);

/** Reads the policies of the customer managed keys of every Region; `null` when `signal` ended it. @throws CofferError when keys cannot be listed */
export async function lookAtKeys(
  regions: readonly string[],
  onProgress: Progress,
  signal: AbortSignal,
): Promise<Found | null> {
  const keys: Omit<RuledKey, 'policy'>[] = [];
  let hidden = 0;
  for (const [index, region] of regions.entries()) {
    if (signal.aborted) return null;
    onProgress(index, regions.length);
    const page = await allKeys(region);
    hidden += page.undescribed;
    for (const key of page.keys)
      if (key.KeyManager === 'CUSTOMER' && !leaving.has(key.KeyState))
        keys.push({ keyId: key.KeyId, region, name: keyName(key) });
  }
  const found = { ruled: [] as RuledKey[], bare: [] as RuledKey[], unread: [] as LeftKey[], hidden };
  for (const [index, key] of keys.entries()) {
    if (signal.aborted) return null;
    onProgress(index, keys.length);
    try {
      const { Policy = '' } = await kms('GetKeyPolicy', { KeyId: key.keyId, PolicyName: 'default' }, key.region);
      found[hasMfaRule(Policy) ? 'ruled' : 'bare'].push({ ...key, policy: Policy });
    } catch (error) {
      found.unread.push({ ...key, error: asCofferError(error) });
    }
  }
  return found;
}

/** What putting the rule into a key's policy, or taking it out, sends. */
export const ruleInput = ({ keyId, policy }: RuledKey, on: boolean) => ({
  KeyId: keyId,
  PolicyName: 'default',
  Policy: on ? withMfaRule(policy) : withoutMfaRule(policy),
  // The check would refuse every policy that may deny its own change, and that it does so without a second factor is the point.
  ...(on ? { BypassPolicyLockoutSafetyCheck: true } : {}),
});

/** What became of the keys whose policy was to be changed. */
export interface Applied {
  /** Those it could not change. */
  readonly left: readonly LeftKey[];
  /** What the last call that did answered. */
  readonly answer: unknown;
}

/** Puts the statement into the keys' policies or takes it out, each as it is by then and not as it was looked at. */
export async function applyRule(keys: readonly RuledKey[], on: boolean, onProgress: Progress): Promise<Applied> {
  const left: LeftKey[] = [];
  let answer: unknown;
  for (const [index, key] of keys.entries()) {
    onProgress(index, keys.length);
    try {
      const { Policy } = await kms('GetKeyPolicy', { KeyId: key.keyId, PolicyName: 'default' }, key.region);
      if (hasMfaRule(Policy) === on) continue;
      answer = await kms('PutKeyPolicy', ruleInput({ ...key, policy: Policy }, on), key.region);
      rememberUndo(null);
    } catch (error) {
      const { policy: _policy, ...rest } = key;
      left.push({ ...rest, error: asCofferError(error) });
    }
  }
  return { left, answer };
}
