import { describe, expect, test } from 'vitest';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { defaultPolicyWithMfaRule, hasMfaRule, withMfaRule, withoutMfaRule } from '../../../src/shared/iam/mfa-rule.ts';

const ACCOUNT = '111122223333';
const plain = defaultKeyPolicy(ACCOUNT);
const statements = (policy: string) => (JSON.parse(policy) as { Statement: { Sid?: string }[] }).Statement;

describe('the rule that asks for a second factor', () => {
  test('is put in once, after the statements that are there, and taken out again', () => {
    const ruled = withMfaRule(plain);
    expect(hasMfaRule(plain)).toBe(false);
    expect(hasMfaRule(ruled)).toBe(true);
    expect(withMfaRule(ruled)).toBe(ruled);
    expect(statements(ruled).map(({ Sid }) => Sid)).toEqual([
      'Enable IAM User Permissions',
      'CofferRequireMfaToDestroy',
    ]);
    expect(JSON.parse(withoutMfaRule(ruled))).toEqual(JSON.parse(plain));
    expect(defaultPolicyWithMfaRule(ACCOUNT)).toBe(ruled);
  });

  test('that was changed is not taken for it, and is written anew', () => {
    const ruled = withMfaRule(plain);
    const weaker = ruled.replace('"kms:DisableKey",', '');
    expect(hasMfaRule(weaker)).toBe(false);
    expect(withMfaRule(weaker)).toBe(ruled);
    expect(JSON.parse(withoutMfaRule(weaker))).toEqual(JSON.parse(plain));
  });

  test('goes into a policy whose one statement is no list, and stays when nothing else would', () => {
    const [statement] = statements(plain);
    const single = JSON.stringify({ Version: '2012-10-17', Statement: statement });
    expect(statements(withMfaRule(single))).toHaveLength(2);
    const alone = JSON.stringify({ Version: '2012-10-17', Statement: [statements(withMfaRule(plain))[1]] });
    expect(withoutMfaRule(alone)).toBe(alone);
  });
});
