import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import type { Environment } from '../../../src/main/environment.ts';
import { applySeed, type SeedParts } from '../../../src/main/seed/apply.ts';
import { parseSeed, readSeed } from '../../../src/main/seed/read.ts';
import { ownCaller, startServices } from '../../../src/main/services.ts';
import { systemRandom } from '../../../src/main/system.ts';
import { openMemoryStore } from '../../../src/main/vault/memory-store.ts';
import { migrations } from '../../../src/main/vault/migrations/index.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../../src/shared/kms/operations.ts';
import { TestClock } from '../../support/engine.ts';
import { refusalOf } from '../../support/vault.ts';

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
const MRK = 'mrk-1234abcd12ab34cd56ef1234567890ab';
const EXAMPLE = 'examples/seed.yaml';

let clock: TestClock;
let environment: Environment;
let parts: SeedParts;
let store: Awaited<ReturnType<typeof openMemoryStore>>;
const bugs: unknown[] = [];
beforeEach(async () => {
  clock = new TestClock();
  environment = { clock, random: systemRandom() };
  parts = {
    environment,
    onBug: (error) => bugs.push(error),
    callerIn: (accountId, region) => ownCaller(accountId, region, '0.0.0', 'seed'),
  };
  store = await openMemoryStore(environment, migrations);
});
afterEach(async () => {
  await store.lock();
  expect(bugs).toEqual([]);
});

const sow = (text: string) => applySeed(store, parseSeed('seed.yaml', text), parts);
const account = (lines: string) => `version: 1\naccounts:\n  - id: 111122223333\n${lines}`;
const key = (lines: string) => account(`    keys:\n      - id: ${KEY}\n        region: eu-central-1\n${lines}`);

/** The services over what was sown, and calls as the root of an account. */
async function opened() {
  const services = await startServices(store, { environment, onBug: (error) => bugs.push(error) });
  const call = async <N extends OperationName>(
    operation: N,
    input: OperationInput<N>,
    region = 'eu-central-1',
    accountId = services.accountId,
  ): Promise<OperationOutput<N>> =>
    (await services.engine.call(ownCaller(accountId, region, '0.0.0', 'window'), operation, input)).output;
  return { services, call };
}

/** Every row of what a seed may write, to be compared. */
const rows = () =>
  Object.fromEntries(
    store.db
      .all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
      .map(({ name }) => [name, store.db.all(`SELECT * FROM "${name}"`)]),
  );

const allow = (action: string) =>
  `{ Version: 2012-10-17, Statement: { Effect: Allow, Action: "${action}", Resource: "*" } }`;
const TRUST =
  '{ Version: 2012-10-17, Statement: { Effect: Allow, Principal: { AWS: "111122223333" }, Action: "sts:AssumeRole" } }';

describe('users and roles', () => {
  it('have the policies, tags and trust they are given, each with its record', async () => {
    await sow(
      account(`    users:
      - name: ann
        path: /staff/
        tags: { team: shop }
        policies:
          Read: ${allow('kms:ListKeys')}
          Text: '${JSON.stringify({ Statement: [{ Effect: 'Deny', Action: '*', Resource: '*' }] })}'
    roles:
      - name: Deployer
        trust: ${TRUST}
        maxSessionSeconds: 7200
        tags: { team: ops }
        policies: { Sign: ${allow('kms:Sign')} }
      - name: Nobody
`),
    );
    const { services, call } = await opened();
    const root = ownCaller(services.accountId, 'eu-central-1', '0.0.0', 'window');
    const details = await services.people.call(root, 'GetAccountAuthorizationDetails', {});
    expect(details.UserDetailList).toMatchObject([
      {
        Arn: 'arn:aws:iam::111122223333:user/staff/ann',
        Tags: [{ Key: 'team', Value: 'shop' }],
        UserPolicyList: [{ PolicyName: 'Read' }, { PolicyName: 'Text' }],
      },
    ]);
    expect(details.RoleDetailList).toMatchObject([
      { RoleName: 'Deployer', MaxSessionDuration: 7200, Tags: [{ Key: 'team', Value: 'ops' }] },
      { RoleName: 'Nobody', MaxSessionDuration: 3600, RolePolicyList: [] },
    ]);
    expect(JSON.parse(details.RoleDetailList[1]?.AssumeRolePolicyDocument ?? '').Statement).toMatchObject([
      { Effect: 'Deny', Principal: '*' },
    ]);
    const { Events } = await call('LookupEvents', { MaxResults: 20 });
    expect(Events.map(({ EventName }) => EventName).reverse()).toEqual([
      'CreateUser',
      'TagUser',
      'PutUserPolicy',
      'PutUserPolicy',
      'CreateRole',
      'TagRole',
      'PutRolePolicy',
      'CreateRole',
    ]);
    const ann = { ...root, principalArn: 'arn:aws:iam::111122223333:user/staff/ann' };
    await expect(services.people.call(ann, 'ListUsers', {})).rejects.toMatchObject({
      message: expect.stringContaining('with an explicit deny in an identity-based policy'),
    });
  });

  it.each([
    ['users', `policies: { P: ${allow('kms:*').replace('Allow', 'Perhaps')} }`, 'policies.P: The policy is not valid'],
    ['users', `policies: { "no name": ${allow('kms:*')} }`, 'policies.no name: 1 validation error'],
    ['users', `policies: { P: ${allow('kms:*').replace('Resource', 'Principal')} }`, 'policies.P: The policy is not'],
    ['users', 'tags: { "aws:x": y }', 'tags: Tag keys beginning with aws: are reserved.'],
    ['roles', `trust: ${allow('sts:AssumeRole')}`, 'trust: The policy is not valid'],
    ['roles', `trust: ${TRUST.replace('sts:', 'kms:')}`, 'trust: AssumeRole policy may only specify STS'],
    ['roles', 'maxSessionSeconds: 60', 'maxSessionSeconds: too small'],
    ['users', 'trust: {}', 'there is no member trust'],
  ])('%s with %s are refused with the place', async (list, line, says) => {
    const text = account(`    ${list}:\n      - name: ann\n        ${line}\n`);
    const before = rows();
    const { message } = await refusalOf((async () => sow(text))());
    expect(message).toContain(`accounts[0].${list}[0]`);
    expect(message).toMatch(/^seed\.yaml:\d+:\d+: /);
    expect(message).toContain(says);
    expect(rows()).toEqual(before);
  });
});

