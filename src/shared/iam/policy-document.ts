import { z } from 'zod';

const texts = z.union([z.string(), z.array(z.string())]);
const principals = z.union([
  z.literal('*'),
  z.strictObject({
    AWS: texts.optional(),
    Service: texts.optional(),
    Federated: texts.optional(),
    CanonicalUser: texts.optional(),
  }),
]);
/** A condition key's values; numbers and booleans may stand unquoted. */
const value = z.union([z.string(), z.number(), z.boolean()]);

const statement = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(['Allow', 'Deny']),
    Principal: principals.optional(),
    NotPrincipal: principals.optional(),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Condition: z.record(z.string(), z.record(z.string(), z.union([value, z.array(value)]))).optional(),
  })
  // Who is meant must be said in a resource's policy; one without Action or Resource is taken and has no effect.
  .refine(({ Principal, NotPrincipal }) => (Principal === undefined) !== (NotPrincipal === undefined))
  .refine(({ Action, NotAction }) => Action === undefined || NotAction === undefined)
  .refine(({ Resource, NotResource }) => Resource === undefined || NotResource === undefined);

/** The shape of a resource policy (IAM User Guide, "Grammar of the IAM JSON policy language"). */
export const resourcePolicy = z.strictObject({
  Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
  Id: z.string().optional(),
  Statement: z.union([statement, z.array(statement).min(1)]),
});

export type PolicyStatement = z.output<typeof statement>;
export type PolicyDocument = z.output<typeof resourcePolicy>;
