import { actionNames, isKeyAction } from './actions.ts';
import { type ConditionKey, conditionKeys } from './condition-keys.ts';
import { peopleActions, trustActions } from './people-actions.ts';
import type { PolicyType } from './policy-document.ts';

/** What a policy is for: a key's, that of a user or role, or whom a role trusts. */
export type PolicyPurpose = PolicyType | 'trust';

/** Its grammar. A trust policy is a resource's, though it names no resource: that is the role. */
export const grammarOf = (purpose: PolicyPurpose): PolicyType => (purpose === 'identity' ? 'identity' : 'resource');

const known: Readonly<Record<PolicyPurpose, readonly string[]>> = {
  resource: actionNames,
  identity: [...actionNames, ...peopleActions],
  trust: trustActions,
};

/** The actions Coffer knows that a policy of the kind may name, in full. */
export const actionsKnownTo = (purpose: PolicyPurpose): readonly string[] => known[purpose];

const offered: Readonly<Record<PolicyPurpose, readonly string[]>> = {
  resource: ['kms:*', ...actionNames.filter(isKeyAction)],
  identity: ['kms:*', ...actionNames, 'iam:*', ...peopleActions],
  trust: trustActions,
};

/** Those that make sense in it, and all of a service at once. */
export const actionsOfferedTo = (purpose: PolicyPurpose): readonly string[] => offered[purpose];

const services: Readonly<Record<PolicyPurpose, RegExp>> = {
  resource: /^(aws|kms):/,
  identity: /^/,
  trust: /^(aws|sts):/,
};

/** The condition keys of the services it speaks of. */
export const conditionKeysOf = (purpose: PolicyPurpose): readonly ConditionKey[] =>
  conditionKeys.filter(({ name }) => services[purpose].test(name));
