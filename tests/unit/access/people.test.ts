import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CallerFacts } from '../../../src/main/policy/call-facts.ts';
import { ACCOUNT, ROOT } from '../../support/engine.ts';
import { code, openTestPeople, policy, type TestPeople, trust } from '../../support/iam.ts';
import { refusalOf } from '../../support/vault.ts';

const OTHER = '444455556666';

let t: TestPeople;
beforeEach(async () => {
  t = await openTestPeople();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const text = (document: object) => JSON.stringify(document);
const rows = () => t.store.db.all('SELECT * FROM principals').length;

describe('users', () => {
  it('are made, found, tagged and deleted as IAM does', async () => {
    const { User } = await t.iam('CreateUser', {
      UserName: 'ann',
      Path: '/staff/',
      Tags: [{ Key: 'Team', Value: 'shop' }],
    });
    expect(User).toMatchObject({
      UserName: 'ann',
      Arn: `arn:aws:iam::${ACCOUNT}:user/staff/ann`,
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    });
    expect((await t.iam('GetUser', { UserName: 'ANN' })).User).toEqual(User);
    // Keys of tags are the same whatever their case.
    await t.iam('TagUser', {
      UserName: 'ann',
      Tags: [
        { Key: 'team', Value: 'ops' },
        { Key: 'a', Value: '' },
      ],
    });
    expect((await t.iam('ListUserTags', { UserName: 'ann' })).Tags).toEqual([
      { Key: 'team', Value: 'ops' },
      { Key: 'a', Value: '' },
    ]);
    await t.iam('UntagUser', { UserName: 'ann', TagKeys: ['TEAM', 'none'] });
    expect((await t.iam('ListUserTags', { UserName: 'ann' })).Tags).toEqual([{ Key: 'a', Value: '' }]);
    await t.iam('CreateUser', { UserName: 'bob' });
    const names = async (PathPrefix?: string) =>
      (await t.iam('ListUsers', { PathPrefix })).Users.map(({ UserName }) => UserName);
    expect([await names(), await names('/staff/')]).toEqual([['ann', 'bob'], ['ann']]);
    await t.iam('DeleteUser', { UserName: 'ann' });
    expect(await code(t.iam('GetUser', { UserName: 'ann' }))).toBe('NoSuchEntityException');
  });

  it.each([
    ['a name there is already', { UserName: 'Ann' }, 'EntityAlreadyExistsException'],
    ['no name', { UserName: '' }, 'ValidationException'],
    ['letters no name has', { UserName: 'a n n' }, 'ValidationException'],
    ['a name that is too long', { UserName: 'a'.repeat(65) }, 'ValidationException'],
    ['a path without its slashes', { UserName: 'x', Path: 'staff' }, 'ValidationException'],
    ['a tag of AWS', { UserName: 'x', Tags: [{ Key: 'AWS:x', Value: '' }] }, 'InvalidInputException'],
    [
      'a tag twice',
      {
        UserName: 'x',
        Tags: [
          { Key: 'a', Value: '' },
          { Key: 'A', Value: '' },
        ],
      },
      'InvalidInputException',
    ],
    ['something that is no text', { UserName: 5 }, 'SerializationException'],
  ])('with %s are refused, on the record', async (_what, input, expected) => {
    await t.iam('CreateUser', { UserName: 'ann' });
    expect(await code(t.iam('CreateUser', input as { UserName: string }))).toBe(expected);
    expect(rows()).toBe(1);
    expect(await t.told(2)).toEqual([`CreateUser ${expected}`, 'CreateUser ok']);
  });

  it('have at most 50 tags', async () => {
    await t.iam('CreateUser', { UserName: 'ann' });
    const Tags = Array.from({ length: 50 }, (_, n) => ({ Key: `k${n}`, Value: '' }));
    await t.iam('TagUser', { UserName: 'ann', Tags });
    const more = t.iam('TagUser', { UserName: 'ann', Tags: [{ Key: 'one more', Value: '' }] });
    expect(await code(more)).toBe('LimitExceededException');
    expect((await t.iam('ListUserTags', { UserName: 'ann' })).Tags).toHaveLength(50);
  });

  it('say what is in the way of their deletion, and go with it when that is forced', async () => {
    await t.user('ann', policy('kms:*'));
    await t.iam('CreateAccessKey', { UserName: 'ann' });
    await t.device('ann');
    const error = await refusalOf(t.iam('DeleteUser', { UserName: 'ann' }));
    expect(error.code).toBe('DeleteConflictException');
    expect(error.message).toBe('Cannot delete entity, must delete access keys first.');
    expect(error.details.inTheWay).toEqual({ 'access keys': 1, policies: 1, 'MFA devices': 1 });
    await t.iam('DeleteUser', { UserName: 'ann', Force: true });
    for (const table of ['principals', 'identity_policies', 'access_keys', 'mfa_devices'])
      expect(t.store.db.all(`SELECT * FROM ${table}`)).toEqual([]);
  });
});

describe('policies', () => {
  const put = (document: string, PolicyName = 'p', UserName = 'ann') =>
    t.iam('PutUserPolicy', { UserName, PolicyName, PolicyDocument: document });

  it('are kept as they were given', async () => {
    await t.user('ann');
    const document = JSON.stringify(policy('kms:Encrypt'), null, 3);
    await put(document);
    expect(await t.iam('GetUserPolicy', { UserName: 'ann', PolicyName: 'p' })).toEqual({
      UserName: 'ann',
      PolicyName: 'p',
      PolicyDocument: document,
    });
    await put(text(policy('kms:*')));
    expect((await t.iam('ListUserPolicies', { UserName: 'ann' })).PolicyNames).toEqual(['p']);
    await t.iam('DeleteUserPolicy', { UserName: 'ann', PolicyName: 'p' });
    for (const call of [
      t.iam('GetUserPolicy', { UserName: 'ann', PolicyName: 'p' }),
      t.iam('DeleteUserPolicy', { UserName: 'ann', PolicyName: 'p' }),
      put(text(policy('kms:*')), 'p', 'nobody'),
    ])
      expect(await code(call)).toBe('NoSuchEntityException');
  });

  it.each([
    ['no JSON', '{'],
    ['a list', '[]'],
    ['a principal', text(trust('*'))],
    ['no action', text({ Statement: [{ Effect: 'Allow', Resource: '*' }] })],
    ['an effect there is not', text({ Statement: [{ Effect: 'allow', Action: '*', Resource: '*' }] })],
    ['a member twice', '{"Statement":[{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}]}'],
    ['an operator there is not', text(policy('*', { Condition: { Equals: { a: 'b' } } }))],
  ])('with %s are refused', async (_what, document) => {
    await t.user('ann');
    expect(await code(put(document))).toBe('MalformedPolicyDocumentException');
    expect((await t.iam('ListUserPolicies', { UserName: 'ann' })).PolicyNames).toEqual([]);
  });

  it('have a limit together, without white space: 2,048 characters a user, 10,240 a role', async () => {
    await t.user('ann');
    await t.role('R', trust(ROOT));
    const long = (length: number) => {
      const Statement = [{ Sid: 'x', Effect: 'Allow', Action: 'kms:*', Resource: '*' }];
      const rest = JSON.stringify({ Statement }).length - 1;
      Statement[0] = { ...Statement[0], Sid: 'x'.repeat(length - rest) } as (typeof Statement)[0];
      return JSON.stringify({ Statement }, null, 8);
    };
    await put(long(1000), 'a');
    await put(long(1048), 'b');
    await put(long(1048), 'b');
    expect(await code(put(long(1049), 'b'))).toBe('LimitExceededException');
    expect(await code(put(text(policy('*')), 'c'))).toBe('LimitExceededException');
    const ofRole = (document: string) =>
      t.iam('PutRolePolicy', { RoleName: 'R', PolicyName: 'p', PolicyDocument: document });
    await ofRole(long(10_240));
    expect(await code(ofRole(long(10_241)))).toBe('LimitExceededException');
  });
});

describe('roles', () => {
  it('are made with trust and a length of sessions, and change both', async () => {
    const Role = await t.role('R', trust(ROOT));
    expect(Role).toMatchObject({ MaxSessionDuration: 3600, RoleId: expect.stringMatching(/^AROA/), Path: '/' });
    await t.iam('UpdateRole', { RoleName: 'R', MaxSessionDuration: 43_200 });
    const document = text(trust(`arn:aws:iam::${OTHER}:root`));
    await t.iam('UpdateAssumeRolePolicy', { RoleName: 'R', PolicyDocument: document });
    expect((await t.iam('GetRole', { RoleName: 'R' })).Role).toMatchObject({
      MaxSessionDuration: 43_200,
      AssumeRolePolicyDocument: document,
    });
    for (const MaxSessionDuration of [3599, 43_201, 3600.5])
      expect(await code(t.iam('UpdateRole', { RoleName: 'R', MaxSessionDuration }))).toMatch(/^(Val|Ser)/);
    await t.iam('TagRole', { RoleName: 'R', Tags: [{ Key: 'a', Value: 'b' }] });
    expect((await t.iam('ListRoles', {})).Roles).toMatchObject([{ RoleName: 'R', Tags: [{ Key: 'a', Value: 'b' }] }]);
    await t.iam('PutRolePolicy', { RoleName: 'R', PolicyName: 'p', PolicyDocument: text(policy('*')) });
    expect(await code(t.iam('DeleteRole', { RoleName: 'R' }))).toBe('DeleteConflictException');
    await t.iam('DeleteRolePolicy', { RoleName: 'R', PolicyName: 'p' });
    await t.iam('DeleteRole', { RoleName: 'R' });
    expect(rows()).toBe(0);
  });

  it.each([
    ['a resource', trust(ROOT, { Resource: '*' })],
    ['no principal', policy('sts:AssumeRole')],
    ['an action of another service', trust(ROOT, { Action: ['sts:AssumeRole', 'kms:Encrypt'] })],
    ['no action', { Statement: [{ Effect: 'Allow', Principal: '*' }] }],
    ['every action but', { Statement: [{ Effect: 'Allow', Principal: '*', NotAction: 'sts:TagSession' }] }],
    ['nobody there can be', trust('ann')],
  ])('with %s in their trust are refused', async (_what, document) => {
    const made = t.iam('CreateRole', { RoleName: 'R', AssumeRolePolicyDocument: text(document) });
    expect(await code(made)).toBe('MalformedPolicyDocumentException');
    expect(rows()).toBe(0);
  });
});

describe('access keys', () => {
  it('are two a user at most; each user reaches its own alone', async () => {
    const ann = await t.user('ann', policy('iam:*AccessKey*', { Resource: `arn:aws:iam::${ACCOUNT}:user/ann` }));
    await t.user('bob');
    const { AccessKey } = await t.iam('CreateAccessKey', {}, ann);
    expect(t.accessKeys.open(AccessKey.AccessKeyId)).toMatchObject({ secret: AccessKey.SecretAccessKey });
    await t.iam('CreateAccessKey', { UserName: 'ann' });
    expect(await code(t.iam('CreateAccessKey', {}, ann))).toBe('LimitExceededException');
    expect((await t.iam('ListAccessKeys', {}, ann)).AccessKeyMetadata).toHaveLength(2);
    const { AccessKey: his } = await t.iam('CreateAccessKey', { UserName: 'bob' });
    const wanted = { AccessKeyId: his.AccessKeyId };
    expect(await code(t.iam('DeleteAccessKey', wanted, ann))).toBe('NoSuchEntityException');
    expect(await code(t.iam('DeleteAccessKey', { ...wanted, UserName: 'ann' }))).toBe('NoSuchEntityException');
    expect(await code(t.iam('DeleteAccessKey', { ...wanted, UserName: 'bob' }, ann))).toBe('AccessDeniedException');
    await t.iam('DeleteAccessKey', { ...wanted, UserName: 'bob' });
    await t.iam('DeleteAccessKey', { AccessKeyId: AccessKey.AccessKeyId }, ann);
    expect(t.accessKeys.list()).toHaveLength(1);
  });

  it('of another account are out of reach, by its root too', async () => {
    await t.iam('CreateAccount', { AccountId: OTHER });
    const { AccessKey } = await t.iam('CreateAccessKey', {});
    const stranger = { accountId: OTHER, principalArn: `arn:aws:iam::${OTHER}:root` };
    const input = { AccessKeyId: AccessKey.AccessKeyId };
    expect(await code(t.iam('DeleteAccessKey', input, stranger))).toBe('NoSuchEntityException');
  });
});

describe('accounts', () => {
  it('are made by the vault’s owner alone, and removed when nothing is in them', async () => {
    const { AccountId } = await t.iam('CreateAccount', {});
    expect(AccountId).toMatch(/^[1-9]\d{11}$/);
    await t.iam('CreateAccount', { AccountId: OTHER });
    expect(await code(t.iam('CreateAccount', { AccountId: OTHER }))).toBe('EntityAlreadyExistsException');
    const stranger = { accountId: OTHER, principalArn: `arn:aws:iam::${OTHER}:root` };
    const admin = await t.user('admin', policy('*'));
    for (const as of [stranger, admin])
      expect(await code(t.iam('CreateAccount', {}, as))).toBe('AccessDeniedException');
    await t.iam('CreateUser', { UserName: 'zoe' }, stranger);
    await t.key({}, stranger);
    expect((await t.iam('ListAccounts', {})).Accounts).toMatchObject([
      { AccountId: ACCOUNT, Owner: true, Users: 1, Keys: 0 },
      { Owner: false },
      { Owner: false },
    ]);
    const error = await refusalOf(t.iam('DeleteAccount', { AccountId: OTHER }));
    expect([error.code, error.details.inTheWay]).toMatchObject([
      'DeleteConflictException',
      { keys: 1, 'users and roles': 1, 'access keys': 0 },
    ]);
    await t.iam('DeleteAccount', { AccountId });
    expect(await code(t.iam('DeleteAccount', { AccountId }))).toBe('NoSuchEntityException');
    expect(await code(t.iam('DeleteAccount', { AccountId: ACCOUNT }))).toBe('DeleteConflictException');
  });
});

describe('permission', () => {
  const denied = (as: CallerFacts, action: string, resource: string) =>
    `User: ${as.principalArn} is not authorized to perform: iam:${action} on resource: ${resource} because no identity-based policy allows the iam:${action} action`;

  it('is asked of the caller’s policies, on the user or role it is about', async () => {
    const ann = await t.user(
      'ann',
      policy(['iam:CreateUser', 'iam:TagUser'], { Resource: 'arn:aws:iam::*:user/team/*' }),
    );
    await t.iam('CreateUser', { UserName: 'kim', Path: '/team/' }, ann);
    const error = await refusalOf(t.iam('CreateUser', { UserName: 'bob' }, ann));
    expect([error.code, error.message]).toEqual([
      'AccessDeniedException',
      denied(ann, 'CreateUser', `arn:aws:iam::${ACCOUNT}:user/bob`),
    ]);
    // Who may not look learns nothing of who is there.
    for (const UserName of ['ann', 'nobody'])
      expect((await refusalOf(t.iam('GetUser', { UserName }, ann))).message).toBe(
        denied(ann, 'GetUser', `arn:aws:iam::${ACCOUNT}:user/${UserName}`),
      );
  });

  it('can hang on tags of either side, and on a second factor', async () => {
    const ann = await t.user('ann', {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'iam:*',
          Resource: '*',
          Condition: {
            // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of the policy language
            StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' },
            Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          },
        },
      ],
    });
    await t.user('bob');
    const tag = (UserName: string, Value: string) => t.iam('TagUser', { UserName, Tags: [{ Key: 'team', Value }] });
    await tag('ann', 'shop');
    await tag('bob', 'ops');
    const get = (as: Partial<CallerFacts>) => code(t.iam('GetUser', { UserName: 'bob' }, { ...ann, ...as }));
    const proven = { tokenIssuedAt: t.clock.now(), mfaAt: t.clock.now() };
    expect(await get(proven)).toBe('AccessDeniedException');
    await tag('bob', 'shop');
    expect(await get(proven)).toBe('ok');
    expect(await get({ tokenIssuedAt: t.clock.now() })).toBe('AccessDeniedException');
    expect(await get({})).toBe('AccessDeniedException');
  });

  it('is never given by a name alone: a deleted user has none, one of another path neither', async () => {
    const ann = await t.user('ann', policy('iam:*'));
    expect(await code(t.iam('ListUsers', {}, ann))).toBe('ok');
    const elsewhere = { ...ann, principalArn: `arn:aws:iam::${ACCOUNT}:user/boss/ann` };
    expect(await code(t.iam('ListUsers', {}, elsewhere))).toBe('AccessDeniedException');
    await t.iam('DeleteUser', { UserName: 'ann', Force: true });
    expect(await code(t.iam('ListUsers', {}, ann))).toBe('AccessDeniedException');
  });
});

