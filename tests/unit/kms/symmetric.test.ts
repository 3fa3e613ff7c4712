import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestEngine } from '../../support/engine.ts';

const text = (value: string) => new TextEncoder().encode(value);
let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

describe('Encrypt and Decrypt', () => {
  it('opens what it sealed, by every form of the key id and without one', async () => {
    const { id, arn } = await t.key();
    await t.call('CreateAlias', { AliasName: 'alias/photos', TargetKeyId: id });
    for (const KeyId of [id, arn, 'alias/photos', arn.replace(/key\/.*/, 'alias/photos')]) {
      const sealed = await t.call('Encrypt', { KeyId, Plaintext: text('hello') });
      expect(sealed.KeyId).toBe(arn);
      for (const named of [{}, { KeyId }]) {
        const opened = await t.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, ...named });
        expect(Buffer.from(opened.Plaintext).toString()).toBe('hello');
        expect(opened.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
      }
    }
  });

  it('takes 1 to 4,096 bytes', async () => {
    const { id: KeyId } = await t.key();
    const whole = new Uint8Array(4096).fill(7);
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: whole });
    expect((await t.call('Decrypt', { CiphertextBlob })).Plaintext).toEqual(whole);
    const long = await t.refused('Encrypt', { KeyId, Plaintext: new Uint8Array(4097) });
    expect(long.code).toBe('ValidationException');
    expect(long.message).toBe(
      "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096",
    );
    expect((await t.refused('Encrypt', { KeyId, Plaintext: new Uint8Array(0) })).code).toBe('ValidationException');
    expect((await t.refused('Encrypt', { KeyId })).message).toContain('Member must not be null');
    expect((await t.refused('Encrypt', { KeyId, Plaintext: 'text' })).code).toBe('SerializationException');
  });

  it('binds the encryption context, whatever its order', async () => {
    const { id: KeyId } = await t.key();
    const sealed = await t.call('Encrypt', { KeyId, Plaintext: text('x'), EncryptionContext: { a: '1', b: '2' } });
    const { CiphertextBlob } = sealed;
    const opened = await t.call('Decrypt', { CiphertextBlob, EncryptionContext: { b: '2', a: '1' } });
    expect(Buffer.from(opened.Plaintext).toString()).toBe('x');
    for (const EncryptionContext of [undefined, {}, { a: '1' }, { a: '1', b: '3' }, { a1: '', b: '2' }]) {
      const error = await t.refused('Decrypt', { CiphertextBlob, EncryptionContext });
      expect(error.code).toBe('InvalidCiphertextException');
    }
  });

  it('refuses a context over 8,192 bytes and text that is no Unicode', async () => {
    const { id: KeyId } = await t.key();
    const at = { KeyId, Plaintext: text('x') };
    await t.call('Encrypt', { ...at, EncryptionContext: { k: 'v'.repeat(8191) } });
    expect((await t.refused('Encrypt', { ...at, EncryptionContext: { k: 'v'.repeat(8192) } })).code).toBe(
      'ValidationException',
    );
    expect((await t.refused('Encrypt', { ...at, EncryptionContext: { k: '\ud800' } })).code).toBe(
      'ValidationException',
    );
  });

  it('says the same for damaged, foreign and unknown ciphertext', async () => {
    const { id: KeyId } = await t.key();
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: text('secret') });
    const messages = new Set<string>();
    for (let at = 0; at < CiphertextBlob.length; at++) {
      const damaged = Uint8Array.from(CiphertextBlob);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      const error = await t.refused('Decrypt', { CiphertextBlob: damaged });
      expect(error.code).toBe('InvalidCiphertextException');
      messages.add(error.message);
    }
    for (const end of [1, 20, 98, CiphertextBlob.length - 1])
      messages.add((await t.refused('Decrypt', { CiphertextBlob: CiphertextBlob.subarray(0, end) })).message);
    messages.add((await t.refused('Decrypt', { CiphertextBlob }, { region: 'us-east-1' })).message);
    expect(messages.size).toBe(1);
  });

  it('refuses a key that is another, an algorithm that is not the key’s, a recipient, and nothing to open', async () => {
    const one = await t.key();
    const two = await t.key();
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId: one.id, Plaintext: text('x') });
    expect((await t.refused('Decrypt', { CiphertextBlob, KeyId: two.id })).code).toBe('IncorrectKeyException');
    const algorithm = { CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' };
    expect(await t.refused('Decrypt', { ...algorithm, KeyId: one.id })).toMatchObject({
      code: 'InvalidKeyUsageException',
      message: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
    });
    expect((await t.refused('Decrypt', { CiphertextBlob, Recipient: {} })).code).toBe('UnsupportedOperationException');
    expect((await t.refused('Decrypt', { KeyId: one.id })).code).toBe('ValidationException');
  });

  it('dry runs check everything and keep nothing', async () => {
    const { id: KeyId } = await t.key();
    const Plaintext = text('x');
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext });
    for (const input of [{ CiphertextBlob }, { KeyId, DryRunModifiers: ['IGNORE_CIPHERTEXT'] }])
      expect((await t.refused('Decrypt', { ...input, DryRun: true })).code).toBe('DryRunOperationException');
    expect((await t.refused('Encrypt', { KeyId, Plaintext, DryRun: true })).code).toBe('DryRunOperationException');
    const wrong = { CiphertextBlob, EncryptionContext: { no: 'no' }, DryRun: true };
    expect((await t.refused('Decrypt', wrong)).code).toBe('InvalidCiphertextException');
    const modifier = { KeyId, DryRunModifiers: ['IGNORE_CIPHERTEXT'] };
    expect((await t.refused('Decrypt', modifier)).code).toBe('ValidationException');
  });
});

