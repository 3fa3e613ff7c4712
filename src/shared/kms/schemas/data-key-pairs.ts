import { z } from 'zod';
import { dataKeyPairSpecs } from '../enums.ts';
import { bytes, dryRun, encryptionContext, grantTokens, keyId, keyMaterialId, recipient } from './members.ts';

const pairInput = {
  KeyId: keyId,
  KeyPairSpec: z.enum(dataKeyPairSpecs),
  EncryptionContext: encryptionContext.optional(),
  GrantTokens: grantTokens.optional(),
  DryRun: dryRun.optional(),
};
const pairOutput = {
  /** PKCS #8, encrypted under the KMS key. */
  PrivateKeyCiphertextBlob: bytes,
  /** SubjectPublicKeyInfo, DER. */
  PublicKey: bytes,
  KeyId: z.string(),
  KeyPairSpec: z.enum(dataKeyPairSpecs),
  KeyMaterialId: keyMaterialId,
};

/** Key pairs for use outside, whose private key a symmetric key keeps. */
export const dataKeyPairs = {
  GenerateDataKeyPair: {
    input: z.object({ ...pairInput, Recipient: recipient.optional() }),
    output: z.strictObject({ ...pairOutput, PrivateKeyPlaintext: bytes }),
  },
  GenerateDataKeyPairWithoutPlaintext: {
    input: z.object(pairInput),
    output: z.strictObject(pairOutput),
  },
};
