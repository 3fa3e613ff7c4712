import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStoresEngine, type StoresEngine } from '../../support/key-stores.ts';

let t: StoresEngine;
beforeEach(async () => {
  t = await openStoresEngine();
});
afterEach(() => t.close());

const bytes = (text: string) => new TextEncoder().encode(text);
const EncryptionContext = { tenant: 'ä', purpose: 'test' };

/** Makes a connected store of each type with a key in it; the tests of both. */
const kinds = [
  ['EXTERNAL_KEY_STORE', () => t.externalStore(), (store: string) => t.externalKey(store)],
  ['AWS_CLOUDHSM', () => t.tokenStore(), (store: string) => t.tokenKey(store)],
] as const;

describe.each(kinds)('a key of origin %s', (origin, makeStore, makeKey) => {
  let store: string;
  let KeyId: string;
  beforeEach(async () => {
    store = await makeStore();
    KeyId = (await makeKey(store)).id;
  });

  it('describes where it is, and has no more material in the vault than AWS has', async () => {
    const { KeyMetadata } = await t.call('DescribeKey', { KeyId });
    expect(KeyMetadata).toMatchObject({
      Origin: origin,
      CustomKeyStoreId: store,
      KeyState: 'Enabled',
      MultiRegion: false,
    });
    expect(KeyMetadata.CurrentKeyMaterialId).toBeUndefined();
    const materials = t.store.db.all('SELECT 1 FROM materials WHERE key_id = ?', [KeyId]);
    if (origin === 'AWS_CLOUDHSM') {
      expect(KeyMetadata.CloudHsmClusterId).toBe('coffer');
      expect([materials.length, [...t.tokens.keys.keys()]]).toEqual([0, [KeyId]]);
    } else {
      expect(KeyMetadata.XksKeyConfiguration).toEqual({ Id: 'ext-1' });
      expect(materials.length).toBe(1);
    }
  });

  it('encrypts, decrypts and re-encrypts, bound to the encryption context', async () => {
    const Plaintext = new Uint8Array(4096).fill(5);
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext, EncryptionContext });
    expect(CiphertextBlob[0]).toBe(2);
    const decrypted = await t.call('Decrypt', { CiphertextBlob, EncryptionContext });
    expect(decrypted.Plaintext).toEqual(Plaintext);
    expect(decrypted.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
    const local = await t.key();
    const there = await t.call('ReEncrypt', {
      CiphertextBlob,
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: local.id,
    });
    expect(there.CiphertextBlob[0]).toBe(1);
    const back = await t.call('ReEncrypt', { CiphertextBlob: there.CiphertextBlob, DestinationKeyId: KeyId });
    const twice = await t.call('ReEncrypt', { CiphertextBlob: back.CiphertextBlob, DestinationKeyId: KeyId });
    expect((await t.call('Decrypt', { CiphertextBlob: twice.CiphertextBlob })).Plaintext).toEqual(Plaintext);
    for (const name of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const) {
      const made = await t.call(name, { KeyId, KeySpec: 'AES_256', EncryptionContext });
      const { Plaintext: opened } = await t.call('Decrypt', { CiphertextBlob: made.CiphertextBlob, EncryptionContext });
      expect(opened.length).toBe(32);
      if ('Plaintext' in made) expect(opened).toEqual(made.Plaintext);
    }
    // The longest context there is, which is more than a proxy takes as additional data.
    const long = { a: 'x'.repeat(8191) };
    const { CiphertextBlob: wide } = await t.call('Encrypt', { KeyId, Plaintext, EncryptionContext: long });
    expect((await t.call('Decrypt', { CiphertextBlob: wide, EncryptionContext: long })).Plaintext).toEqual(Plaintext);
  });

  it('opens nothing that was altered, cut, or belongs to another context or key', async () => {
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: bytes('secret'), EncryptionContext });
    const wrongContext = await t.refused('Decrypt', { CiphertextBlob });
    // A proxy's refusal of a ciphertext is told as its specification says.
    const codes = ['InvalidCiphertextException', 'KMSInvalidStateException'];
    expect(codes).toContain(wrongContext.code);
    for (let at = 0; at < CiphertextBlob.length; at++) {
      const altered = CiphertextBlob.slice();
      altered[at] = (altered[at] as number) ^ 1;
      const error = await t.refused('Decrypt', { CiphertextBlob: altered, EncryptionContext });
      expect([at, codes.includes(error.code), error.code]).toEqual([at, true, error.code]);
      const cut = CiphertextBlob.slice(0, at);
      if (at > 0)
        expect((await t.refused('Decrypt', { CiphertextBlob: cut, EncryptionContext })).code).toMatch(/Invalid/);
    }
    expect(t.bugs).toEqual([]);
  });

  it('asks nobody in a dry run', async () => {
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: bytes('secret') });
    const asked = () => t.proxy.seen.length + t.tokens.logins;
    const before = asked();
    const inputs = {
      Encrypt: { KeyId, Plaintext: bytes('x') },
      Decrypt: { CiphertextBlob },
      ReEncrypt: { CiphertextBlob, DestinationKeyId: KeyId },
      GenerateDataKey: { KeyId, KeySpec: 'AES_256' },
      GenerateDataKeyWithoutPlaintext: { KeyId, KeySpec: 'AES_256' },
    } as const;
    for (const [name, input] of Object.entries(inputs))
      expect((await t.refused(name as 'Encrypt', { ...input, DryRun: true })).code).toBe('DryRunOperationException');
    const ignoring = { KeyId, DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] };
    expect((await t.refused('Decrypt', ignoring)).code).toBe('DryRunOperationException');
    expect(asked()).toBe(before);
  });

  it('is unavailable while its store is not connected, and again what it was', async () => {
    const other = (await (origin === 'AWS_CLOUDHSM' ? t.tokenKey(store) : t.externalKey(store, 'ext-2'))).id;
    const third = (await (origin === 'AWS_CLOUDHSM' ? t.tokenKey(store) : t.externalKey(store, 'ext-3'))).id;
    await t.call('DisableKey', { KeyId: other });
    await t.call('ScheduleKeyDeletion', { KeyId: third, PendingWindowInDays: 7 });
    await t.call('DisconnectCustomKeyStore', { CustomKeyStoreId: store });
    await t.settled();
    expect((await t.shown(store)).ConnectionState).toBe('DISCONNECTED');
    expect(await Promise.all([KeyId, other, third].map(t.state))).toEqual([
      'Unavailable',
      'Unavailable',
      'PendingDeletion',
    ]);
    const refused = await t.refused('Encrypt', { KeyId, Plaintext: bytes('x') });
    expect([refused.code, refused.message]).toEqual([
      'KMSInvalidStateException',
      expect.stringMatching(/is unavailable\.$/),
    ]);
    const input = { Origin: origin, CustomKeyStoreId: store, ...(origin === 'AWS_CLOUDHSM' ? {} : { XksKeyId: 'x' }) };
    expect((await t.refused('CreateKey', input)).code).toBe('CustomKeyStoreInvalidStateException');
    await t.connect(store);
    expect(await Promise.all([KeyId, other, third].map(t.state))).toEqual(['Enabled', 'Disabled', 'PendingDeletion']);
  });

  it('neither rotates nor is replicated', async () => {
    for (const [name, input] of [
      ['EnableKeyRotation', {}],
      ['DisableKeyRotation', {}],
      ['RotateKeyOnDemand', {}],
      ['GetKeyRotationStatus', {}],
      ['ReplicateKey', { ReplicaRegion: 'us-east-1' }],
    ] as const)
      expect([name, (await t.refused(name, { KeyId, ...input })).code]).toEqual([
        name,
        'UnsupportedOperationException',
      ]);
  });

  it('is deleted after its window: in a token with its material, the external key never', async () => {
    await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    t.clock.advanceDays(8);
    await t.engine.runSchedule(t.clock.time);
    await t.settled();
    expect((await t.refused('DescribeKey', { KeyId })).code).toBe('NotFoundException');
    expect([t.tokens.keys.size, t.proxy.keys.size]).toEqual(origin === 'AWS_CLOUDHSM' ? [0, 0] : [0, 1]);
    const [record] = (await t.events(5)).filter(({ EventName }) => EventName === 'DeleteKey');
    if (origin === 'AWS_CLOUDHSM')
      expect(record?.ResponseElements).toMatchObject({ customKeyStoreId: store, backingKeysDeletionStatus: 'SUCCESS' });
    await t.call('DisconnectCustomKeyStore', { CustomKeyStoreId: store });
    await t.settled();
    await t.call('DeleteCustomKeyStore', { CustomKeyStoreId: store });
    expect((await t.call('DescribeCustomKeyStores', {})).CustomKeyStores).toEqual([]);
  });
});

