import { z } from 'zod';
import {
  encapsulationAlgorithms,
  encryptionAlgorithms,
  keyAgreementAlgorithms,
  keySpecs,
  keyUsages,
  messageTypes,
  origins,
  signingAlgorithms,
} from '../enums.ts';
import { limits } from '../limits.ts';
import { blob, bytes, dryRun, grantTokens, keyId, recipient } from './members.ts';

const signingAlgorithm = z.enum(signingAlgorithms);
const agreementAlgorithm = z.enum(keyAgreementAlgorithms);
const encapsulationAlgorithm = z.enum(encapsulationAlgorithms);

const keyInput = { KeyId: keyId, GrantTokens: grantTokens.optional() };
const useInput = { ...keyInput, DryRun: dryRun.optional() };
const signInput = {
  ...useInput,
  Message: blob(1, limits.messageBytes),
  /** RAW when left out. */
  MessageType: z.enum(messageTypes).optional(),
  SigningAlgorithm: signingAlgorithm,
};

/** Using key pairs. */
export const asymmetric = {
  Sign: {
    input: z.object(signInput),
    output: z.strictObject({ KeyId: z.string(), Signature: bytes, SigningAlgorithm: signingAlgorithm }),
  },
  Verify: {
    input: z.object({ ...signInput, Signature: blob(1, limits.signatureBytes) }),
    output: z.strictObject({ KeyId: z.string(), SignatureValid: z.literal(true), SigningAlgorithm: signingAlgorithm }),
  },
  GetPublicKey: {
    input: z.object(keyInput),
    output: z.strictObject({
      KeyId: z.string(),
      /** SubjectPublicKeyInfo, DER. */
      PublicKey: bytes,
      CustomerMasterKeySpec: z.string(),
      KeySpec: z.enum(keySpecs),
      KeyUsage: z.enum(keyUsages),
      EncryptionAlgorithms: z.array(z.enum(encryptionAlgorithms)).optional(),
      SigningAlgorithms: z.array(signingAlgorithm).optional(),
      KeyAgreementAlgorithms: z.array(agreementAlgorithm).optional(),
      EncapsulationAlgorithms: z.array(encapsulationAlgorithm).optional(),
    }),
  },
  DeriveSharedSecret: {
    input: z.object({
      ...useInput,
      KeyAgreementAlgorithm: agreementAlgorithm,
      /** The peer's, as SubjectPublicKeyInfo, DER. */
      PublicKey: blob(1, limits.publicKeyBytes),
      Recipient: recipient.optional(),
    }),
    output: z.strictObject({
      KeyId: z.string(),
      SharedSecret: bytes,
      KeyAgreementAlgorithm: agreementAlgorithm,
      KeyOrigin: z.enum(origins),
    }),
  },
  Encapsulate: {
    input: z.object({ ...useInput, EncapsulationAlgorithm: encapsulationAlgorithm }),
    output: z.strictObject({
      KeyId: z.string(),
      SharedSecret: bytes,
      SharedSecretCiphertextBlob: bytes,
      EncapsulationAlgorithm: encapsulationAlgorithm,
    }),
  },
  Decapsulate: {
    input: z.object({
      ...useInput,
      SharedSecretCiphertextBlob: blob(1, limits.ciphertextBytes),
      EncapsulationAlgorithm: encapsulationAlgorithm,
    }),
    output: z.strictObject({ KeyId: z.string(), SharedSecret: bytes, EncapsulationAlgorithm: encapsulationAlgorithm }),
  },
};
