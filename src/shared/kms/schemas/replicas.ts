import { z } from 'zod';
import { limits } from '../limits.ts';
import { keyMetadata } from './keys.ts';
import { description, keyId, nothing, policy, tag } from './members.ts';

const regionName = z
  .string()
  .min(1)
  .max(limits.region)
  .regex(/^([a-z]+-){2,3}\d+$/);

/** Multi-Region keys: their replicas, and which of them is the primary key. */
export const replicas = {
  ReplicateKey: {
    input: z.object({
      KeyId: keyId,
      ReplicaRegion: regionName,
      Policy: policy.optional(),
      BypassPolicyLockoutSafetyCheck: z.boolean().optional(),
      Description: description.optional(),
      Tags: z.array(tag).optional(),
    }),
    output: z.strictObject({
      ReplicaKeyMetadata: keyMetadata,
      ReplicaPolicy: z.string(),
      ReplicaTags: z.array(tag.strict()),
    }),
  },
  UpdatePrimaryRegion: { input: z.object({ KeyId: keyId, PrimaryRegion: regionName }), output: nothing },
};
