import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CIPHERTEXT_OVERHEAD, decrypt, encrypt, parseCiphertext } from '../../../src/main/kms/ciphertext.ts';
import { canonicalContext } from '../../../src/main/kms/encryption-context.ts';
import { openTestEngine } from '../../support/engine.ts';

const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };

it('no record holds a secret; refused calls are recorded with their error', async () => {
  const t = await openTestEngine();
  const { id: KeyId, arn } = await t.key();
  const Plaintext = new Uint8Array(randomBytes(24));
  const EncryptionContext = { Purpose: 'Shown In Clear' };
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext, EncryptionContext });
  await t.call('Decrypt', { CiphertextBlob, EncryptionContext });
  const made = await t.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
  const bytes = await t.call('GenerateRandom', { NumberOfBytes: 32 });
  const refusal = await t.refused('Decrypt', { CiphertextBlob });
  const events = await t.events(50);
  const text = JSON.stringify(events);
  for (const secret of [Plaintext, made.Plaintext, bytes.Plaintext])
    for (const form of ['hex', 'base64'] as const) expect(text).not.toContain(Buffer.from(secret).toString(form));
  expect(events[0]).toMatchObject({
    EventName: 'Decrypt',
    EventId: refusal.details.requestId,
    ErrorCode: 'InvalidCiphertextException',
    Resources: [arn],
  });
  const sealed = events.find((event) => event.EventName === 'Encrypt');
  expect(sealed?.RequestParameters).toEqual({ keyId: KeyId, encryptionContext: EncryptionContext });
  await t.close();
});

it('a bug is recorded and answered without its insides', async () => {
  const t = await openTestEngine();
  const { id: KeyId } = await t.key();
  await t.store.transact((tx) => tx.run(`UPDATE key_lines SET current_material = 'gone'`));
  const error = await t.refused('Encrypt', { KeyId, Plaintext: new Uint8Array(1) });
  expect(error.code).toBe('KMSInternalException');
  expect(error.message).not.toContain('material');
  expect(t.bugs.length).toBe(1);
  expect((await t.events(1))[0]?.ErrorCode).toBe('KMSInternalException');
  await t.close();
});

it('any bytes are a ciphertext or null, and only the right parts open it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const parsed = parseCiphertext(bytes);
      if (parsed) expect(decrypt(parsed, new Uint8Array(32), canonicalContext(undefined))).toBeNull();
    }),
    { numRuns: 2000 },
  );
  const owner = { accountId: '999999999999', keyId: `mrk-${'0a'.repeat(16)}`, materialId: 'ef'.repeat(32) };
  const material = random.bytes(32);
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      fc.dictionary(fc.string(), fc.string()),
      (data, raw) => {
        const context = canonicalContext(raw);
        const sealed = encrypt(owner, material, data, context, random);
        expect(sealed.length).toBe(data.length + CIPHERTEXT_OVERHEAD);
        const parsed = parseCiphertext(sealed);
        expect(parsed).toMatchObject(owner);
        expect(parsed && decrypt(parsed, material, context)).toEqual(data);
        expect(parsed && decrypt(parsed, random.bytes(32), context)).toBeNull();
      },
    ),
  );
});

it('no two encryption contexts share a form', () => {
  expect(canonicalContext({ a: 'bc' })).not.toEqual(canonicalContext({ ab: 'c' }));
  expect(canonicalContext({})).toEqual(Uint8Array.from(canonicalContext(undefined)));
  expect(canonicalContext({ a: '1', b: '2' })).toEqual(canonicalContext({ b: '2', a: '1' }));
});
