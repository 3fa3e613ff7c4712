import { rootArn } from '../../shared/iam/arn.ts';
import { type PolicyDocument, type PolicyStatement, resourcePolicy } from '../../shared/iam/policy-document.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';

const malformed = (message: string) => new KmsError('MalformedPolicyDocumentException', message);

/**
 * Reads a key policy document.
 * @throws KmsError `LimitExceededException` above 32,768 bytes, `MalformedPolicyDocumentException` for what is no policy.
 */
export function parsePolicy(text: string): PolicyDocument {
  const size = Buffer.byteLength(text);
  if (size > limits.policyBytes)
    throw new KmsError(
      'LimitExceededException',
      `The key policy has ${size} bytes; it must not have more than ${limits.policyBytes}.`,
    );
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The key policy is not valid JSON.');
  }
  const result = resourcePolicy.safeParse(value);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.map(String).join('.') ?? '';
  throw malformed(where === '' ? 'This is not a policy document.' : `The key policy is not valid at ${where}.`);
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;

/** IAM's wildcards: `*` for any text, `?` for one character. Walks both texts once, so no pattern makes it slow. */
function matches(pattern: string, text: string): boolean {
  let [p, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') [star, mark] = [p++, t];
    else if (pattern[p] === '?' || pattern[p] === text[t]) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, t] = [star + 1, ++mark];
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

const ACTION = 'kms:putkeypolicy';

function speaksOf(statement: PolicyStatement, caller: { principalArn: string; accountId: string }, arn: string) {
  const { Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement;
  const names = ['*', caller.principalArn, caller.accountId, rootArn(caller.accountId)];
  const named = (who: typeof Principal) => (who === '*' ? ['*'] : list(who?.AWS)).some((name) => names.includes(name));
  const action = (pattern: string) => matches(pattern.toLowerCase(), ACTION);
  const resource = (pattern: string) => matches(pattern, arn);
  return (
    (NotPrincipal === undefined ? named(Principal) : !named(NotPrincipal)) &&
    (NotAction === undefined ? list(Action).some(action) : !list(NotAction).some(action)) &&
    (NotResource === undefined ? list(Resource).some(resource) : !list(NotResource).some(resource))
  );
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
  const about = [policy.Statement].flat().filter((statement) => speaksOf(statement, caller, arn));
  const allowed = about.some(({ Effect, Condition }) => Effect === 'Allow' && Condition === undefined);
  if (!allowed || about.some(({ Effect }) => Effect === 'Deny'))
    throw malformed('The new key policy will not allow you to update the key policy in the future.');
}
