import { describe, expect, it } from 'vitest';
import { lintText } from '../../../src/main/policy-editing.ts';
import { policies } from '../../../src/shared/contract/policies.ts';
import { keyArn } from '../../../src/shared/iam/arn.ts';
import { withValueAt } from '../../../src/shared/iam/policy-places.ts';
import { limits } from '../../../src/shared/kms/limits.ts';
import { ACCOUNT, REGION, ROOT } from '../../support/engine.ts';

const KEY = keyArn(REGION, ACCOUNT, 'some-key');
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;
const caller = { principalArn: ROOT, accountId: ACCOUNT };
const known = [ROOT, ANN, `arn:aws:iam::${ACCOUNT}:role/team/Reader`];

const base = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
const written = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
const lint = (text: string, arn: string | undefined = KEY) =>
  policies['policies.lint'].output.parse(lintText(known, caller, { text, keyArn: arn }));
/** What of a text the findings are shown at. */
const places = (text: string) => lint(text).findings.map(({ rule, from, to }) => [rule, text.slice(from, to)]);

it('knows who there is, and doubts nobody it cannot know', () => {
  const AWS = [
    ANN,
    `arn:aws:iam::${ACCOUNT}:role/Reader`,
    `arn:aws:sts::${ACCOUNT}:assumed-role/Reader/session`,
    'arn:aws:iam::444455556666:user/elsewhere',
    '444455556666',
    `arn:aws:iam::${ACCOUNT}:user/gone`,
  ];
  expect(
    places(written(base, { ...base, Principal: { AWS, Service: 's3.amazonaws.com' }, Action: 'kms:Sign' })),
  ).toEqual([['unknown-principal', `"arn:aws:iam::${ACCOUNT}:user/gone"`]]);
});

it('reads a policy as that of a key, as whom a role trusts, or as that of a user or role', () => {
  const trust = written({ Effect: 'Allow', Principal: { AWS: ANN }, Action: 'sts:AssumeRole' });
  const own = written({ Effect: 'Allow', Action: ['kms:ListKeys', 'iam:GetUser'], Resource: '*' });
  const rules = (text: string, of: { keyArn?: string; roleArn?: string }) =>
    policies['policies.lint'].output
      .parse(lintText(known, caller, policies['policies.lint'].input.parse({ text, ...of })))
      .findings.map(({ rule }) => rule);
  const roleArn = `arn:aws:iam::${ACCOUNT}:role/new`;
  expect(rules(trust, { roleArn })).toEqual([]);
  expect(rules(trust.replace('/ann', '/nobody'), { roleArn })).toEqual(['unknown-principal']);
  expect(rules(own, {})).toEqual([]);
  expect(rules(trust, {})).toEqual(['malformed', 'malformed']);
  expect(() => rules(trust, { roleArn: 'reader' })).toThrow('This is no ARN of a role.');
});

it('shows each fault where it stands', () => {
  const text = written(base, {
    Effect: 'allow',
    Principle: '*',
    Action: 5,
    Condition: { StringEqual: { 'aws:username': 'a' }, Bool: { 'aws:SecureTransport': [{}] } },
  });
  const { findings, canChangeAgain } = lint(text);
  expect(canChangeAgain).toBeNull();
  expect(findings.map(({ from, to }) => text.slice(from, to))).toEqual(
    expect.arrayContaining(['"Effect": "allow"', '"Principle": "*"', '"Action": 5', '"StringEqual"']),
  );
  expect(new Set(findings.map(({ statement }) => statement))).toEqual(new Set([1]));
  let mended = text;
  for (let fix = findings.find((each) => each.fix)?.fix; fix; fix = lint(mended).findings.find((each) => each.fix)?.fix)
    mended = withValueAt(mended, fix.path, fix.value) ?? mended;
  expect(JSON.parse(mended).Statement[1]).toMatchObject({
    Effect: 'Allow',
    Principal: '*',
    Condition: { StringEquals: { 'aws:username': 'a' } },
  });
  for (const [malformed, says, at] of [
    ['{\n  "Version": "2012-10-17"\n  "Statement": []\n}', 'line 3, column 3: a comma or } is missing', '"'],
    ['{"Version": "2012-10-17", "Version": "2012-10-17"}', 'Version: the name stands twice', '"Version"'],
    ['{"Statement": []}', 'Statement: at least one is needed', '"Statement"'],
    ['{}', 'Statement: Statement is missing', '{'],
    ['[1]', 'an object is needed here', '['],
    [
      written({ ...base, Principal: { AWS: [ROOT.replace('a', 'а')] } }),
      'is no principal',
      `"${ROOT.replace('a', 'а')}"`,
    ],
    [written({ ...base, Principal: undefined }), 'either Principal or NotPrincipal', '{'],
  ] as const) {
    const [finding] = lint(malformed).findings;
    expect(finding).toMatchObject({ rule: 'malformed', message: expect.stringContaining(says) });
    expect(malformed.slice(finding?.from, finding?.to)).toBe(at);
  }
});

it('says whether the caller can change the policy again', () => {
  expect(lint(written(base)).canChangeAgain).toBe(true);
  const locked = lint(written({ ...base, Action: 'kms:Decrypt' }));
  expect(locked).toMatchObject({ canChangeAgain: false, findings: [{ rule: 'lockout', fix: {} }] });
});

it('takes the ARN of a key and nothing else', () => {
  expect(() => lint('{}', 'some-key')).toThrow('no ARN');
});

it('lints the policies of users and roles', () => {
  const asOfUser = (text: string) => lintText(known, caller, { text });
  expect(asOfUser(written(base)).findings).toMatchObject([{ rule: 'malformed', statement: 0 }]);
  const { Principal: _, ...own } = base;
  expect(asOfUser(written(own))).toEqual({
    findings: [],
    canChangeAgain: null,
  });
});

// Each is done in moments; a rule that is not bounded would go on for minutes, past the test's time.
describe('stays quick', () => {
  const filled = (statement: (index: number) => object) => {
    const statements: object[] = [];
    while (JSON.stringify(statements).length < limits.policyBytes) statements.push(statement(statements.length));
    return JSON.stringify({ Version: '2012-10-17', Statement: statements });
  };
  for (const [name, text] of Object.entries({
    'with one byte too many': `${written(base)}${' '.repeat(limits.policyBytes + 1 - written(base).length)}`,
    'with as much as crosses': `"${'x'.repeat(limits.policyInput - 2)}"`,
    'nested without end': '['.repeat(limits.policyInput),
    'with every statement against every other': filled((index) => ({
      Effect: index % 2 ? 'Deny' : 'Allow',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/u${index}` },
      Action: ['kms:*c*', 'kms:*e*'],
      Resource: '*',
    })),
    'with nothing right': filled((index) => ({ [`Effekt${index}`]: 1, Action: [{}], Condition: { [`X${index}`]: 1 } })),
    'with patterns that go back': filled(() => ({ ...base, Action: `kms:${'*a'.repeat(200)}` })),
    'with a name of names': JSON.stringify({ Statement: { ...base, Condition: { ['S'.repeat(30_000)]: {} } } }),
  }))
    it(name, () => {
      const { findings } = lint(text);
      expect(findings.length).toBeGreaterThan(0);
    });
});
