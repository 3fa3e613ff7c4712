import { z } from 'zod';
import { importTypes, wrappingAlgorithms, wrappingKeySpecs } from '../kms/enums.ts';
import { limits } from '../kms/limits.ts';
import { entry } from './entry.ts';
import { RegionName } from './region.ts';

const KeyId = z.string().min(1).max(limits.keyId);
const FilePath = z.string().min(1);

/**
 * Calls whose blobs are files: the main process makes the KMS call and writes or reads them, so that what was wrapped outside
 * never passes through the window. Nothing is overwritten: a name that is taken gets a number.
 */
export const keys = {
  /** GetPublicKey into a file of `folder`. */
  'keys.savePublicKey': entry(
    z.strictObject({ keyId: KeyId, region: RegionName, format: z.enum(['pem', 'der']), folder: FilePath }),
    z.strictObject({ path: z.string() }),
  ),
  /** GetParametersForImport into two files of `folder`. */
  'keys.saveImportParameters': entry(
    z.strictObject({
      keyId: KeyId,
      region: RegionName,
      algorithm: z.enum(wrappingAlgorithms),
      wrappingKey: z.enum(wrappingKeySpecs),
      folder: FilePath,
    }),
    z.strictObject({
      /** SubjectPublicKeyInfo, DER. */
      publicKey: z.string(),
      importToken: z.string(),
      validTo: z.date(),
    }),
  ),
  /** New material for the key, and what it becomes under a wrapping key that was written before: two files of `folder`. */
  'keys.makeMaterial': entry(
    z.strictObject({
      keyId: KeyId,
      region: RegionName,
      algorithm: z.enum(wrappingAlgorithms),
      /** The file with the wrapping key. */
      publicKey: FilePath,
      folder: FilePath,
    }),
    z.strictObject({
      /** The material itself, readable by its owner only. */
      material: z.string(),
      wrapped: z.string(),
    }),
  ),
  /** ImportKeyMaterial from two files. Without `validTo` the material does not expire. */
  'keys.importMaterial': entry(
    z.strictObject({
      keyId: KeyId,
      region: RegionName,
      importToken: FilePath,
      material: FilePath,
      validTo: z.date().optional(),
      importType: z.enum(importTypes).optional(),
      description: z.string().max(limits.keyMaterialDescription).optional(),
    }),
    z.strictObject({ materialId: z.string() }),
  ),
};
