import { createRequire } from 'node:module';
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import { sm2 } from 'sm-crypto-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { flipped, random } from '../../support/crypto.ts';
import { ACCOUNT } from '../../support/engine.ts';
import { publicKeyOf } from '../../support/independent.ts';
import { type KeyPairEngine, openKeyPairEngine } from '../../support/key-pairs.ts';

/** The real one, also where the suite runs under BoringSSL's limits. */
const { createPrivateKey, diffieHellman, generateKeyPairSync }: typeof import('node:crypto') = createRequire(
  import.meta.url,
)('node:crypto');

let t: KeyPairEngine;
beforeAll(async () => {
  t = await openKeyPairEngine();
});
afterAll(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const KeyAgreementAlgorithm = 'ECDH';
const agreeing = [
  ['ECC_NIST_P256', 'P-256', 32],
  ['ECC_NIST_P384', 'P-384', 48],
  ['ECC_NIST_P521', 'P-521', 66],
  ['SM2', 'SM2', 32],
] as const;

describe.each(agreeing)('DeriveSharedSecret with %s', (spec, namedCurve, bytes) => {
  it('agrees with another KMS key and with a peer outside', async () => {
    const { id: KeyId, arn } = await t.keyOf(spec, 'KEY_AGREEMENT');
    const { id: other } = await t.keyOf(spec, 'KEY_AGREEMENT', 'other');
    const ours = await t.publicKey(KeyId);
    const here = { KeyId, KeyAgreementAlgorithm, PublicKey: await t.publicKey(other) } as const;
    const answer = await t.call('DeriveSharedSecret', here);
    expect(answer).toMatchObject({ KeyId: arn, KeyAgreementAlgorithm, KeyOrigin: 'AWS_KMS' });
    expect(answer.SharedSecret).toHaveLength(bytes);
    const there = await t.call('DeriveSharedSecret', { KeyId: other, KeyAgreementAlgorithm, PublicKey: ours });
    expect(there.SharedSecret).toEqual(answer.SharedSecret);

    for (let i = 0; i < 5; i++) {
      const pkcs8 = await keyPairs[spec].generate(random);
      const PublicKey = keyPairs[spec].publicKey(pkcs8);
      const { SharedSecret } = await t.call('DeriveSharedSecret', { KeyId, KeyAgreementAlgorithm, PublicKey });
      if (spec === 'SM2') {
        // Its key exchange is another thing; sm-crypto-v2's plain ECDH answers the x coordinate with its sign before it.
        const scalar = Buffer.from(pkcs8.subarray(36, 68)).toString('hex');
        const point = Buffer.from(ours.subarray(26)).toString('hex');
        expect(Uint8Array.from(sm2.ecdh(scalar, point)).slice(-32)).toEqual(SharedSecret);
        continue;
      }
      const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
      const theirs = diffieHellman({ privateKey, publicKey: publicKeyOf(ours) });
      expect(new Uint8Array(theirs)).toEqual(SharedSecret);
    }
  });

  it('refuses what is no public key of its curve', async () => {
    const { id: KeyId } = await t.keyOf(spec, 'KEY_AGREEMENT');
    const own = await t.publicKey(KeyId);
    const curves = ['P-256', 'P-384', 'P-521', 'secp256k1', 'SM2'].filter((curve) => curve !== namedCurve);
    const foreign = curves.map((curve) => {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve: curve });
      return new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
    });
    const infinity = Uint8Array.from(own);
    infinity.fill(0, own.length - 2 * bytes);
    for (const PublicKey of [
      ...foreign,
      flipped(own, -1),
      flipped(own, 0),
      own.subarray(0, -1),
      Uint8Array.from([...own, 0]),
      infinity,
      new Uint8Array(1),
      new Uint8Array(8192),
    ])
      expect(await t.refused('DeriveSharedSecret', { KeyId, KeyAgreementAlgorithm, PublicKey })).toMatchObject({
        code: 'ValidationException',
        message: `The public key is not a valid SubjectPublicKeyInfo of key spec ${spec}.`,
      });
  });
});

describe('DeriveSharedSecret', () => {
  it('is for keys of that usage, and has no recipient', async () => {
    const { id, arn } = await t.keyOf('ECC_NIST_P256', 'SIGN_VERIFY');
    const { id: agreer } = await t.keyOf('ECC_NIST_P256', 'KEY_AGREEMENT');
    const input = { KeyAgreementAlgorithm, PublicKey: await t.publicKey(agreer) };
    expect(await t.refused('DeriveSharedSecret', { ...input, KeyId: id })).toMatchObject({
      code: 'InvalidKeyUsageException',
      message: `${arn} key usage is SIGN_VERIFY which is not valid for DeriveSharedSecret.`,
    });
    const recipient = { ...input, KeyId: agreer, Recipient: {} };
    expect((await t.refused('DeriveSharedSecret', recipient)).code).toBe('UnsupportedOperationException');
    for (const wrong of [{ KeyAgreementAlgorithm: 'DH' }, { PublicKey: new Uint8Array(0) }, { PublicKey: undefined }])
      expect((await t.refused('DeriveSharedSecret', { ...input, KeyId: agreer, ...wrong })).code).toBe(
        'ValidationException',
      );
  });
});

