import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KeyPairSpec, keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { algorithmsOf, specs } from '../../../src/shared/kms/specs.ts';
import { flipped, text } from '../../support/crypto.ts';
import { publicKeyOf, verifiesElsewhere } from '../../support/independent.ts';
import { type KeyPairEngine, openKeyPairEngine } from '../../support/key-pairs.ts';
import { inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';
import { CALLER, engineOf, populate, productOptions } from '../../support/vault-engine.ts';

let t: KeyPairEngine;
beforeAll(async () => {
  t = await openKeyPairEngine();
});
afterAll(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const pairSpecs = Object.keys(keyPairs) as KeyPairSpec[];

it.each(pairSpecs)('hands out the public key of %s with what it is for', { timeout: 120_000 }, async (spec) => {
  for (const usage of specs[spec].usages) {
    const { id, arn } = await t.keyOf(spec, usage);
    await t.call('CreateAlias', { AliasName: `alias/${spec}-${usage}`, TargetKeyId: id });
    const answer = await t.call('GetPublicKey', { KeyId: `alias/${spec}-${usage}` });
    expect(answer).toEqual({
      KeyId: arn,
      PublicKey: answer.PublicKey,
      CustomerMasterKeySpec: spec,
      KeySpec: spec,
      KeyUsage: usage,
      ...algorithmsOf(spec, usage),
    });
    keyPairs[spec].requirePublicKey(answer.PublicKey);
    if (!spec.startsWith('ML_')) expect(publicKeyOf(answer.PublicKey).type).toBe('public');
    // What is handed out is the caller's: changing it changes no answer.
    const before = Uint8Array.from(answer.PublicKey);
    answer.PublicKey.fill(0);
    expect(await t.publicKey(id)).toEqual(before);
  }
});

it('knows none of a symmetric key', async () => {
  const { id: KeyId, arn } = await t.key();
  expect(await t.refused('GetPublicKey', { KeyId })).toMatchObject({
    code: 'UnsupportedOperationException',
    message: `${arn} key spec is SYMMETRIC_DEFAULT which is not valid for GetPublicKey.`,
  });
});

it('key pairs survive locking and opening the vault', () =>
  inTemporaryFolder(async (home) => {
    const dir = `${home}/vault`;
    const setup = { name: 'Test', passphrase: PASSPHRASE, useKeychain: false };
    const { vault } = await Vault.create(dir, productOptions(), setup);
    await populate(vault);
    const Message = text('a message');
    const made = [];
    const { engine } = engineOf(vault);
    for (const [KeySpec, SigningAlgorithm] of [
      ['RSA_2048', 'RSASSA_PSS_SHA_256'],
      ['ECC_NIST_P256', 'ECDSA_SHA_256'],
      ['ECC_SECG_P256K1', 'ECDSA_SHA_256'],
      ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512'],
      ['SM2', 'SM2DSA'],
      ['ML_DSA_44', 'ML_DSA_SHAKE_256'],
    ] as const) {
      const { output } = await engine.call(CALLER, 'CreateKey', { KeySpec, KeyUsage: 'SIGN_VERIFY' });
      const input = { KeyId: output.KeyMetadata.KeyId, Message, SigningAlgorithm };
      const { Signature } = (await engine.call(CALLER, 'Sign', input)).output;
      const { PublicKey } = (await engine.call(CALLER, 'GetPublicKey', { KeyId: input.KeyId })).output;
      made.push({ KeySpec, input, Signature, PublicKey });
    }
    await vault.close();
    const open = await Vault.open(dir, productOptions(), { kind: 'passphrase', secret: PASSPHRASE });
    const again = engineOf(open).engine;
    for (const { KeySpec, input, Signature, PublicKey } of made) {
      await again.call(CALLER, 'Verify', { ...input, Signature });
      const fresh = (await again.call(CALLER, 'Sign', input)).output.Signature;
      expect(verifiesElsewhere(KeySpec, input.SigningAlgorithm, PublicKey, Message, fresh)).toBe(true);
      await expect(again.call(CALLER, 'Verify', { ...input, Signature: flipped(fresh, -1) })).rejects.toMatchObject({
        code: 'KMSInvalidSignatureException',
      });
    }
    await open.close();
  }));
