import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import type { OperationInput } from '../../../src/shared/kms/operations.ts';
import { ACCOUNT, openTestEngine, REGION } from '../../support/engine.ts';

const Plaintext = new Uint8Array([1, 2, 3]);
const far = { region: 'us-east-1' };
const third = { region: 'ap-south-1' };
const SECONDS = 1000;

let t: Awaited<ReturnType<typeof openTestEngine>>;
let KeyId: string;
let arn: string;
beforeEach(async () => {
  t = await openTestEngine();
  ({ id: KeyId, arn } = await t.key({ MultiRegion: true, Description: 'first' }));
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

type At = Partial<typeof t.caller>;
const metadata = async (at: At = {}) => (await t.call('DescribeKey', { KeyId }, at)).KeyMetadata;
const stateOf = async (at: At = {}) => (await metadata(at)).KeyState;
const settle = () => {
  t.clock.time += 3 * SECONDS;
};
/** Replicates the key and waits until the replica is whole. */
async function replicate(input: Partial<OperationInput<'ReplicateKey'>> = {}) {
  const answer = await t.call('ReplicateKey', { KeyId, ReplicaRegion: far.region, ...input });
  settle();
  return answer;
}
const opens = async (CiphertextBlob: Uint8Array, at: At = {}) =>
  (await t.call('Decrypt', { CiphertextBlob }, at)).Plaintext;
const there = () => arn.replace(REGION, far.region);

it('is made as a primary key without replicas', async () => {
  expect(KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
  expect(await metadata()).toMatchObject({
    MultiRegion: true,
    MultiRegionConfiguration: {
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: arn, Region: REGION },
      ReplicaKeys: [],
    },
  });
  const single = await t.key();
  const refusal = await t.refused('ReplicateKey', { KeyId: single.id, ReplicaRegion: far.region });
  expect(refusal.code).toBe('UnsupportedOperationException');
  expect((await t.call('DescribeKey', { KeyId: single.id })).KeyMetadata).not.toHaveProperty(
    'MultiRegionConfiguration',
  );
});

it('is not being made for as long as the clock was ahead when it was asked for', async () => {
  t.clock.time += 400 * 86_400 * SECONDS;
  await t.call('ReplicateKey', { KeyId, ReplicaRegion: far.region });
  expect(await stateOf(far)).toBe('Creating');
  // Somebody sets the clock right.
  t.clock.time -= 400 * 86_400 * SECONDS;
  expect(await stateOf(far)).toBe('Enabled');
  expect(await opens((await t.call('Encrypt', { KeyId, Plaintext }, far)).CiphertextBlob)).toEqual(Plaintext);
});

it('shares id and material with a replica, and nothing else', async () => {
  await t.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: KeyId });
  await t.call('TagResource', { KeyId, Tags: [{ TagKey: 'a', TagValue: '1' }] });
  await t.call('CreateGrant', { KeyId, GranteePrincipal: t.caller.principalArn, Operations: ['Decrypt'] });
  const before = await t.call('Encrypt', { KeyId, Plaintext });
  const Policy = defaultKeyPolicy(ACCOUNT).replace('Enable IAM User Permissions', 'far');
  const Tags = [{ TagKey: 'b', TagValue: '2' }];
  const answer = await t.call('ReplicateKey', { KeyId: arn, ReplicaRegion: far.region, Policy, Tags });
  expect(answer).toMatchObject({ ReplicaPolicy: Policy, ReplicaTags: Tags });
  expect(answer.ReplicaKeyMetadata).toMatchObject({
    Arn: there(),
    Description: '',
    Enabled: false,
    KeyState: 'Creating',
    MultiRegionConfiguration: {
      MultiRegionKeyType: 'REPLICA',
      PrimaryKey: { Arn: arn, Region: REGION },
      ReplicaKeys: [{ Arn: there(), Region: far.region }],
    },
  });
  expect((await t.refused('Encrypt', { KeyId, Plaintext }, far)).message).toBe(`${there()} is creating.`);
  t.clock.time += 1 * SECONDS;
  expect(await stateOf(far)).toBe('Creating');
  settle();
  expect(await stateOf(far)).toBe('Enabled');
  expect(await opens(before.CiphertextBlob, far)).toEqual(Plaintext);
  const sealed = await t.call('Encrypt', { KeyId, Plaintext }, far);
  expect(sealed.KeyId).toBe(there());
  expect(await opens(sealed.CiphertextBlob)).toEqual(Plaintext);
  expect((await t.call('GetKeyPolicy', { KeyId }, far)).Policy).toBe(Policy);
  expect((await t.call('GetKeyPolicy', { KeyId })).Policy).toBe(defaultKeyPolicy(ACCOUNT));
  expect((await t.call('ListResourceTags', { KeyId }, far)).Tags).toEqual(Tags);
  expect((await t.call('ListAliases', {}, far)).Aliases).toEqual([]);
  expect((await t.call('ListGrants', { KeyId }, far)).Grants).toEqual([]);
  await t.call('DisableKey', { KeyId });
  expect(await stateOf(far)).toBe('Enabled');
  expect((await metadata()).MultiRegionConfiguration?.ReplicaKeys).toEqual([{ Arn: there(), Region: far.region }]);
});

