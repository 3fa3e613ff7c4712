import { z } from 'zod';
import { grantOperations } from '../enums.ts';
import { limits } from '../limits.ts';
import { dryRun, encryptionContext, grantTokens, keyId, nothing, page, pageEnd } from './members.ts';

/** The ARN of an AWS principal; which forms there are is checked by the engine. */
const principal = z
  .string()
  .min(1)
  .max(limits.principal)
  .regex(/^[\w+=,.@:/-]+$/);
const grantId = z.string().min(1).max(limits.grantId);
const constraints = {
  EncryptionContextSubset: encryptionContext.optional(),
  EncryptionContextEquals: encryptionContext.optional(),
  SourceArn: z.string().min(1).max(2048).optional(),
};

const grant = z.strictObject({
  KeyId: z.string(),
  GrantId: z.string(),
  /** Empty when the grant has no name, as AWS answers it. */
  Name: z.string(),
  CreationDate: z.date(),
  GranteePrincipal: z.string().optional(),
  GranteeServicePrincipal: z.string().optional(),
  RetiringPrincipal: z.string().optional(),
  RetiringServicePrincipal: z.string().optional(),
  /** The root principal of the account that made the grant. */
  IssuingAccount: z.string(),
  Operations: z.array(z.enum(grantOperations)),
  Constraints: z.strictObject(constraints).optional(),
});

const grantList = z.strictObject({ Grants: z.array(grant), ...pageEnd });

/** Permissions on one key for one principal, apart from its policy. */
export const grants = {
  CreateGrant: {
    input: z.object({
      KeyId: keyId,
      GranteePrincipal: principal.optional(),
      GranteeServicePrincipal: principal.optional(),
      RetiringPrincipal: principal.optional(),
      RetiringServicePrincipal: principal.optional(),
      Operations: z.array(z.enum(grantOperations)),
      Constraints: z.object(constraints).optional(),
      GrantTokens: grantTokens.optional(),
      Name: z
        .string()
        .min(1)
        .max(limits.grantName)
        .regex(/^[a-zA-Z0-9:/_-]+$/)
        .optional(),
      DryRun: dryRun.optional(),
    }),
    output: z.strictObject({ GrantToken: z.string(), GrantId: z.string() }),
  },
  ListGrants: {
    input: z.object({
      KeyId: keyId,
      GrantId: grantId.optional(),
      GranteePrincipal: principal.optional(),
      GranteeServicePrincipal: principal.optional(),
      ...page(limits.pages.grants.max),
    }),
    output: grantList,
  },
  ListRetirableGrants: {
    input: z.object({
      RetiringPrincipal: principal.optional(),
      RetiringServicePrincipal: principal.optional(),
      ...page(limits.pages.grants.max),
    }),
    output: grantList,
  },
  RetireGrant: {
    input: z.object({
      GrantToken: z.string().min(1).max(limits.grantToken).optional(),
      KeyId: keyId.optional(),
      GrantId: grantId.optional(),
      DryRun: dryRun.optional(),
    }),
    output: nothing,
  },
  RevokeGrant: { input: z.object({ KeyId: keyId, GrantId: grantId, DryRun: dryRun.optional() }), output: nothing },
};