describe('double encryption', () => {
  it('needs the vault’s material as well as the external key, and never the external key alone', async () => {
    const { id: KeyId, arn } = await t.externalKey(await t.externalStore());
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: bytes('plain words') });
    await t.call('Decrypt', { CiphertextBlob });
    const [encrypted, decrypted] = t.proxy.seen.slice(-2);
    expect(encrypted?.body.requestMetadata).toMatchObject({ kmsOperation: 'Encrypt', kmsKeyArn: arn });
    expect(decrypted?.path).toMatch(/\/keys\/ext-1\/decrypt$/);
    const wrapped = Buffer.from(String(encrypted?.body.plaintext), 'base64');
    expect([wrapped[0], wrapped.includes('plain words')]).toEqual([1, false]);
    // What the proxy saw is a ciphertext of the key's own material; it must not open without the proxy.
    expect((await t.refused('Decrypt', { CiphertextBlob: new Uint8Array(wrapped) })).code).toBe(
      'InvalidCiphertextException',
    );
    // A proxy that answers with something else gets nothing out of the vault.
    t.proxy.misbehave = () => ({
      change: ({ plaintext }) => ({ plaintext: Buffer.from(String(plaintext), 'base64').fill(1).toString('base64') }),
    });
    const foreign = await t.refused('Decrypt', { CiphertextBlob });
    expect([foreign.code, foreign.message]).toEqual([
      'KMSInvalidStateException',
      expect.stringContaining('submitted for decryption'),
    ]);
    expect(t.bugs).toEqual([]);
  });
});
