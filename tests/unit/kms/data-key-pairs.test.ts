import { createRequire } from 'node:module';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { dataKeyPairSpecs } from '../../../src/shared/kms/enums.ts';
import { random } from '../../support/crypto.ts';
import { ACCOUNT, openTestEngine } from '../../support/engine.ts';

/** The real one, also where the suite runs under BoringSSL's limits. */
const { createPrivateKey, createPublicKey }: typeof import('node:crypto') = createRequire(import.meta.url)(
  'node:crypto',
);

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const EncryptionContext = { purpose: 'test' };

it.each(dataKeyPairSpecs)(
  'makes pairs of %s whose private key the KMS key keeps',
  { timeout: 120_000 },
  async (spec) => {
    const { id: KeyId, arn } = await t.key();
    const input = { KeyId, KeyPairSpec: spec, EncryptionContext };
    const pair = await t.call('GenerateDataKeyPair', input);
    const material = (await t.call('DescribeKey', { KeyId })).KeyMetadata.CurrentKeyMaterialId;
    expect(pair).toMatchObject({ KeyId: arn, KeyPairSpec: spec, KeyMaterialId: material });
    const opened = await t.call('Decrypt', { CiphertextBlob: pair.PrivateKeyCiphertextBlob, EncryptionContext });
    expect(opened.Plaintext).toEqual(pair.PrivateKeyPlaintext);
    const bound = await t.refused('Decrypt', { CiphertextBlob: pair.PrivateKeyCiphertextBlob });
    expect(bound.code).toBe('InvalidCiphertextException');

    // The halves belong together, for another reader of PKCS #8 where there is one.
    const privateKey = pair.PrivateKeyPlaintext;
    expect(keyPairs[spec].publicKey(privateKey)).toEqual(pair.PublicKey);
    expect(await keyPairs[spec].importPrivateKey(privateKey)).toEqual(privateKey);
    if (!spec.startsWith('ML_')) {
      const read = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
      const spki = createPublicKey(read).export({ format: 'der', type: 'spki' });
      expect(new Uint8Array(spki)).toEqual(pair.PublicKey);
    }

    const hidden = await t.call('GenerateDataKeyPairWithoutPlaintext', input);
    expect(hidden).not.toHaveProperty('PrivateKeyPlaintext');
    expect(hidden.PublicKey).not.toEqual(pair.PublicKey);
    const later = await t.call('Decrypt', { CiphertextBlob: hidden.PrivateKeyCiphertextBlob, EncryptionContext });
    expect(keyPairs[spec].publicKey(later.Plaintext)).toEqual(hidden.PublicKey);
  },
);

it('keeps them with symmetric keys alone, whatever the usage', { timeout: 60_000 }, async () => {
  const rsa = await t.key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
  const signer = await t.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const dataKey = { KeySpec: 'AES_256' };
  const dataPair = { KeyPairSpec: 'RSA_4096' };
  for (const [name, input] of [
    ['GenerateDataKey', dataKey],
    ['GenerateDataKeyWithoutPlaintext', dataKey],
    ['GenerateDataKeyPair', dataPair],
    ['GenerateDataKeyPairWithoutPlaintext', dataPair],
  ] as const) {
    expect(await t.refused(name, { ...input, KeyId: rsa.id })).toMatchObject({
      code: 'InvalidKeyUsageException',
      message: 'You cannot generate a data key with an asymmetric CMK',
    });
    expect(await t.refused(name, { ...input, KeyId: signer.id })).toMatchObject({
      code: 'InvalidKeyUsageException',
      message: `${signer.arn} key usage is SIGN_VERIFY which is not valid for ${name}.`,
    });
  }
});

it('knows the specs of the API, and no recipient', async () => {
  const { id: KeyId } = await t.key();
  for (const KeyPairSpec of ['ML_DSA_44', 'SYMMETRIC_DEFAULT', 'HMAC_256'])
    expect((await t.refused('GenerateDataKeyPair', { KeyId, KeyPairSpec })).message).toContain(
      `Value '${KeyPairSpec}' at 'keyPairSpec' failed to satisfy constraint: Member must satisfy enum value set: [RSA_2048,`,
    );
  const recipient = { KeyId, KeyPairSpec: 'ECC_NIST_P256', Recipient: {} };
  expect((await t.refused('GenerateDataKeyPair', recipient)).code).toBe('UnsupportedOperationException');
});

it('is granted by itself, for a context', async () => {
  const { id: KeyId, arn } = await t.key();
  const principalArn = `arn:aws:iam::${ACCOUNT}:user/maker`;
  await t.call('CreateGrant', {
    KeyId,
    GranteePrincipal: principalArn,
    Operations: ['GenerateDataKeyPairWithoutPlaintext'],
    Constraints: { EncryptionContextEquals: EncryptionContext },
  });
  const input = { KeyId: arn, KeyPairSpec: 'ECC_NIST_P256', EncryptionContext } as const;
  await t.call('GenerateDataKeyPairWithoutPlaintext', input, { principalArn });
  for (const [name, changes] of [
    ['GenerateDataKeyPair', {}],
    ['GenerateDataKeyPairWithoutPlaintext', { EncryptionContext: {} }],
  ] as const)
    expect((await t.refused(name, { ...input, ...changes }, { principalArn })).code).toBe('AccessDeniedException');
});

it('overwrites the private key that is not handed out', async () => {
  const { id: KeyId } = await t.key();
  const drawn: Uint8Array[] = [];
  const primitive = keyPairs.ECC_NIST_P256;
  const { generate } = primitive;
  // Seen where it is made, as nothing else ever holds it.
  primitive.generate = async () => {
    const key = await generate(random);
    drawn.push(key);
    return key;
  };
  try {
    await t.call('GenerateDataKeyPairWithoutPlaintext', { KeyId, KeyPairSpec: 'ECC_NIST_P256' });
  } finally {
    primitive.generate = generate;
  }
  expect(drawn).toHaveLength(1);
  expect(drawn[0]?.every((byte) => byte === 0)).toBe(true);
});

it('makes the pair outside of the transaction, and asks again afterwards', async () => {
  const { id: KeyId, arn } = await t.key();
  const making = t.refused('GenerateDataKeyPair', { KeyId, KeyPairSpec: 'RSA_2048' });
  await t.call('DisableKey', { KeyId });
  expect(await making).toMatchObject({ code: 'DisabledException', message: `${arn} is disabled.` });
});
