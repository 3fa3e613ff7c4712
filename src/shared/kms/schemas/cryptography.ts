import { z } from 'zod';
import { dataKeySpecs, dryRunModifiers } from '../enums.ts';
import { limits } from '../limits.ts';
import {
  blob,
  bytes,
  dryRun,
  encryptionAlgorithm,
  encryptionContext,
  grantTokens,
  keyId,
  keyMaterialId,
  keyStoreId,
  recipient,
} from './members.ts';

const ciphertext = blob(1, limits.ciphertextBytes);
const numberOfBytes = z.int().min(1).max(limits.randomBytes);
const dryRunModifierList = z.array(z.enum(dryRunModifiers)).max(1);

const dataKeyInput = {
  KeyId: keyId,
  EncryptionContext: encryptionContext.optional(),
  /** Exactly one of `NumberOfBytes` and `KeySpec`. */
  NumberOfBytes: numberOfBytes.optional(),
  KeySpec: z.enum(dataKeySpecs).optional(),
  GrantTokens: grantTokens.optional(),
  DryRun: dryRun.optional(),
};

/** Using symmetric keys. */
export const cryptography = {
  Encrypt: {
    input: z.object({
      KeyId: keyId,
      Plaintext: blob(1, limits.plaintextBytes),
      EncryptionContext: encryptionContext.optional(),
      GrantTokens: grantTokens.optional(),
      EncryptionAlgorithm: encryptionAlgorithm.optional(),
      DryRun: dryRun.optional(),
    }),
    output: z.strictObject({ CiphertextBlob: bytes, KeyId: z.string(), EncryptionAlgorithm: encryptionAlgorithm }),
  },
  Decrypt: {
    input: z.object({
      CiphertextBlob: ciphertext.optional(),
      EncryptionContext: encryptionContext.optional(),
      GrantTokens: grantTokens.optional(),
      KeyId: keyId.optional(),
      EncryptionAlgorithm: encryptionAlgorithm.optional(),
      Recipient: recipient.optional(),
      DryRun: dryRun.optional(),
      DryRunModifiers: dryRunModifierList.optional(),
    }),
    output: z.strictObject({
      KeyId: z.string(),
      Plaintext: bytes,
      EncryptionAlgorithm: encryptionAlgorithm,
      KeyMaterialId: keyMaterialId.optional(),
    }),
  },
  ReEncrypt: {
    input: z.object({
      CiphertextBlob: ciphertext.optional(),
      SourceEncryptionContext: encryptionContext.optional(),
      SourceKeyId: keyId.optional(),
      DestinationKeyId: keyId,
      DestinationEncryptionContext: encryptionContext.optional(),
      SourceEncryptionAlgorithm: encryptionAlgorithm.optional(),
      DestinationEncryptionAlgorithm: encryptionAlgorithm.optional(),
      GrantTokens: grantTokens.optional(),
      DryRun: dryRun.optional(),
      DryRunModifiers: dryRunModifierList.optional(),
    }),
    output: z.strictObject({
      CiphertextBlob: bytes,
      SourceKeyId: z.string(),
      KeyId: z.string(),
      SourceEncryptionAlgorithm: encryptionAlgorithm,
      DestinationEncryptionAlgorithm: encryptionAlgorithm,
      SourceKeyMaterialId: keyMaterialId.optional(),
      DestinationKeyMaterialId: keyMaterialId.optional(),
    }),
  },
  GenerateDataKey: {
    input: z.object({ ...dataKeyInput, Recipient: recipient.optional() }),
    output: z.strictObject({
      CiphertextBlob: bytes,
      Plaintext: bytes,
      KeyId: z.string(),
      KeyMaterialId: keyMaterialId,
    }),
  },
  GenerateDataKeyWithoutPlaintext: {
    input: z.object(dataKeyInput),
    output: z.strictObject({ CiphertextBlob: bytes, KeyId: z.string(), KeyMaterialId: keyMaterialId }),
  },
  GenerateRandom: {
    input: z.object({
      NumberOfBytes: numberOfBytes.optional(),
      CustomKeyStoreId: keyStoreId.optional(),
      Recipient: recipient.optional(),
    }),
    output: z.strictObject({ Plaintext: bytes }),
  },
};
