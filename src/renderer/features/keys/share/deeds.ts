import { formatPolicy } from '../../../../shared/iam/policy-document.ts';
import { CofferError } from '../../../../shared/kms/errors.ts';
import { iam, kms } from '../../../lib/api.ts';
import { identityPolicyFor, identityPolicyName, type Share, type Target } from './sharing.ts';

/** What a share changes. */
export interface ShareChange {
  readonly keyArn: string;
  readonly region: string;
  /** The key's policy as it is to be. */
  readonly policy: string;
  readonly target: Target;
  readonly context: Readonly<Record<string, string>>;
  /** Whether the other side's own policy is put as well: its user or role is in this vault, and in another account. */
  readonly bothSides: boolean;
}

async function putIdentityPolicy({ keyArn, target, context }: ShareChange): Promise<void> {
  const document = formatPolicy(identityPolicyFor(keyArn, context));
  const policy = { PolicyName: identityPolicyName(keyArn), PolicyDocument: document };
  if (target.kind === 'role') await iam('PutRolePolicy', { RoleName: target.name, ...policy }, target.accountId);
  else await iam('PutUserPolicy', { UserName: target.name, ...policy }, target.accountId);
}

async function dropIdentityPolicy(keyArn: string, target: Target): Promise<void> {
  const policy = { PolicyName: identityPolicyName(keyArn) };
  try {
    if (target.kind === 'role') await iam('DeleteRolePolicy', { RoleName: target.name, ...policy }, target.accountId);
    else await iam('DeleteUserPolicy', { UserName: target.name, ...policy }, target.accountId);
  } catch (error) {
    // It never had one, or is not of this vault.
    if (!(error instanceof CofferError) || error.code !== 'NoSuchEntityException') throw error;
  }
}

/** Shares a key: both sides or none. */
export async function share(change: ShareChange): Promise<void> {
  const { keyArn, region, policy, target, bothSides } = change;
  if (bothSides) await putIdentityPolicy(change);
  try {
    await kms('PutKeyPolicy', { KeyId: keyArn, PolicyName: 'default', Policy: policy }, region);
  } catch (error) {
    if (bothSides) await dropIdentityPolicy(keyArn, target);
    throw error;
  }
}

/** Takes a share back: the key's side first, which alone decides. */
export async function stopSharing(
  keyArn: string,
  region: string,
  policy: string,
  { target }: Share,
  homeAccount: string,
): Promise<void> {
  await kms('PutKeyPolicy', { KeyId: keyArn, PolicyName: 'default', Policy: policy }, region);
  if (target.kind !== 'account' && target.accountId !== homeAccount) await dropIdentityPolicy(keyArn, target);
}