const EncapsulationAlgorithm = 'ML_KEM';
const kems = [
  ['ML_KEM_512', ml_kem512, 768],
  ['ML_KEM_768', ml_kem768, 1088],
  ['ML_KEM_1024', ml_kem1024, 1568],
] as const;

describe.each(kems)('Encapsulate and Decapsulate with %s', (spec, kem, bytes) => {
  it('share 32 bytes, also with whoever has the public key', async () => {
    const { id: KeyId, arn } = await t.keyOf(spec, 'ENCAPSULATE_DECAPSULATE');
    const input = { KeyId, EncapsulationAlgorithm } as const;
    const made = await t.call('Encapsulate', input);
    const { SharedSecret, SharedSecretCiphertextBlob } = made;
    expect(made).toMatchObject({ KeyId: arn, EncapsulationAlgorithm });
    expect([SharedSecret.length, SharedSecretCiphertextBlob.length]).toEqual([32, bytes]);
    expect(await t.call('Decapsulate', { ...input, SharedSecretCiphertextBlob })).toEqual({
      KeyId: arn,
      SharedSecret,
      EncapsulationAlgorithm,
    });
    expect((await t.call('Encapsulate', input)).SharedSecret).not.toEqual(SharedSecret);

    const publicKey = (await t.publicKey(KeyId)).subarray(22);
    const outside = kem.encapsulate(publicKey);
    const recovered = await t.call('Decapsulate', { ...input, SharedSecretCiphertextBlob: outside.cipherText });
    expect(recovered.SharedSecret).toEqual(outside.sharedSecret);
  });

  it('tell of a ciphertext’s length alone', async () => {
    const { id: KeyId } = await t.keyOf(spec, 'ENCAPSULATE_DECAPSULATE');
    const { id: other } = await t.keyOf(spec, 'ENCAPSULATE_DECAPSULATE', 'other');
    const input = { KeyId, EncapsulationAlgorithm } as const;
    const { SharedSecret, SharedSecretCiphertextBlob: blob } = await t.call('Encapsulate', input);
    for (const [id, given] of [
      [KeyId, flipped(blob)],
      [KeyId, flipped(blob, -1)],
      [KeyId, new Uint8Array(bytes)],
      [other, blob],
    ] as const) {
      const opened = await t.call('Decapsulate', { ...input, KeyId: id, SharedSecretCiphertextBlob: given });
      expect(opened.SharedSecret).toHaveLength(32);
      expect(opened.SharedSecret).not.toEqual(SharedSecret);
      const again = await t.call('Decapsulate', { ...input, KeyId: id, SharedSecretCiphertextBlob: given });
      expect(again.SharedSecret).toEqual(opened.SharedSecret);
    }
    for (const length of [1, bytes - 1, bytes + 1, 6144]) {
      const wrong = { ...input, SharedSecretCiphertextBlob: new Uint8Array(length) };
      expect((await t.refused('Decapsulate', wrong)).code).toBe('InvalidCiphertextException');
    }
    for (const length of [0, 6145]) {
      const wrong = { ...input, SharedSecretCiphertextBlob: new Uint8Array(length) };
      expect((await t.refused('Decapsulate', wrong)).code).toBe('ValidationException');
    }
  });
});

describe('Encapsulate and Decapsulate', () => {
  it('are for ML-KEM keys, and granted one by one', async () => {
    const { id: KeyId, arn } = await t.keyOf('ML_KEM_512', 'ENCAPSULATE_DECAPSULATE');
    const signer = await t.keyOf('ECC_NIST_P256', 'SIGN_VERIFY');
    const wrong = { KeyId: signer.id, EncapsulationAlgorithm, SharedSecretCiphertextBlob: new Uint8Array(768) };
    for (const name of ['Encapsulate', 'Decapsulate'] as const)
      expect(await t.refused(name, wrong)).toMatchObject({
        code: 'InvalidKeyUsageException',
        message: `${signer.arn} key usage is SIGN_VERIFY which is not valid for ${name}.`,
      });
    const principalArn = `arn:aws:iam::${ACCOUNT}:user/sender`;
    await t.call('CreateGrant', { KeyId, GranteePrincipal: principalArn, Operations: ['Encapsulate'] });
    const input = { KeyId: arn, EncapsulationAlgorithm } as const;
    const sent = await t.call('Encapsulate', input, { principalArn });
    const open = { ...input, SharedSecretCiphertextBlob: sent.SharedSecretCiphertextBlob };
    expect((await t.refused('Decapsulate', open, { principalArn })).code).toBe('AccessDeniedException');
    expect((await t.call('Decapsulate', open)).SharedSecret).toEqual(sent.SharedSecret);
  });
});
