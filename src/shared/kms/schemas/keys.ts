import { z } from 'zod';
import {
  encapsulationAlgorithms,
  encryptionAlgorithms,
  expirationModels,
  keyAgreementAlgorithms,
  keyManagers,
  keySpecs,
  keyStates,
  keyUsages,
  macAlgorithms,
  multiRegionKeyTypes,
  origins,
  signingAlgorithms,
} from '../enums.ts';
import { limits } from '../limits.ts';
import { description, grantTokens, keyId, keyStoreId, nothing, page, pageEnd, policy, tag } from './members.ts';

const multiRegionKey = z.strictObject({ Arn: z.string(), Region: z.string() });

export const keyMetadata = z.strictObject({
  AWSAccountId: z.string(),
  KeyId: z.string(),
  Arn: z.string(),
  CreationDate: z.date(),
  Enabled: z.boolean(),
  Description: z.string(),
  KeyUsage: z.enum(keyUsages),
  KeyState: z.enum(keyStates),
  DeletionDate: z.date().optional(),
  ValidTo: z.date().optional(),
  Origin: z.enum(origins),
  CustomKeyStoreId: z.string().optional(),
  CloudHsmClusterId: z.string().optional(),
  ExpirationModel: z.enum(expirationModels).optional(),
  KeyManager: z.enum(keyManagers),
  CustomerMasterKeySpec: z.string(),
  KeySpec: z.enum(keySpecs),
  EncryptionAlgorithms: z.array(z.enum(encryptionAlgorithms)).optional(),
  SigningAlgorithms: z.array(z.enum(signingAlgorithms)).optional(),
  KeyAgreementAlgorithms: z.array(z.enum(keyAgreementAlgorithms)).optional(),
  EncapsulationAlgorithms: z.array(z.enum(encapsulationAlgorithms)).optional(),
  MacAlgorithms: z.array(z.enum(macAlgorithms)).optional(),
  MultiRegion: z.boolean(),
  MultiRegionConfiguration: z
    .strictObject({
      MultiRegionKeyType: z.enum(multiRegionKeyTypes),
      PrimaryKey: multiRegionKey,
      ReplicaKeys: z.array(multiRegionKey),
    })
    .optional(),
  PendingDeletionWindowInDays: z.int().optional(),
  XksKeyConfiguration: z.strictObject({ Id: z.string() }).optional(),
  CurrentKeyMaterialId: z.string().optional(),
});
export type KeyMetadata = z.output<typeof keyMetadata>;

const onlyKeyId = z.object({ KeyId: keyId });

/** Making, describing, switching and deleting keys. */
export const keys = {
  CreateKey: {
    input: z.object({
      Policy: policy.optional(),
      Description: description.optional(),
      KeyUsage: z.enum(keyUsages).optional(),
      CustomerMasterKeySpec: z.enum(keySpecs).optional(),
      KeySpec: z.enum(keySpecs).optional(),
      Origin: z.enum(origins).optional(),
      CustomKeyStoreId: keyStoreId.optional(),
      BypassPolicyLockoutSafetyCheck: z.boolean().optional(),
      Tags: z.array(tag).optional(),
      MultiRegion: z.boolean().optional(),
      XksKeyId: z
        .string()
        .min(1)
        .max(128)
        .regex(/^[a-zA-Z0-9-_.]+$/)
        .optional(),
    }),
    output: z.strictObject({ KeyMetadata: keyMetadata }),
  },
  DescribeKey: {
    input: z.object({ KeyId: keyId, GrantTokens: grantTokens.optional() }),
    output: z.strictObject({ KeyMetadata: keyMetadata }),
  },
  ListKeys: {
    input: z.object({ ...page(limits.pages.keys.max) }),
    output: z.strictObject({
      Keys: z.array(z.strictObject({ KeyId: z.string(), KeyArn: z.string() })),
      ...pageEnd,
    }),
  },
  EnableKey: { input: onlyKeyId, output: nothing },
  DisableKey: { input: onlyKeyId, output: nothing },
  ScheduleKeyDeletion: {
    input: z.object({
      KeyId: keyId,
      PendingWindowInDays: z.int().min(limits.deletionWindow.min).max(limits.deletionWindow.max).optional(),
    }),
    output: z.strictObject({
      KeyId: z.string(),
      /** Absent while replicas hold the deletion up. */
      DeletionDate: z.date().optional(),
      KeyState: z.enum(keyStates),
      PendingWindowInDays: z.int(),
    }),
  },
  CancelKeyDeletion: { input: onlyKeyId, output: z.strictObject({ KeyId: z.string() }) },
  UpdateKeyDescription: { input: z.object({ KeyId: keyId, Description: description }), output: nothing },
};
