import { createPublicKey, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { integer, octetString, oid, sequence } from '../../../src/main/crypto/der.ts';
import { keySpecs, wrappingAlgorithms, wrappingKeySpecs } from '../../../src/shared/kms/enums.ts';
import { importable, wraps } from '../../../src/shared/kms/importing.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { flipped } from '../../support/crypto.ts';
import { openTestEngine } from '../../support/engine.ts';
import { freshMaterial, importer, wrapped } from '../../support/importing.ts';

const HOUR = 3_600_000;
const Plaintext = new Uint8Array([1, 2, 3]);

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

const codeOf = async (input: unknown) => (await t.refused('ImportKeyMaterial', input)).code;
const symmetric = () => new Uint8Array(randomBytes(32));

describe('a key of origin EXTERNAL', () => {
  it('is made without material, for every spec AWS imports and no other', async () => {
    for (const KeySpec of keySpecs) {
      const input = { KeySpec, KeyUsage: specs[KeySpec].usages[0], Origin: 'EXTERNAL' } as const;
      if (!importable(KeySpec)) {
        expect([KeySpec, (await t.refused('CreateKey', input)).code]).toEqual([
          KeySpec,
          'UnsupportedOperationException',
        ]);
        continue;
      }
      const { KeyMetadata } = await t.call('CreateKey', input);
      expect(KeyMetadata).toMatchObject({ Enabled: false, KeyState: 'PendingImport', Origin: 'EXTERNAL', KeySpec });
      for (const absent of ['CurrentKeyMaterialId', 'ExpirationModel', 'ValidTo'])
        expect(KeyMetadata).not.toHaveProperty(absent);
    }
    expect(keySpecs.filter((spec) => !importable(spec)).join(' ')).toBe(
      'ML_DSA_44 ML_DSA_65 ML_DSA_87 ML_KEM_512 ML_KEM_768 ML_KEM_1024',
    );
    expect(t.store.db.all('SELECT * FROM materials')).toEqual([]);
  });

  it('becomes usable with its material and unusable without', async () => {
    const KeyId = await own.external();
    expect((await t.refused('Encrypt', { KeyId, Plaintext })).code).toBe('KMSInvalidStateException');
    expect((await t.call('GetKeyOverview', { KeyId })).Materials).toEqual([]);
    const material = symmetric();
    const id = await own.put(KeyId, material);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect((await t.call('DescribeKey', { KeyId })).KeyMetadata).toMatchObject({
      Enabled: true,
      KeyState: 'Enabled',
      CurrentKeyMaterialId: id,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext });
    const { KeyMetadata } = await t.call('DescribeKey', { KeyId });
    expect(await t.call('DeleteImportedKeyMaterial', { KeyId })).toEqual({ KeyId: KeyMetadata.Arn, KeyMaterialId: id });
    const { KeyMetadata: without } = await t.call('DescribeKey', { KeyId });
    expect(without).toMatchObject({ Enabled: false, KeyState: 'PendingImport', CurrentKeyMaterialId: id });
    expect(without).not.toHaveProperty('ExpirationModel');
    expect(t.store.db.all('SELECT sealed FROM imports')).toEqual([{ sealed: null }]);
    expect((await t.refused('Decrypt', { CiphertextBlob })).code).toBe('KMSInvalidStateException');
    // Once more changes nothing.
    expect((await t.call('DeleteImportedKeyMaterial', { KeyId })).KeyMaterialId).toBe(id);
    expect(await own.put(KeyId, material)).toBe(id);
    expect((await t.call('Decrypt', { CiphertextBlob })).Plaintext).toEqual(Plaintext);
  });

  it('takes the same material again and no other, also after it was deleted', async () => {
    const KeyId = await own.external();
    const material = symmetric();
    const id = await own.put(KeyId, material);
    for (const _ of [1, 2]) {
      expect(await codeOf(await own.input(KeyId, symmetric()))).toBe('IncorrectKeyMaterialException');
      expect(await codeOf(await own.input(KeyId, material, { ImportType: 'NEW_KEY_MATERIAL' }))).toBe(
        'IncorrectKeyMaterialException',
      );
      const wrongId = { KeyMaterialId: 'a'.repeat(64) };
      expect(await codeOf(await own.input(KeyId, material, wrongId))).toBe('IncorrectKeyMaterialException');
      expect(await own.put(KeyId, material, { KeyMaterialId: id, ImportType: 'EXISTING_KEY_MATERIAL' })).toBe(id);
      await t.call('DeleteImportedKeyMaterial', { KeyId });
    }
    const fresh = await own.external();
    const existing = await own.input(fresh, material, { ImportType: 'EXISTING_KEY_MATERIAL' });
    expect(await codeOf(existing)).toBe('IncorrectKeyMaterialException');
    // The id is of the material in its key: it gives the material away to nobody who compares keys.
    expect(await own.put(fresh, material)).not.toBe(id);
  });

  it('knows a private key again however it is written', async () => {
    const KeyId = await own.external({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    const material = freshMaterial('ECC_NIST_P256');
    const id = await own.put(KeyId, material);
    // The same key without the public key that ECPrivateKey may hold (RFC 5915, section 3): 70 bytes less.
    const scalar = material.subarray(36, 68);
    const without = sequence(
      integer(new Uint8Array(0)),
      sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')),
      octetString(sequence(integer(Uint8Array.of(1)), octetString(scalar))),
    );
    expect(without.length).toBe(material.length - 71);
    expect(await own.put(KeyId, without)).toBe(id);
    expect(await codeOf(await own.input(KeyId, freshMaterial('ECC_NIST_P256')))).toBe('IncorrectKeyMaterialException');
  });

  it('lets only what one material can have be said of keys that have one', async () => {
    const KeyId = await own.external({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const material = freshMaterial('HMAC_256');
    for (const wish of [
      { ImportType: 'NEW_KEY_MATERIAL' },
      { KeyMaterialDescription: 'x' },
      { KeyMaterialId: '0'.repeat(64) },
    ] as const)
      expect(await codeOf(await own.input(KeyId, material, wish))).toBe('UnsupportedOperationException');
    const id = await own.put(KeyId, material);
    const { KeyMetadata } = await t.call('DescribeKey', { KeyId });
    expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
    expect(KeyMetadata).not.toHaveProperty('CurrentKeyMaterialId');
    expect(await t.call('DeleteImportedKeyMaterial', { KeyId, KeyMaterialId: id })).toMatchObject({
      KeyMaterialId: id,
    });
    expect(await own.state(KeyId)).toBe('PendingImport');
  });

  it('stays switched off when it gets once more what it has, and waits for material after a cancelled deletion', async () => {
    const KeyId = await own.external();
    const material = symmetric();
    await own.put(KeyId, material);
    await t.call('DisableKey', { KeyId });
    await own.put(KeyId, material);
    expect(await own.state(KeyId)).toBe('Disabled');
    await t.call('ScheduleKeyDeletion', { KeyId });
    expect(
      (
        await t.refused('GetParametersForImport', {
          KeyId,
          WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
          WrappingKeySpec: 'RSA_2048',
        })
      ).code,
    ).toBe('KMSInvalidStateException');
    await t.call('CancelKeyDeletion', { KeyId });
    expect(await own.state(KeyId)).toBe('Disabled');
    await t.call('DeleteImportedKeyMaterial', { KeyId });
    expect(await own.state(KeyId)).toBe('PendingImport');
    await own.put(KeyId, material);
    await t.call('ScheduleKeyDeletion', { KeyId });
    await t.call('DeleteImportedKeyMaterial', { KeyId });
    expect(await own.state(KeyId)).toBe('PendingDeletion');
    await t.call('CancelKeyDeletion', { KeyId });
    expect(await own.state(KeyId)).toBe('PendingImport');
    await own.put(KeyId, material);
    expect(await own.state(KeyId)).toBe('Enabled');
    const empty = await own.external();
    await t.call('ScheduleKeyDeletion', { KeyId: empty });
    await t.call('CancelKeyDeletion', { KeyId: empty });
    expect(await own.state(empty)).toBe('PendingImport');
    expect(Object.keys(await t.call('DeleteImportedKeyMaterial', { KeyId: empty }))).toEqual(['KeyId']);
  });

  it('takes its material with it when it is deleted', async () => {
    const KeyId = await own.external();
    await own.put(KeyId, symmetric(), { ValidTo: new Date(t.clock.now() + 300 * 24 * HOUR) });
    await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    t.clock.advanceDays(7);
    await t.engine.runSchedule(t.clock.now());
    for (const table of ['imports', 'materials', 'key_lines', 'keys'])
      expect(t.store.db.all(`SELECT 1 FROM ${table}`)).toEqual([]);
    expect(t.engine.nextDue()).toBeUndefined();
  });
});

describe('GetParametersForImport', () => {
  it('gives a public key of every kind that is asked for, for a day', async () => {
    const KeyId = await own.external();
    const arn = (await t.call('DescribeKey', { KeyId })).KeyMetadata.Arn;
    for (const WrappingKeySpec of wrappingKeySpecs) {
      const WrappingAlgorithm = WrappingKeySpec === 'SM2' ? 'SM2PKE' : 'RSA_AES_KEY_WRAP_SHA_256';
      const answer = await t.call('GetParametersForImport', { KeyId, WrappingAlgorithm, WrappingKeySpec });
      expect(answer.KeyId).toBe(arn);
      expect(answer.ParametersValidTo.getTime()).toBe(t.clock.now() + 24 * HOUR);
      expect(answer.ImportToken.length).toBeLessThanOrEqual(6144);
      const key = createPublicKey({ key: Buffer.from(answer.PublicKey), format: 'der', type: 'spki' });
      if (WrappingKeySpec !== 'SM2')
        expect(key.asymmetricKeyDetails?.modulusLength).toBe(Number(WrappingKeySpec.slice(4)));
    }
    const [record] = await t.events(1);
    expect(record).toMatchObject({
      EventName: 'GetParametersForImport',
      ReadOnly: true,
      RequestParameters: { keyId: KeyId, wrappingAlgorithm: 'SM2PKE', wrappingKeySpec: 'SM2' },
      ResponseElements: null,
    });
  });

  /** The guide's rules, typed in: which wrapping key specs an algorithm takes for a key spec. */
  const RSA = 'RSA_2048 RSA_3072 RSA_4096';
  const rules = (spec: string): Record<string, string> => ({
    RSAES_PKCS1_V1_5: '',
    RSAES_OAEP_SHA_1: spec.startsWith('RSA') ? '' : spec === 'ECC_NIST_P521' ? 'RSA_3072 RSA_4096' : RSA,
    RSAES_OAEP_SHA_256: spec.startsWith('RSA') ? '' : spec === 'ECC_NIST_P521' ? 'RSA_3072 RSA_4096' : RSA,
    RSA_AES_KEY_WRAP_SHA_1: RSA,
    RSA_AES_KEY_WRAP_SHA_256: RSA,
    SM2PKE: spec.startsWith('RSA') ? '' : 'SM2',
  });

  it('refuses what does not fit the key', async () => {
    for (const KeySpec of keySpecs.filter(importable)) {
      const KeyId = await own.external({ KeySpec, KeyUsage: specs[KeySpec].usages[0] });
      for (const WrappingAlgorithm of wrappingAlgorithms) {
        const allowed = wrappingKeySpecs.filter((spec) => wraps(KeySpec, WrappingAlgorithm, spec));
        expect([KeySpec, WrappingAlgorithm, allowed.join(' ')]).toEqual([
          KeySpec,
          WrappingAlgorithm,
          rules(KeySpec)[WrappingAlgorithm],
        ]);
        for (const WrappingKeySpec of wrappingKeySpecs.filter((spec) => !allowed.includes(spec))) {
          const input = { KeyId, WrappingAlgorithm, WrappingKeySpec };
          expect((await t.refused('GetParametersForImport', input)).code).toBe('UnsupportedOperationException');
        }
      }
    }
  });
});

describe('ImportKeyMaterial refuses', () => {
  it('a token that is none, another key’s, another Region’s, another vault’s or too old', async () => {
    const KeyId = await own.external({ MultiRegion: true });
    const input = await own.input(KeyId, symmetric());
    const other = await own.input(await own.external(), symmetric());
    const elsewhere = await openTestEngine();
    const foreign = await importer(elsewhere).input(await importer(elsewhere).external(), symmetric());
    const { ImportToken } = input;
    for (const bad of [
      other.ImportToken,
      foreign.ImportToken,
      new Uint8Array(1),
      new Uint8Array(6144),
      ImportToken.subarray(0, -1),
      ImportToken.subarray(1),
      ...[0, 1, 13, 14, 30, -1].map((at) => flipped(ImportToken, at)),
    ])
      expect(await codeOf({ ...input, ImportToken: bad })).toBe('InvalidImportTokenException');
    await elsewhere.close();
    t.clock.time += 24 * HOUR - 1;
    const imported = await t.call('ImportKeyMaterial', input);
    // A token is good for more than one import, until it is too old.
    expect((await t.call('ImportKeyMaterial', input)).KeyMaterialId).toBe(imported.KeyMaterialId);
    await t.call('ReplicateKey', { KeyId, ReplicaRegion: 'us-east-1' });
    t.clock.time += 1;
    expect(await codeOf(input)).toBe('ExpiredImportTokenException');
    const there = await own.input(KeyId, symmetric());
    t.clock.time += 5000;
    expect((await t.refused('ImportKeyMaterial', there, { region: 'us-east-1' })).code).toBe(
      'InvalidImportTokenException',
    );
  });

  it('material that does not unwrap', async () => {
    const KeyId = await own.external();
    for (const wish of [
      { WrappingAlgorithm: 'RSAES_OAEP_SHA_1', WrappingKeySpec: 'RSA_2048' },
      { WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256', WrappingKeySpec: 'RSA_2048' },
      { WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' },
    ] as const) {
      const input = await own.input(KeyId, symmetric(), wish);
      const { EncryptedKeyMaterial: whole } = input;
      for (const bad of [
        whole.subarray(1),
        whole.subarray(0, -1),
        whole.subarray(0, -8),
        whole.subarray(0, 16),
        new Uint8Array([...whole, 0]),
        flipped(whole, 5),
        flipped(whole, 70),
        flipped(whole, -1),
      ])
        expect(await codeOf({ ...input, EncryptedKeyMaterial: bad })).toBe('InvalidCiphertextException');
      const again = await own.input(KeyId, symmetric(), wish);
      expect(await codeOf({ ...input, ImportToken: again.ImportToken })).toBe('InvalidCiphertextException');
    }
    // Wrapped by another algorithm than the token's.
    const parameters = { KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
    const { ImportToken, PublicKey } = await t.call('GetParametersForImport', parameters);
    for (const algorithm of ['RSAES_OAEP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'] as const) {
      const EncryptedKeyMaterial = wrapped(algorithm, PublicKey, symmetric());
      const ExpirationModel = 'KEY_MATERIAL_DOES_NOT_EXPIRE';
      expect(await codeOf({ KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel })).toBe(
        'InvalidCiphertextException',
      );
    }
    expect(await own.state(KeyId)).toBe('PendingImport');
  });

  it('material that is not the key’s', async () => {
    const cases = [
      ['SYMMETRIC_DEFAULT', [new Uint8Array(16), new Uint8Array(31), new Uint8Array(33)]],
      ['HMAC_224', [new Uint8Array(27), new Uint8Array(129)]],
      ['HMAC_512', [new Uint8Array(63), new Uint8Array(129)]],
      ['ECC_NIST_P256', [new Uint8Array(32), freshMaterial('ECC_SECG_P256K1'), freshMaterial('ECC_NIST_P384')]],
      ['ECC_SECG_P256K1', [freshMaterial('ECC_NIST_P256'), freshMaterial('SM2')]],
      ['ECC_NIST_EDWARDS25519', [freshMaterial('ECC_NIST_P256'), freshMaterial('SYMMETRIC_DEFAULT')]],
      ['SM2', [freshMaterial('ECC_NIST_P256'), freshMaterial('SM2').subarray(1)]],
      ['RSA_2048', [freshMaterial('RSA_3072'), freshMaterial('ECC_NIST_P256'), flipped(freshMaterial('RSA_2048'), -1)]],
    ] as const;
    for (const [KeySpec, materials] of cases) {
      const KeyId = await own.external({ KeySpec, KeyUsage: specs[KeySpec].usages[0] });
      for (const material of materials) {
        const input = await own.input(KeyId, material, { WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256' });
        expect([KeySpec, await codeOf(input)]).toEqual([KeySpec, 'IncorrectKeyMaterialException']);
      }
      expect(await own.state(KeyId)).toBe('PendingImport');
    }
    expect(t.store.db.all('SELECT 1 FROM materials')).toEqual([]);
    expect(t.store.db.all('SELECT 1 FROM imports')).toEqual([]);
  });

  it('an end that is none', async () => {
    const KeyId = await own.external();
    const input = await own.input(KeyId, symmetric());
    const now = t.clock.now();
    for (const wish of [
      { ExpirationModel: 'KEY_MATERIAL_EXPIRES' },
      { ExpirationModel: undefined },
      { ValidTo: new Date(now + 1) },
      { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(now) },
      { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(now + 365 * 24 * HOUR + 1) },
      { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId: '0'.repeat(64) },
      { KeyMaterialDescription: 'a;b' },
      { KeyMaterialDescription: 'a'.repeat(257) },
      { KeyMaterialId: 'x'.repeat(64) },
    ])
      expect([wish, await codeOf({ ...input, ...wish })]).toEqual([wish, 'ValidationException']);
    await t.call('ImportKeyMaterial', {
      ...input,
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date(now + 365 * 24 * HOUR),
    });
  });

  it('a key whose material Coffer makes, in every state', async () => {
    const { id: KeyId, arn } = await t.key();
    for (const state of ['Enabled', 'Disabled', 'PendingDeletion']) {
      await t.store.transact((tx) => tx.run('UPDATE keys SET state = ?', [state]));
      for (const [name, input] of [
        ['GetParametersForImport', { WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' }],
        ['ImportKeyMaterial', { ImportToken: new Uint8Array(1), EncryptedKeyMaterial: new Uint8Array(1) }],
        ['DeleteImportedKeyMaterial', {}],
      ] as const) {
        const error = await t.refused(name, { KeyId, ...input });
        expect([error.code, error.message]).toEqual([
          'UnsupportedOperationException',
          `${arn} origin is AWS_KMS which is not valid for this operation.`,
        ]);
      }
    }
  });
});
