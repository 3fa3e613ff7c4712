import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestEngine } from '../../support/engine.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

describe('rotation', () => {
  it('keeps old ciphertext readable and counts rotations on demand', async () => {
    const { id: KeyId } = await t.key();
    const old = await t.call('Encrypt', { KeyId, Plaintext: new Uint8Array([1]) });
    for (let i = 0; i < 25; i++) await t.call('RotateKeyOnDemand', { KeyId });
    expect((await t.refused('RotateKeyOnDemand', { KeyId })).code).toBe('LimitExceededException');
    expect((await t.call('Decrypt', { CiphertextBlob: old.CiphertextBlob })).Plaintext).toEqual(new Uint8Array([1]));
    const rotations = await t.call('ListKeyRotations', { KeyId });
    expect(rotations.Rotations.length).toBe(25);
    expect(rotations.Rotations.every((each) => each.RotationType === 'ON_DEMAND')).toBe(true);
    const first = await t.call('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Limit: 20 });
    const rest = await t.call('ListKeyRotations', {
      KeyId,
      IncludeKeyMaterial: 'ALL_KEY_MATERIAL',
      Marker: first.NextMarker,
    });
    expect([first.Rotations.length, rest.Rotations.length]).toEqual([20, 6]);
    expect(rest.Rotations.filter((each) => each.KeyMaterialState === 'CURRENT').length).toBe(1);
    expect((await t.call('GetKeyOverview', { KeyId })).Materials.length).toBe(26);
  });

  it('rotates by the clock, once for any number of periods missed, on the key’s own dates', async () => {
    const { id: KeyId } = await t.key();
    await t.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    const start = t.clock.now();
    expect(t.engine.nextDue()).toBe(start + 90 * 86_400_000);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
    t.clock.advanceDays(400);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([{ what: 'rotated', keyId: KeyId }]);
    const status = await t.call('GetKeyRotationStatus', { KeyId });
    expect(status.NextRotationDate?.getTime()).toBe(start + 450 * 86_400_000);
    expect((await t.call('ListKeyRotations', { KeyId })).Rotations[0]?.RotationType).toBe('AUTOMATIC');
    const event = (await t.events()).find((each) => each.EventName === 'RotateKey');
    expect(event?.PrincipalArn).toBe('AWS Internal');
    await t.call('DisableKeyRotation', { KeyId });
    expect(t.engine.nextDue()).toBeUndefined();
    expect((await t.call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(false);
  });

  it('waits while a key is disabled and pauses while it is pending deletion', async () => {
    const { id: KeyId } = await t.key();
    await t.call('EnableKeyRotation', { KeyId });
    await t.call('DisableKey', { KeyId });
    t.clock.advanceDays(366);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
    await t.call('ScheduleKeyDeletion', { KeyId });
    expect((await t.call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(false);
    await t.call('CancelKeyDeletion', { KeyId });
    expect((await t.call('GetKeyRotationStatus', { KeyId })).KeyRotationEnabled).toBe(true);
    await t.call('EnableKey', { KeyId });
    expect((await t.engine.runSchedule(t.clock.now())).length).toBe(1);
  });
});

describe('deletion', () => {
  it('destroys the key when its time comes, unless it is cancelled', async () => {
    const { id: KeyId, arn } = await t.key();
    const kept = await t.key();
    await t.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: KeyId });
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: new Uint8Array(1) });
    const planned = await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    expect(planned).toMatchObject({ KeyId: arn, KeyState: 'PendingDeletion', PendingWindowInDays: 7 });
    expect((await t.call('DescribeKey', { KeyId })).KeyMetadata.DeletionDate).toEqual(planned.DeletionDate);
    await t.call('ScheduleKeyDeletion', { KeyId: kept.id, PendingWindowInDays: 7 });
    await t.call('CancelKeyDeletion', { KeyId: kept.id });
    expect((await t.call('DescribeKey', { KeyId: kept.id })).KeyMetadata.KeyState).toBe('Disabled');
    expect(t.engine.nextDue()).toBe(planned.DeletionDate?.getTime());
    t.clock.advanceDays(7);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([{ what: 'deleted', keyId: KeyId }]);
    expect((await t.refused('DescribeKey', { KeyId })).code).toBe('NotFoundException');
    expect((await t.refused('DescribeKey', { KeyId: 'alias/a' })).code).toBe('NotFoundException');
    expect((await t.refused('Decrypt', { CiphertextBlob })).code).toBe('InvalidCiphertextException');
    expect(t.store.db.all('SELECT 1 FROM materials WHERE key_id = ?', [KeyId])).toEqual([]);
    expect((await t.events()).some((each) => each.EventName === 'DeleteKey' && each.Resources[0] === arn)).toBe(true);
    for (const PendingWindowInDays of [6, 31])
      expect((await t.refused('ScheduleKeyDeletion', { KeyId: kept.id, PendingWindowInDays })).code).toBe(
        'ValidationException',
      );
  });
});