it('leaves the ciphertext of a single-Region key in its Region', async () => {
  await replicate();
  const single = await t.key();
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId: single.id, Plaintext });
  expect((await t.refused('Decrypt', { CiphertextBlob }, far)).code).toBe('InvalidCiphertextException');
  const mine = await t.call('Encrypt', { KeyId, Plaintext });
  expect((await t.refused('Decrypt', { CiphertextBlob: mine.CiphertextBlob }, third)).code).toBe(
    'InvalidCiphertextException',
  );
});

it('is replicated once a Region, by its primary key, within the quota', async () => {
  await replicate();
  for (const [change, at, code] of [
    [{}, {}, 'AlreadyExistsException'],
    [{ ReplicaRegion: third.region }, far, 'UnsupportedOperationException'],
    [{ ReplicaRegion: 'xx-nowhere-1' }, {}, 'UnsupportedOperationException'],
    [{ ReplicaRegion: 'nowhere' }, {}, 'ValidationException'],
  ] as const) {
    const input = { KeyId, ReplicaRegion: far.region, ...change };
    expect([change, (await t.refused('ReplicateKey', input, at)).code]).toEqual([change, code]);
  }
  const small = await openTestEngine({ keysPerRegion: 1 });
  await small.key({}, far);
  const { id } = await small.key({ MultiRegion: true });
  const refusal = await small.refused('ReplicateKey', { KeyId: id, ReplicaRegion: far.region });
  expect(refusal.code).toBe('LimitExceededException');
  await small.close();
});

it('rotates everywhere at once, at the word of its primary key only', async () => {
  await replicate();
  const old = await t.call('Encrypt', { KeyId, Plaintext }, far);
  for (const name of ['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand'] as const)
    expect((await t.refused(name, { KeyId }, far)).code).toBe('UnsupportedOperationException');
  await t.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
  expect((await t.call('GetKeyRotationStatus', { KeyId }, far)).RotationPeriodInDays).toBe(90);
  await t.call('RotateKeyOnDemand', { KeyId });
  t.clock.advanceDays(90);
  expect(await t.engine.runSchedule(t.clock.now())).toEqual([{ what: 'rotated', keyId: KeyId }]);
  for (const at of [{}, far]) expect((await t.call('ListKeyRotations', { KeyId }, at)).Rotations.length).toBe(2);
  expect((await metadata(far)).CurrentKeyMaterialId).toBe((await metadata()).CurrentKeyMaterialId);
  const fresh = await t.call('Encrypt', { KeyId, Plaintext }, far);
  expect(await opens(fresh.CiphertextBlob)).toEqual(Plaintext);
  expect(await opens(old.CiphertextBlob)).toEqual(Plaintext);
  // A replica that is made later has every material.
  await replicate({ ReplicaRegion: third.region });
  expect(await opens(old.CiphertextBlob, third)).toEqual(Plaintext);
});

it('does not wake the schedule for a disabled primary key, however enabled its replicas', async () => {
  await replicate();
  await t.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
  await t.call('DisableKey', { KeyId });
  t.clock.advanceDays(91);
  expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
  expect(t.engine.nextDue()).toBeUndefined();
});

it('moves its primary key to another Region', async () => {
  await replicate();
  await t.call('UpdatePrimaryRegion', { KeyId, PrimaryRegion: far.region });
  const config = { PrimaryKey: { Arn: there(), Region: far.region }, ReplicaKeys: [{ Arn: arn, Region: REGION }] };
  for (const [at, MultiRegionKeyType] of [
    [{}, 'REPLICA'],
    [far, 'PRIMARY'],
  ] as const)
    expect(await metadata(at)).toMatchObject({
      KeyState: 'Updating',
      MultiRegionConfiguration: { ...config, MultiRegionKeyType },
    });
  await t.call('Encrypt', { KeyId, Plaintext });
  for (const name of ['DisableKey', 'ScheduleKeyDeletion'] as const)
    expect((await t.refused(name, { KeyId }, far)).code).toBe('KMSInvalidStateException');
  // Back again before the first move is whole.
  await t.call('UpdatePrimaryRegion', { KeyId, PrimaryRegion: REGION }, far);
  await t.call('UpdatePrimaryRegion', { KeyId, PrimaryRegion: far.region });
  settle();
  expect([await stateOf(), await stateOf(far)]).toEqual(['Enabled', 'Enabled']);
  await t.call('RotateKeyOnDemand', { KeyId }, far);
  await t.call('ReplicateKey', { KeyId, ReplicaRegion: third.region }, far);
  const cases = [
    [{ PrimaryRegion: 'eu-west-1' }, far, 'NotFoundException'],
    [{ PrimaryRegion: far.region }, far, 'UnsupportedOperationException'],
    [{ PrimaryRegion: far.region }, {}, 'UnsupportedOperationException'],
    [{ PrimaryRegion: third.region }, far, 'KMSInvalidStateException'],
  ] as const;
  for (const [change, at, code] of cases)
    expect([change, (await t.refused('UpdatePrimaryRegion', { KeyId, ...change }, at)).code]).toEqual([change, code]);
});

