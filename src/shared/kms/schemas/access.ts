import { z } from 'zod';
import { keyActionNames } from '../../iam/actions.ts';
import type { Decision } from '../../iam/decision.ts';
import { limits } from '../limits.ts';
import { encryptionContext, keyId } from './members.ts';

const principal = z.string().min(1).max(2048);
const actions = z.array(z.enum(keyActionNames)).min(1).max(keyActionNames.length);
/** A policy that is not saved yet, to be asked in place of the key's. */
const draft = z.string().min(1).max(limits.policyBytes);

const decision = z.custom<Decision>((value) => typeof value === 'object' && value !== null && 'allowed' in value);

/** How far a principal gets with an action: whatever the request says, only when its conditions come true, or never. */
export const reaches = ['always', 'conditional', 'never'] as const;
export type Reach = (typeof reaches)[number];

/**
 * Questions about who may use a key, answered by the policies and grants that decide the calls. Recorded like every call, with
 * the source `coffer.local`; they ask for the permission kms:GetKeyPolicy, as they tell what stands in the key's policy.
 */
export const access = {
  /** What would be decided if a principal called: one decision for each action, in order. */
  SimulateAccess: {
    input: z.object({
      KeyId: keyId,
      /** The ARN of a root, user or role session, or the name of a service. */
      PrincipalArn: principal,
      ActionNames: actions,
      EncryptionContext: encryptionContext.optional(),
      /** Whether the caller has proved a second factor, a moment ago. */
      MultiFactorAuthPresent: z.boolean().optional(),
      /** As `s3.eu-central-1.amazonaws.com`. */
      ViaService: z.string().min(1).max(256).optional(),
      SourceIp: z.string().min(1).max(64).optional(),
      /** Values of further condition keys. */
      ContextEntries: z.record(z.string().min(1).max(256), z.array(z.string().max(2048)).max(64)).optional(),
      Policy: draft.optional(),
    }),
    output: z.strictObject({ Decisions: z.array(decision) }),
  },
  /** Every principal of the vault, and whom else the key's policy and grants name, with what each may do. */
  ListKeyAccess: {
    input: z.object({ KeyId: keyId, ActionNames: actions.optional(), Policy: draft.optional() }),
    output: z.strictObject({
      ActionNames: z.array(z.string()),
      Principals: z.array(
        z.strictObject({
          PrincipalArn: z.string(),
          Kind: z.enum(['root', 'user', 'role', 'service', 'other']),
          AccountId: z.string(),
          /** One for each action, in order. */
          Reaches: z.array(z.enum(reaches)),
        }),
      ),
    }),
  },
};
