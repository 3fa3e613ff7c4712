import { iam } from '../../lib/api.ts';
import { deleteInlinePolicy, inlinePolicy, putInlinePolicy } from '../../lib/inline-policies.ts';
import { changedSince, sameJson, type Undo } from '../../lib/undo.ts';
import { asRootOf, type NamedPolicy, type Person } from './model.ts';

const ownerOf = ({ kind, name, accountId }: Person) => ({ kind, name: name ?? '', account: asRootOf(accountId) });

/** Writes a policy of somebody's own; answers the call's answer. */
export const putPolicy = (person: Person, policy: NamedPolicy): Promise<unknown> =>
  putInlinePolicy(ownerOf(person), policy);

/** Deletes a policy of somebody's own; answers the call's answer. */
export const deletePolicy = (person: Person, PolicyName: string): Promise<unknown> =>
  deleteInlinePolicy(ownerOf(person), PolicyName);

/** `before` is the policy of that name as it was, undefined when there was none; `now` what was saved. */
export const undoPolicySaved = (person: Person, PolicyName: string, before: string | undefined, now: string): Undo => ({
  title: before === undefined ? `Delete ${PolicyName} again` : `Put back ${PolicyName}`,
  run: async () => {
    const found = await inlinePolicy(ownerOf(person), PolicyName);
    if (found === undefined || !sameJson(found, now)) changedSince('The policy');
    return before === undefined
      ? deletePolicy(person, PolicyName)
      : putPolicy(person, { PolicyName, PolicyDocument: before });
  },
});

export const undoPolicyDeleted = (person: Person, policy: NamedPolicy): Undo => ({
  title: `Bring back ${policy.PolicyName}`,
  run: async () => {
    if ((await inlinePolicy(ownerOf(person), policy.PolicyName)) !== undefined) changedSince('The policy');
    return putPolicy(person, policy);
  },
});

export const undoTrust = ({ name, accountId }: Person, before: string, now: string): Undo => ({
  title: `Put back the trust policy of ${name}`,
  run: async () => {
    const asked = { RoleName: name ?? '' };
    const { Role } = await iam('GetRole', asked, asRootOf(accountId));
    if (!sameJson(Role.AssumeRolePolicyDocument ?? '', now)) changedSince('The trust policy');
    return iam('UpdateAssumeRolePolicy', { ...asked, PolicyDocument: before }, asRootOf(accountId));
  },
});

/** Both in seconds. */
export const undoLongestSession = ({ name, accountId }: Person, before: number, now: number): Undo => ({
  title: `Put back the longest session of ${name}`,
  run: async () => {
    const asked = { RoleName: name ?? '' };
    const { Role } = await iam('GetRole', asked, asRootOf(accountId));
    if (Role.MaxSessionDuration !== now) changedSince('The longest session');
    return iam('UpdateRole', { ...asked, MaxSessionDuration: before }, asRootOf(accountId));
  },
});
