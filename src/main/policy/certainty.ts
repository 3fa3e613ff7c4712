import type { PolicyDocument } from '../../shared/iam/policy-document.ts';

function without(policy: PolicyDocument, dropped: 'Allow' | 'Deny'): PolicyDocument {
  const Statement = policy.Statement.flatMap((statement) => {
    if (!statement.Condition) return [statement];
    const { Condition: _, ...rest } = statement;
    return statement.Effect === dropped ? [] : [rest];
  });
  return { ...policy, Statement };
}

/**
 * A policy with only what it promises whatever a request says of itself: an Allow with conditions may not come true, a Deny
 * with conditions may.
 */
export const promised = (policy: PolicyDocument): PolicyDocument => without(policy, 'Allow');

/** A policy with all that some request could be allowed: every condition of an Allow comes true, none of a Deny does. */
export const possible = (policy: PolicyDocument): PolicyDocument => without(policy, 'Deny');
