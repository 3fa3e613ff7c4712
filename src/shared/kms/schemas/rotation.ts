import { z } from 'zod';
import { expirationModels, importStates, includeKeyMaterials, keyMaterialStates, rotationTypes } from '../enums.ts';
import { limits } from '../limits.ts';
import { keyId, keyMaterialId, nothing, page, pageEnd } from './members.ts';

const onlyKeyId = z.object({ KeyId: keyId });
const { min, max } = limits.rotationPeriod;

/** Rotating key material, by schedule and on demand. */
export const rotation = {
  EnableKeyRotation: {
    input: z.object({ KeyId: keyId, RotationPeriodInDays: z.int().min(min).max(max).optional() }),
    output: nothing,
  },
  DisableKeyRotation: { input: onlyKeyId, output: nothing },
  GetKeyRotationStatus: {
    input: onlyKeyId,
    output: z.strictObject({
      KeyRotationEnabled: z.boolean(),
      KeyId: z.string(),
      RotationPeriodInDays: z.int().optional(),
      NextRotationDate: z.date().optional(),
      OnDemandRotationStartDate: z.date().optional(),
    }),
  },
  RotateKeyOnDemand: { input: onlyKeyId, output: z.strictObject({ KeyId: z.string() }) },
  ListKeyRotations: {
    input: z.object({
      KeyId: keyId,
      IncludeKeyMaterial: z.enum(includeKeyMaterials).optional(),
      ...page(limits.pages.rotations.max),
    }),
    output: z.strictObject({
      Rotations: z.array(
        z.strictObject({
          KeyId: z.string(),
          KeyMaterialId: keyMaterialId,
          KeyMaterialDescription: z.string().optional(),
          ImportState: z.enum(importStates).optional(),
          KeyMaterialState: z.enum(keyMaterialStates).optional(),
          ExpirationModel: z.enum(expirationModels).optional(),
          ValidTo: z.date().optional(),
          /** Absent for the material the key was made with. */
          RotationDate: z.date().optional(),
          RotationType: z.enum(rotationTypes).optional(),
        }),
      ),
      ...pageEnd,
    }),
  },
};
