import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallerFacts } from '../../../src/main/policy/call-facts.ts';
import { ACCOUNT, ROOT } from '../../support/engine.ts';
import { code, openTestPeople, policy, type TestPeople, trust } from '../../support/iam.ts';
import { refusalOf } from '../../support/vault.ts';

const OTHER = '444455556666';
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/R`;
const RoleSessionName = 'monday';
const HOUR = 3_600_000;

let t: TestPeople;
let ann: CallerFacts;
beforeEach(async () => {
  t = await openTestPeople();
  ann = await t.user('ann');
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const assume = (as: CallerFacts, more: object = {}) => t.sts.assumeRole(as, { RoleArn, RoleSessionName, ...more });
const allow = (UserName: string, document: object) =>
  t.iam('PutUserPolicy', { UserName, PolicyName: 'q', PolicyDocument: JSON.stringify(document) });
const mayAssume = policy('sts:AssumeRole', { Resource: RoleArn });

describe('AssumeRole', () => {
  it('gives temporary credentials of the role’s session', async () => {
    const { RoleId } = await t.role('R', trust(ann.principalArn));
    const { output } = await assume(ann, { DurationSeconds: 900 });
    expect(output).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      secretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/monday`,
      userId: `${RoleId}:monday`,
      expiresAt: t.clock.now() + 900_000,
    });
    expect(t.sessions.open(output.accessKeyId, output.sessionToken)).toEqual({
      accountId: ACCOUNT,
      principalArn: output.arn,
      userId: output.userId,
      secret: output.secretAccessKey,
      tokenIssuedAt: t.clock.now(),
    });
    expect((await assume(ann)).output.expiresAt).toBe(t.clock.now() + HOUR);
  });

  const same = trust(ROOT);
  it.each<[string, { trust: object; own?: object; as?: Partial<CallerFacts>; input?: object }, string]>([
    ['the trust names the user', { trust: trust(`arn:aws:iam::${ACCOUNT}:user/ann`) }, 'ok'],
    ['the trust names the account, the user may', { trust: same, own: mayAssume }, 'ok'],
    ['the trust names the account by its number, the user may', { trust: trust(ACCOUNT), own: mayAssume }, 'ok'],
    ['the trust names the account, the user has no policy', { trust: same }, 'AccessDeniedException'],
    [
      'the trust names somebody else, the user may',
      { trust: trust(`${ROOT.slice(0, -4)}user/bob`), own: policy('*') },
      'AccessDeniedException',
    ],
    ['the trust names everyone', { trust: trust('*') }, 'ok'],
    [
      'the user is denied',
      {
        trust: trust(`arn:aws:iam::${ACCOUNT}:user/ann`),
        own: { Statement: [{ Effect: 'Deny', Action: 'sts:*', Resource: '*' }] },
      },
      'AccessDeniedException',
    ],
    [
      'the trust is for a service',
      { trust: trust({ Service: 'ec2.amazonaws.com' }), own: policy('*') },
      'AccessDeniedException',
    ],
    [
      'the trust allows another action',
      { trust: trust('*', { Action: 'sts:TagSession' }), own: policy('*') },
      'AccessDeniedException',
    ],
    [
      'an external id is asked for and given',
      { trust: trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }), input: { ExternalId: 'x1' } },
      'ok',
    ],
    [
      'an external id is asked for and another is given',
      { trust: trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }), input: { ExternalId: 'x2' } },
      'AccessDeniedException',
    ],
    [
      'an external id is asked for and none is given',
      { trust: trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }) },
      'AccessDeniedException',
    ],
    [
      'the session’s name is as the trust asks',
      { trust: trust('*', { Condition: { StringLike: { 'sts:RoleSessionName': 'mon*' } } }) },
      'ok',
    ],
    [
      'the session’s name is another',
      { trust: trust('*', { Condition: { StringLike: { 'sts:RoleSessionName': 'tue*' } } }) },
      'AccessDeniedException',
    ],
    [
      'the caller’s ARN is asked for',
      { trust: trust('*', { Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/ann' } } }) },
      'ok',
    ],
    [
      'the caller’s address is another',
      { trust: trust('*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }) },
      'AccessDeniedException',
    ],
    [
      'the session of the caller proved a second factor',
      {
        trust: trust('*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
        as: { tokenIssuedAt: 1, mfaAt: Date.UTC(2026, 0, 1) },
      },
      'ok',
    ],
    [
      'the second factor of the session is too old',
      {
        trust: trust('*', { Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '600' } } }),
        as: { tokenIssuedAt: 1, mfaAt: Date.UTC(2026, 0, 1) - 600_000 },
      },
      'AccessDeniedException',
    ],
    [
      'a second factor is asked for and there is none',
      { trust: trust('*', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }) },
      'AccessDeniedException',
    ],
  ])('when %s', async (_when, { trust: document, own, as = {}, input }, expected) => {
    await t.role('R', document);
    if (own) await allow('ann', own);
    expect(await code(assume({ ...ann, ...as }, input))).toBe(expected);
  });

  it('from another account needs both sides', async () => {
    await t.iam('CreateAccount', { AccountId: OTHER });
    const root = { accountId: OTHER, principalArn: `arn:aws:iam::${OTHER}:root` };
    const { User } = await t.iam('CreateUser', { UserName: 'zoe' }, root);
    const zoe = { ...ann, accountId: OTHER, principalArn: User.Arn };
    await t.role('R', trust(User.Arn));
    expect(await code(assume(zoe))).toBe('AccessDeniedException');
    const PolicyDocument = JSON.stringify(mayAssume);
    await t.iam('PutUserPolicy', { UserName: 'zoe', PolicyName: 'p', PolicyDocument }, root);
    expect((await assume(zoe)).output.arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/R/monday`);
    await t.iam('UpdateAssumeRolePolicy', { RoleName: 'R', PolicyDocument: JSON.stringify(trust(ROOT)) });
    expect(await code(assume(zoe))).toBe('AccessDeniedException');
  });

  it('takes a second factor with the call, which the session itself then does not have', async () => {
    const condition = { Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } } };
    await t.role('R', trust(ann.principalArn, condition));
    const device = await t.device('ann');
    const SerialNumber = device.serialNumber;
    expect(await code(assume(ann))).toBe('AccessDeniedException');
    const { output } = await assume(ann, { SerialNumber, TokenCode: device.shows() });
    expect(t.sessions.open(output.accessKeyId, output.sessionToken)).not.toHaveProperty('mfaAt');
    expect((await refusalOf(assume(ann, { SerialNumber, TokenCode: device.shows() }))).message).toBe(
      'MultiFactorAuthentication failed with invalid MFA one time pass code.',
    );
    for (const half of [{ SerialNumber }, { TokenCode: device.shows() }])
      expect((await refusalOf(assume(ann, half))).message).toMatch(/unable to validate MFA code/);
  });

  it('is not for a root, and tells nobody which roles there are', async () => {
    await t.role('R', trust('*'));
    const error = await refusalOf(assume(t.caller));
    expect([error.code, error.message]).toEqual([
      'AccessDeniedException',
      'Roles may not be assumed by root accounts.',
    ]);
    await t.role('Closed', trust(`${ROOT.slice(0, -4)}user/bob`));
    const messages = [];
    for (const name of ['Closed', 'Nobody', 'path/R'])
      messages.push((await refusalOf(assume(ann, { RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}` }))).message);
    expect(messages.map((each) => each.replace(/role\/\S+/, 'role/?'))).toEqual(
      Array(3).fill(
        `User: ${ann.principalArn} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::${ACCOUNT}:role/? because no resource-based policy allows the sts:AssumeRole action`,
      ),
    );
  });

  it('lasts as long as the role lets it, and an hour when a role assumes it', async () => {
    await t.role('R', trust('*'));
    const tried = (seconds: number, as = ann) =>
      assume(as, { DurationSeconds: seconds }).then(
        () => 'ok',
        (error: Error) => error.message,
      );
    expect(await tried(3600)).toBe('ok');
    expect(await tried(3601)).toBe('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
    await t.iam('UpdateRole', { RoleName: 'R', MaxSessionDuration: 43_200 });
    expect(await tried(43_200)).toBe('ok');
    for (const seconds of [899, 43_201]) expect(await tried(seconds)).toMatch(/^1 validation error detected/);
    const session = { ...ann, principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/monday` };
    expect(await tried(3600, session)).toBe('ok');
    expect(await tried(3601, session)).toMatch(/1 hour session limit for roles assumed by role chaining/);
  });

  it.each([
    ['a session policy', { Policy: '{}' }],
    ['managed session policies', { 'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/x' }],
    ['tags', { 'Tags.member.1.Key': 'a', 'Tags.member.1.Value': 'b' }],
    ['a source identity', { SourceIdentity: 'ann' }],
    ['no name of the session', { RoleSessionName: undefined }],
    ['a name with a slash', { RoleSessionName: 'a/b' }],
    ['a name that is too short', { RoleSessionName: 'a' }],
    ['something that is no ARN', { RoleArn: 'R'.repeat(20) }],
    ['a code that is none', { SerialNumber: 'arn:aws:iam::1:mfa/x', TokenCode: '12345' }],
  ])('refuses %s', async (_what, more) => {
    await t.role('R', trust('*'));
    expect(await code(assume(ann, more))).toBe('ValidationException');
  });
});

describe('GetSessionToken', () => {
  it('is for users and roots, with and without a second factor, and not for sessions', async () => {
    const plain = (await t.sts.getSessionToken(ann, {})).output;
    expect(plain.expiresAt).toBe(t.clock.now() + 12 * HOUR);
    expect(t.sessions.open(plain.accessKeyId, plain.sessionToken)).toEqual({
      accountId: ACCOUNT,
      principalArn: ann.principalArn,
      userId: ann.userId,
      secret: plain.secretAccessKey,
      tokenIssuedAt: t.clock.now(),
    });
    const device = await t.device('ann');
    const wish = { SerialNumber: device.serialNumber, TokenCode: device.shows(), DurationSeconds: 129_600 };
    const proven = (await t.sts.getSessionToken(ann, wish)).output;
    expect(proven.expiresAt).toBe(t.clock.now() + 36 * HOUR);
    expect(t.sessions.open(proven.accessKeyId, proven.sessionToken).mfaAt).toBe(t.clock.now());
    const ofRoot = (await t.sts.getSessionToken(t.caller, { DurationSeconds: 43_200 })).output;
    expect(ofRoot.expiresAt).toBe(t.clock.now() + HOUR);
    expect(t.sessions.open(ofRoot.accessKeyId, ofRoot.sessionToken).principalArn).toBe(ROOT);
    for (const as of [
      { ...ann, tokenIssuedAt: t.clock.now() },
      { ...ann, principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/R/monday` },
    ])
      expect((await refusalOf(t.sts.getSessionToken(as, {}))).message).toBe(
        'Cannot call GetSessionToken with session credentials',
      );
  });
});

it('records its calls and refusals as CloudTrail does, with neither secret nor token', async () => {
  await t.role('R', trust('*', { Condition: { StringEquals: { 'sts:ExternalId': 'x1' } } }));
  const { output } = await assume(ann, { ExternalId: 'x1' });
  await code(assume(ann));
  const { output: token } = await t.sts.getSessionToken(ann, {});
  const [third, second, first] = (await t.events(3)) as [object, object, object];
  expect(first).toMatchObject({
    EventName: 'AssumeRole',
    EventSource: 'sts.amazonaws.com',
    PrincipalArn: ann.principalArn,
    ReadOnly: true,
  });
  expect(second).toMatchObject({ EventName: 'AssumeRole', ErrorCode: 'AccessDeniedException' });
  expect(third).toMatchObject({ EventName: 'GetSessionToken' });
  const stored = JSON.stringify(t.store.db.all('SELECT * FROM audit_events'));
  expect(stored).toContain(output.accessKeyId);
  expect(stored).toContain(token.accessKeyId);
  for (const { secretAccessKey, sessionToken } of [output, token])
    for (const secret of [secretAccessKey, sessionToken]) expect(stored).not.toContain(secret);
});
