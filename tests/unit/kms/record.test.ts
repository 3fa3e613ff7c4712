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

it('no record of a key pair or an HMAC key holds a message, a secret or a private key', async () => {
  const t = await openTestEngine();
  const { id: symmetric } = await t.key();
  const { id: signer } = await t.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const { id: agreer } = await t.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' });
  const { id: kem } = await t.key({ KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' });
  const { id: hmac } = await t.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const { id: sm2 } = await t.key({ KeySpec: 'SM2', KeyUsage: 'ENCRYPT_DECRYPT' });
  const Message = random.bytes(24);
  const sign = { KeyId: signer, Message, MessageType: 'RAW', SigningAlgorithm: 'ECDSA_SHA_256' } as const;
  const { Signature } = await t.call('Sign', sign);
  await t.call('Verify', { ...sign, Signature });
  await t.refused('Verify', { ...sign, Signature: new Uint8Array(64) });
  const mac = { KeyId: hmac, Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
  const { Mac } = await t.call('GenerateMac', mac);
  await t.call('VerifyMac', { ...mac, Mac });
  await t.refused('VerifyMac', { ...mac, Mac: new Uint8Array(32) });
  const { PublicKey } = await t.call('GetPublicKey', { KeyId: agreer });
  const agree = { KeyId: agreer, KeyAgreementAlgorithm: 'ECDH', PublicKey } as const;
  const derived = await t.call('DeriveSharedSecret', agree);
  const encapsulate = { KeyId: kem, EncapsulationAlgorithm: 'ML_KEM' } as const;
  const { SharedSecret, SharedSecretCiphertextBlob } = await t.call('Encapsulate', encapsulate);
  await t.call('Decapsulate', { ...encapsulate, SharedSecretCiphertextBlob });
  const make = { KeyId: symmetric, KeyPairSpec: 'ECC_NIST_P256', EncryptionContext: { a: 'b' } } as const;
  const pair = await t.call('GenerateDataKeyPair', make);
  await t.call('GenerateDataKeyPairWithoutPlaintext', make);
  const encrypt = { KeyId: sm2, Plaintext: Message, EncryptionAlgorithm: 'SM2PKE' } as const;
  const { CiphertextBlob } = await t.call('Encrypt', encrypt);
  await t.call('Decrypt', { KeyId: sm2, CiphertextBlob, EncryptionAlgorithm: 'SM2PKE' });

  const events = (await t.events(100)).reverse();
  const text = JSON.stringify(events);
  const secrets = [Message, Mac, derived.SharedSecret, SharedSecret, pair.PrivateKeyPlaintext];
  for (const secret of secrets)
    for (const form of ['hex', 'base64', 'base64url'] as const)
      expect(text).not.toContain(Buffer.from(secret).toString(form).replace(/=+$/, ''));
  expect(text).not.toContain(Object.values(Message).slice(0, 8).join(','));
  const used = events.filter(({ EventName }) => !['CreateKey', 'LookupEvents'].includes(EventName));
  const signed = { keyId: signer, signingAlgorithm: 'ECDSA_SHA_256', messageType: 'RAW' };
  const authenticated = { keyId: hmac, macAlgorithm: 'HMAC_SHA_256' };
  const encapsulated = { keyId: kem, encapsulationAlgorithm: 'ML_KEM' };
  const paired = { keyId: symmetric, keyPairSpec: 'ECC_NIST_P256', encryptionContext: { a: 'b' } };
  const encrypted = { keyId: sm2, encryptionAlgorithm: 'SM2PKE' };
  expect(used.map((event) => [event.EventName, event.RequestParameters, event.ErrorCode ?? null])).toEqual([
    ['Sign', signed, null],
    ['Verify', signed, null],
    ['Verify', signed, 'KMSInvalidSignatureException'],
    ['GenerateMac', authenticated, null],
    ['VerifyMac', authenticated, null],
    ['VerifyMac', authenticated, 'KMSInvalidMacException'],
    ['GetPublicKey', { keyId: agreer }, null],
    ['DeriveSharedSecret', { keyId: agreer, keyAgreementAlgorithm: 'ECDH' }, null],
    ['Encapsulate', encapsulated, null],
    ['Decapsulate', encapsulated, null],
    ['GenerateDataKeyPair', paired, null],
    ['GenerateDataKeyPairWithoutPlaintext', paired, null],
    ['Encrypt', encrypted, null],
    ['Decrypt', encrypted, null],
  ]);
  for (const event of used) expect(event).toMatchObject({ ReadOnly: true, ResponseElements: null });
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
