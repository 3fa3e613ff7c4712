import { z } from 'zod';
import { keyManagers, keySpecs, keyStates, keyUsages, materialKinds, multiRegionKeyTypes, origins } from '../enums.ts';
import { limits } from '../limits.ts';
import { keyId, keyMaterialId, page, pageEnd } from './members.ts';

/** One row of the Keys screen. */
const keyOverview = {
  KeyId: z.string(),
  Arn: z.string(),
  /** Alias names with their `alias/` prefix, sorted. */
  Aliases: z.array(z.string()),
  Description: z.string(),
  KeySpec: z.enum(keySpecs),
  KeyUsage: z.enum(keyUsages),
  KeyState: z.enum(keyStates),
  Origin: z.enum(origins),
  /** The custom key store that has its material. */
  CustomKeyStoreId: z.string().optional(),
  KeyManager: z.enum(keyManagers),
  MultiRegion: z.boolean(),
  CreationDate: z.date(),
  DeletionDate: z.date().optional(),
  RotationEnabled: z.boolean(),
  RotationPeriodInDays: z.int().optional(),
  NextRotationDate: z.date().optional(),
  /** When the first of its imported material expires. */
  MaterialExpirationDate: z.date().optional(),
  /** When the key last did cryptographic work, to the minute. */
  LastUsedDate: z.date().optional(),
  /** How many tags it has. */
  TagCount: z.int(),
};

/** One material on a key's life line, oldest first. */
const materialOverview = z.strictObject({
  KeyMaterialId: keyMaterialId,
  CreationDate: z.date(),
  /** `CREATED` came with the key, the others by that kind of rotation. */
  Kind: z.enum(materialKinds),
  Current: z.boolean(),
});

/** Coffer's own readings for its screens; in AWS each would take many calls. Recorded with the source `coffer.local`. */
export const overview = {
  /** The keys of the account and Region that the caller may describe, newest first. */
  ListKeyOverviews: {
    input: z.object({ ...page(limits.pages.overviews.max) }),
    output: z.strictObject({
      Keys: z.array(z.strictObject(keyOverview)),
      /** Keys of the page that are left out, as the caller may not describe them. */
      Undescribed: z.int(),
      ...pageEnd,
    }),
  },
  /** One key, by any form of its id. */
  GetKeyOverview: {
    input: z.object({ KeyId: keyId }),
    output: z.strictObject({
      ...keyOverview,
      Materials: z.array(materialOverview),
      Tags: z.array(z.strictObject({ TagKey: z.string(), TagValue: z.string() })),
      OnDemandRotationsLeft: z.int(),
      PendingDeletionWindowInDays: z.int().optional(),
      /** Permissions the caller lacks, and so does not see what they show: aliases, tags or rotations are left out. */
      Unseen: z.array(z.string()),
    }),
  },
  /** What is known here to depend on one key: what stops when it does. Lists hold at most `limits.dependents`, the most used first. */
  GetKeyDependents: {
    input: z.object({ KeyId: keyId }),
    output: z.strictObject({
      KeyId: z.string(),
      Aliases: z.array(z.string()),
      /** Its other keys, when it is a multi-Region key. */
      Regions: z.array(z.strictObject({ Region: z.string(), MultiRegionKeyType: z.enum(multiRegionKeyTypes) })),
      GrantCount: z.int(),
      Grantees: z.array(z.strictObject({ Principal: z.string(), Count: z.int() })),
      /** Identity policies of the account that name the key or one of its aliases. */
      Policies: z.array(z.strictObject({ PrincipalArn: z.string(), PolicyName: z.string() })),
      /** When the uses that are counted begin. */
      UsedSince: z.date(),
      UseCount: z.int(),
      Uses: z.array(z.strictObject({ Name: z.string(), Count: z.int() })),
      Users: z.array(z.strictObject({ PrincipalArn: z.string(), Count: z.int(), LastTime: z.date() })),
      /** Files of Coffer's that were encrypted with it, ever; of them only the encryption contexts are recorded. */
      FileCount: z.int(),
      FileContexts: z.array(z.record(z.string(), z.string())),
      /** Permissions the caller lacks, and so does not see what they show. */
      Unseen: z.array(z.string()),
    }),
  },
};
