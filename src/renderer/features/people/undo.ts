import { iam } from '../../lib/api.ts';
import type { Undo } from '../../lib/undo.ts';
import { asRootOf, type NamedPolicy, type Person } from './model.ts';

/** Writes a policy of somebody's own; answers the call's answer. */
export function putPolicy({ kind, name, accountId }: Person, policy: NamedPolicy): Promise<unknown> {
  const owner = name ?? '';
  const account = asRootOf(accountId);
  return kind === 'user'
    ? iam('PutUserPolicy', { UserName: owner, ...policy }, account)
    : iam('PutRolePolicy', { RoleName: owner, ...policy }, account);
}

/** Deletes a policy of somebody's own; answers the call's answer. */
export function deletePolicy({ kind, name, accountId }: Person, PolicyName: string): Promise<unknown> {
  const owner = name ?? '';
  const account = asRootOf(accountId);
  return kind === 'user'
    ? iam('DeleteUserPolicy', { UserName: owner, PolicyName }, account)
    : iam('DeleteRolePolicy', { RoleName: owner, PolicyName }, account);
}

/** `before` is the policy of that name as it was; undefined when there was none. */
export const undoPolicySaved = (person: Person, PolicyName: string, before: string | undefined): Undo =>
  before === undefined
    ? { title: `Delete ${PolicyName} again`, run: () => deletePolicy(person, PolicyName) }
    : { title: `Put back ${PolicyName}`, run: () => putPolicy(person, { PolicyName, PolicyDocument: before }) };

export const undoPolicyDeleted = (person: Person, policy: NamedPolicy): Undo => ({
  title: `Bring back ${policy.PolicyName}`,
  run: () => putPolicy(person, policy),
});

export const undoTrust = ({ name, accountId }: Person, before: string): Undo => ({
  title: `Put back the trust policy of ${name}`,
  run: () => iam('UpdateAssumeRolePolicy', { RoleName: name ?? '', PolicyDocument: before }, asRootOf(accountId)),
});

export const undoLongestSession = ({ name, accountId }: Person, before: number): Undo => ({
  title: `Put back the longest session of ${name}`,
  run: () => iam('UpdateRole', { RoleName: name ?? '', MaxSessionDuration: before }, asRootOf(accountId)),
});
