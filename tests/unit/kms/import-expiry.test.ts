import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { openTestEngine } from '../../support/engine.ts';
import { importer, wrapped } from '../../support/importing.ts';
import { IN_MEMORY, inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';
import { CALLER, engineOf, populate, productOptions } from '../../support/vault-engine.ts';

const DAY = 86_400_000;
const Plaintext = new Uint8Array([1, 2, 3]);
const symmetric = () => new Uint8Array(randomBytes(32));

let t: Awaited<ReturnType<typeof openTestEngine>>;
let own: ReturnType<typeof importer>;
beforeEach(async () => {
  t = await openTestEngine();
  own = importer(t);
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const inDays = (days: number) => new Date(t.clock.now() + days * DAY);
const expirations = async () => (await t.events(50)).filter((event) => event.EventName === 'DeleteExpiredKeyMaterial');

describe('material that expires', () => {
  it('is deleted at its end, recorded as the service’s own event, and comes back with an import', async () => {
    const KeyId = await own.external();
    const arn = (await t.call('DescribeKey', { KeyId })).KeyMetadata.Arn;
    const material = symmetric();
    const ValidTo = inDays(10);
    const id = await own.put(KeyId, material, { ValidTo });
    expect((await t.call('DescribeKey', { KeyId })).KeyMetadata).toMatchObject({
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo,
    });
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext });
    expect(t.engine.nextDue()).toBe(ValidTo.getTime());
    t.clock.time = ValidTo.getTime() - 1;
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
    expect(await own.state(KeyId)).toBe('Enabled');
    t.clock.time = ValidTo.getTime();
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([{ what: 'expired', keyId: KeyId }]);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
    expect(t.engine.nextDue()).toBeUndefined();
    expect(t.store.db.all('SELECT sealed, expires_at AS at FROM imports')).toEqual([{ sealed: null, at: null }]);
    const { KeyMetadata } = await t.call('DescribeKey', { KeyId });
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingImport', Enabled: false, CurrentKeyMaterialId: id });
    expect(KeyMetadata).not.toHaveProperty('ValidTo');
    expect((await t.refused('Decrypt', { CiphertextBlob })).code).toBe('KMSInvalidStateException');
    expect(await expirations()).toMatchObject([
      {
        PrincipalArn: 'AWS Internal',
        Resources: [arn],
        ReadOnly: false,
        ResponseElements: { keyId: KeyId, keyMaterialId: id },
      },
    ]);
    await own.put(KeyId, material);
    expect((await t.call('Decrypt', { CiphertextBlob })).Plaintext).toEqual(Plaintext);
    expect((await t.call('DescribeKey', { KeyId })).KeyMetadata).toMatchObject({
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
  });

  it('is out of reach from its end on, whether or not a timer ran', async () => {
    const KeyId = await own.external();
    await own.put(KeyId, symmetric(), { ValidTo: inDays(1) });
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext });
    t.clock.advanceDays(1);
    expect((await t.refused('Decrypt', { CiphertextBlob })).code).toBe('KMSInvalidStateException');
    expect((await expirations()).length).toBe(1);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
  });

  it('gets another end, or none, by being imported once more', async () => {
    const KeyId = await own.external();
    const material = symmetric();
    await own.put(KeyId, material, { ValidTo: inDays(1) });
    await own.put(KeyId, material, { ValidTo: inDays(5) });
    t.clock.advanceDays(2);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([]);
    expect(await own.state(KeyId)).toBe('Enabled');
    await own.put(KeyId, material);
    expect(t.engine.nextDue()).toBeUndefined();
    t.clock.advanceDays(300);
    expect(await own.state(KeyId)).toBe('Enabled');
  });

  it('goes in every state of its key, and none but a usable one changes', async () => {
    const keys: Record<string, string> = {};
    for (const state of ['Enabled', 'Disabled', 'PendingDeletion']) {
      const KeyId = await own.external();
      await own.put(KeyId, symmetric(), { ValidTo: inDays(1) });
      keys[state] = KeyId;
    }
    await t.call('DisableKey', { KeyId: keys.Disabled ?? '' });
    await t.call('ScheduleKeyDeletion', { KeyId: keys.PendingDeletion ?? '' });
    t.clock.advanceDays(1);
    expect((await t.engine.runSchedule(t.clock.now())).length).toBe(3);
    const states = await Promise.all(Object.values(keys).map((KeyId) => own.state(KeyId)));
    expect(states).toEqual(['PendingImport', 'PendingImport', 'PendingDeletion']);
    await t.call('CancelKeyDeletion', { KeyId: keys.PendingDeletion ?? '' });
    expect(await own.state(keys.PendingDeletion ?? '')).toBe('PendingImport');
  });

  it('is watched again after a key with the next end was deleted', async () => {
    const first = await own.external();
    const second = await own.external();
    await own.put(first, symmetric(), { ValidTo: inDays(20) });
    await own.put(second, symmetric(), { ValidTo: inDays(30) });
    await t.call('ScheduleKeyDeletion', { KeyId: first, PendingWindowInDays: 7 });
    t.clock.advanceDays(7);
    await t.engine.runSchedule(t.clock.now());
    t.clock.advanceDays(14);
    expect(await own.state(second)).toBe('Enabled');
    t.clock.advanceDays(9);
    expect(await own.state(second)).toBe('PendingImport');
    expect((await expirations()).length).toBe(1);
  });
});

it('a token, the material and its end outlive a restart, and what expired meanwhile is caught up with', () =>
  inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'v');
    const options = productOptions();
    const { vault } = await Vault.create(dir, options, { name: 'v', passphrase: PASSPHRASE, useKeychain: true });
    await populate(vault);
    const first = engineOf(vault);
    const made = await first.engine.call(CALLER, 'CreateKey', { Origin: 'EXTERNAL' });
    const { KeyId } = made.output.KeyMetadata;
    const parameters = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
    const { output: offer } = await first.engine.call(CALLER, 'GetParametersForImport', parameters);
    await vault.close();

    const material = symmetric();
    const again = await Vault.open(dir, options, { kind: 'keychain' });
    const second = engineOf(again);
    const input = {
      KeyId,
      ImportToken: offer.ImportToken,
      EncryptedKeyMaterial: wrapped('RSAES_OAEP_SHA_256', offer.PublicKey, material),
    };
    const { output } = await second.engine.call(CALLER, 'ImportKeyMaterial', {
      ...input,
      ValidTo: new Date(Date.now() + DAY),
    });
    const { output: sealed } = await second.engine.call(CALLER, 'Encrypt', { KeyId, Plaintext });
    await again.close();

    const later = await Vault.open(dir, options, { kind: 'keychain' });
    const third = engineOf(later);
    const { CiphertextBlob } = sealed;
    expect((await third.engine.call(CALLER, 'Decrypt', { CiphertextBlob })).output.Plaintext).toEqual(Plaintext);
    expect(await third.engine.runSchedule(Date.now() + DAY)).toEqual([{ what: 'expired', keyId: KeyId }]);
    const back = await third.engine.call(CALLER, 'ImportKeyMaterial', {
      ...input,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      KeyMaterialId: output.KeyMaterialId,
    });
    expect(back.output.KeyMaterialId).toBe(output.KeyMaterialId);
    expect((await third.engine.call(CALLER, 'Decrypt', { CiphertextBlob })).output.Plaintext).toEqual(Plaintext);
    expect(await verifyTrail(later.db, third.audit)).toMatchObject({ ok: true });
    await later.close();
  }, IN_MEMORY));