it('deletes replicas first, then the primary key after its own wait', async () => {
  await replicate();
  await replicate({ ReplicaRegion: third.region });
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext });
  const answer = await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
  expect(answer).toEqual({ KeyId: arn, KeyState: 'PendingReplicaDeletion', PendingWindowInDays: 7 });
  const waiting = await metadata();
  expect(waiting.PendingDeletionWindowInDays).toBe(7);
  expect(waiting).not.toHaveProperty('DeletionDate');
  expect(t.engine.nextDue()).toBeUndefined();
  expect((await t.refused('Decrypt', { CiphertextBlob })).message).toBe(`${arn} is pending replica deletion.`);
  expect(await opens(CiphertextBlob, far)).toEqual(Plaintext);
  await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }, far);
  await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 10 }, third);
  t.clock.advanceDays(7);
  await t.engine.runSchedule(t.clock.now());
  expect((await t.refused('DescribeKey', { KeyId }, far)).code).toBe('NotFoundException');
  expect(await stateOf()).toBe('PendingReplicaDeletion');
  t.clock.advanceDays(3);
  await t.engine.runSchedule(t.clock.now());
  expect(await metadata()).toMatchObject({
    KeyState: 'PendingDeletion',
    DeletionDate: new Date(t.clock.now() + 7 * 86_400_000),
  });
  t.clock.advanceDays(7);
  expect(await t.engine.runSchedule(t.clock.now())).toEqual([{ what: 'deleted', keyId: KeyId }]);
  expect(t.store.db.get('SELECT count(*) AS n FROM materials')).toEqual({ n: 0 });
});

it('is brought back from waiting for its replicas, and a deleted replica can be made again', async () => {
  await replicate();
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext });
  await t.call('ScheduleKeyDeletion', { KeyId });
  await t.call('CancelKeyDeletion', { KeyId });
  expect(await metadata()).toMatchObject({ KeyState: 'Disabled' });
  await t.call('EnableKey', { KeyId });
  await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }, far);
  t.clock.advanceDays(7);
  await t.engine.runSchedule(t.clock.now());
  expect(await stateOf()).toBe('Enabled');
  await replicate();
  expect(await opens(CiphertextBlob, far)).toEqual(Plaintext);
});

it('can be scheduled for deletion while it is being made, and stays so', async () => {
  await t.call('ReplicateKey', { KeyId, ReplicaRegion: far.region });
  await t.call('ScheduleKeyDeletion', { KeyId }, far);
  settle();
  expect(await stateOf(far)).toBe('PendingDeletion');
});

it('settles by the schedule as well, without a call', async () => {
  await t.call('ReplicateKey', { KeyId, ReplicaRegion: far.region });
  expect(t.engine.nextDue()).toBe(t.clock.now() + 2 * SECONDS);
  settle();
  expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
  expect(t.engine.nextDue()).toBeUndefined();
  expect(t.store.db.get(`SELECT state FROM keys WHERE region = 'us-east-1'`)).toEqual({ state: 'Enabled' });
});

it('is recorded in both Regions', async () => {
  await replicate({ Description: 'far' });
  const [created, replicated] = await t.events(2);
  expect(replicated).toMatchObject({
    EventName: 'ReplicateKey',
    Region: REGION,
    Resources: [arn],
    RequestParameters: { keyId: KeyId, replicaRegion: far.region, description: 'far' },
    ResponseElements: { replicaKeyMetadata: { arn: there(), keyState: 'Creating' } },
  });
  expect(created).toMatchObject({
    EventName: 'CreateKey',
    Region: far.region,
    Resources: [there()],
    RequestParameters: { multiRegion: true, multiRegionKeyType: 'REPLICA' },
  });
  await t.call('UpdatePrimaryRegion', { KeyId, PrimaryRegion: far.region });
  const events = await t.events(2);
  expect(events.map((event) => [event.EventName, event.Region, event.Resources])).toEqual([
    ['UpdatePrimaryRegion', far.region, [there()]],
    ['UpdatePrimaryRegion', REGION, [arn]],
  ]);
  await t.refused('UpdatePrimaryRegion', { KeyId, PrimaryRegion: far.region });
  expect((await t.events(2))[1]?.EventName).toBe('LookupEvents');
});
