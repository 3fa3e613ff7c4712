import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { ACCOUNT, openTestEngine, REGION } from '../../support/engine.ts';

const Plaintext = new Uint8Array([1]);
const viaS3 = { viaService: `s3.${REGION}.amazonaws.com` };

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

it('is made when a service first needs it, once an account and Region', async () => {
  const { keyId, arn } = await t.engine.managedKey(t.caller, 's3');
  const [record] = await t.events(1);
  expect(record).toMatchObject({ EventName: 'CreateKey', PrincipalArn: 'AWS Internal', Resources: [arn] });
  expect(await t.engine.managedKey(t.caller, 's3')).toEqual({ keyId, arn });
  expect((await t.engine.managedKey({ ...t.caller, region: 'us-east-1' }, 's3')).keyId).not.toBe(keyId);
  expect((await t.engine.managedKey(t.caller, 'rds')).keyId).not.toBe(keyId);
  expect((await t.call('DescribeKey', { KeyId: 'alias/aws/s3' })).KeyMetadata).toMatchObject({
    Arn: arn,
    KeyManager: 'AWS',
    KeyState: 'Enabled',
    KeySpec: 'SYMMETRIC_DEFAULT',
  });
  const { Aliases } = await t.call('ListAliases', { KeyId: keyId });
  expect(Aliases).toMatchObject([{ AliasName: 'alias/aws/s3', TargetKeyId: keyId }]);
});

it('is made by describing its alias, and the caller’s own calls are recorded apart', async () => {
  const { KeyMetadata } = await t.call('DescribeKey', { KeyId: 'alias/aws/ebs' });
  expect(KeyMetadata.KeyManager).toBe('AWS');
  const [born, described] = await t.events(2);
  expect([born?.EventName, described?.EventName]).toEqual(['CreateKey', 'DescribeKey']);
  const byArn = await t.call('DescribeKey', { KeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/aws/ebs` });
  expect(byArn.KeyMetadata.Arn).toBe(KeyMetadata.Arn);
  await t.call('DescribeKey', { KeyId: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/aws/sns` });
  const foreign = `arn:aws:kms:${REGION}:444455556666:alias/aws/ssm`;
  expect((await t.refused('DescribeKey', { KeyId: foreign })).code).toBe('NotFoundException');
  expect((await t.refused('DescribeKey', { KeyId: 'alias/aws/nothing' })).code).toBe('NotFoundException');
  const eve = { principalArn: `arn:aws:iam::${ACCOUNT}:user/eve` };
  expect((await t.refused('DescribeKey', { KeyId: 'alias/aws/sqs' }, eve)).code).toBe('AccessDeniedException');
  expect((await t.call('ListAliases', {})).Aliases.length).toBe(2);
});

it('rotates every year by itself and counts against no quota', async () => {
  const small = await openTestEngine({ keysPerRegion: 1 });
  const { keyId } = await small.engine.managedKey(small.caller, 's3');
  await small.key();
  expect(await small.call('GetKeyRotationStatus', { KeyId: keyId })).toMatchObject({
    KeyRotationEnabled: true,
    RotationPeriodInDays: 365,
  });
  small.clock.advanceDays(365);
  expect(await small.engine.runSchedule(small.clock.now())).toEqual([{ what: 'rotated', keyId }]);
  expect(small.engine.nextDue()).toBe(small.clock.now() + 365 * 86_400_000);
  await small.close();
});

it('is used through its service only, and grants on it hold', async () => {
  const { keyId: KeyId } = await t.engine.managedKey(t.caller, 's3');
  expect((await t.refused('Encrypt', { KeyId, Plaintext })).code).toBe('AccessDeniedException');
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId: 'alias/aws/s3', Plaintext }, viaS3);
  expect((await t.refused('Decrypt', { CiphertextBlob })).code).toBe('AccessDeniedException');
  for (const viaService of ['rds.eu-central-1.amazonaws.com', 's3.us-east-1.amazonaws.com', 's3'])
    expect((await t.refused('Decrypt', { CiphertextBlob }, { viaService })).code).toBe('AccessDeniedException');
  expect((await t.call('Decrypt', { CiphertextBlob }, viaS3)).Plaintext).toEqual(Plaintext);
  const ann = `arn:aws:iam::${ACCOUNT}:user/ann`;
  const wish = { KeyId, GranteePrincipal: ann, Operations: ['Decrypt' as const] };
  expect((await t.refused('CreateGrant', wish)).code).toBe('AccessDeniedException');
  const { GrantId } = await t.call('CreateGrant', wish, viaS3);
  await t.call('Decrypt', { CiphertextBlob }, { principalArn: ann });
  await t.call('RevokeGrant', { KeyId, GrantId });
});

it('is not changed by its account, not even through the service', async () => {
  const { keyId: KeyId } = await t.engine.managedKey(t.caller, 's3');
  const refused: Partial<Record<OperationName, Record<string, unknown>>> = {
    PutKeyPolicy: { Policy: defaultKeyPolicy(ACCOUNT) },
    EnableKey: {},
    DisableKey: {},
    ScheduleKeyDeletion: {},
    CancelKeyDeletion: {},
    UpdateKeyDescription: { Description: '' },
    TagResource: { Tags: [] },
    UntagResource: { TagKeys: [] },
    EnableKeyRotation: {},
    DisableKeyRotation: {},
    RotateKeyOnDemand: {},
    ReplicateKey: { ReplicaRegion: 'us-east-1' },
    UpdatePrimaryRegion: { PrimaryRegion: 'us-east-1' },
    CreateAlias: { AliasName: 'alias/mine', TargetKeyId: KeyId },
  };
  for (const [name, input] of Object.entries(refused))
    for (const as of [{}, viaS3])
      expect([name, (await t.refused(name as OperationName, { KeyId, ...input }, as)).code]).toEqual([
        name,
        'AccessDeniedException',
      ]);
  for (const name of ['GetKeyPolicy', 'ListKeyPolicies', 'ListGrants', 'ListResourceTags', 'ListKeyRotations'] as const)
    await t.call(name, { KeyId });
  const { Policy } = await t.call('GetKeyPolicy', { KeyId });
  expect(JSON.parse(Policy).Statement[0].Condition.StringEquals['kms:ViaService']).toBe(viaS3.viaService);
  const { id } = await t.key();
  for (const AliasName of ['alias/aws/s3', 'alias/aws/x'])
    expect((await t.refused('UpdateAlias', { AliasName, TargetKeyId: id })).code).toBe('ValidationException');
  expect((await t.refused('DeleteAlias', { AliasName: 'alias/aws/s3' })).code).toBe('ValidationException');
});
