import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { EncryptCommand, GenerateRandomCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../src/main/endpoint/server.ts';
import { servedBy } from '../../src/main/services.ts';
import { systemClock } from '../../src/main/system.ts';
import { ACCOUNT, REGION, ROOT } from '../support/engine.ts';
import { openTestPeople, policy, type TestPeople, trust } from '../support/iam.ts';

/** AWS's own STS client and its CLI against the endpoint, over a vault in memory whose people the test makes. */
const RoleArn = `arn:aws:iam::${ACCOUNT}:role/R`;
const RoleSessionName = 'monday';

interface Pair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

let t: TestPeople;
let endpoint: Endpoint;
let ann: Pair;
let root: Pair;
let keyId: string;
let device: Awaited<ReturnType<TestPeople['device']>>;
const bugs: unknown[] = [];

const pairOf = ({ AccessKey }: { AccessKey: { AccessKeyId: string; SecretAccessKey: string } }): Pair => ({
  accessKeyId: AccessKey.AccessKeyId,
  secretAccessKey: AccessKey.SecretAccessKey,
});
const temporary = ({ AccessKeyId = '', SecretAccessKey = '', SessionToken }: Partial<Credentials> = {}): Pair => ({
  accessKeyId: AccessKeyId,
  secretAccessKey: SecretAccessKey,
  ...(SessionToken ? { sessionToken: SessionToken } : {}),
});

beforeAll(async () => {
  t = await openTestPeople();
  t.clock.time = Date.now();
  const served = servedBy(t, t.engine, { onBug: (error) => bugs.push(error) });
  endpoint = await startEndpoint({ clock: systemClock, served: () => served, onBug: (error) => bugs.push(error) }, 0);
  await t.user('ann', policy('sts:AssumeRole', { Resource: RoleArn }));
  await t.role('R', trust(ROOT), policy('kms:ListKeys'));
  ann = pairOf(await t.iam('CreateAccessKey', { UserName: 'ann' }));
  root = pairOf(await t.iam('CreateAccessKey', {}));
  device = await t.device('ann');
  ({ id: keyId } = await t.key());
  await t.call('CreateGrant', { KeyId: keyId, GranteePrincipal: RoleArn, Operations: ['Encrypt'] });
});
afterAll(async () => {
  await endpoint?.close();
  await t?.close();
  expect(bugs).toEqual([]);
});

const config = (credentials: Pair) => ({
  endpoint: `http://127.0.0.1:${endpoint.port}`,
  region: REGION,
  maxAttempts: 1,
  credentials,
});
const sts = (credentials: Pair) => new STSClient(config(credentials));
const kms = (credentials: Pair) => new KMSClient(config(credentials));
const encrypt = (credentials: Pair) =>
  kms(credentials).send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('a secret') }));
const assume = (as: Pair, more: Partial<AssumeRoleCommandInput> = {}) =>
  sts(as).send(new AssumeRoleCommand({ RoleArn, RoleSessionName, ...more }));

/** The next code of the device, which was not used yet. */
function nextCode(): string {
  t.clock.time += 30_000;
  return device.shows();
}

