import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestEngine } from '../../support/engine.ts';
import { freshMaterial, importer } from '../../support/importing.ts';

const DAY = 86_400_000;
const Plaintext = new Uint8Array([1, 2, 3]);
const symmetric = () => new Uint8Array(randomBytes(32));
const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
const far = { region: 'us-east-1' };
const third = { region: 'ap-south-1' };

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

type At = Partial<typeof t.caller>;
const materials = async (KeyId: string, at: At = {}) =>
  (await t.call('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }, at)).Rotations;
const states = async (KeyId: string, at: At = {}) =>
  (await materials(KeyId, at)).map((each) => `${each.KeyMaterialState} ${each.ImportState}`);
const encrypt = async (KeyId: string, at: At = {}) =>
  (await t.call('Encrypt', { KeyId, Plaintext }, at)).CiphertextBlob;
const opens = async (CiphertextBlob: Uint8Array, at: At = {}) =>
  (await t.call('Decrypt', { CiphertextBlob }, at)).KeyMaterialId;
const codeOf = async (input: unknown, at: At = {}) => (await t.refused('ImportKeyMaterial', input, at)).code;

describe('several materials', () => {
  it('take over one after the other on demand, and old ciphertext opens with its own', async () => {
    const KeyId = await own.external();
    const [one, two] = [symmetric(), symmetric()];
    const first = await own.put(KeyId, one, { KeyMaterialDescription: 'vault 1: slot 7' });
    const old = await encrypt(KeyId);
    expect((await t.refused('RotateKeyOnDemand', { KeyId })).code).toBe('KMSInvalidStateException');
    const ValidTo = new Date(t.clock.now() + DAY);
    const second = await own.put(KeyId, two, { ...NEW, ValidTo, KeyMaterialDescription: 'next' });
    expect(await materials(KeyId)).toEqual([
      {
        KeyId,
        KeyMaterialId: first,
        KeyMaterialDescription: 'vault 1: slot 7',
        ImportState: 'IMPORTED',
        KeyMaterialState: 'CURRENT',
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      },
      {
        KeyId,
        KeyMaterialId: second,
        KeyMaterialDescription: 'next',
        ImportState: 'IMPORTED',
        KeyMaterialState: 'PENDING_ROTATION',
        ExpirationModel: 'KEY_MATERIAL_EXPIRES',
        ValidTo,
      },
    ]);
    expect((await t.call('ListKeyRotations', { KeyId })).Rotations).toEqual([]);
    expect((await t.call('GetKeyOverview', { KeyId })).Materials.length).toBe(1);
    // Not permanently associated yet, so its end is not the key's.
    const { KeyMetadata } = await t.call('DescribeKey', { KeyId });
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', CurrentKeyMaterialId: first });
    expect(KeyMetadata.ExpirationModel).toBe('KEY_MATERIAL_DOES_NOT_EXPIRE');
    expect(await opens(await encrypt(KeyId))).toBe(first);
    expect(await codeOf(await own.input(KeyId, symmetric(), NEW))).toBe('KMSInvalidStateException');

    t.clock.time += 1000;
    await t.call('RotateKeyOnDemand', { KeyId });
    const rotated = { RotationDate: new Date(t.clock.now()), RotationType: 'ON_DEMAND' };
    expect((await materials(KeyId)).map(({ KeyMaterialState }) => KeyMaterialState)).toEqual([
      'NON_CURRENT',
      'CURRENT',
    ]);
    expect((await t.call('ListKeyRotations', { KeyId })).Rotations).toMatchObject([
      { KeyMaterialId: second, ...rotated },
    ]);
    expect((await t.call('DescribeKey', { KeyId })).KeyMetadata).toMatchObject({
      CurrentKeyMaterialId: second,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo,
    });
    expect(await opens(old)).toBe(first);
    expect(await opens(await encrypt(KeyId))).toBe(second);
    expect((await t.call('GetKeyOverview', { KeyId })).OnDemandRotationsLeft).toBe(24);
    for (const material of [one, two])
      expect(await codeOf(await own.input(KeyId, material, NEW))).toBe('IncorrectKeyMaterialException');
  });

  it('are all needed: the key waits until the last one is back', async () => {
    const KeyId = await own.external();
    const [one, two] = [symmetric(), symmetric()];
    const first = await own.put(KeyId, one, { KeyMaterialDescription: 'a' });
    const old = await encrypt(KeyId);
    const second = await own.put(KeyId, two, NEW);
    await t.call('RotateKeyOnDemand', { KeyId });
    const young = await encrypt(KeyId);
    // An older one, by name; then the current one, which needs none.
    expect((await t.call('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId: first })).KeyMaterialId).toBe(first);
    expect(await own.state(KeyId)).toBe('PendingImport');
    expect((await t.refused('Decrypt', { CiphertextBlob: young })).code).toBe('KMSInvalidStateException');
    expect((await t.call('DeleteImportedKeyMaterial', { KeyId })).KeyMaterialId).toBe(second);
    expect(await states(KeyId)).toEqual(['NON_CURRENT PENDING_IMPORT', 'CURRENT PENDING_IMPORT']);
    await own.put(KeyId, two);
    expect(await own.state(KeyId)).toBe('PendingImport');
    await own.put(KeyId, one, { KeyMaterialId: first });
    expect(await own.state(KeyId)).toBe('Enabled');
    expect([await opens(old), await opens(young)]).toEqual([first, second]);
    // The description of the last time is kept.
    expect((await materials(KeyId))[0]?.KeyMaterialDescription).toBe('a');
    const unknown = { KeyId, KeyMaterialId: '0'.repeat(64) };
    expect((await t.refused('DeleteImportedKeyMaterial', unknown)).code).toBe('NotFoundException');
    // So is one's expiry enough.
    await own.put(KeyId, one, { ValidTo: new Date(t.clock.now() + DAY) });
    t.clock.advanceDays(1);
    expect(await t.engine.runSchedule(t.clock.now())).toEqual([{ what: 'expired', keyId: KeyId }]);
    expect(await own.state(KeyId)).toBe('PendingImport');
    expect(await states(KeyId)).toEqual(['NON_CURRENT PENDING_IMPORT', 'CURRENT IMPORTED']);
  });

  it('that wait for a rotation are forgotten when they are deleted or expire, and do not touch the key', async () => {
    const KeyId = await own.external();
    await own.put(KeyId, symmetric());
    const waiting = symmetric();
    const id = await own.put(KeyId, waiting, NEW);
    await t.call('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId: id });
    expect([await own.state(KeyId), await states(KeyId)]).toEqual(['Enabled', ['CURRENT IMPORTED']]);
    expect(await codeOf(await own.input(KeyId, waiting))).toBe('IncorrectKeyMaterialException');
    await own.put(KeyId, symmetric(), { ...NEW, ValidTo: new Date(t.clock.now() + DAY) });
    t.clock.advanceDays(1);
    expect((await t.engine.runSchedule(t.clock.now())).length).toBe(1);
    expect([await own.state(KeyId), await states(KeyId)]).toEqual(['Enabled', ['CURRENT IMPORTED']]);
    expect(await own.put(KeyId, waiting, NEW)).toBe(id);
    await t.call('RotateKeyOnDemand', { KeyId });
    expect(await states(KeyId)).toEqual(['NON_CURRENT IMPORTED', 'CURRENT IMPORTED']);
  });

  it('rotate on demand only, at most 25 times', async () => {
    const KeyId = await own.external();
    await own.put(KeyId, symmetric());
    for (const name of ['EnableKeyRotation', 'DisableKeyRotation', 'GetKeyRotationStatus'] as const)
      expect((await t.refused(name, { KeyId })).code).toBe('UnsupportedOperationException');
    for (let i = 0; i < 25; i++) {
      await own.put(KeyId, symmetric(), { ...NEW, WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' });
      await t.call('RotateKeyOnDemand', { KeyId });
    }
    await own.put(KeyId, symmetric(), NEW);
    expect((await t.refused('RotateKeyOnDemand', { KeyId })).code).toBe('LimitExceededException');
    const page = await t.call('ListKeyRotations', { KeyId, Limit: 25 });
    expect([page.Rotations.length, page.Truncated]).toEqual([25, false]);
    const all = { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } as const;
    const start = await t.call('ListKeyRotations', { ...all, Limit: 26 });
    expect(start.Truncated).toBe(true);
    const rest = await t.call('ListKeyRotations', { ...all, Marker: start.NextMarker });
    expect(rest.Rotations.map((each) => each.KeyMaterialState)).toEqual(['PENDING_ROTATION']);
  });
});

describe('a multi-Region key with imported material', () => {
  const [one, two] = [symmetric(), symmetric()];
  let KeyId: string;
  let first: string;
  beforeEach(async () => {
    KeyId = await own.external({ MultiRegion: true });
    first = (await own.put(KeyId, one)) ?? '';
    await t.call('ReplicateKey', { KeyId, ReplicaRegion: far.region });
    t.clock.time += 5000;
  });

  it('needs the same material in each Region, which each has for itself', async () => {
    expect(await own.state(KeyId, far)).toBe('PendingImport');
    expect(await states(KeyId, far)).toEqual(['CURRENT PENDING_IMPORT']);
    expect((await t.refused('Encrypt', { KeyId, Plaintext }, far)).code).toBe('KMSInvalidStateException');
    expect(await codeOf(await own.input(KeyId, two, {}, far), far)).toBe('IncorrectKeyMaterialException');
    expect(await codeOf(await own.input(KeyId, two, NEW, far), far)).toBe('UnsupportedOperationException');
    const ValidTo = new Date(t.clock.now() + DAY);
    expect(await own.put(KeyId, one, { ValidTo }, far)).toBe(first);
    expect(await own.state(KeyId, far)).toBe('Enabled');
    expect(await opens(await encrypt(KeyId), far)).toBe(first);
    expect(await opens(await encrypt(KeyId, far))).toBe(first);
    // Its own end, and its own deletion.
    t.clock.advanceDays(1);
    expect([await own.state(KeyId), await own.state(KeyId, far)]).toEqual(['Enabled', 'PendingImport']);
    const expired = (await t.events(50)).find((event) => event.EventName === 'DeleteExpiredKeyMaterial');
    expect(expired).toMatchObject({ Region: far.region });
    await own.put(KeyId, one, {}, far);
    await t.call('DeleteImportedKeyMaterial', { KeyId });
    expect([await own.state(KeyId), await own.state(KeyId, far)]).toEqual(['PendingImport', 'Enabled']);
    await encrypt(KeyId, far);
    const copies = t.store.db.all<{ sealed: Uint8Array | null }>('SELECT sealed FROM imports ORDER BY key_row');
    expect(copies.map(({ sealed }) => sealed !== null)).toEqual([false, true]);
  });

  it('rotates once every Region has the new material', async () => {
    await t.call('ReplicateKey', { KeyId, ReplicaRegion: third.region });
    t.clock.time += 5000;
    for (const at of [far, third]) await own.put(KeyId, one, {}, at);
    const old = await encrypt(KeyId, third);
    const second = await own.put(KeyId, two, NEW);
    const PENDING = 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
    expect(await states(KeyId)).toEqual(['CURRENT IMPORTED', `${PENDING} IMPORTED`]);
    expect(await states(KeyId, far)).toEqual(['CURRENT IMPORTED', `${PENDING} PENDING_IMPORT`]);
    for (const at of [far, third]) {
      expect((await t.refused('RotateKeyOnDemand', { KeyId })).code).toBe('KMSInvalidStateException');
      expect(await own.put(KeyId, two, { ImportType: 'EXISTING_KEY_MATERIAL', KeyMaterialId: second }, at)).toBe(
        second,
      );
    }
    for (const at of [{}, far, third])
      expect(await states(KeyId, at)).toEqual(['CURRENT IMPORTED', 'PENDING_ROTATION IMPORTED']);
    expect((await t.refused('RotateKeyOnDemand', { KeyId }, far)).code).toBe('UnsupportedOperationException');
    await t.call('RotateKeyOnDemand', { KeyId });
    for (const at of [{}, far, third]) {
      expect(await states(KeyId, at)).toEqual(['NON_CURRENT IMPORTED', 'CURRENT IMPORTED']);
      expect(await opens(old, at)).toBe(first);
      expect(await opens(await encrypt(KeyId, at), third)).toBe(second);
    }
  });

  it('forgets waiting material everywhere when its primary key loses it, and only there when a replica does', async () => {
    await own.put(KeyId, one, {}, far);
    const second = await own.put(KeyId, two, NEW);
    await own.put(KeyId, two, {}, far);
    await t.call('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId: second }, far);
    expect((await states(KeyId, far))[1]).toBe('PENDING_MULTI_REGION_IMPORT_AND_ROTATION PENDING_IMPORT');
    expect((await states(KeyId))[1]).toBe('PENDING_MULTI_REGION_IMPORT_AND_ROTATION IMPORTED');
    expect([await own.state(KeyId), await own.state(KeyId, far)]).toEqual(['Enabled', 'Enabled']);
    const end = { ValidTo: new Date(t.clock.now() + DAY) };
    await own.put(KeyId, two, end, far);
    await own.put(KeyId, two, end);
    t.clock.advanceDays(1);
    // Both were due; the primary key's took the replica's along.
    expect(new Set((await t.engine.runSchedule(t.clock.now())).map(({ what }) => what))).toEqual(new Set(['expired']));
    for (const at of [{}, far]) expect(await states(KeyId, at)).toEqual(['CURRENT IMPORTED']);
    expect(t.store.db.all('SELECT 1 FROM imports WHERE material_id = ?', [second ?? ''])).toEqual([]);
    expect([await own.state(KeyId), await own.state(KeyId, far)]).toEqual(['Enabled', 'Enabled']);
  });

  it('keeps its roles: a new primary key imports and rotates, and loses material while it is updating', async () => {
    await own.put(KeyId, one, { ValidTo: new Date(t.clock.now() + 1000) }, far);
    await t.call('UpdatePrimaryRegion', { KeyId, PrimaryRegion: far.region });
    expect(await own.state(KeyId, far)).toBe('Updating');
    const parameters = { KeyId, WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' } as const;
    expect((await t.refused('GetParametersForImport', parameters, far)).code).toBe('KMSInvalidStateException');
    t.clock.time += 1000;
    expect([await own.state(KeyId), await own.state(KeyId, far)]).toEqual(['Updating', 'PendingImport']);
    t.clock.time += 5000;
    expect([await own.state(KeyId), await own.state(KeyId, far)]).toEqual(['Enabled', 'PendingImport']);
    await own.put(KeyId, one, {}, far);
    expect(await codeOf(await own.input(KeyId, two, NEW))).toBe('UnsupportedOperationException');
    await own.put(KeyId, two, NEW, far);
    await own.put(KeyId, two);
    await t.call('RotateKeyOnDemand', { KeyId }, far);
    expect(await states(KeyId)).toEqual(['NON_CURRENT IMPORTED', 'CURRENT IMPORTED']);
  });

  it('is the same for keys of every kind', async () => {
    for (const [KeySpec, KeyUsage] of [
      ['HMAC_384', 'GENERATE_VERIFY_MAC'],
      ['ECC_NIST_P384', 'SIGN_VERIFY'],
    ] as const) {
      const material = freshMaterial(KeySpec);
      const id = await own.external({ MultiRegion: true, KeySpec, KeyUsage });
      const known = await own.put(id, material);
      await t.call('ReplicateKey', { KeyId: id, ReplicaRegion: far.region });
      t.clock.time += 5000;
      expect(await codeOf(await own.input(id, freshMaterial(KeySpec), {}, far), far)).toBe(
        'IncorrectKeyMaterialException',
      );
      expect(await own.put(id, material, {}, far)).toBe(known);
      expect(await own.state(id, far)).toBe('Enabled');
    }
  });
});
