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

it('says where', () => {
  const messageOf = (text: string) => {
    try {
      parsePolicy(text);
    } catch (error) {
      return (error as Error).message;
    }
    return 'fine';
  };
  const deep = JSON.stringify({ ...allow, Condition: '?' }).replace('"?"', `${'['.repeat(5000)}${']'.repeat(5000)}`);
  for (const [text, says] of [
    ['{"Statement": [', 'The policy is not valid JSON.'],
    [policy(allow, { ...allow, Effect: 'Permit' }), 'Statement[1].Effect'],
    [policy({ ...allow, Condition: { StringEqual: { 'aws:username': 'a' } } }), 'Statement[0].Condition.StringEqual'],
    [policy({ ...allow, Condition: { stringEquals: { a: 'a' } } }), 'there is no condition operator of that name'],
    [policy({ ...allow, Condition: { NullIfExists: { a: 'true' } } }), 'Statement[0].Condition.NullIfExists'],
    [policy({ ...allow, Condition: { 'ForSomeValues:StringEquals': { a: 'a' } } }), 'ForSomeValues:StringEquals'],
    [policy({ ...allow, Condition: { Bool: { a: { b: 'c' } } } }), 'Statement[0].Condition.Bool.a'],
    [policy(allow, { ...allow, NotAction: 'x' }), 'Statement[1]: Action and NotAction cannot stand together'],
    [policy({ ...allow, Principal: { AWS: ['*', 'arn:aws:iam::1:root'] } }), 'arn:aws:iam::1:root is no principal'],
    [policy({ ...allow, Principal: { AWS: `${ROOT.slice(0, -4)}user/*` } }), 'Statement[0].Principal.AWS'],
    [policy({ ...allow, Principal: { Service: 's3' } }), 'Statement[0].Principal.Service: s3 is no principal'],
    // A Cyrillic letter that looks like the Latin one.
    [policy({ ...allow, Principal: { AWS: ROOT.replace('a', 'а') } }), 'is no principal'],
    ['{"Statement": [{"Effect": "Deny", "Effect": "Allow"}]}', 'Statement[0].Effect: the name stands twice'],
    ['{"Statement": [{}, {"Condition": {"Bool": {"a": "1", "\\u0061": "2"}}}]}', 'Statement[1].Condition.Bool.a'],
    ['{"Statement": [{"Condition": {"Bool": {"__proto__": "true"}}}]}', 'Condition.Bool.__proto__: there is no such'],
    [`{"Statement": [${deep}]}`, 'it is nested too deep'],
  ] as const)
    expect([text.slice(0, 200), messageOf(text)]).toEqual([text.slice(0, 200), expect.stringContaining(says)]);
});

it('reads the policies of users and roles, which name nobody', () => {
  const { Principal: _, ...own } = allow;
  expect(codeOf(() => parsePolicy(policy(own), 'identity'))).toBe('fine');
  for (const wrong of [
    allow,
    { ...own, NotPrincipal: '*' },
    { ...own, Action: undefined },
    { ...own, Resource: undefined },
  ])
    expect(codeOf(() => parsePolicy(policy(wrong), 'identity'))).toBe('MalformedPolicyDocumentException');
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
