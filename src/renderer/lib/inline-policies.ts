import { type IamCall, iam } from './api.ts';
import { codeOf } from './errors.ts';

/** The user or role that has a policy of its own. */
export interface PolicyOwner {
  readonly kind: string;
  readonly name: string;
  /** The account to name in the call: the vault's owner calls as its root. */
  readonly account: string | undefined;
}

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: string;
}

/** The text of a policy; undefined when there is none of that name. @throws CofferError as GetUserPolicy, GetRolePolicy */
export async function inlinePolicy(
  { kind, name, account }: PolicyOwner,
  PolicyName: string,
): Promise<string | undefined> {
  try {
    const { PolicyDocument } =
      kind === 'role'
        ? await iam('GetRolePolicy', { RoleName: name, PolicyName }, account)
        : await iam('GetUserPolicy', { UserName: name, PolicyName }, account);
    return PolicyDocument;
  } catch (error) {
    if (codeOf(error) === 'NoSuchEntityException') return undefined;
    throw error;
  }
}

/** The call that writes a policy. */
export const putCall = ({ kind, name }: PolicyOwner, policy: InlinePolicy): IamCall =>
  kind === 'role'
    ? { operation: 'PutRolePolicy', input: { RoleName: name, ...policy } }
    : { operation: 'PutUserPolicy', input: { UserName: name, ...policy } };

/** The call that deletes a policy. */
export const deleteCall = ({ kind, name }: PolicyOwner, PolicyName: string): IamCall =>
  kind === 'role'
    ? { operation: 'DeleteRolePolicy', input: { RoleName: name, PolicyName } }
    : { operation: 'DeleteUserPolicy', input: { UserName: name, PolicyName } };

const made = ({ operation, input }: IamCall, { account }: PolicyOwner): Promise<unknown> =>
  iam(operation, input, account);

/** Writes a policy; answers the call's answer. @throws CofferError as PutUserPolicy, PutRolePolicy */
export const putInlinePolicy = (owner: PolicyOwner, policy: InlinePolicy): Promise<unknown> =>
  made(putCall(owner, policy), owner);

/** Deletes a policy; answers the call's answer. @throws CofferError as DeleteUserPolicy, DeleteRolePolicy */
export const deleteInlinePolicy = (owner: PolicyOwner, PolicyName: string): Promise<unknown> =>
  made(deleteCall(owner, PolicyName), owner);
