import { describe, expect, it } from 'vitest';
import { parsePolicy } from '../../../src/main/policy/document.ts';
import { applyFix, type Finding, type LintOptions, lintDocument, lintPolicy } from '../../../src/main/policy/lint.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { ACCOUNT, cases, KEY, policyText } from './cases.ts';

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;
const options: LintOptions = { type: 'resource', arn: KEY, accountId: ACCOUNT };
const base = { Effect: 'Allow', Principal: { AWS: ROOT }, Action: 'kms:*', Resource: '*' };
const use = { Effect: 'Allow', Principal: { AWS: ANN }, Action: 'kms:Encrypt', Resource: '*' };
const text = (...statements: object[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });
const lint = (statements: object[], more: Partial<LintOptions> = {}): Finding[] =>
  lintPolicy(text(...statements), { ...options, ...more });
const rulesOf = (found: readonly Finding[]) => found.map(({ rule }) => rule);

/** Lints one statement beside the account's; the finding is there, at its place, and its fix mends it. */
function one(statement: object, more: Partial<LintOptions> = {}): Finding {
  const found = lint([base, statement], more);
  expect(rulesOf(found).length).toBe(1);
  const [finding] = found as [Finding];
  if (finding.fix) {
    const document = parsePolicy(text(base, statement));
    const after = lintDocument(applyFix(document, finding.fix), { ...options, ...more });
    expect([finding.fix, rulesOf(after)]).toEqual([finding.fix, []]);
  }
  return finding;
}