describe('the example', () => {
  it('makes the world it describes, with the records of it', async () => {
    const generated = await applySeed(store, await readSeed(EXAMPLE), parts);
    expect(generated?.map(({ principalArn }) => principalArn)).toEqual(['arn:aws:iam::111122223333:user/staff/alice']);
    const { services, call } = await opened();
    expect(services.accountId).toBe('111122223333');
    expect(services.accessKeys.open('AKIAIOSFODNN7EXAMPLE')).toMatchObject({
      principalArn: 'arn:aws:iam::111122223333:root',
      secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    });
    expect(services.accessKeys.open('AKIAI44QH8DHBEXAMPLE')?.accountId).toBe('444455556666');
    const { KeyMetadata: orders } = await call('DescribeKey', { KeyId: 'alias/orders' });
    expect(orders).toMatchObject({ KeyId: KEY, Description: 'Orders', KeyState: 'Enabled', Origin: 'AWS_KMS' });
    expect(await call('ListResourceTags', { KeyId: KEY })).toMatchObject({
      Tags: [{ TagKey: 'team', TagValue: 'shop' }],
    });
    expect(await call('GetKeyRotationStatus', { KeyId: KEY })).toMatchObject({
      KeyRotationEnabled: true,
      RotationPeriodInDays: 180,
    });
    expect((await call('ListGrants', { KeyId: KEY })).Grants).toMatchObject([
      {
        GranteePrincipal: 'arn:aws:iam::111122223333:user/staff/alice',
        Operations: ['Decrypt', 'Encrypt', 'GenerateDataKey'],
        Constraints: { EncryptionContextSubset: { shop: 'north' } },
      },
    ]);
    // Ready at once, replicas too, and one key in both Regions.
    const { KeyMetadata: replica } = await call('DescribeKey', { KeyId: 'alias/global' });
    expect(replica).toMatchObject({
      KeyId: MRK,
      KeyState: 'Enabled',
      MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA', PrimaryKey: { Region: 'us-east-1' } },
    });
    const sealed = await call('Encrypt', { KeyId: MRK, Plaintext: Buffer.from('portable') }, 'us-east-1');
    const open = await call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, KeyId: MRK });
    expect(Buffer.from(open.Plaintext).toString()).toBe('portable');
    expect((await call('DescribeKey', { KeyId: 'alias/tokens' })).KeyMetadata).toMatchObject({ KeySpec: 'HMAC_256' });
    expect((await call('DescribeKey', { KeyId: '13579bdf-2468-ace0-1357-9bdf2468ace0' })).KeyMetadata.KeyState).toBe(
      'Disabled',
    );
    const { Policy } = await call('GetKeyPolicy', { KeyId: '2468ace0-1357-9bdf-2468-ace013579bdf' });
    expect(JSON.parse(Policy)).toMatchObject({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'kms:*' }],
    });

    const { Events } = await call('LookupEvents', { MaxResults: 500 });
    const counts = new Map<string, number>();
    for (const { EventName } of Events) counts.set(EventName, (counts.get(EventName) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toMatchObject({
      CreateAccessKey: 3,
      // One more for the replica, in its Region.
      CreateKey: 6,
      CreateAlias: 5,
      ReplicateKey: 1,
      CreateGrant: 1,
      EnableKeyRotation: 1,
      DisableKey: 1,
      PutKeyPolicy: 1,
    });
    expect(Events.filter(({ ErrorCode }) => ErrorCode !== undefined)).toEqual([]);
    expect(await verifyTrail(store.db, services.trail, { onProgress: () => undefined })).toMatchObject({ ok: true });
    const text = JSON.stringify(rows(), (_name, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    for (const secret of ['wJalrXUtnFEMI', 'x3aRiX9UHne2', generated?.[0]?.secretAccessKey ?? 'none'])
      expect(text).not.toContain(secret);
  });

  it('is taken once: again changes nothing, another is refused', async () => {
    const file = await readSeed(EXAMPLE);
    await applySeed(store, file, parts);
    const before = rows();
    expect(await applySeed(store, file, parts)).toBeUndefined();
    expect(rows()).toEqual(before);
    expect(await refusalOf(sow(account('')))).toMatchObject({ code: 'VaultNotEmpty' });
    expect(rows()).toEqual(before);
  });

  it('makes the same keys in every store: what one run sealed, the next opens', async () => {
    const file = await readSeed(EXAMPLE);
    await applySeed(store, file, parts);
    const first = await opened();
    const { CiphertextBlob } = await first.call('Encrypt', { KeyId: 'alias/orders', Plaintext: Buffer.from('kept') });
    await store.lock();
    store = await openMemoryStore(environment, migrations);
    await applySeed(store, file, parts);
    const second = await opened();
    expect((await second.call('DescribeKey', { KeyId: 'alias/orders' })).KeyMetadata.KeyId).toBe(KEY);
    const { Plaintext } = await second.call('Decrypt', { CiphertextBlob });
    expect(Buffer.from(Plaintext).toString()).toBe('kept');
  });
});

