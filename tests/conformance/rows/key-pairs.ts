import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync, verify } from 'node:crypto';
import {
  type CreateKeyRequest,
  DecapsulateCommand,
  DeriveSharedSecretCommand,
  EncapsulateCommand,
  GenerateDataKeyPairCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateMacCommand,
  GetPublicKeyCommand,
  SignCommand,
  VerifyCommand,
  VerifyMacCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { ACCOUNT, REGION } from '../support/service.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import {
  alwaysThere,
  disabled,
  groundsOwn,
  inside,
  insideUse,
  invalidToken,
  managing,
  newKey,
  pending,
  signing,
  using,
  utf8,
} from './common.ts';

const Message = utf8('a message of some length');
const arnOf = (KeyId: string | undefined) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}`;
const p256: CreateKeyRequest = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' };
const spki = (der: Uint8Array | undefined) =>
  createPublicKey({ key: Buffer.from(der ?? []), format: 'der', type: 'spki' });
const pkcs8 = (der: Uint8Array | undefined) =>
  createPrivateKey({ key: Buffer.from(der ?? []), format: 'der', type: 'pkcs8' });
const publicKeyOf = async ({ kms }: Ground, KeyId: string | undefined) =>
  (await kms.getPublicKey({ KeyId })).PublicKey ?? new Uint8Array();

const sign = async (ground: Ground) =>
  ({ KeyId: await newKey(ground, p256), Message, SigningAlgorithm: 'ECDSA_SHA_256' }) as const;
const mac = async (ground: Ground) =>
  ({
    KeyId: await newKey(ground, { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }),
    Message,
    MacAlgorithm: 'HMAC_SHA_256',
  }) as const;
const encapsulate = async (ground: Ground) =>
  ({
    KeyId: await newKey(ground, { KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' }),
    EncapsulationAlgorithm: 'ML_KEM',
  }) as const;

/** A key pair of somebody else, who agrees on a secret with the key. */
const peer = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const otherMessage: Provoke = () => ({ Message: utf8('another message') });

const noPairsThere = {
  ...inside,
  KeyUnavailableException: 'Keys in key stores seal no data key pairs, and others are there.',
};
/** Exceptions of an operation that takes no symmetric key. */
const usingPair = { ...using, InvalidKeyUsageException: groundsOwn };
/** Those of an operation under a symmetric key. */
const usingSymmetric = { ...using, InvalidKeyUsageException: signing };

export const rows = [
  row(SignCommand, {
    good: sign,
    async check({ KeyId, Signature, SigningAlgorithm }, ground, input) {
      expect([KeyId, SigningAlgorithm]).toEqual([arnOf(input.KeyId), 'ECDSA_SHA_256']);
      const publicKey = spki(await publicKeyOf(ground, input.KeyId));
      expect(verify('sha256', Message, publicKey, Signature ?? new Uint8Array())).toBe(true);
    },
    refused: usingPair,
    uncovered: insideUse,
  }),
  row(VerifyCommand, {
    async good(ground) {
      const input = await sign(ground);
      return { ...input, Signature: (await ground.kms.sign(input)).Signature };
    },
    check(output, _ground, { KeyId }) {
      expect(output).toMatchObject({ KeyId: arnOf(KeyId), SignatureValid: true, SigningAlgorithm: 'ECDSA_SHA_256' });
    },
    refused: { ...usingPair, KMSInvalidSignatureException: otherMessage },
    uncovered: insideUse,
  }),
  row(GetPublicKeyCommand, {
    good: async (ground) => ({ KeyId: await newKey(ground, p256) }),
    check(output, _ground, { KeyId }) {
      expect(output).toMatchObject({
        CustomerMasterKeySpec: 'ECC_NIST_P256',
        KeyId: arnOf(KeyId),
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: ['ECDSA_SHA_256'],
      });
      expect(spki(output.PublicKey).asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    },
    refused: {
      ...managing,
      DisabledException: disabled,
      InvalidGrantTokenException: invalidToken,
      KMSInvalidStateException: pending,
      UnsupportedOperationException: groundsOwn,
    },
    uncovered: {
      ...insideUse,
      InvalidKeyUsageException: 'Key pairs of every usage have a public key; other keys are not supported at all.',
    },
  }),
  row(DeriveSharedSecretCommand, {
    good: async (ground) => ({
      KeyId: await newKey(ground, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' }),
      KeyAgreementAlgorithm: 'ECDH',
      PublicKey: new Uint8Array(peer.publicKey.export({ format: 'der', type: 'spki' })),
    }),
    async check(output, ground, { KeyId }) {
      const publicKey = spki(await publicKeyOf(ground, KeyId));
      const secret = diffieHellman({ privateKey: peer.privateKey, publicKey });
      expect(output.SharedSecret).toEqual(new Uint8Array(secret));
      expect(output).toMatchObject({ KeyId: arnOf(KeyId), KeyAgreementAlgorithm: 'ECDH', KeyOrigin: 'AWS_KMS' });
    },
    refused: usingPair,
    uncovered: insideUse,
  }),
  row(EncapsulateCommand, {
    good: encapsulate,
    async check({ SharedSecret, SharedSecretCiphertextBlob }, { kms }, input) {
      expect([SharedSecret?.length, SharedSecretCiphertextBlob?.length]).toEqual([32, 1088]);
      expect((await kms.decapsulate({ ...input, SharedSecretCiphertextBlob })).SharedSecret).toEqual(SharedSecret);
    },
    refused: usingPair,
    uncovered: insideUse,
  }),
  row(DecapsulateCommand, {
    async good(ground) {
      const input = await encapsulate(ground);
      const { SharedSecretCiphertextBlob } = await ground.kms.encapsulate(input);
      return { ...input, SharedSecretCiphertextBlob };
    },
    async check({ SharedSecret, KeyId }, { kms }, input) {
      expect([SharedSecret?.length, KeyId]).toEqual([32, arnOf(input.KeyId)]);
      // Of another ciphertext of this length another secret comes out, and no error (FIPS 203, implicit rejection).
      const other = (input.SharedSecretCiphertextBlob ?? new Uint8Array()).map((byte) => byte ^ 1);
      const answer = await kms.decapsulate({ ...input, SharedSecretCiphertextBlob: other });
      expect(answer.SharedSecret?.length).toBe(32);
      expect(answer.SharedSecret).not.toEqual(SharedSecret);
    },
    refused: {
      ...usingPair,
      InvalidCiphertextException: () => ({ SharedSecretCiphertextBlob: new Uint8Array(1087) }),
    },
    uncovered: insideUse,
  }),
  row(GenerateMacCommand, {
    good: mac,
    async check({ Mac, MacAlgorithm, KeyId }, { kms }, input) {
      expect([Mac?.length, MacAlgorithm, KeyId]).toEqual([32, 'HMAC_SHA_256', arnOf(input.KeyId)]);
      expect((await kms.verifyMac({ ...input, Mac })).MacValid).toBe(true);
    },
    refused: usingPair,
    uncovered: alwaysThere,
  }),
  row(VerifyMacCommand, {
    async good(ground) {
      const input = await mac(ground);
      return { ...input, Mac: (await ground.kms.generateMac(input)).Mac };
    },
    check(output, _ground, { KeyId }) {
      expect(output).toMatchObject({ KeyId: arnOf(KeyId), MacValid: true, MacAlgorithm: 'HMAC_SHA_256' });
    },
    refused: { ...usingPair, KMSInvalidMacException: otherMessage },
    uncovered: alwaysThere,
  }),
  row(GenerateDataKeyPairCommand, {
    good: ({ KeyId }) => ({ KeyId, KeyPairSpec: 'ECC_NIST_P384', EncryptionContext: { for: 'a pair' } }),
    async check(output, { kms, KeyId }) {
      const { PrivateKeyCiphertextBlob: CiphertextBlob, PrivateKeyPlaintext, PublicKey } = output;
      expect([output.KeyId, output.KeyPairSpec]).toEqual([arnOf(KeyId), 'ECC_NIST_P384']);
      const publicKey = createPublicKey(pkcs8(PrivateKeyPlaintext)).export({ format: 'der', type: 'spki' });
      expect(new Uint8Array(publicKey)).toEqual(PublicKey);
      const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext: { for: 'a pair' } });
      expect([opened.Plaintext, opened.KeyMaterialId]).toEqual([PrivateKeyPlaintext, output.KeyMaterialId]);
    },
    refused: {
      ...usingSymmetric,
      UnsupportedOperationException: () => ({ Recipient: { AttestationDocument: new Uint8Array(8) } }),
    },
    uncovered: noPairsThere,
  }),
  row(GenerateDataKeyPairWithoutPlaintextCommand, {
    good: ({ KeyId }) => ({ KeyId, KeyPairSpec: 'ECC_NIST_EDWARDS25519' }),
    async check(output, { kms }) {
      expect('PrivateKeyPlaintext' in output).toBe(false);
      const { Plaintext } = await kms.decrypt({ CiphertextBlob: output.PrivateKeyCiphertextBlob });
      const publicKey = createPublicKey(pkcs8(Plaintext)).export({ format: 'der', type: 'spki' });
      expect(new Uint8Array(publicKey)).toEqual(output.PublicKey);
    },
    refused: {
      ...usingSymmetric,
      UnsupportedOperationException: async ({ kms, service: { backing } }) => ({ KeyId: await backing.tokenKey(kms) }),
    },
    uncovered: noPairsThere,
  }),
];
