import { z } from 'zod';
import { limits } from '../kms/limits.ts';
import { entry } from './entry.ts';

const Path = z.array(z.union([z.string(), z.number()]));

/** One thing that is wrong with a policy's text. */
const PolicyFinding = z.strictObject({
  /** The name of the rule, as `unknown-action`. */
  rule: z.string(),
  /** An error makes the policy do something else than it says, or no policy at all. */
  severity: z.enum(['error', 'warning']),
  /** From 0; null when it is about the whole document. */
  statement: z.number().nullable(),
  path: Path,
  message: z.string(),
  /** Where in the text, in UTF-16 code units. */
  from: z.number(),
  to: z.number(),
  /** What mends it: the value to put at a path, or none to take away what is there. */
  fix: z.strictObject({ title: z.string(), path: Path, value: z.unknown().optional() }).optional(),
});
export type PolicyFinding = z.output<typeof PolicyFinding>;

export const policies = {
  /**
   * What is wrong with the text of a policy. With `keyArn` it is to be the policy of that key, with `roleArn` it says whom that
   * role, there or yet to be made, trusts; with neither it is the policy of a user or role. Nothing is recorded: the text goes nowhere.
   */
  'policies.lint': entry(
    z.strictObject({
      text: z.string().max(limits.policyInput),
      keyArn: z.string().max(limits.keyId).optional(),
      roleArn: z.string().max(limits.keyId).optional(),
    }),
    z.strictObject({
      findings: z.array(PolicyFinding),
      /** Whether the caller could change the key's policy again; null when the text cannot be a key's policy. */
      canChangeAgain: z.boolean().nullable(),
    }),
  ),
};
