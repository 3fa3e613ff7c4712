import { describe, expect, it } from 'vitest';
import {
  because,
  byPolicy,
  conditionWords,
  grantWords,
  listWords,
  mismatchWords,
  outcomeWords,
  partOf,
} from '../../../src/renderer/components/decision/words.ts';
import { operatorNames } from '../../../src/shared/iam/condition-operators.ts';
import type { Decision, Mismatch, Reason, StatementRef } from '../../../src/shared/iam/decision.ts';

const ACCOUNT = '111122223333';
const ANN = `arn:aws:iam::${ACCOUNT}:user/team/ann`;
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/1234`;
const inKey: StatementRef = { type: 'resource', policy: 'default', index: 1, sid: 'RequireMfa', effect: 'Allow' };
const inOwn: StatementRef = { type: 'identity', policy: 'p', index: 0, effect: 'Allow' };

const decision = (more: Partial<Decision>): Decision => ({
  allowed: false,
  reason: 'no key policy allows',
  principal: ANN,
  action: 'kms:Decrypt',
  resource: KEY,
  statements: [],
  grants: [],
  ...more,
});

describe('the verdict', () => {
  const allowed: readonly [Reason, Partial<Decision>, string][] = [
    ['key policy', { statement: inKey }, 'Statement 2 “RequireMfa” of the key policy allows kms:Decrypt to user ann.'],
    [
      'identity policy',
      { statement: inOwn, delegatedBy: inKey },
      `Statement 2 “RequireMfa” of the key policy leaves the decision to account ${ACCOUNT}, and statement 1 of the policy “p” of user ann allows kms:Decrypt.`,
    ],
    [
      'identity policy',
      { statement: inOwn, resource: '*', action: 'kms:ListKeys' },
      'Statement 1 of the policy “p” of user ann allows kms:ListKeys.',
    ],
    [
      'account root',
      { principal: `arn:aws:iam::${ACCOUNT}:root`, resource: '*' },
      `It is the root of account ${ACCOUNT}, whom no policy of its own limits.`,
    ],
    [
      'account root',
      { principal: `arn:aws:iam::${ACCOUNT}:root`, delegatedBy: { ...inKey, index: 0 } },
      `Statement 1 “RequireMfa” of the key policy leaves the decision to account ${ACCOUNT}, and the root of account ${ACCOUNT} is limited by no policy of its own.`,
    ],
    ['grant', { grant: 'abc' }, 'The grant abc on the key allows kms:Decrypt to user ann.'],
    ['grant', { grant: 'abc', action: 'kms:RetireGrant' }, 'The grant abc itself says that user ann may end it.'],
  ];
  it.each(allowed)('allowed: %s', (reason, more, says) => {
    expect(because(decision({ allowed: true, reason, ...more }))).toBe(says);
  });

  const denied: readonly [Reason, Partial<Decision>, string][] = [
    [
      'explicit deny',
      { statement: { ...inKey, effect: 'Deny' } },
      'An explicit deny in statement 2 “RequireMfa” of the key policy. No allow outweighs a deny.',
    ],
    [
      'explicit deny',
      { statement: { ...inOwn, effect: 'Deny' } },
      'An explicit deny in statement 1 of the policy “p” of user ann. No allow outweighs a deny.',
    ],
    [
      'no key policy allows',
      {},
      `No statement of the key policy allows kms:Decrypt to user ann or leaves the decision to account ${ACCOUNT}.`,
    ],
    [
      'no key policy allows',
      { principal: 's3.amazonaws.com' },
      'No statement of the key policy allows kms:Decrypt to s3.amazonaws.com.',
    ],
    [
      'no key policy allows',
      { resource: `arn:aws:kms:eu-central-1:444455556666:alias/a` },
      "What it is asked on is another account's, which has no policy that opens it.",
    ],
    [
      'not across accounts',
      { action: 'kms:PutKeyPolicy' },
      "The key is another account's, and kms:PutKeyPolicy can be allowed to principals of the key's own account alone.",
    ],
    [
      'no identity policy allows',
      {},
      `The key policy leaves the decision to account ${ACCOUNT}, and no statement of a policy of user ann allows kms:Decrypt.`,
    ],
    [
      'no identity policy allows',
      { resource: '*', action: 'kms:ListKeys' },
      'No statement of a policy of user ann allows kms:ListKeys.',
    ],
    [
      'no party of the grant',
      { action: 'kms:RetireGrant', principal: `arn:aws:sts::${ACCOUNT}:assumed-role/Reader/now` },
      'Only its retiring principal, a grantee that may retire it and the account that made it may end the grant, and role Reader is none of them.',
    ],
  ];
  it.each(denied)('denied: %s', (reason, more, says) => {
    expect(because(decision({ reason, ...more }))).toBe(says);
  });
});

describe('what did not fit', () => {
  const condition = (operator: string, key: string, expected: string[], actual: string[] | null): Mismatch => ({
    element: 'Condition',
    operator,
    key,
    expected,
    actual,
  });
  const cases: readonly [Mismatch, string][] = [
    [
      { element: 'Principal', expected: [ACCOUNT, ANN, '*'] },
      `It is for account ${ACCOUNT}, user ann and everyone, not for user ann.`,
    ],
    [
      {
        element: 'Principal',
        expected: [`arn:aws:sts::${ACCOUNT}:assumed-role/Reader/now`, 'arn:aws:iam::444455556666:user/ann'],
      },
      'It is for role Reader in its session now and user ann of account 444455556666, not for user ann.',
    ],
    [{ element: 'NotPrincipal', expected: [ANN] }, 'It leaves out user ann, and so user ann.'],
    [
      { element: 'Action', expected: ['kms:Encrypt', 'kms:Sign'] },
      'It is about kms:Encrypt and kms:Sign, not about kms:Decrypt.',
    ],
    [{ element: 'Action', expected: [] }, 'It names no action, so it has no effect.'],
    [{ element: 'NotAction', expected: ['kms:*'] }, 'It leaves out kms:*, and so kms:Decrypt.'],
    [{ element: 'Resource', expected: ['arn:aws:s3:::a'] }, `It is about arn:aws:s3:::a, not about ${KEY}.`],
    [{ element: 'Resource', expected: [] }, 'It names no resource, so it has no effect.'],
    [{ element: 'NotResource', expected: ['*'] }, `It leaves out *, and so ${KEY}.`],
    [
      condition('Bool', 'aws:MultiFactorAuthPresent', ['true'], ['false']),
      'Its condition does not hold: aws:MultiFactorAuthPresent must be true; the request says false.',
    ],
    [
      condition('StringEquals', 'kms:ViaService', ['a', 'b'], null),
      'Its condition does not hold: kms:ViaService must be a or b; the request does not have it.',
    ],
    [
      condition('StringLike', 'aws:UserAgent', ['a*'], []),
      'Its condition does not hold: aws:UserAgent must be like a*; the request has it without a value.',
    ],
  ];
  it.each(cases)('%j', (mismatch, says) => {
    expect(mismatchWords(mismatch, decision({}))).toBe(says);
  });

  const operators: readonly [string, string[], string][] = [
    ['StringNotEquals', ['a', 'b'], 'k must not be either a nor b'],
    ['StringEqualsIgnoreCase', ['a'], 'k must be a, in any case of letters'],
    ['StringEqualsIfExists', ['a'], 'k must be a, if the request has it'],
    ['ForAllValues:StringEquals', ['a'], 'all values of k must be a'],
    ['ForAnyValue:StringNotLike', ['a*'], 'one of the values of k must not be like a*'],
    ['NumericLessThanEquals', ['300'], 'k must be at most 300'],
    ['DateGreaterThan', ['2030-01-01'], 'k must be after 2030-01-01'],
    ['NotIpAddress', ['192.0.2.0/24'], 'k must not be in 192.0.2.0/24'],
    ['Null', ['true'], 'the request must say nothing of k'],
    ['Null', ['false'], 'the request must say something of k'],
    ['StringEquals', [], 'k must be one of no values'],
  ];
  it.each(operators)('%s %j', (operator, expected, says) => {
    expect(conditionWords(operator, 'k', expected)).toBe(says);
  });

  it('has words for every operator there is', () => {
    for (const name of operatorNames) expect(conditionWords(name, 'k', ['v'])).toMatch(/must (not )?(be|say)/);
  });
});

it('says what a statement that fits does, and which one decided', () => {
  const asked = decision({ statement: inOwn, delegatedBy: inKey });
  const fits = (statement: StatementRef, matched: 'principal' | 'account') => ({ statement, matched });
  expect(outcomeWords(fits(inKey, 'account'), asked)).toBe(
    `It fits the request and leaves the decision to account ${ACCOUNT}.`,
  );
  expect(outcomeWords(fits(inOwn, 'principal'), asked)).toBe('It fits the request and allows it.');
  expect(outcomeWords(fits({ ...inOwn, effect: 'Deny' }, 'principal'), asked)).toBe(
    'It fits the request and denies it.',
  );
  expect(partOf(fits(inOwn, 'principal'), asked)).toBe('decides');
  expect(partOf(fits(inKey, 'account'), asked)).toBe('delegates');
  expect(partOf(fits({ ...inKey, index: 0 }, 'account'), asked)).toBeNull();
});

it('says what of a grant did not fit', () => {
  for (const miss of [
    'Operations',
    'Constraints.SourceArn',
    'Constraints.EncryptionContext',
    'more than it holds',
  ] as const)
    expect(grantWords(miss, 'kms:Sign')).toMatch(/^(It|The) .+\.$/);
  expect(grantWords(null, 'kms:Sign')).toBe('It allows the request.');
});

it('keeps statements by policy and in order', () => {
  const outcome = (statement: StatementRef) => ({ statement, matched: null });
  const groups = byPolicy(decision({ statements: [outcome(inKey), outcome({ ...inKey, index: 0 }), outcome(inOwn)] }));
  expect(groups.map(({ title }) => title)).toEqual(['Key policy', 'Policy “p” of user ann']);
  expect(groups[0]?.outcomes.map(({ statement }) => statement.index)).toEqual([0, 1]);
});

it('shortens long lists', () => {
  expect(listWords(['a', 'b', 'c', 'd', 'e'])).toBe('a, b, c, d and e');
  expect(listWords(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
});