describe('ReEncrypt', () => {
  it('moves a ciphertext to another key and context', async () => {
    const one = await t.key();
    const two = await t.key();
    const context = { from: 'one' };
    const sealed = await t.call('Encrypt', { KeyId: one.id, Plaintext: text('x'), EncryptionContext: context });
    const moved = await t.call('ReEncrypt', {
      CiphertextBlob: sealed.CiphertextBlob,
      SourceEncryptionContext: context,
      DestinationKeyId: two.id,
      DestinationEncryptionContext: { to: 'two' },
    });
    expect([moved.SourceKeyId, moved.KeyId]).toEqual([one.arn, two.arn]);
    expect(moved.SourceKeyMaterialId).not.toBe(moved.DestinationKeyMaterialId);
    const opened = await t.call('Decrypt', {
      CiphertextBlob: moved.CiphertextBlob,
      EncryptionContext: { to: 'two' },
      KeyId: two.id,
    });
    expect(Buffer.from(opened.Plaintext).toString()).toBe('x');
    const [record] = (await t.events(2)).filter((event) => event.EventName === 'ReEncrypt');
    expect(record?.Resources ?? [one.arn, two.arn]).toEqual([one.arn, two.arn]);
    const wrong = { CiphertextBlob: sealed.CiphertextBlob, DestinationKeyId: two.id };
    expect((await t.refused('ReEncrypt', wrong)).code).toBe('InvalidCiphertextException');
    expect((await t.refused('ReEncrypt', { ...wrong, SourceKeyId: two.id })).code).toBe('IncorrectKeyException');
  });
});

describe('data keys and random bytes', () => {
  it('gives a data key that its ciphertext opens to', async () => {
    const { id: KeyId, arn } = await t.key();
    const cases = [
      [{ KeySpec: 'AES_256' }, 32],
      [{ KeySpec: 'AES_128' }, 16],
      [{ NumberOfBytes: 1 }, 1],
      [{ NumberOfBytes: 1024 }, 1024],
    ] as const;
    for (const [size, length] of cases) {
      const made = await t.call('GenerateDataKey', { KeyId, ...size, EncryptionContext: { a: 'b' } });
      expect([made.Plaintext.length, made.KeyId]).toEqual([length, arn]);
      const { CiphertextBlob } = made;
      const opened = await t.call('Decrypt', { CiphertextBlob, EncryptionContext: { a: 'b' } });
      expect(opened.Plaintext).toEqual(made.Plaintext);
      expect(opened.KeyMaterialId).toBe(made.KeyMaterialId);
      const hidden = await t.call('GenerateDataKeyWithoutPlaintext', { KeyId, ...size });
      expect((await t.call('Decrypt', { CiphertextBlob: hidden.CiphertextBlob })).Plaintext.length).toBe(length);
    }
  });

  it('wants exactly one length', async () => {
    const { id: KeyId } = await t.key();
    for (const name of ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const) {
      expect((await t.refused(name, { KeyId })).code).toBe('ValidationException');
      expect((await t.refused(name, { KeyId, KeySpec: 'AES_256', NumberOfBytes: 32 })).code).toBe(
        'ValidationException',
      );
      expect((await t.refused(name, { KeyId, NumberOfBytes: 1025 })).code).toBe('ValidationException');
      expect((await t.refused(name, { KeyId, KeySpec: 'AES_256', DryRun: true })).code).toBe(
        'DryRunOperationException',
      );
    }
    const recipient = { KeyId, KeySpec: 'AES_256', Recipient: {} };
    expect((await t.refused('GenerateDataKey', recipient)).code).toBe('UnsupportedOperationException');
  });

  it('gives 1 to 1,024 random bytes', async () => {
    expect((await t.call('GenerateRandom', { NumberOfBytes: 1024 })).Plaintext.length).toBe(1024);
    expect((await t.refused('GenerateRandom', {})).message).toBe('NumberOfBytes is required.');
    expect((await t.refused('GenerateRandom', { NumberOfBytes: 0 })).message).toBe(
      "1 validation error detected: Value '0' at 'numberOfBytes' failed to satisfy constraint: Member must have value greater than or equal to 1",
    );
    expect((await t.refused('GenerateRandom', { NumberOfBytes: 1025 })).code).toBe('ValidationException');
    const store = { NumberOfBytes: 8, CustomKeyStoreId: 'cks-1' };
    expect((await t.refused('GenerateRandom', store)).code).toBe('CustomKeyStoreNotFoundException');
    const recipient = { NumberOfBytes: 8, Recipient: {} };
    expect((await t.refused('GenerateRandom', recipient)).code).toBe('UnsupportedOperationException');
  });
});