it('finds nothing in good policies', () => {
  expect(lintPolicy(defaultKeyPolicy(ACCOUNT), options)).toEqual([]);
  expect(lint([base, use, { ...use, Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': false } } }])).toEqual(
    [],
  );
});

describe('words', () => {
  it('that are no actions', () => {
    expect(one({ ...use, Action: ['kms:Encrypt', 'kms:Decript'] })).toMatchObject({
      rule: 'unknown-action',
      statement: 1,
      path: ['Statement', 1, 'Action', 1],
      fix: { title: 'Use kms:Decrypt', value: 'kms:Decrypt' },
    });
    expect(one({ ...use, Action: ['kms:Encrypt', 's3:GetObject'] }).fix).toMatchObject({
      title: 'Remove s3:GetObject',
    });
    // A Cyrillic letter that looks like the Latin one.
    expect(one({ ...use, Action: ['kms:Encrypt', 'kms:Dеcrypt'] }).fix?.value).toBe('kms:Decrypt');
    expect(one({ ...use, Action: ['kms:Encrypt', 'kms:ListKeys'] }).rule).toBe('not-a-key-action');
  });

  it('that are no condition keys, or not of these actions', () => {
    const condition = (Condition: object) => ({ ...use, Effect: 'Deny', Condition });
    expect(one(condition({ StringNotEquals: { 'kms:ViaServce': 'a' } }))).toMatchObject({
      rule: 'unknown-condition-key',
      path: ['Statement', 1, 'Condition', 'StringNotEquals', 'kms:ViaServce'],
      fix: { title: 'Use kms:ViaService' },
    });
    expect(one(condition({ StringNotEquals: { 'kms:MacAlgorithm': 'a' } })).rule).toBe('condition-key-not-carried');
    expect(one(condition({ StringNotEquals: { 'aws:SourceVpce': 'a' } })).message).toBe('Coffer has no VPCs.');
    expect(one(condition({ NumericNotEquals: { 'aws:SourceIp': 1 } })).rule).toBe('operator-type');
  });

  it('that say how several values are taken, or do not', () => {
    const several = { ...use, Condition: { StringLike: { 'kms:ResourceAliases': 'alias/a', 'kms:KeySpec': 'RSA*' } } };
    expect(one(several)).toMatchObject({ rule: 'set-operator', severity: 'warning' });
    const single = { 'ForAllValues:StringEquals': { 'kms:EncryptionContext:a': 'b' } };
    expect(one({ ...use, Condition: single })).toMatchObject({ rule: 'set-operator', severity: 'error' });
    const any = { 'ForAnyValue:StringEquals': { 'aws:username': 'b' } };
    expect(one({ ...use, Condition: any }).fix?.value).toEqual({ StringEquals: { 'aws:username': 'b' } });
  });

  it('that are variables without their Version', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
    const own = { ...use, Condition: { StringEquals: { 'kms:EncryptionContext:owner': '${aws:username}' } } };
    const document = JSON.stringify({ Version: '2008-10-17', Statement: [base, own] });
    const found = lintPolicy(document, options);
    expect(found).toMatchObject([{ rule: 'variables-without-version', path: ['Version'], statement: 1 }]);
    expect(applyFix(parsePolicy(document), found[0]?.fix ?? { title: '', path: [] }).Version).toBe('2012-10-17');
    expect(lint([base, own])).toEqual([]);
  });
});

describe('access', () => {
  it('of principals that there are not', () => {
    const exists = (principal: string) => principal === ROOT || principal === ANN;
    const gone = `arn:aws:iam::${ACCOUNT}:user/gone`;
    expect(one({ ...use, Principal: { AWS: [ANN, gone] } }, { exists })).toMatchObject({
      rule: 'unknown-principal',
      path: ['Statement', 1, 'Principal', 'AWS', 1],
      fix: { title: `Remove ${gone}` },
    });
    expect(one({ ...use, Principal: { Service: 's3.amazonaws.com' } }, { exists }).path.at(-1)).toBe('Service');
  });

  it('of everyone', () => {
    for (const Principal of ['*', { AWS: '*' }, { AWS: [ANN, '*'] }])
      expect(one({ ...use, Principal })).toMatchObject({ rule: 'everyone', severity: 'error' });
    expect(one({ Effect: 'Allow', NotPrincipal: { AWS: ANN }, Action: 'kms:Encrypt', Resource: '*' }).rule).toBe(
      'everyone',
    );
    const open = { ...use, Principal: '*' };
    for (const Condition of [
      { StringNotEquals: { 'kms:CallerAccount': '444455556666' } },
      { StringEqualsIfExists: { 'aws:PrincipalAccount': ACCOUNT } },
      { StringLike: { 'aws:PrincipalArn': '*' } },
      { Null: { 'aws:PrincipalArn': 'false' } },
      { StringEquals: { 'kms:EncryptionContext:a': 'b' } },
    ])
      expect([Condition, rulesOf(lint([base, { ...open, Condition }]))]).toEqual([Condition, ['everyone']]);
    expect(lint([base, { ...open, Condition: { StringEquals: { 'kms:CallerAccount': ACCOUNT } } }])).toEqual([]);
    expect(lint([base, { ...open, Effect: 'Deny', Action: 'kms:Sign' }])).toEqual([]);
  });

  it('that the account loses', () => {
    const [finding] = lint([use]) as [Finding];
    expect(finding).toMatchObject({ rule: 'lockout', statement: null });
    const document = parsePolicy(text(use));
    expect(lintDocument(applyFix(document, finding.fix ?? { title: '', path: [] }), options)).toEqual([]);
    const denied = { Effect: 'Deny', Principal: '*', Action: 'kms:Put*', Resource: '*' };
    const found = lint([base, denied]);
    expect(rulesOf(found)).toEqual(['lockout']);
    expect(found[0]?.fix).toBeUndefined();
  });

  it('that a Deny takes away again', () => {
    const deny = { Effect: 'Deny', Principal: { AWS: ACCOUNT }, Action: ['kms:Enc*', 'kms:Sign'], Resource: '*' };
    expect(lint([base, use, deny])).toMatchObject([{ rule: 'denied-anyway', statement: 1 }]);
    for (const less of [
      { Action: 'kms:Decrypt' },
      { Principal: { AWS: '444455556666' } },
      { Resource: 'arn:aws:kms:*:*:key/1234*' },
      { Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
    ])
      expect([less, lint([base, use, { ...deny, ...less }])]).toEqual([less, []]);
  });
});

describe('the policy of a user or role', () => {
  const own = { Effect: 'Allow', Action: 'kms:Encrypt', Resource: '*' };
  const identity = (...statements: object[]) => lint(statements, { type: 'identity' });

  it('knows the actions of IAM and STS', () => {
    const condition = {
      StringEquals: { 'sts:ExternalId': 'one', 'sts:RoleSessionName': 'ann', 'iam:ResourceTag/team': 'blue' },
    };
    expect(
      identity(
        { ...own, Action: ['kms:ListKeys', 'iam:*', 'sts:GetSessionToken', 's3:Get*'] },
        { ...own, Action: 'iam:TagUser', Condition: { StringLike: { 'aws:RequestTag/team': '*' } } },
        { ...own, Action: 'sts:AssumeRole', Condition: condition },
        { ...own, Action: 's3:GetObject', Condition: { StringEquals: { 's3:prefix': 'a', 'aws:RequestTag/a': 'b' } } },
        { Effect: 'Deny', NotAction: ['iam:*', 'kms:*', 'sts:*'], Resource: '*' },
      ),
    ).toEqual([]);
  });

  it('tells a slip from an action that Coffer has not', () => {
    expect(identity({ ...own, Action: ['kms:Encrypt', 'iam:CreateUsr', 'sts:AsumeRole'] })).toMatchObject([
      {
        rule: 'unknown-action',
        severity: 'error',
        path: ['Statement', 0, 'Action', 1],
        fix: { value: 'iam:CreateUser' },
      },
      { rule: 'unknown-action', severity: 'error', fix: { value: 'sts:AssumeRole' } },
    ]);
    expect(identity({ ...own, Action: ['kms:Encrypt', 'iam:PassRole'] })).toMatchObject([
      {
        rule: 'unknown-action',
        severity: 'warning',
        message: 'Coffer has no action iam:PassRole: naming it changes nothing.',
        fix: { title: 'Remove iam:PassRole' },
      },
    ]);
    const alone = { ...own, Action: 'iam:PassRole', Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } } };
    expect(rulesOf(identity(alone))).toEqual(['unknown-action']);
  });

  it('finds keys that these actions do not have', () => {
    const when = (Action: string, Condition: object) =>
      rulesOf(identity({ Effect: 'Deny', Action, Resource: '*', Condition }));
    expect(when('sts:AssumeRole', { StringNotEquals: { 'sts:ExternalID': 'a' } })).toEqual([]);
    expect(when('sts:AssumeRole', { StringNotEquals: { 'sts:ExternlId': 'a' } })).toEqual(['unknown-condition-key']);
    expect(when('sts:AssumeRole', { StringNotEquals: { 'kms:ViaService': 'a' } })).toEqual([
      'condition-key-not-carried',
    ]);
    expect(when('kms:Encrypt', { StringNotEquals: { 'sts:ExternalId': 'a' } })).toEqual(['condition-key-not-carried']);
  });
});

describe('whom a role trusts', () => {
  const trusting = { Effect: 'Allow', Principal: { AWS: ANN }, Action: 'sts:AssumeRole' };
  const trust = (...statements: object[]) => lint(statements, { type: 'trust', exists: (name) => name !== ANN });
  const known = { ...trusting, Principal: { AWS: ROOT } };

  it('is well said with an action of STS and no resource', () => {
    const Condition = { StringEquals: { 'sts:ExternalId': 'one' }, Bool: { 'aws:MultiFactorAuthPresent': 'true' } };
    expect(trust({ ...known, Condition }, { ...known, Effect: 'Deny', Action: 'sts:*' })).toMatchObject([
      { rule: 'denied-anyway', statement: 0 },
    ]);
    expect(trust({ ...known, Condition })).toEqual([]);
  });

  it('names people that there are, and not everyone', () => {
    expect(trust(trusting)).toMatchObject([{ rule: 'unknown-principal' }]);
    expect(trust({ ...known, Principal: '*' })).toMatchObject([
      {
        rule: 'everyone',
        message: 'The statement lets everyone take the role on, in every account.',
        fix: { value: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } } },
      },
    ]);
  });

  it('lets nobody in by leaving others out', () => {
    const { Principal: _, ...rest } = known;
    expect(trust({ ...rest, NotPrincipal: { AWS: ROOT } })[0]?.message).toBe(
      'Allow with NotPrincipal lets everyone else take the role on, in every account.',
    );
  });

  it('has faults that IAM refuses', () => {
    expect(trust({ ...known, Resource: '*' })).toMatchObject([
      { rule: 'malformed', path: ['Statement', 0, 'Resource'], fix: { title: 'Remove Resource' } },
    ]);
    expect(trust({ ...known, Action: ['sts:AssumeRole', 'kms:Encrypt'] })).toMatchObject([
      { rule: 'malformed', path: ['Statement', 0, 'Action', 1] },
    ]);
    expect(rulesOf(trust({ ...known, Action: undefined, NotAction: 'kms:*' }))).toEqual(['malformed']);
    expect(trust({ ...known, Action: ['sts:AssumeRole', 'sts:TagSession'] })).toMatchObject([
      { rule: 'unknown-action', severity: 'warning' },
    ]);
  });
});

