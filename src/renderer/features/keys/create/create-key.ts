import { defaultPolicyWithMfaRule } from '../../../../shared/iam/mfa-rule.ts';
import type { KeySpec, KeyUsage, Origin } from '../../../../shared/kms/enums.ts';
import { kms } from '../../../lib/api.ts';
import { asCofferError } from '../../../lib/errors.ts';
import { useSession } from '../../../lib/session.ts';
import type { Tag } from '../../../lib/tags.ts';
import { allKeys, reloadKeys, useKeysStore } from '../keys-store.ts';

/** What the wizard asks for. */
export interface KeyPlan {
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly origin: Origin;
  /** The custom key store the material is in, for the two origins that have one. */
  readonly keyStoreId?: string | undefined;
  /** The id of the key at the external key store proxy. */
  readonly xksKeyId?: string | undefined;
  readonly multiRegion: boolean;
  /** With `alias/`, or '' for none. */
  readonly alias: string;
  readonly description: string;
  readonly tags: readonly Tag[];
  /** Puts the statement into its policy that asks for a second factor before the key is destroyed. */
  readonly asksMfa: boolean;
  /** Days between automatic rotations; `null` for none. */
  readonly rotationDays: number | null;
}

/** A key that exists, and which of the later steps are done. */
export interface MadeKey {
  readonly keyId: string;
  /** What CreateKey answered, for its record. */
  readonly answer: unknown;
  readonly named: boolean;
  readonly rotates: boolean;
}

/** The key exists, but a later step failed: what is missing, and why. */
export interface Unfinished {
  readonly made: MadeKey;
  readonly missing: 'alias' | 'rotation';
  readonly error: Error;
}

export interface PlannedCall {
  readonly operation: 'CreateKey' | 'CreateAlias' | 'EnableKeyRotation';
  readonly input: Readonly<Record<string, unknown>>;
}

/** The calls the plan comes to. `keyId` stands for the id that the first one answers. */
export function plannedCalls(plan: KeyPlan, keyId: string): PlannedCall[] {
  return [
    { operation: 'CreateKey', input: createInput(plan) },
    ...(plan.alias
      ? [{ operation: 'CreateAlias', input: { AliasName: plan.alias, TargetKeyId: keyId } } as const]
      : []),
    ...(plan.rotationDays === null
      ? []
      : [
          {
            operation: 'EnableKeyRotation',
            input: { KeyId: keyId, RotationPeriodInDays: plan.rotationDays },
          } as const,
        ]),
  ];
}

/** What is AWS's default is left out: the shortest command that does the same. */
function createInput(plan: KeyPlan) {
  const { spec, usage, origin, keyStoreId, xksKeyId, multiRegion, description, tags, asksMfa } = plan;
  return {
    ...(spec === 'SYMMETRIC_DEFAULT' ? {} : { KeySpec: spec, KeyUsage: usage }),
    ...(origin === 'AWS_KMS' ? {} : { Origin: origin }),
    ...(keyStoreId ? { CustomKeyStoreId: keyStoreId } : {}),
    ...(xksKeyId ? { XksKeyId: xksKeyId } : {}),
    ...(multiRegion ? { MultiRegion: true } : {}),
    ...(description ? { Description: description } : {}),
    ...(tags.length > 0 ? { Tags: [...tags] } : {}),
    ...(asksMfa
      ? { Policy: defaultPolicyWithMfaRule(useSession.getState().accountId), BypassPolicyLockoutSafetyCheck: true }
      : {}),
  };
}

/** Whether a key of the Region has this alias already. The list of keys tells it, so no call has to fail to find out. */
export async function aliasTaken(alias: string, region: string): Promise<boolean> {
  if (region !== useSession.getState().region)
    return (await allKeys(region)).keys.some((key) => key.Aliases.includes(alias));
  if (useKeysStore.getState().region !== region || useKeysStore.getState().keys === null) await reloadKeys();
  return useKeysStore.getState().keys?.some((key) => key.Aliases.includes(alias)) ?? false;
}

async function newKey(plan: KeyPlan, region: string): Promise<MadeKey> {
  const answer = await kms('CreateKey', createInput(plan), region);
  return { keyId: answer.KeyMetadata.KeyId, answer, named: false, rotates: false };
}

/**
 * Makes the key, or goes on after `made` where an earlier attempt stopped.
 * @throws CofferError when there is no key at all; a failure after that is answered as `Unfinished`.
 */
export async function createKey(plan: KeyPlan, region: string, made?: MadeKey): Promise<MadeKey | Unfinished> {
  let key = made ?? (await newKey(plan, region));
  if (plan.alias && !key.named) {
    try {
      await kms('CreateAlias', { AliasName: plan.alias, TargetKeyId: key.keyId }, region);
    } catch (error) {
      return { made: key, missing: 'alias', error: asCofferError(error) };
    }
    key = { ...key, named: true };
  }
  if (plan.rotationDays !== null && !key.rotates) {
    try {
      await kms('EnableKeyRotation', { KeyId: key.keyId, RotationPeriodInDays: plan.rotationDays }, region);
    } catch (error) {
      return { made: key, missing: 'rotation', error: asCofferError(error) };
    }
    key = { ...key, rotates: true };
  }
  return key;
}
