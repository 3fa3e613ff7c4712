import { expect, it } from 'vitest';
import { openTestEngine } from '../../support/engine.ts';

const Plaintext = new Uint8Array([1]);

it('tells the last use of a key, to the record', async () => {
  const t = await openTestEngine();
  const made = new Date(t.clock.now());
  const { id: KeyId } = await t.key();
  const { id: other } = await t.key();
  t.clock.advanceDays(1);
  await t.call('DescribeKey', { KeyId });
  await t.refused('Encrypt', { KeyId, Plaintext, DryRun: true });
  await t.refused('Decrypt', { KeyId, CiphertextBlob: new Uint8Array(120).fill(1) });
  const never = { KeyId, KeyLastUsage: {}, TrackingStartDate: made, KeyCreationDate: made };
  expect(await t.call('GetKeyLastUsage', { KeyId })).toEqual(never);

  const first = await t.engine.call(t.caller, 'Encrypt', { KeyId, Plaintext });
  t.clock.time += 59_999;
  const last = await t.engine.call(t.caller, 'GenerateDataKey', { KeyId, KeySpec: 'AES_128' });
  await t.call('Encrypt', { KeyId: other, Plaintext });
  const at = new Date(t.clock.now());
  t.clock.advanceDays(3);
  await t.call('GetKeyPolicy', { KeyId });
  expect(await t.call('GetKeyLastUsage', { KeyId })).toEqual({
    ...never,
    KeyLastUsage: {
      Operation: 'GenerateDataKey',
      Timestamp: at,
      CloudTrailEventId: last.requestId,
      KmsRequestId: last.requestId,
    },
  });

  const { CiphertextBlob } = first.output;
  const moved = await t.engine.call(t.caller, 'ReEncrypt', { CiphertextBlob, DestinationKeyId: other });
  for (const id of [KeyId, other])
    expect((await t.call('GetKeyLastUsage', { KeyId: id })).KeyLastUsage).toMatchObject({
      Operation: 'ReEncrypt',
      CloudTrailEventId: moved.requestId,
    });
  expect((await t.refused('GetKeyLastUsage', { KeyId: 'alias/x' })).code).toBe('NotFoundException');
  expect(t.bugs).toEqual([]);
  await t.close();
});

it('finds the last use when the clock was set back', async () => {
  const t = await openTestEngine();
  const { id: KeyId } = await t.key();
  t.clock.advanceDays(1);
  await t.call('Encrypt', { KeyId, Plaintext });
  t.clock.advanceDays(-1);
  const last = await t.engine.call(t.caller, 'GenerateDataKeyWithoutPlaintext', { KeyId, NumberOfBytes: 1 });
  const { KeyLastUsage } = await t.call('GetKeyLastUsage', { KeyId });
  expect(KeyLastUsage.CloudTrailEventId).toBe(last.requestId);
  await t.close();
});

it('keeps the use of each key of a multi-Region key apart', async () => {
  const t = await openTestEngine();
  const far = { region: 'us-east-1' };
  const { id: KeyId } = await t.key({ MultiRegion: true });
  await t.call('ReplicateKey', { KeyId, ReplicaRegion: far.region });
  t.clock.advanceDays(1);
  await t.call('Encrypt', { KeyId, Plaintext }, far);
  expect((await t.call('GetKeyLastUsage', { KeyId })).KeyLastUsage).toEqual({});
  expect((await t.call('GetKeyLastUsage', { KeyId }, far)).KeyLastUsage.Operation).toBe('Encrypt');
  await t.close();
});
