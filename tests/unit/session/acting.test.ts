import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hotp, stepAt } from '../../../src/main/crypto/totp.ts';
import { peopleHandlers } from '../../../src/main/ipc/people.ts';
import { Recorded } from '../../../src/main/ipc/recorded.ts';
import { ownCaller } from '../../../src/main/services.ts';
import type { CallInput, CallName, CallOutput } from '../../../src/shared/contract/index.ts';
import { contract } from '../../../src/shared/contract/index.ts';
import type { IamInput, IamOperationName, IamOutput } from '../../../src/shared/iam/operations.ts';
import { code, fromBase32, policy, trust } from '../../support/iam.ts';
import { openTestSession, REGION, type TestSession } from '../../support/session.ts';
import { inTemporaryFolder, PASSPHRASE, refusalOf } from '../../support/vault.ts';

const OTHER = '444455556666';

let t: TestSession;
let recoveryCode: string;
let done: () => void;
let folder: Promise<void>;
beforeEach(async () => {
  await new Promise<void>((ready) => {
    folder = inTemporaryFolder(async (dir) => {
      t = await openTestSession(dir);
      ready();
      await new Promise<void>((resolve) => {
        done = resolve;
      });
    });
  });
  ({ recoveryCode } = await t.create());
});
afterEach(async () => {
  await t.session.lock('command');
  done();
  await folder;
  expect(t.bugs).toEqual([]);
});

type PeopleCall = Extract<CallName, `people.${string}` | `accessKeys.${string}`>;

/** Calls the handler as the router does, its answer checked by the contract. */
async function ask<N extends PeopleCall>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const handler = peopleHandlers(t.session)[name] as (given: unknown) => unknown;
  const answer = await handler(input);
  return contract[name].output.parse(answer instanceof Recorded ? answer.value : answer) as CallOutput<N>;
}
const iam = async <N extends IamOperationName>(operation: N, input: IamInput<N>, accountId?: string) =>
  (await ask('people.call', { operation, input, accountId } as CallInput<'people.call'>)) as IamOutput<N>;

const open = () => t.session.opened();
const root = () => `arn:aws:iam::${open().accountId}:root`;
const listKeys = () => {
  const { engine, callerIn } = open();
  return engine.call(callerIn(REGION), 'ListKeys', {});
};
const told = async (count: number) => {
  const { engine } = open();
  const caller = ownCaller(open().accountId, REGION, '0.0.0', 'serve');
  const { output } = await engine.call(caller, 'LookupEvents', { MaxResults: count });
  return output.Events;
};

async function device(userName?: string) {
  const { VirtualMFADevice } = await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: userName ?? 'root' });
  const shows = (steps: number) => hotp(fromBase32(VirtualMFADevice.Base32StringSeed), stepAt(t.clock.now()) + steps);
  const { SerialNumber } = VirtualMFADevice;
  await iam('EnableMFADevice', {
    UserName: userName,
    SerialNumber,
    AuthenticationCode1: shows(-1),
    AuthenticationCode2: shows(0),
  });
  t.clock.time += 60_000;
  return { SerialNumber, shows };
}