describe('the SDK', () => {
  it('assumes a role and works with its temporary credentials', async () => {
    const { Credentials, AssumedRoleUser, $metadata } = await assume(ann, { DurationSeconds: 900 });
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/R/monday`);
    expect(Credentials?.Expiration?.getTime()).toBe(Math.floor(t.clock.now() / 1000) * 1000 + 900_000);
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
    const { Events } = await t.call('LookupEvents', { MaxResults: 1 });
    expect(Events[0]).toMatchObject({ EventId: $metadata.requestId, EventName: 'AssumeRole' });
    const credentials = temporary(Credentials);
    expect(await sts(credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT,
      Arn: AssumedRoleUser?.Arn,
      UserId: AssumedRoleUser?.AssumedRoleId,
    });
    expect((await encrypt(credentials)).KeyId).toContain(keyId);
    expect((await kms(credentials).send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    for (const call of [encrypt(ann), kms(ann).send(new ListKeysCommand({}))])
      await expect(call).rejects.toMatchObject({ name: 'AccessDeniedException' });
    // Chained: the role's session may assume what trusts it.
    const self = JSON.stringify(trust(RoleArn));
    await t.iam('UpdateAssumeRolePolicy', { RoleName: 'R', PolicyDocument: self });
    expect((await assume(credentials, { RoleSessionName: 'tuesday' })).AssumedRoleUser?.Arn).toMatch(/R\/tuesday$/);
    await t.iam('UpdateAssumeRolePolicy', { RoleName: 'R', PolicyDocument: JSON.stringify(trust(ROOT)) });
  });

  it('gets a session token by a second factor', async () => {
    const SerialNumber = device.serialNumber;
    const TokenCode = nextCode();
    const { Credentials } = await sts(ann).send(new GetSessionTokenCommand({ SerialNumber, TokenCode }));
    const identity = await sts(temporary(Credentials)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe(`arn:aws:iam::${ACCOUNT}:user/ann`);
    await expect(sts(ann).send(new GetSessionTokenCommand({ SerialNumber, TokenCode }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'MultiFactorAuthentication failed with invalid MFA one time pass code.',
      $metadata: { httpStatusCode: 403 },
    });
    const plain = await sts(root).send(new GetSessionTokenCommand({}));
    expect((await kms(temporary(plain.Credentials)).send(new ListKeysCommand({}))).Keys).toHaveLength(1);
    await expect(sts(temporary(plain.Credentials)).send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it('meets conditions on a second factor, its age, the time of its token and the way it came', async () => {
    const allowed = async (Condition: object, as: Pair) => {
      const document = JSON.stringify(policy('kms:GenerateRandom', { Condition }));
      await t.iam('PutUserPolicy', { UserName: 'ann', PolicyName: 'random', PolicyDocument: document });
      return kms(as)
        .send(new GenerateRandomCommand({ NumberOfBytes: 8 }))
        .then(
          () => true,
          (error: Error) => (error.name === 'AccessDeniedException' ? false : Promise.reject(error)),
        );
    };
    const token = (input: object) => sts(ann).send(new GetSessionTokenCommand(input));
    const plain = temporary((await token({})).Credentials);
    const proof = { SerialNumber: device.serialNumber, TokenCode: nextCode() };
    const proven = temporary((await token(proof)).Credentials);
    const three = async (condition: object) => [
      await allowed(condition, ann),
      await allowed(condition, plain),
      await allowed(condition, proven),
    ];
    expect(await three({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } })).toEqual([false, false, true]);
    expect(await three({ Bool: { 'aws:MultiFactorAuthPresent': 'false' } })).toEqual([false, true, false]);
    expect(await three({ NumericLessThan: { 'aws:MultiFactorAuthAge': '60' } })).toEqual([false, false, true]);
    expect(await three({ Null: { 'aws:TokenIssueTime': 'true' } })).toEqual([true, false, false]);
    expect(await three({ Bool: { 'aws:SecureTransport': 'true' } })).toEqual([false, false, false]);
    expect(await three({ StringLike: { 'aws:userid': 'AIDA*' } })).toEqual([true, true, true]);
  });

  it.each<[string, () => Promise<unknown>, string, number]>([
    ['a root that assumes a role', () => assume(root), 'AccessDenied', 403],
    ['a role there is not', () => assume(ann, { RoleArn: `${RoleArn}x` }), 'AccessDenied', 403],
    ['a session that is too long', () => assume(ann, { DurationSeconds: 3601 }), 'ValidationError', 400],
    ['a session that is too short', () => assume(ann, { DurationSeconds: 1 }), 'ValidationError', 400],
    ['a session policy', () => assume(ann, { Policy: '{"Version":"2012-10-17"}' }), 'ValidationError', 400],
    ['tags', () => assume(ann, { Tags: [{ Key: 'a', Value: 'b' }] }), 'ValidationError', 400],
  ])('is told %s as AWS does', async (_what, call, name, httpStatusCode) => {
    await expect(call()).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
  });

  it('is refused what is no session of this vault any more', async () => {
    const good = temporary((await assume(ann)).Credentials);
    const { sessionToken = '', ...bare } = good;
    const flipped = `${sessionToken.slice(0, 40)}${sessionToken[40] === 'A' ? 'B' : 'A'}${sessionToken.slice(41)}`;
    const refused = { name: 'UnrecognizedClientException', $metadata: { httpStatusCode: 400 } };
    for (const credentials of [bare, { ...good, sessionToken: flipped }, { ...root, sessionToken }])
      await expect(encrypt(credentials)).rejects.toMatchObject(refused);
    await expect(encrypt({ ...good, secretAccessKey: root.secretAccessKey })).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    await expect(sts({ ...good, sessionToken: flipped }).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      $metadata: { httpStatusCode: 403 },
    });
    const began = t.clock.time;
    t.clock.time += 3_600_000;
    const expired = 'The security token included in the request is expired';
    await expect(encrypt(good)).rejects.toMatchObject({ name: 'ExpiredTokenException', message: expired });
    await expect(sts(good).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
      message: expired,
      $metadata: { httpStatusCode: 403 },
    });
    t.clock.time = began;
    await t.role('Gone', trust(ROOT));
    await t.iam('PutUserPolicy', {
      UserName: 'ann',
      PolicyName: 'all',
      PolicyDocument: JSON.stringify(policy('sts:*')),
    });
    const gone = temporary((await assume(ann, { RoleArn: `arn:aws:iam::${ACCOUNT}:role/Gone` })).Credentials);
    await t.iam('DeleteRole', { RoleName: 'Gone' });
    await expect(encrypt(gone)).rejects.toMatchObject(refused);
    await t.role('Gone', trust(ROOT));
    await expect(encrypt(gone)).rejects.toMatchObject(refused);
  });
});

describe('the AWS CLI', () => {
  const run = promisify(execFile);
  // Not synchronously: the endpoint is in this process.
  const aws = async ({ accessKeyId, secretAccessKey, sessionToken }: Pair, ...args: string[]) => {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && name !== 'HOME');
    const env = {
      ...Object.fromEntries(inherited),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
      AWS_DEFAULT_REGION: REGION,
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
    };
    const line = ['--endpoint-url', `http://127.0.0.1:${endpoint.port}`, '--output', 'json', ...args];
    return JSON.parse((await run('aws', line, { env })).stdout);
  };

  it('assumes a role, and gets a session token by a second factor', async () => {
    const named = ['--role-arn', RoleArn, '--role-session-name', 'cli'];
    const assumed = await aws(ann, 'sts', 'assume-role', ...named, '--duration-seconds', '900');
    expect(assumed.AssumedRoleUser.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/R/cli`);
    const session = temporary(assumed.Credentials);
    expect((await aws(session, 'sts', 'get-caller-identity')).Arn).toBe(assumed.AssumedRoleUser.Arn);
    const sealed = await aws(session, 'kms', 'encrypt', '--key-id', keyId, '--plaintext', 'YSBzZWNyZXQ=');
    expect(sealed.KeyId).toContain(keyId);
    const proof = ['--serial-number', device.serialNumber, '--token-code', nextCode()];
    const token = await aws(ann, 'sts', 'get-session-token', ...proof);
    expect((await aws(temporary(token.Credentials), 'sts', 'get-caller-identity')).Arn).toMatch(/user\/ann$/);
    const again = aws(ann, 'sts', 'get-session-token', ...proof);
    await expect(again).rejects.toThrow(
      /An error occurred \(AccessDenied\) when calling the GetSessionToken operation: MultiFactorAuthentication failed/,
    );
  });
});