it('records every change and every refusal as CloudTrail has them, and no secret', async () => {
  await t.role('R', trust(ROOT));
  await t.iam('CreateUser', { UserName: 'ann', Tags: [{ Key: 'team', Value: 'shop' }] });
  const { AccessKey } = await t.iam('CreateAccessKey', { UserName: 'ann' });
  const { seed } = await t.device('ann');
  await t.iam('ListUsers', {});
  await code(t.iam('GetUser', { UserName: 'nobody' }));
  expect((await t.told(6)).reverse()).toEqual([
    'CreateRole ok',
    'CreateUser ok',
    'CreateAccessKey ok',
    'CreateVirtualMFADevice ok',
    'EnableMFADevice ok',
    'GetUser NoSuchEntityException',
  ]);
  const stored = JSON.stringify(t.store.db.all('SELECT * FROM audit_events'));
  expect(stored).toContain(AccessKey.AccessKeyId);
  for (const secret of [AccessKey.SecretAccessKey, seed]) expect(stored).not.toContain(secret);
  expect(stored).not.toMatch(/authenticationCode/i);
  const created = (await t.events(10)).find(({ EventName }) => EventName === 'CreateUser');
  expect(created).toMatchObject({ EventSource: 'iam.amazonaws.com', ReadOnly: false });
});

it('tells an account whole in one reading', async () => {
  await t.user('ann', policy('kms:*'));
  await t.role('R', trust(ROOT), policy('kms:Sign'));
  await t.iam('CreateAccessKey', { UserName: 'ann' });
  await t.device();
  expect(await t.iam('GetAccountAuthorizationDetails', {})).toMatchObject({
    AccountId: ACCOUNT,
    Root: { Arn: ROOT, AccessKeys: 0, MFADevices: 1 },
    UserDetailList: [{ UserName: 'ann', UserPolicyList: [{ PolicyName: 'p' }], AccessKeys: 1, MFADevices: 0 }],
    RoleDetailList: [{ RoleName: 'R', RolePolicyList: [{ PolicyName: 'p' }] }],
  });
});