describe('principals of another account', () => {
  const OTHER = '444455556666';
  const theirs = { ...use, Principal: { AWS: `arn:aws:iam::${OTHER}:user/bob` } };

  it('are allowed in vain what works in the own account only', () => {
    expect(one({ ...theirs, Action: ['kms:Encrypt', 'kms:ScheduleKeyDeletion'] })).toMatchObject({
      rule: 'not-across-accounts',
      severity: 'warning',
      path: ['Statement', 1, 'Action', 1],
      message: `kms:ScheduleKeyDeletion works within the key's own account only: for principals of account ${OTHER} it has no effect.`,
      fix: { title: 'Remove kms:ScheduleKeyDeletion' },
    });
    // It has an effect for those of the own account.
    const both = { ...theirs, Principal: { AWS: [ANN, OTHER] }, Action: ['kms:Encrypt', 'kms:PutKeyPolicy'] };
    const found = one(both);
    expect([found.rule, found.fix]).toEqual(['not-across-accounts', undefined]);
    for (const silent of [
      { ...theirs, Action: ['kms:Encrypt', 'kms:DescribeKey', 'kms:CreateGrant'] },
      { ...theirs, Action: 'kms:*' },
      { ...theirs, Action: ['kms:Get*', 'kms:Encrypt'] },
      { ...theirs, Effect: 'Deny', Action: 'kms:ScheduleKeyDeletion' },
      { ...use, Action: 'kms:ScheduleKeyDeletion' },
    ])
      expect([silent, lint([base, silent])]).toEqual([silent, []]);
  });
});

