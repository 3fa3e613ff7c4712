import type { PolicyDocument } from '../../shared/iam/policy-document.ts';
import { promised } from './certainty.ts';
import { compilePolicy } from './compile.ts';
import { decide } from './decide.ts';
import { malformed } from './document.ts';
import type { ConditionContext } from './pattern.ts';

const SILENT: ConditionContext = { get: () => undefined };

/** Whether `caller` may do `action` to the key `arn` under its policy, as far as that depends on no condition. */
export function isPromised(
  policy: PolicyDocument,
  { principalArn, accountId }: { readonly principalArn: string; readonly accountId: string },
  action: string,
  arn: string,
): boolean {
  const key = compilePolicy(promised(policy), 'resource', 'key policy');
  const request = { principalArn, accountId, action, resource: arn, resourceAccountId: accountId, context: SILENT };
  // A policy that gives the account access is enough: the account can write policies for whoever it means.
  const { allowed, reason, statements } = decide(request, { key });
  return allowed || (reason === 'no identity policy allows' && statements.some(({ matched }) => matched === 'account'));
}

/**
 * The lockout safety check: whether `caller` may change the policy of the key `arn` again once it is `policy`. Statements
 * with conditions promise nothing; a refusal that does not come true can be bypassed, a lockout cannot be undone.
 * @throws KmsError `MalformedPolicyDocumentException`
 */
export function checkLockout(
  policy: PolicyDocument,
  caller: { readonly principalArn: string; readonly accountId: string },
  arn: string,
): void {
  if (!isPromised(policy, caller, 'kms:PutKeyPolicy', arn))
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
}
