import { z } from 'zod';
import { isOperator } from './condition-operators.ts';

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
const condition = z.record(
  z.string().refine(isOperator, { error: 'there is no condition operator of that name' }),
  z.record(z.string(), z.union([value, z.array(value)])),
);

const shape = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: principals.optional(),
  NotPrincipal: principals.optional(),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Condition: condition.optional(),
});

export type PolicyStatement = z.output<typeof shape>;
export type Principals = z.output<typeof principals>;
export type ConditionValue = z.output<typeof value>;

const both = (a: unknown, b: unknown) => a !== undefined && b !== undefined;
const neither = (a: unknown, b: unknown) => a === undefined && b === undefined;
const notBoth = (what: 'Action' | 'Resource') => ({ error: `${what} and Not${what} cannot stand together` });

const common = shape
  .refine(({ Action, NotAction }) => !both(Action, NotAction), notBoth('Action'))
  .refine(({ Resource, NotResource }) => !both(Resource, NotResource), notBoth('Resource'));

/** Who is meant must be said in a resource's policy; one without Action or Resource is taken and has no effect. */
const resourceStatement = common.refine(
  ({ Principal, NotPrincipal }) => !both(Principal, NotPrincipal) && !neither(Principal, NotPrincipal),
  { error: 'either Principal or NotPrincipal says who is meant' },
);

/** An identity's policy is about whom it belongs to. */
const identityStatement = common
  .refine(({ Principal, NotPrincipal }) => neither(Principal, NotPrincipal), {
    error: 'the policy of a user or role names no principal',
  })
  .refine(({ Action, NotAction }) => !neither(Action, NotAction), { error: 'Action or NotAction is missing' })
  .refine(({ Resource, NotResource }) => !neither(Resource, NotResource), {
    error: 'Resource or NotResource is missing',
  });

const documentOf = <S extends typeof common>(statement: S) =>
  z.strictObject({
    Version: z.enum(['2012-10-17', '2008-10-17']).optional(),
    Id: z.string().optional(),
    Statement: z.array(statement).min(1),
  });

/** The shape of a resource policy, its statements as a list (IAM User Guide, "Grammar of the IAM JSON policy language"). */
export const resourcePolicy = documentOf(resourceStatement);
/** The shape of the policy of a user or role. */
export const identityPolicy = documentOf(identityStatement);

export type PolicyDocument = z.output<typeof resourcePolicy>;
/** What a policy is attached to. */
export type PolicyType = 'resource' | 'identity';

/** What the grammar allows to be one text or a list of them, as a list. */
export const listOf = <T extends ConditionValue>(values: T | readonly T[] | undefined): readonly T[] =>
  values === undefined ? [] : Array.isArray(values) ? values : [values as T];

/** A document as JSON text, laid out as AWS's console does. */
export function formatPolicy({ Version, Id, Statement }: PolicyDocument): string {
  return JSON.stringify({ Version, Id, Statement }, null, 2);
}
