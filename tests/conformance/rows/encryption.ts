import {
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  type KMS,
  ReEncryptCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { ACCOUNT, REGION } from '../support/service.ts';
import type { Backing } from '../support/stores.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import { disabled, NOWHERE, neverLate, newKey, pending, signing, tokenGone, using, utf8 } from './common.ts';

const EncryptionContext = { purpose: 'conformance', straße: '通り' };
const Plaintext = utf8('what nobody else may read');
/** A store of a token that was never connected. */
const disconnected = async (kms: KMS, backing: Backing) => {
  await backing.tidy(kms);
  return backing.create(kms, backing.token('spare'));
};
const arnOf = (KeyId: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}`;

const encrypted = async ({ kms, KeyId }: Ground) =>
  (await kms.encrypt({ KeyId, Plaintext, EncryptionContext })).CiphertextBlob ?? new Uint8Array();
const damaged: Provoke<{ CiphertextBlob?: Uint8Array | undefined }> = (_ground, { CiphertextBlob }) => ({
  CiphertextBlob: CiphertextBlob?.map((byte, index) => (index === CiphertextBlob.length - 1 ? byte ^ 1 : byte)),
});
const otherContext: Provoke = () => ({ EncryptionContext: { purpose: 'another' } });

const usingSymmetric = { ...using, InvalidKeyUsageException: signing, KeyUnavailableException: tokenGone };
/** The key that encrypted, which the request does not name. */
const ofSource = {
  DisabledException: (ground: Ground) => disabled(ground, ground),
  KMSInvalidStateException: (ground: Ground) => pending(ground, ground),
};

export const rows = [
  row(EncryptCommand, {
    good: ({ KeyId }) => ({ KeyId, Plaintext, EncryptionContext }),
    async check({ CiphertextBlob, EncryptionAlgorithm, KeyId }, ground) {
      expect([KeyId, EncryptionAlgorithm]).toEqual([arnOf(ground.KeyId), 'SYMMETRIC_DEFAULT']);
      const opened = await ground.kms.decrypt({ CiphertextBlob, EncryptionContext });
      expect(opened.Plaintext).toEqual(Plaintext);
    },
    refused: usingSymmetric,
    uncovered: neverLate,
  }),
  row(DecryptCommand, {
    good: async (ground) => ({
      KeyId: ground.KeyId,
      CiphertextBlob: await encrypted(ground),
      EncryptionContext: Object.fromEntries(Object.entries(EncryptionContext).reverse()),
    }),
    check(output, { KeyId }) {
      expect(output.Plaintext).toEqual(Plaintext);
      expect([output.KeyId, output.EncryptionAlgorithm]).toEqual([arnOf(KeyId), 'SYMMETRIC_DEFAULT']);
      expect(output.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
    },
    refused: {
      ...usingSymmetric,
      IncorrectKeyException: async (ground) => ({ KeyId: await newKey(ground, {}) }),
      InvalidCiphertextException: otherContext,
      InvalidKeyUsageException: async (ground, input) => ({
        ...(await signing(ground, input)),
        EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
      }),
      async KeyUnavailableException(ground, input) {
        const { kms, service } = ground;
        const KeyId = await service.backing.tokenKey(kms);
        const CiphertextBlob = await encrypted({ ...ground, KeyId });
        await service.backing.unplug();
        return { ...input, KeyId, CiphertextBlob };
      },
    },
    uncovered: neverLate,
  }),
  row(ReEncryptCommand, {
    good: async (ground) => ({
      CiphertextBlob: await encrypted(ground),
      SourceEncryptionContext: EncryptionContext,
      DestinationKeyId: await newKey(ground, {}),
      DestinationEncryptionContext: { purpose: 'moved' },
    }),
    async check(output, { kms, KeyId }, { DestinationKeyId }) {
      expect(output).toMatchObject({
        SourceKeyId: arnOf(KeyId),
        KeyId: arnOf(DestinationKeyId ?? ''),
        SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
        DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      });
      const { CiphertextBlob } = output;
      const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext: { purpose: 'moved' } });
      expect([opened.Plaintext, opened.KeyMaterialId]).toEqual([Plaintext, output.DestinationKeyMaterialId]);
    },
    refused: {
      ...using,
      ...ofSource,
      IncorrectKeyException: async (ground) => ({ SourceKeyId: await newKey(ground, {}) }),
      InvalidCiphertextException: damaged,
      InvalidKeyUsageException: async (ground, input) => ({
        DestinationKeyId: ((await signing(ground, input)) as { KeyId: string }).KeyId,
      }),
      KeyUnavailableException: async (ground, input) => ({
        DestinationKeyId: ((await tokenGone(ground, input)) as { KeyId: string }).KeyId,
      }),
      NotFoundException: () => ({ DestinationKeyId: NOWHERE }),
    },
    uncovered: neverLate,
  }),
  row(GenerateDataKeyCommand, {
    good: ({ KeyId }) => ({ KeyId, KeySpec: 'AES_256', EncryptionContext }),
    async check(output, { kms, KeyId }) {
      const { CiphertextBlob } = output;
      expect([output.KeyId, output.Plaintext?.length]).toEqual([arnOf(KeyId), 32]);
      const opened = await kms.decrypt({ CiphertextBlob, EncryptionContext });
      expect([opened.Plaintext, opened.KeyMaterialId]).toEqual([output.Plaintext, output.KeyMaterialId]);
    },
    refused: usingSymmetric,
    uncovered: neverLate,
  }),
  row(GenerateDataKeyWithoutPlaintextCommand, {
    good: ({ KeyId }) => ({ KeyId, NumberOfBytes: 77 }),
    async check(output, { kms, KeyId }) {
      const { CiphertextBlob } = output;
      expect([output.KeyId, 'Plaintext' in output]).toEqual([arnOf(KeyId), false]);
      expect((await kms.decrypt({ CiphertextBlob })).Plaintext?.length).toBe(77);
    },
    refused: usingSymmetric,
    uncovered: neverLate,
  }),
  row(GenerateRandomCommand, {
    good: () => ({ NumberOfBytes: 1024 }),
    async check({ Plaintext: bytes }, { kms }) {
      expect(bytes?.length).toBe(1024);
      expect((await kms.generateRandom({ NumberOfBytes: 1024 })).Plaintext).not.toEqual(bytes);
    },
    refused: {
      CustomKeyStoreInvalidStateException: async ({ kms, service: { backing } }) => ({
        CustomKeyStoreId: await disconnected(kms, backing),
      }),
      CustomKeyStoreNotFoundException: () => ({ CustomKeyStoreId: 'cks-00000000000000000' }),
      UnsupportedOperationException: () => ({ Recipient: { AttestationDocument: new Uint8Array(8) } }),
    },
    uncovered: neverLate,
  }),
];
