import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parsePolicy } from '../../../src/main/policy/document.ts';
import { checkLockout } from '../../../src/main/policy/lockout.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { KmsError } from '../../../src/shared/kms/errors.ts';

const ACCOUNT = '111122223333';
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ARN = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/x`;
const allow = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
const policy = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof KmsError) return error.code;
    throw error;
  }
  return 'fine';
}

it('reads what is a policy document', () => {
  for (const text of [
    defaultKeyPolicy(ACCOUNT),
    policy(allow),
    JSON.stringify({ Statement: allow }),
    policy({ ...allow, Principal: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': true } } }),
    policy({ ...allow, Principal: { AWS: [ROOT, ACCOUNT], Service: 's3.amazonaws.com' } }),
    policy({ Effect: 'Deny', NotPrincipal: { AWS: ROOT }, NotAction: ['kms:Get*'], Resource: '*' }),
    policy({ Effect: 'Allow', Principal: '*' }),
  ])
    expect(codeOf(() => parsePolicy(text))).toBe('fine');
});

it('refuses what is none', () => {
  for (const text of [
    '',
    'x',
    '[]',
    'null',
    '{}',
    '{"Statement": []}',
    `${policy(allow)}x`,
    policy({ ...allow, Effect: 'allow' }),
    policy({ ...allow, Principal: undefined }),
    policy({ ...allow, Principal: ROOT }),
    policy({ ...allow, Principal: { aws: ROOT } }),
    policy({ ...allow, NotPrincipal: '*' }),
    policy({ ...allow, NotAction: 'kms:Get*' }),
    policy({ ...allow, Action: 1 }),
    policy({ ...allow, Action: undefined, action: 'kms:*' }),
    policy({ ...allow, Condition: { Bool: 'true' } }),
    JSON.stringify({ Version: '2020-01-01', Statement: [allow] }),
    JSON.stringify({ Statement: [allow], Extra: 1 }),
  ])
    expect([text, codeOf(() => parsePolicy(text))]).toEqual([text, 'MalformedPolicyDocumentException']);
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(codeOf(() => parsePolicy(text))).toBe('MalformedPolicyDocumentException');
    }),
  );
});

it('takes 32,768 bytes and not one more', () => {
  const padded = (bytes: number) => {
    const text = policy({ ...allow, Sid: 'é' });
    return text + ' '.repeat(bytes - Buffer.byteLength(text));
  };
  expect(codeOf(() => parsePolicy(padded(32_768)))).toBe('fine');
  expect(codeOf(() => parsePolicy(padded(32_769)))).toBe('LimitExceededException');
});

it('sees a lockout coming', () => {
  const caller = { principalArn: ROOT, accountId: ACCOUNT };
  const check = (...statements: object[]) =>
    codeOf(() => checkLockout(parsePolicy(policy(...statements)), caller, ARN));
  for (const change of [
    {},
    { Principal: '*' },
    { Principal: { AWS: [ACCOUNT] } },
    { Action: ['kms:Encrypt', 'kms:Put*'] },
    { Action: 'KMS:putkeypolic?' },
    { Action: undefined, NotAction: 'kms:Encrypt' },
    { Resource: ARN },
  ])
    expect([change, check({ ...allow, ...change })]).toEqual([change, 'fine']);
  for (const change of [
    { Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
    { Principal: { Service: 's3.amazonaws.com' } },
    { Action: 'kms:Get*' },
    { Action: undefined },
    { Action: undefined, NotAction: 'kms:Put*' },
    { Resource: undefined },
    { Resource: 'arn:aws:kms:*:*:key/y' },
    { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
    { Effect: 'Deny' },
  ])
    expect([change, check({ ...allow, ...change })]).toEqual([change, 'MalformedPolicyDocumentException']);
  const everyoneElse = { Effect: 'Deny', NotPrincipal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
  expect(check(allow, everyoneElse)).toBe('fine');
  const denied = { Effect: 'Deny', Principal: '*', Action: 'kms:PutKeyPolicy', Resource: '*' };
  expect(check(allow, denied)).toBe('MalformedPolicyDocumentException');
});