describe('the window', () => {
  it('acts as the owner at first, and as anyone the owner chooses until the vault locks', async () => {
    expect(await ask('people.whoAmI', {})).toMatchObject({
      principalArn: root(),
      kind: 'root',
      owner: true,
      mfaAt: null,
    });
    const { User } = await iam('CreateUser', { UserName: 'ann' });
    const { Role } = await iam('CreateRole', {
      RoleName: 'R',
      AssumeRolePolicyDocument: JSON.stringify(trust(OTHER)),
    });
    await iam('CreateAccount', { AccountId: OTHER });
    const { principals } = await ask('people.principals', {});
    expect(principals.map(({ principalArn, owner }) => [principalArn, owner])).toEqual([
      [root(), true],
      [User.Arn, false],
      [Role.Arn, false],
      [`arn:aws:iam::${OTHER}:root`, false],
    ]);
    t.clock.time += 5000;
    expect(await ask('people.actAs', { principalArn: User.Arn })).toMatchObject({
      principalArn: User.Arn,
      kind: 'user',
      name: 'ann',
      owner: false,
      exists: true,
      since: t.clock.now(),
    });
    expect(open().callerIn(REGION)).toMatchObject({
      principalArn: User.Arn,
      userId: User.UserId,
      tokenIssuedAt: t.clock.now(),
      userAgent: expect.stringContaining('(window)'),
    });
    expect(await code(iam('ListUsers', {}))).toBe('AccessDeniedException');
    expect(await ask('people.actAs', { principalArn: Role.Arn })).toMatchObject({
      principalArn: `arn:aws:sts::${open().accountId}:assumed-role/R/coffer`,
      kind: 'role',
    });
    expect(open().callerIn(REGION).userId).toBe(`${Role.RoleId}:coffer`);
    await ask('people.actAs', { principalArn: `arn:aws:iam::${OTHER}:root` });
    expect(open().callerIn(REGION).accountId).toBe(OTHER);
    expect(t.events.filter(({ name }) => name === 'people.changed').at(-1)?.payload).toMatchObject({
      acting: { accountId: OTHER, kind: 'root', owner: false },
    });
    for (const nobody of [User.Arn.replace('ann', 'bob'), root().replace(/\d{12}/, '999999999999'), 'ann', ''])
      expect(await code(ask('people.actAs', { principalArn: nobody }))).toBe('NoSuchEntityException');
    const signedIn = (await told(20)).filter(({ EventSource }) => EventSource === 'signin.amazonaws.com');
    expect(signedIn.map(({ EventName, PrincipalArn }) => `${EventName} ${PrincipalArn}`)).toEqual([
      `ConsoleLogin arn:aws:iam::${OTHER}:root`,
      `SwitchRole arn:aws:sts::${open().accountId}:assumed-role/R/coffer`,
      `ConsoleLogin ${User.Arn}`,
    ]);
    await t.session.lock('command');
    await t.unlock();
    expect(await ask('people.whoAmI', {})).toMatchObject({ owner: true });
  });

  it('is refused everything as somebody who was deleted, until it acts as another', async () => {
    const { User } = await iam('CreateUser', { UserName: 'ann' });
    await iam('PutUserPolicy', { UserName: 'ann', PolicyName: 'p', PolicyDocument: JSON.stringify(policy('*')) });
    await ask('people.actAs', { principalArn: User.Arn });
    await iam('DeleteUser', { UserName: 'ann', Force: true });
    expect(await ask('people.whoAmI', {})).toMatchObject({ exists: false, mfaDevices: [] });
    expect(() => listKeys()).toThrow(/is not there any more/);
    expect(await code(iam('ListUsers', {}))).toBe('NoSuchEntityException');
    await ask('people.actAs', { principalArn: root() });
    await iam('CreateUser', { UserName: 'ann' });
    expect(await code(listKeys())).toBe('ok');
  });

  it('reaches other accounts as the owner alone, as their root', async () => {
    await iam('CreateAccount', { AccountId: OTHER });
    const { User } = await iam('CreateUser', { UserName: 'zoe' }, OTHER);
    expect(User.Arn).toBe(`arn:aws:iam::${OTHER}:user/zoe`);
    const [made] = (await told(5)).filter(({ EventName }) => EventName === 'CreateUser');
    expect(made?.PrincipalArn).toBe(`arn:aws:iam::${OTHER}:root`);
    expect(await code(iam('ListUsers', {}, '999999999999'))).toBe('NoSuchEntityException');
    await ask('people.actAs', { principalArn: `arn:aws:iam::${OTHER}:root` });
    const own = open().accountId;
    expect(await code(iam('ListUsers', {}, own))).toBe('AccessDeniedException');
    expect((await iam('ListUsers', {}, OTHER)).Users).toHaveLength(1);
  });

  it('refuses an operation there is not', async () => {
    for (const operation of ['', 'Nothing', 'constructor', '__proto__'])
      expect(await code(ask('people.call', { operation, input: {} }))).toBe('UnknownOperationException');
  });

  it('jobs on files go on as whoever began them', async () => {
    const { User } = await iam('CreateUser', { UserName: 'ann' });
    await ask('people.actAs', { principalArn: User.Arn });
    const asAnn = open().acting.callers('files');
    await ask('people.actAs', { principalArn: root() });
    expect(asAnn(REGION)).toMatchObject({ principalArn: User.Arn, userAgent: expect.stringContaining('(files)') });
    await iam('DeleteUser', { UserName: 'ann' });
    expect(() => asAnn(REGION)).toThrow(/is not there any more/);
  });
});

