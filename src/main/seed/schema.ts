import { z } from 'zod';
import { RegionName } from '../../shared/contract/region.ts';
import { iamLimits } from '../../shared/iam/limits.ts';
import { grantOperations, keySpecs, keyUsages } from '../../shared/kms/enums.ts';
import { limits } from '../../shared/kms/limits.ts';
import { aliasName, description } from '../../shared/kms/schemas/members.ts';
import { specs } from '../../shared/kms/specs.ts';

/**
 * What a seed file may say. Every scalar is read as text, so that an account id keeps its zeros; a member that is not known is an
 * error, as it is most likely a misspelt one.
 */
const accountId = z.string().regex(/^\d{12}$/, 'an account id has 12 digits');
const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'expected a whole number')
  .transform(Number);
const texts = z.record(z.string(), z.string());

const accessKey = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Z0-9_]{16,128}$/, 'an access key id has 16 to 128 capital letters and digits')
      .optional(),
    secret: z
      .string()
      .regex(/^[\x21-\x7e]{8,128}$/, 'a secret has 8 to 128 visible ASCII characters')
      .optional(),
    generate: z.literal('true', 'expected true').optional(),
  })
  .refine(
    ({ id, secret, generate }) =>
      generate ? id === undefined && secret === undefined : id !== undefined && secret !== undefined,
    'an access key has either id and secret, or generate: true',
  );
const accessKeys = z.array(accessKey).default([]);

/** JSON text, or the document itself as YAML. */
const policy = z
  .union([z.string().min(1), z.record(z.string(), z.unknown())], 'expected a policy')
  .transform((given) => (typeof given === 'string' ? given : JSON.stringify(given, null, 2)));

/** What users and roles have alike. Members that came with a later Coffer have no default, so that a seed's fingerprint stays. */
const principal = {
  name: z.string().regex(/^[\w+=,.@-]{1,64}$/, 'a name has 1 to 64 letters, digits and _ + = , . @ -'),
  path: z
    .string()
    .max(512)
    .regex(/^\/([\w+=,.@-]+\/)*$/, 'a path begins and ends with /')
    .default('/'),
  accessKeys,
  policies: z.record(z.string(), policy).optional(),
  tags: texts.optional(),
};
const user = z.strictObject(principal);
const role = z.strictObject({
  ...principal,
  trust: policy.optional(),
  maxSessionSeconds: wholeNumber.pipe(z.int().min(iamLimits.session.maxMin).max(iamLimits.session.maxMax)).optional(),
});

const grant = z.strictObject({
  granteePrincipal: z.string(),
  retiringPrincipal: z.string().optional(),
  operations: z.array(z.enum(grantOperations)).min(1),
  constraints: z
    .strictObject({ encryptionContextSubset: texts.optional(), encryptionContextEquals: texts.optional() })
    .optional(),
  name: z.string().optional(),
});

/** What a key and each of its replicas have of their own. */
const perRegion = {
  region: RegionName,
  description: description.default(''),
  tags: texts.default({}),
  aliases: z.array(aliasName).default([]),
  policy: policy.optional(),
  grants: z.array(grant).default([]),
  state: z.enum(['Enabled', 'Disabled']).default('Enabled'),
};

const key = z
  .strictObject({
    id: z
      .string()
      .regex(
        /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
        'a key id is a UUID, or mrk- and 32 hexadecimal digits, in lower case',
      ),
    spec: z.enum(keySpecs).default('SYMMETRIC_DEFAULT'),
    usage: z.enum(keyUsages).optional(),
    ...perRegion,
    rotation: z
      .strictObject({
        periodInDays: wholeNumber
          .pipe(z.int().min(limits.rotationPeriod.min).max(limits.rotationPeriod.max))
          .default(limits.rotationPeriod.default),
      })
      .optional(),
    /** Base64: 32 bytes of a symmetric key, as many as the hash has of an HMAC key, PKCS #8 of a key pair. */
    material: z.string().optional(),
    replicas: z.array(z.strictObject(perRegion)).default([]),
  })
  .transform((given, ctx) => {
    const { usages, rotates } = specs[given.spec];
    const refuse = (path: string, message: string) =>
      ctx.issues.push({ code: 'custom', path: [path], message, input: '' });
    const usage = given.usage ?? (usages.length === 1 || given.spec === 'SYMMETRIC_DEFAULT' ? usages[0] : undefined);
    if (usage === undefined) refuse('spec', `a key of spec ${given.spec} must say its usage: ${usages.join(' or ')}`);
    else if (!usages.includes(usage)) refuse('usage', `${usage} is not a usage of ${given.spec}`);
    if (given.rotation && !rotates) refuse('rotation', `a key of spec ${given.spec} does not rotate`);
    if (given.replicas.length > 0 && !given.id.startsWith('mrk-'))
      refuse('replicas', 'only a multi-Region key, whose id begins with mrk-, has replicas');
    return { ...given, usage: usage ?? 'ENCRYPT_DECRYPT' };
  });

const account = z.strictObject({
  id: accountId,
  accessKeys,
  users: z.array(user).default([]),
  roles: z.array(role).default([]),
  keys: z.array(key).default([]),
});

export const seedSchema = z.strictObject({
  version: z.literal('1', 'this Coffer reads version 1'),
  /** The first account unless given. */
  defaultAccount: accountId.optional(),
  accounts: z.array(account).min(1),
});

export type Seed = z.output<typeof seedSchema>;
export type SeedAccount = Seed['accounts'][number];
export type SeedUser = SeedAccount['users'][number];
export type SeedRole = SeedAccount['roles'][number];
export type SeedKey = SeedAccount['keys'][number];
export type SeedReplica = SeedKey['replicas'][number];
export type SeedAccessKey = SeedAccount['accessKeys'][number];
