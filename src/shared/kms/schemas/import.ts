import { z } from 'zod';
import { expirationModels, importTypes, wrappingAlgorithms, wrappingKeySpecs } from '../enums.ts';
import { limits } from '../limits.ts';
import { blob, bytes, keyId } from './members.ts';

/** The id of a key material in a request. */
const keyMaterialId = z
  .string()
  .min(64)
  .max(64)
  .regex(/^[a-f0-9]+$/);
const keyMaterialDescription = z
  .string()
  .max(limits.keyMaterialDescription)
  .regex(/^[a-zA-Z0-9:/_\s.-]+$/);

/** Material from outside for keys of origin EXTERNAL. */
export const imports = {
  GetParametersForImport: {
    input: z.object({
      KeyId: keyId,
      WrappingAlgorithm: z.enum(wrappingAlgorithms),
      WrappingKeySpec: z.enum(wrappingKeySpecs),
    }),
    output: z.strictObject({
      KeyId: z.string(),
      ImportToken: bytes,
      /** SubjectPublicKeyInfo, DER. */
      PublicKey: bytes,
      ParametersValidTo: z.date(),
    }),
  },
  ImportKeyMaterial: {
    input: z.object({
      KeyId: keyId,
      ImportToken: blob(1, limits.importToken),
      EncryptedKeyMaterial: blob(1, limits.encryptedKeyMaterial),
      ValidTo: z.date().optional(),
      ExpirationModel: z.enum(expirationModels).optional(),
      ImportType: z.enum(importTypes).optional(),
      KeyMaterialDescription: keyMaterialDescription.optional(),
      KeyMaterialId: keyMaterialId.optional(),
    }),
    output: z.strictObject({ KeyId: z.string(), KeyMaterialId: z.string() }),
  },
  DeleteImportedKeyMaterial: {
    input: z.object({ KeyId: keyId, KeyMaterialId: keyMaterialId.optional() }),
    /** No material id for a key that never had any. */
    output: z.strictObject({ KeyId: z.string(), KeyMaterialId: z.string().optional() }),
  },
};
