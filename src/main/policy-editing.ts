import type { CallInput, CallOutput } from '../shared/contract/index.ts';
import { namesOf, parseArn } from '../shared/iam/arn.ts';
import { KmsError } from '../shared/kms/errors.ts';
import { readPolicy } from './policy/document.ts';
import { lintPolicy } from './policy/lint.ts';
import { isPromised } from './policy/lockout.ts';
import { accountOf, isServicePrincipal } from './policy/principals.ts';

/**
 * Whether there is a principal of that name among the ARNs of all accounts, users and roles there are. Of accounts that are not
 * among them nothing is known, nor of AWS's services: neither is doubted.
 */
export function existsAmong(known: readonly string[]): (principal: string) => boolean {
  const names = new Set(known.flatMap(namesOf));
  const accounts = new Set(known.flatMap((arn) => accountOf(arn) ?? []));
  return (principal) => {
    if (isServicePrincipal(principal) || accountOf(principal) !== undefined) return true;
    const account = parseArn(principal)?.accountId;
    return account === undefined || !accounts.has(account) || namesOf(principal).some((name) => names.has(name));
  };
}

interface Caller {
  readonly principalArn: string;
  readonly accountId: string;
}

/**
 * Lints the text of a policy as that of the key `keyArn`, as whom the role `roleArn` trusts, or with neither as that of a user or
 * role. `known` are the ARNs of all principals of the vault.
 * @throws KmsError `InvalidArnException`
 */
export function lintText(
  known: readonly string[],
  caller: Caller,
  { text, keyArn: arn, roleArn }: CallInput<'policies.lint'>,
): CallOutput<'policies.lint'> {
  const exists = existsAmong(known);
  if (roleArn !== undefined) {
    const accountId = parseArn(roleArn)?.accountId;
    if (!accountId) throw new KmsError('InvalidArnException', 'This is no ARN of a role.');
    return { findings: present(lintPolicy(text, { type: 'trust', accountId, exists })), canChangeAgain: null };
  }
  if (arn === undefined) return { findings: present(lintPolicy(text, { type: 'identity' })), canChangeAgain: null };
  const accountId = parseArn(arn)?.accountId;
  if (!accountId) throw new KmsError('InvalidArnException', 'This is no ARN of a key.');
  const findings = lintPolicy(text, { type: 'resource', arn, accountId, exists });
  const isPolicy = !findings.some(({ rule }) => rule === 'malformed' || rule === 'size');
  return {
    findings: present(findings),
    canChangeAgain: isPolicy ? isPromised(readPolicy(text, 'resource'), caller, 'kms:PutKeyPolicy', arn) : null,
  };
}

/** The findings as the contract has them. */
const present = (findings: ReturnType<typeof lintPolicy>): CallOutput<'policies.lint'>['findings'] =>
  findings.map(({ path, fix, ...finding }) => ({
    ...finding,
    path: [...path],
    ...(fix && { fix: { ...fix, path: [...fix.path] } }),
  }));