it('finds statements that no request can fit', () => {
  for (const [change, place] of [
    [{ Action: undefined }, []],
    [{ Resource: undefined }, []],
    [{ Action: undefined, NotAction: '*' }, ['NotAction']],
    [{ Resource: [] }, ['Resource']],
    [{ Resource: 'arn:aws:kms:*:*:key/other' }, ['Resource']],
    [{ Resource: 'arn:aws:kms:*' }, ['Resource']],
    [{ Principal: {} }, ['Principal']],
    [{ Principal: { AWS: [] } }, ['Principal']],
    [{ Principal: undefined, NotPrincipal: '*', Effect: 'Deny' }, ['NotPrincipal']],
    [{ Condition: { Null: { 'kms:ViaService': 'true' }, StringEquals: { 'kms:ViaService': 'a' } } }, ['Condition']],
    [{ Condition: { NumericEquals: { 'aws:MultiFactorAuthAge': 'ten' } } }, ['Condition']],
    [{ Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/33' } } }, ['Condition']],
    [{ Condition: { DateLessThan: { 'aws:CurrentTime': '01.01.2026' } } }, ['Condition']],
    [{ Condition: { Bool: { 'aws:SecureTransport': 'yes' } } }, ['Condition']],
    [{ Condition: { StringEquals: { 'aws:username': [] } } }, ['Condition']],
  ] as const) {
    const finding = one({ ...use, ...change });
    expect([change, finding.rule]).toEqual([change, 'never-matches']);
    expect(finding.path.slice(0, 2 + place.length)).toEqual(['Statement', 1, ...place]);
    expect(finding.fix?.title).toBe('Remove the statement');
  }
  // What cannot be told is not said: other negations, other services in the policy of a user.
  for (const Condition of [
    { StringNotEquals: { 'kms:ViaService': 'a' }, Null: { 'kms:ViaService': 'true' } },
    { StringEqualsIfExists: { 'kms:ViaService': 'a' } },
  ])
    expect(lint([base, { ...use, Condition }])).toEqual([]);
  expect(lint([{ Effect: 'Allow', Action: 's3:*', Resource: '*' }], { type: 'identity' })).toEqual([]);
});

it('finds what is no policy, and one that is too large', () => {
  expect(lintPolicy('{', options)).toMatchObject([{ rule: 'malformed', path: [], statement: null }]);
  const padded = text(base) + ' '.repeat(32_768);
  expect(lintPolicy(padded, options)).toMatchObject([{ rule: 'size', fix: { title: 'Write it without spaces' } }]);
  const large = text(base, { ...use, Sid: 'x'.repeat(32_768) });
  expect(lintPolicy(large, options)).toMatchObject([{ rule: 'size' }]);
  expect(lintPolicy(large, options)[0]?.fix).toBeUndefined();
});

it('reads every policy of the decision cases', () => {
  for (const each of cases) {
    const policy = policyText(each.key, each.version);
    if (policy === null) continue;
    for (const { path, message } of lintPolicy(policy, options))
      expect([message.length > 0, Array.isArray(path)]).toEqual([true, true]);
  }
});
