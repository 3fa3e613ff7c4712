import { z } from 'zod';
import { limits } from '../limits.ts';
import { keyId, nothing, page, pageEnd, policy } from './members.ts';

/** A key has exactly one policy, and its name can only be `default`. */
const policyName = z
  .string()
  .min(1)
  .max(limits.policyName)
  .regex(/^[\w]+$/);

/** Key policies. */
export const policies = {
  GetKeyPolicy: {
    input: z.object({ KeyId: keyId, PolicyName: policyName.optional() }),
    output: z.strictObject({ Policy: z.string(), PolicyName: z.string() }),
  },
  PutKeyPolicy: {
    input: z.object({
      KeyId: keyId,
      PolicyName: policyName.optional(),
      Policy: policy,
      BypassPolicyLockoutSafetyCheck: z.boolean().optional(),
    }),
    output: nothing,
  },
  ListKeyPolicies: {
    input: z.object({ KeyId: keyId, ...page(limits.pages.policies.max) }),
    output: z.strictObject({ PolicyNames: z.array(z.string()), ...pageEnd }),
  },
};