describe('a second factor', () => {
  it('is proven for the principal that acts, and forgotten with it', async () => {
    const { User } = await iam('CreateUser', { UserName: 'ann' });
    const { shows, SerialNumber } = await device('ann');
    expect((await refusalOf(ask('people.proveMfa', { code: shows(0) }))).message).toMatch(/no such MFA device/);
    expect(await ask('people.actAs', { principalArn: User.Arn })).toMatchObject({ mfaDevices: [SerialNumber] });
    expect(await code(ask('people.proveMfa', { code: shows(9) }))).toBe('AccessDeniedException');
    expect(await ask('people.proveMfa', { code: shows(0) })).toMatchObject({ mfaAt: t.clock.now() });
    expect(open().callerIn(REGION).mfaAt).toBe(t.clock.now());
    expect(await code(ask('people.proveMfa', { code: shows(0) }))).toBe('AccessDeniedException');
    // A wrong code later takes nothing away.
    expect((await ask('people.whoAmI', {})).mfaAt).not.toBeNull();
    await ask('people.actAs', { principalArn: User.Arn });
    expect(open().callerIn(REGION)).not.toHaveProperty('mfaAt');
    const checks = (await told(20)).filter(({ EventName }) => EventName === 'CheckMfa');
    expect(checks.map(({ ErrorCode }) => ErrorCode ?? 'ok')).toEqual([
      'AccessDeniedException',
      'ok',
      'AccessDeniedException',
      'AccessDeniedException',
    ]);
  });

  it('of which there are several is named', async () => {
    const first = await device();
    const { VirtualMFADevice } = await iam('CreateVirtualMFADevice', { VirtualMFADeviceName: 'second' });
    const shows = (steps: number) => hotp(fromBase32(VirtualMFADevice.Base32StringSeed), stepAt(t.clock.now()) + steps);
    const { SerialNumber } = VirtualMFADevice;
    await iam('EnableMFADevice', { SerialNumber, AuthenticationCode1: shows(-1), AuthenticationCode2: shows(0) });
    t.clock.time += 60_000;
    expect((await refusalOf(ask('people.proveMfa', { code: shows(0) }))).message).toMatch(/say which/);
    const wrong = ask('people.proveMfa', { code: shows(0), serialNumber: first.SerialNumber });
    expect(await code(wrong)).toBe('AccessDeniedException');
    await ask('people.proveMfa', { code: shows(0), serialNumber: SerialNumber });
  });

  it('that the owner lost goes by the vault’s passphrase or recovery code, by nothing else', async () => {
    const recover = (kind: 'passphrase' | 'recovery', secret: string, serialNumber: string) =>
      code(ask('people.recoverMfa', { serialNumber, proof: { kind, secret } }));
    const { SerialNumber } = await device();
    expect(await code(iam('DeactivateMFADevice', { SerialNumber }))).toBe('AccessDeniedException');
    expect(await recover('passphrase', 'another horse battery', SerialNumber)).toBe('WrongPassphrase');
    expect(await recover('recovery', recoveryCode.slice(0, -1), SerialNumber)).toBe('RecoveryCodeTypo');
    expect((await ask('people.whoAmI', {})).mfaDevices).toEqual([SerialNumber]);
    expect(await recover('passphrase', PASSPHRASE, 'arn:aws:iam::1:mfa/x')).toBe('NoSuchEntityException');
    expect(await recover('passphrase', PASSPHRASE, SerialNumber)).toBe('ok');
    expect((await iam('ListVirtualMFADevices', {})).VirtualMFADevices).toEqual([]);
    const again = await device();
    expect(await recover('recovery', recoveryCode, again.SerialNumber)).toBe('ok');
    expect((await ask('people.whoAmI', {})).mfaDevices).toEqual([]);
  });
});

describe('access keys in the window', () => {
  it('are those of whoever acts; the owner sees and ends all', async () => {
    await iam('CreateAccount', { AccountId: OTHER });
    const { User } = await iam('CreateUser', { UserName: 'ann' });
    const all = async () => (await ask('accessKeys.list', {})).accessKeys.map(({ principalArn }) => principalArn);
    await ask('accessKeys.create', {});
    const { AccessKey } = await iam('CreateAccessKey', {}, OTHER);
    const { AccessKey: hers } = await iam('CreateAccessKey', { UserName: 'ann' });
    expect((await all()).sort()).toEqual([root(), `arn:aws:iam::${OTHER}:root`, User.Arn].sort());
    const own = policy('iam:*AccessKey*', { Resource: User.Arn });
    await iam('PutUserPolicy', { UserName: 'ann', PolicyName: 'p', PolicyDocument: JSON.stringify(own) });
    await ask('people.actAs', { principalArn: User.Arn });
    expect(await all()).toEqual([User.Arn]);
    const remove = (accessKeyId: string) => code(ask('accessKeys.delete', { accessKeyId }));
    expect(await remove(AccessKey.AccessKeyId)).toBe('NoSuchEntityException');
    await ask('people.actAs', { principalArn: root() });
    await ask('accessKeys.setActive', { accessKeyId: AccessKey.AccessKeyId, active: false });
    expect(await remove(AccessKey.AccessKeyId)).toBe('ok');
    expect(await remove(hers.AccessKeyId)).toBe('ok');
    expect(await remove('AKIANOBODYHASTHISKEY')).toBe('NoSuchEntityException');
    expect(await all()).toEqual([root()]);
  });
});
