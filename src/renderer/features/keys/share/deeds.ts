import { formatPolicy } from '../../../../shared/iam/policy-document.ts';
import type { OperationOutput } from '../../../../shared/kms/operations.ts';
import { kms } from '../../../lib/api.ts';
import {
  deleteCall,
  deleteInlinePolicy,
  inlinePolicy,
  putCall,
  putInlinePolicy,
} from '../../../lib/inline-policies.ts';
import { type ShownCall, shownIam } from '../../../lib/show-as.ts';
import { changedSince, sameJson, type Undo } from '../../../lib/undo.ts';
import { identityPolicyFor, identityPolicyName, type Target, targetWords } from './sharing.ts';

/** What a share changes. */
export interface ShareChange {
  readonly keyArn: string;
  readonly region: string;
  /** The key's policy as it is. */
  readonly before: string;
  /** The key's policy as it is to be. */
  readonly policy: string;
  readonly target: Target;
  readonly context: Readonly<Record<string, string>>;
  /** Whether the other side's own policy is put as well: its user or role is in this vault, and in another account. */
  readonly bothSides: boolean;
}

export interface Shared {
  /** What the change of the key's policy answered. */
  readonly answer: OperationOutput<'PutKeyPolicy'>;
  readonly undo: Undo;
}

const otherSide = ({ kind, name, accountId }: Target) => ({ kind, name, account: accountId });

type Shown = Pick<ShareChange, 'keyArn' | 'policy' | 'target' | 'bothSides'>;

const keySide = ({ keyArn, policy }: Shown): ShownCall => ({
  operation: 'PutKeyPolicy',
  input: { KeyId: keyArn, PolicyName: 'default', Policy: policy },
});

/** The calls that share a key. */
export function shareCalls(change: Shown & Pick<ShareChange, 'context'>): ShownCall[] {
  const { keyArn, target, context, bothSides } = change;
  const PolicyDocument = formatPolicy(identityPolicyFor(keyArn, context));
  const other = putCall(otherSide(target), { PolicyName: identityPolicyName(keyArn), PolicyDocument });
  return [...(bothSides ? shownIam([other]) : []), keySide(change)];
}

/** The calls that take a share back. */
export function stopCalls(change: Shown): ShownCall[] {
  const { keyArn, target, bothSides } = change;
  const other = deleteCall(otherSide(target), identityPolicyName(keyArn));
  return [keySide(change), ...(bothSides ? shownIam([other]) : [])];
}

/** Makes the policy of the other side what `document` says; undefined: there is none. */
async function setIdentityPolicy(keyArn: string, target: Target, document: string | undefined): Promise<void> {
  const PolicyName = identityPolicyName(keyArn);
  if (document === undefined) await deleteInlinePolicy(otherSide(target), PolicyName);
  else await putInlinePolicy(otherSide(target), { PolicyName, PolicyDocument: document });
}

/** The policies of both sides; undefined where the other has none, or none that is touched. */
interface Sides {
  readonly key: string;
  readonly other: string | undefined;
}

const same = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined ? one === other : sameJson(one, other);

function undoSharing(
  title: string,
  { keyArn, region, target, bothSides }: Pick<ShareChange, 'keyArn' | 'region' | 'target' | 'bothSides'>,
  before: Sides,
  now: Sides,
): Undo {
  return {
    title: `${title} ${targetWords(target)}`,
    run: async () => {
      const asked = { KeyId: keyArn, PolicyName: 'default' };
      const { Policy } = await kms('GetKeyPolicy', asked, region);
      const other = bothSides ? await inlinePolicy(otherSide(target), identityPolicyName(keyArn)) : undefined;
      if (!same(Policy, now.key) || !same(other, now.other)) changedSince('The policy');
      const answer = await kms('PutKeyPolicy', { ...asked, Policy: before.key }, region);
      if (!same(before.other, now.other)) await setIdentityPolicy(keyArn, target, before.other);
      return answer;
    },
  };
}

/** Shares a key: both sides or none. */
export async function share(change: ShareChange): Promise<Shared> {
  const { keyArn, region, before, policy, target, context, bothSides } = change;
  const earlier = bothSides ? await inlinePolicy(otherSide(target), identityPolicyName(keyArn)) : undefined;
  const document = bothSides ? formatPolicy(identityPolicyFor(keyArn, context)) : undefined;
  if (bothSides) await setIdentityPolicy(keyArn, target, document);
  try {
    const answer = await kms('PutKeyPolicy', { KeyId: keyArn, PolicyName: 'default', Policy: policy }, region);
    const was = { key: before, other: earlier };
    return { answer, undo: undoSharing('Take back the share with', change, was, { key: policy, other: document }) };
  } catch (error) {
    // An earlier share with the same target may have put one.
    if (bothSides) await setIdentityPolicy(keyArn, target, earlier);
    throw error;
  }
}

/** Takes a share back: the key's side first, which alone decides. */
export async function stopSharing(change: Omit<ShareChange, 'context'>): Promise<Shared> {
  const { keyArn, region, before, policy, target, bothSides } = change;
  const answer = await kms('PutKeyPolicy', { KeyId: keyArn, PolicyName: 'default', Policy: policy }, region);
  const earlier = bothSides ? await inlinePolicy(otherSide(target), identityPolicyName(keyArn)) : undefined;
  if (earlier !== undefined) await setIdentityPolicy(keyArn, target, undefined);
  const was = { key: before, other: earlier };
  return { answer, undo: undoSharing('Share again with', change, was, { key: policy, other: undefined }) };
}