describe('a seed', () => {
  it('replaces the account of an empty vault, and only of an empty one', async () => {
    const born = (await opened()).services;
    await sow(account(''));
    expect(store.db.all('SELECT account_id AS id FROM accounts')).toEqual([{ id: '111122223333' }]);
    expect(born.accountId).not.toBe('111122223333');
    await store.lock();
    store = await openMemoryStore(environment, migrations);
    const { call } = await opened();
    await call('CreateKey', {});
    const before = rows();
    expect(await refusalOf(sow(account('')))).toMatchObject({ code: 'VaultNotEmpty' });
    expect(rows()).toEqual(before);
  });

  it('that was cut off is known for it', async () => {
    await sow(account(''));
    await store.transact((tx) =>
      tx.run(`UPDATE settings SET value = replace(value, 'true', 'false') WHERE name = 'seed'`),
    );
    expect(await refusalOf(sow(account('')))).toMatchObject({ code: 'VaultNotEmpty', message: /cut off/ });
  });

  it.each([
    [
      'material that is too short',
      '        material: AAAA',
      'seed.yaml:7:19: accounts[0].keys[0].material: a symmetric key has 32 bytes, not 3',
    ],
    [
      'material that is no base64',
      '        material: "???"',
      'seed.yaml:7:19: accounts[0].keys[0].material: the material is not base64',
    ],
    [
      'material of an HMAC key of another length',
      `        spec: HMAC_384\n        material: ${Buffer.alloc(32).toString('base64')}`,
      'seed.yaml:8:19: accounts[0].keys[0].material: an HMAC_SHA_384 key has 48 to 128 bytes, not 32',
    ],
    [
      'material that is no private key',
      `        spec: ECC_NIST_P256\n        usage: SIGN_VERIFY\n        material: ${Buffer.alloc(32).toString('base64')}`,
      'material: the material is no private key of spec ECC_NIST_P256',
    ],
    ['an alias of AWS', '        aliases: [alias/aws/s3]', 'seed.yaml:7:19: accounts[0].keys[0].aliases[0]: '],
    [
      'a policy that is none',
      '        policy: { Version: 2012-10-17 }',
      'seed.yaml:7:17: accounts[0].keys[0].policy: The policy is not valid at Statement',
    ],
    [
      'a grant to nobody',
      '        grants: [{ granteePrincipal: nobody, operations: [Encrypt] }]',
      'seed.yaml:7:18: accounts[0].keys[0].grants[0]: ',
    ],
    [
      'a tag of AWS',
      '        tags: { "aws:x": y }',
      'seed.yaml:5:9: accounts[0].keys[0]: Tags beginning with aws: are reserved',
    ],
  ])('with %s changes nothing', async (_what, lines, says) => {
    const before = rows();
    const { code, message } = await refusalOf(sow(key(lines)));
    expect([code, message]).toEqual(['SeedInvalid', expect.stringContaining(says)]);
    expect(rows()).toEqual(before);
  });

  it('takes key pairs as PKCS #8, in base64 or as PEM', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = (privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
      .trimEnd()
      .replaceAll('\n', '\n          ');
    await sow(key(`        spec: ECC_NIST_P256\n        usage: SIGN_VERIFY\n        material: |\n          ${pem}\n`));
    const { sealed, id } = store.db.get<{ sealed: Uint8Array; id: string }>(
      'SELECT sealed, material_id AS id FROM materials',
    ) ?? {
      sealed: new Uint8Array(),
      id: '',
    };
    const material = store.openMaterial(`111122223333/${KEY}`, id, sealed);
    expect(Buffer.from(material).includes(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))).toBe(
      true,
    );
  });
});
