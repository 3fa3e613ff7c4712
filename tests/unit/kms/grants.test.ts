import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OperationInput } from '../../../src/shared/kms/operations.ts';
import { ACCOUNT, openTestEngine, ROOT } from '../../support/engine.ts';

const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;
const BOB = 'arn:aws:iam::444455556666:user/bob';
const ann = { principalArn: ANN };
const bob = { principalArn: BOB, accountId: '444455556666' };
const Plaintext = new Uint8Array([1, 2, 3]);
const EncryptionContext = { Department: 'IT' };

let t: Awaited<ReturnType<typeof openTestEngine>>;
let KeyId: string;
let arn: string;
beforeEach(async () => {
  t = await openTestEngine();
  ({ id: KeyId, arn } = await t.key());
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

type Wish = Partial<OperationInput<'CreateGrant'>>;
const grant = (wish: Wish = {}, as = {}) =>
  t.call('CreateGrant', { KeyId, GranteePrincipal: ANN, Operations: ['Encrypt'], ...wish }, as);
const grants = async () => (await t.call('ListGrants', { KeyId })).Grants;

it('lets its grantee do what it allows, at once and until it is revoked', async () => {
  expect((await t.refused('Encrypt', { KeyId, Plaintext }, ann)).code).toBe('AccessDeniedException');
  const { GrantId, GrantToken } = await grant({ Operations: ['Encrypt', 'DescribeKey'] });
  await t.call('Encrypt', { KeyId, Plaintext }, ann);
  await t.call('Encrypt', { KeyId, Plaintext, GrantTokens: [GrantToken] }, ann);
  await t.call('DescribeKey', { KeyId }, ann);
  for (const [name, input] of [
    ['Decrypt', { KeyId, CiphertextBlob: (await t.call('Encrypt', { KeyId, Plaintext })).CiphertextBlob }],
    ['GenerateDataKey', { KeyId, KeySpec: 'AES_256' }],
    ['GetKeyPolicy', { KeyId }],
    ['ListGrants', { KeyId }],
    ['CreateGrant', { KeyId, GranteePrincipal: ANN, Operations: ['Encrypt'] }],
    ['RevokeGrant', { KeyId, GrantId }],
    // Answers more than DescribeKey does.
    ['GetKeyOverview', { KeyId }],
  ] as const)
    expect([name, (await t.refused(name, input, ann)).code]).toEqual([name, 'AccessDeniedException']);
  // A token gives nothing to others, and a name is the whole of a principal.
  for (const principalArn of [BOB, `${ANN}e`, `arn:aws:iam::${ACCOUNT}:role/ann`])
    expect((await t.refused('Encrypt', { KeyId, Plaintext, GrantTokens: [GrantToken] }, { principalArn })).code).toBe(
      'AccessDeniedException',
    );
  const other = await t.key();
  expect((await t.refused('Encrypt', { KeyId: other.id, Plaintext }, ann)).code).toBe('AccessDeniedException');
  expect((await t.refused('RevokeGrant', { KeyId: other.id, GrantId })).code).toBe('NotFoundException');
  await t.call('RevokeGrant', { KeyId, GrantId });
  const after = await t.refused('Encrypt', { KeyId, Plaintext, GrantTokens: [GrantToken] }, ann);
  expect(after.code).toBe('AccessDeniedException');
  expect((await t.refused('RevokeGrant', { KeyId, GrantId })).code).toBe('NotFoundException');
});

it('holds its constraint against each key of the request', async () => {
  const other = await t.key();
  const Constraints = { EncryptionContextSubset: EncryptionContext };
  await grant({ Operations: ['GenerateDataKey', 'ReEncryptFrom'], Constraints });
  const made = await t.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256', EncryptionContext }, ann);
  expect((await t.refused('GenerateDataKey', { KeyId, KeySpec: 'AES_256' }, ann)).code).toBe('AccessDeniedException');
  const move = {
    CiphertextBlob: made.CiphertextBlob,
    SourceEncryptionContext: EncryptionContext,
    DestinationKeyId: other.id,
  };
  const refusal = await t.refused('ReEncrypt', move, ann);
  expect(refusal.message).toContain(`kms:ReEncryptTo on resource: ${other.arn}`);
  await grant({
    KeyId: other.id,
    Operations: ['ReEncryptTo'],
    Constraints: { EncryptionContextEquals: { to: 'b' } },
  });
  expect((await t.refused('ReEncrypt', move, ann)).code).toBe('AccessDeniedException');
  await t.call('ReEncrypt', { ...move, DestinationEncryptionContext: { to: 'b' } }, ann);
});

it('reaches over accounts and into assumed roles', async () => {
  await grant({ GranteePrincipal: BOB });
  await t.call('Encrypt', { KeyId: arn, Plaintext }, bob);
  expect((await t.refused('Encrypt', { KeyId, Plaintext }, bob)).code).toBe('NotFoundException');
  await grant({ GranteePrincipal: `arn:aws:iam::${ACCOUNT}:role/app/Writer` });
  await t.call('Encrypt', { KeyId, Plaintext }, { principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/Writer/one` });
});

it('is made once for a name and the same wish', async () => {
  const wish: Wish = {
    Name: 'retry',
    Operations: ['Encrypt', 'Decrypt'],
    Constraints: { EncryptionContextEquals: { a: '1', b: '2' } },
  };
  const first = await grant(wish);
  const again = await grant({
    ...wish,
    Operations: ['Decrypt', 'Encrypt', 'Decrypt'],
    Constraints: { EncryptionContextEquals: { b: '2', a: '1' } },
  });
  expect(again.GrantId).toBe(first.GrantId);
  expect(again.GrantToken).not.toBe(first.GrantToken);
  for (const change of [{ Name: 'other' }, { Operations: ['Encrypt'] }, { GranteePrincipal: BOB }] as Wish[])
    expect((await grant({ ...wish, ...change })).GrantId).not.toBe(first.GrantId);
  expect((await grant()).GrantId).not.toBe((await grant()).GrantId);
  expect((await grants()).length).toBe(6);
  // The same wish of another account is another grant.
  await grant({ GranteePrincipal: BOB, Operations: ['CreateGrant', 'Encrypt', 'Decrypt'] });
  expect((await grant({ ...wish, KeyId: arn }, bob)).GrantId).not.toBe(first.GrantId);
  await t.call('RetireGrant', { GrantToken: again.GrantToken });
  expect((await t.refused('RetireGrant', { GrantToken: first.GrantToken })).code).toBe('NotFoundException');
});

it('refuses what cannot be granted', async () => {
  const service = { GranteePrincipal: undefined, GranteeServicePrincipal: 's3.amazonaws.com' };
  const SourceArn = 'arn:aws:s3:::bucket';
  const cases: [Record<string, unknown>, string][] = [
    [{ GranteePrincipal: undefined }, 'ValidationException'],
    [{ ...service, GranteePrincipal: ANN }, 'ValidationException'],
    [{ RetiringPrincipal: ANN, RetiringServicePrincipal: 's3.amazonaws.com' }, 'ValidationException'],
    [{ GranteePrincipal: ACCOUNT }, 'InvalidArnException'],
    [{ RetiringPrincipal: 'arn:aws:iam::111122223333:user/*' }, 'ValidationException'],
    [{ RetiringPrincipal: 'arn:aws:iam::111122223333:policy/x' }, 'InvalidArnException'],
    [{ ...service, RetiringPrincipal: ANN }, 'ValidationException'],
    [{ ...service, Constraints: { SourceArn } }, 'ValidationException'],
    [{ ...service, GranteeServicePrincipal: 's3' }, 'ValidationException'],
    [{ Operations: [] }, 'ValidationException'],
    [{ Operations: ['PutKeyPolicy'] }, 'ValidationException'],
    [{ Operations: ['Sign'] }, 'ValidationException'],
    [{ Operations: ['Encrypt', 'GetPublicKey'] }, 'ValidationException'],
    [{ Constraints: { EncryptionContextEquals: {}, EncryptionContextSubset: {} } }, 'ValidationException'],
    [{ Name: 'a b' }, 'ValidationException'],
    [
      { Constraints: { EncryptionContextSubset: Object.fromEntries([...'abcdefghi'].map((c) => [c, c])) } },
      'LimitExceededException',
    ],
    [{ KeyId: 'alias/x' }, 'NotFoundException'],
  ];
  for (const [change, code] of cases) {
    const refusal = await t.refused('CreateGrant', {
      KeyId,
      GranteePrincipal: ANN,
      Operations: ['Encrypt'],
      ...change,
    });
    expect([change, refusal.code]).toEqual([change, code]);
  }
  await t.store.transact((tx) => tx.run(`UPDATE keys SET spec = 'RSA_2048'`));
  const constrained = {
    KeyId,
    GranteePrincipal: ANN,
    Operations: ['Encrypt'],
    Constraints: { EncryptionContextEquals: {} },
  };
  expect((await t.refused('CreateGrant', constrained)).code).toBe('ValidationException');
  expect(await grants()).toEqual([]);
  await grant({ Operations: ['GetPublicKey', 'Decrypt'] });
});

it('gives on no more than its parent', async () => {
  const Constraints = { EncryptionContextSubset: EncryptionContext };
  await grant({ Operations: ['Encrypt', 'CreateGrant'], Constraints });
  const child = { GranteePrincipal: BOB, Operations: ['Encrypt' as const], Constraints };
  const { GrantId } = await grant(child, ann);
  await t.call('Encrypt', { KeyId: arn, Plaintext, EncryptionContext }, bob);
  for (const change of [{ Constraints: undefined }, { Operations: ['Encrypt', 'Decrypt'] }])
    expect((await t.refused('CreateGrant', { KeyId, ...child, ...change }, ann)).code).toBe('AccessDeniedException');
  // What is made stays when its maker's own grant goes.
  const [parent] = (await grants()).filter((entry) => entry.GrantId !== GrantId);
  await t.call('RevokeGrant', { KeyId, GrantId: parent?.GrantId ?? '' });
  await t.call('Encrypt', { KeyId: arn, Plaintext, EncryptionContext }, bob);
});

it('is listed by key, grantee and id, in pages', async () => {
  const made = [];
  for (let i = 0; i < 5; i++) made.push((await grant(i === 3 ? { GranteePrincipal: BOB } : {})).GrantId);
  const first = await t.call('ListGrants', { KeyId, Limit: 3 });
  const rest = await t.call('ListGrants', { KeyId, Limit: 3, Marker: first.NextMarker });
  expect([...first.Grants, ...rest.Grants].map((entry) => entry.GrantId)).toEqual(made);
  expect(rest.Truncated).toBe(false);
  const ofBob = await t.call('ListGrants', { KeyId: arn, GranteePrincipal: BOB });
  expect(ofBob.Grants.map((entry) => entry.GrantId)).toEqual([made[3]]);
  const one = { KeyId, GrantId: made[0] as string };
  expect((await t.call('ListGrants', one)).Grants.length).toBe(1);
  expect((await t.call('ListGrants', { ...one, GranteePrincipal: BOB })).Grants).toEqual([]);
  expect((await t.call('ListGrants', { ...one, KeyId: (await t.key()).id })).Grants).toEqual([]);
  const filter = { KeyId, GranteeServicePrincipal: 's3.amazonaws.com' };
  expect((await t.refused('ListGrants', filter)).code).toBe('ValidationException');
});

it('says everything that was asked for', async () => {
  const Constraints = { EncryptionContextEquals: EncryptionContext, SourceArn: 'arn:aws:s3:::bucket' };
  const { GrantId } = await grant({
    GranteePrincipal: undefined,
    GranteeServicePrincipal: 's3.amazonaws.com',
    RetiringPrincipal: BOB,
    Name: 'full',
    Constraints,
  });
  const entry = {
    KeyId: arn,
    GrantId,
    Name: 'full',
    CreationDate: new Date(t.clock.now()),
    GranteeServicePrincipal: 's3.amazonaws.com',
    RetiringPrincipal: BOB,
    IssuingAccount: ROOT,
    Operations: ['Encrypt'],
    Constraints,
  };
  expect(await grants()).toEqual([entry]);
  const root = { principalArn: 'arn:aws:iam::444455556666:root', accountId: '444455556666' };
  expect((await t.call('ListRetirableGrants', { RetiringPrincipal: BOB }, root)).Grants).toEqual([entry]);
  const elsewhere = { ...root, region: 'us-east-1' };
  expect((await t.call('ListRetirableGrants', { RetiringPrincipal: BOB }, elsewhere)).Grants).toEqual([]);
  expect((await t.refused('ListRetirableGrants', { RetiringPrincipal: BOB })).code).toBe('AccessDeniedException');
  expect((await t.refused('ListRetirableGrants', {})).code).toBe('ValidationException');
  const s3 = { principalArn: 's3.amazonaws.com', sourceArn: 'arn:aws:s3:::bucket' };
  await t.call('Encrypt', { KeyId, Plaintext, EncryptionContext }, s3);
  const wrong = await t.refused(
    'Encrypt',
    { KeyId, Plaintext, EncryptionContext },
    { ...s3, sourceArn: 'arn:aws:s3:::x' },
  );
  expect(wrong.code).toBe('AccessDeniedException');
  const ofS3 = { RetiringServicePrincipal: 's3.amazonaws.com' };
  expect((await t.call('ListRetirableGrants', ofS3, s3)).Grants).toEqual([]);
  expect((await t.refused('ListRetirableGrants', ofS3)).code).toBe('ValidationException');
});

it('is found by the very name it has for whom may retire it, a session by its own or its role’s', async () => {
  const role = `arn:aws:iam::${ACCOUNT}:role/Janitor`;
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Janitor/one`;
  const ofRole = await grant({ RetiringPrincipal: role });
  const ofSession = await grant({ RetiringPrincipal: session });
  const found = async (RetiringPrincipal: string) =>
    (await t.call('ListRetirableGrants', { RetiringPrincipal })).Grants.map(({ GrantId }) => GrantId);
  expect(await found(role)).toEqual([ofRole.GrantId]);
  expect(await found(session)).toEqual([ofSession.GrantId]);
  const other = { principalArn: session.replace('/one', '/two') };
  const { code } = await t.refused('RetireGrant', { KeyId: arn, GrantId: ofSession.GrantId }, other);
  expect(code).toBe('AccessDeniedException');
  for (const { GrantId } of [ofRole, ofSession])
    await t.call('RetireGrant', { KeyId: arn, GrantId }, { principalArn: session });
  expect(await grants()).toEqual([]);
});

it('is retired by those it names, by token or by ids', async () => {
  const { GrantId } = await grant({ RetiringPrincipal: BOB });
  const byIds = { KeyId: arn, GrantId };
  expect((await t.refused('RetireGrant', byIds, ann)).code).toBe('AccessDeniedException');
  expect((await t.refused('RetireGrant', { ...byIds, DryRun: true }, bob)).code).toBe('DryRunOperationException');
  await t.call('RetireGrant', byIds, bob);
  expect(await grants()).toEqual([]);
  const own = await grant({ Operations: ['Encrypt', 'RetireGrant'] });
  expect((await t.refused('RetireGrant', { GrantToken: own.GrantToken, KeyId })).code).toBe('ValidationException');
  expect((await t.refused('RetireGrant', { KeyId })).code).toBe('ValidationException');
  const far = { region: 'us-east-1' };
  expect((await t.refused('RetireGrant', { GrantToken: own.GrantToken }, far)).code).toBe('NotFoundException');
  await t.call('RetireGrant', { GrantToken: own.GrantToken }, ann);
  const [record] = await t.events(1);
  expect(record).toMatchObject({
    EventName: 'RetireGrant',
    RequestParameters: null,
    ResponseElements: { keyId: arn, grantId: own.GrantId },
    Resources: [arn],
  });
  expect(JSON.stringify(record)).not.toContain(own.GrantToken);
});

it('tells forged tokens from its own', async () => {
  const { GrantToken } = await grant();
  const bytes = Buffer.from(GrantToken, 'base64url');
  const forged = [`${GrantToken}A`, GrantToken.slice(0, -4), `${GrantToken}=`, 'é', GrantToken.toUpperCase()];
  for (let at = 0; at < bytes.length; at += 7) {
    const copy = Buffer.from(bytes);
    copy.writeUInt8(copy.readUInt8(at) ^ 1, at);
    forged.push(copy.toString('base64url'));
  }
  for (const token of forged) {
    const input = { KeyId, Plaintext, GrantTokens: [GrantToken, token] };
    expect((await t.refused('Encrypt', input, ann)).code).toBe('InvalidGrantTokenException');
    expect((await t.refused('Encrypt', input)).code).toBe('InvalidGrantTokenException');
  }
});

it('dies with its key, and fits its key no more than 50,000 times', async () => {
  await t.store.transact((tx) =>
    tx.run(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
       INSERT INTO grants (grant_id, key_row, name, grantee, issuer, terms, created_at)
       SELECT 'x' || i, (SELECT row FROM keys), '', '${ANN}', '${ACCOUNT}', '{}', 0 FROM n`,
    ),
  );
  const more = { KeyId, GranteePrincipal: ANN, Operations: ['Encrypt'] };
  expect((await t.refused('CreateGrant', more)).code).toBe('LimitExceededException');
  await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  t.clock.advanceDays(7);
  await t.engine.runSchedule(t.clock.now());
  expect(t.store.db.get('SELECT count(*) AS n FROM grants')).toEqual({ n: 0 });
});

it('is recorded with its id, not its token', async () => {
  const { GrantId, GrantToken } = await grant({
    Name: 'n',
    Constraints: { EncryptionContextEquals: EncryptionContext },
  });
  const [record] = await t.events(1);
  expect(record).toMatchObject({
    EventName: 'CreateGrant',
    ReadOnly: false,
    RequestParameters: {
      keyId: KeyId,
      granteePrincipal: ANN,
      operations: ['Encrypt'],
      constraints: { encryptionContextEquals: EncryptionContext },
      name: 'n',
    },
    ResponseElements: { grantId: GrantId, keyId: arn },
    Resources: [arn],
  });
  expect(JSON.stringify(record)).not.toContain(GrantToken);
});
