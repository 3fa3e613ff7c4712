import { defaultKeyPolicy } from '../../shared/iam/default-policy.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { parsePolicy } from '../policy/document.ts';
import { checkLockout } from '../policy/lockout.ts';
import { byKeyId } from './find.ts';
import { policyOf } from './key-policies.ts';
import { onKey } from './operation.ts';
import type { Caller } from './types.ts';

const DEFAULT = 'default';

interface Wanted {
  readonly Policy?: string | undefined;
  readonly BypassPolicyLockoutSafetyCheck?: boolean | undefined;
}

/**
 * The policy text for the key `arn`: the caller's as it was given, or the default one.
 * @throws KmsError `MalformedPolicyDocumentException`, `LimitExceededException`
 */
export function policyFor(caller: Caller, arn: string, wanted: Wanted): string {
  if (wanted.Policy === undefined) return defaultKeyPolicy(caller.accountId);
  const document = parsePolicy(wanted.Policy);
  if (!wanted.BypassPolicyLockoutSafetyCheck) checkLockout(document, caller, arn);
  return wanted.Policy;
}

const getKeyPolicy = onKey({
  name: 'GetKeyPolicy',
  readOnly: true,
  find: byKeyId,
  run({ tx }, { PolicyName = DEFAULT }, key) {
    if (PolicyName !== DEFAULT) throw new KmsError('NotFoundException', 'No such policy exists');
    return { Policy: policyOf(tx, key), PolicyName: DEFAULT };
  },
  audit: { request: ['KeyId', 'PolicyName'] },
});

const putKeyPolicy = onKey({
  name: 'PutKeyPolicy',
  readOnly: false,
  find: byKeyId,
  run({ tx, caller }, input, key) {
    if (input.PolicyName !== undefined && input.PolicyName !== DEFAULT)
      throw new KmsError('UnsupportedOperationException', `A key policy can only be named ${DEFAULT}.`);
    tx.run('UPDATE keys SET policy = ? WHERE row = ?', [policyFor(caller, key.arn, input), key.row]);
    return {};
  },
  audit: { request: ['KeyId', 'PolicyName', 'Policy', 'BypassPolicyLockoutSafetyCheck'] },
});

const listKeyPolicies = onKey({
  name: 'ListKeyPolicies',
  readOnly: true,
  find: byKeyId,
  // One name always fits a page, so there is no marker to go on from.
  run: () => ({ PolicyNames: [DEFAULT], Truncated: false }),
  audit: { request: ['KeyId', 'Limit', 'Marker'] },
});

export const policyOperations = [getKeyPolicy, putKeyPolicy, listKeyPolicies];
