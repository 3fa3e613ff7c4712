import { z } from 'zod';
import { encryptionAlgorithms, keyEncryptionMechanisms } from '../enums.ts';
import { limits } from '../limits.ts';

/** Bytes, `min` to `max` of them: a blob of the KMS API. */
export function blob(min: number, max: number) {
  return z
    .custom<Uint8Array>((value) => value instanceof Uint8Array, { error: 'expected bytes', abort: true })
    .check((ctx) => {
      const { length } = ctx.value;
      if (length < min)
        ctx.issues.push({ code: 'too_small', origin: 'array', minimum: min, inclusive: true, input: ctx.value });
      else if (length > max)
        ctx.issues.push({ code: 'too_big', origin: 'array', maximum: max, inclusive: true, input: ctx.value });
    });
}

/** Bytes in an answer. */
export const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, { error: 'expected bytes' });

export const nothing = z.strictObject({});

export const keyId = z.string().min(1).max(limits.keyId);
export const keyStoreId = z.string().min(1).max(64);
export const aliasName = z
  .string()
  .min(1)
  .max(limits.aliasName)
  .regex(/^[a-zA-Z0-9:/_-]+$/);
export const description = z.string().max(limits.description);
/** Names and values that are authenticated with a ciphertext; at most 8,192 bytes together (checked by the engine). */
export const encryptionContext = z
  // Not z.record, which drops the name __proto__: a context must never lose a pair unnoticed.
  .custom<Readonly<Record<string, string>>>(
    (value) =>
      typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value)),
    { error: 'expected a map of text', abort: true },
  )
  .check((ctx) => {
    for (const [name, value] of Object.entries(ctx.value))
      if (typeof value !== 'string')
        ctx.issues.push({ code: 'invalid_type', expected: 'string', input: value, path: [name] });
  });
/** A key policy document, JSON text; at most 32,768 bytes (checked by the engine). */
export const policy = z
  .string()
  .min(1)
  .max(limits.policyInput)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: tab and line ends belong in a document; AWS's own words
  .regex(/^[\u0009\u000A\u000D\u0020-\u00FF]+$/);
export const encryptionAlgorithm = z.enum(encryptionAlgorithms);
export const grantTokens = z.array(z.string().min(1).max(limits.grantToken)).max(limits.grantTokens);
export const dryRun = z.boolean();
/** For Nitro Enclaves, which Coffer does not have: accepted by the schema, refused by the operation. */
export const recipient = z.object({
  KeyEncryptionAlgorithm: z.enum(keyEncryptionMechanisms).optional(),
  AttestationDocument: blob(1, 262_144).optional(),
});

const marker = z
  .string()
  .min(1)
  .max(limits.marker)
  .regex(/^[\u0020-\u00FF]*$/);
/** `Limit` and `Marker` of a listing whose pages hold at most `max` entries. */
export function page(max: number) {
  return { Limit: z.int().min(1).max(max).optional(), Marker: marker.optional() };
}
/** What every listing answers beside its entries. */
export const pageEnd = { NextMarker: z.string().optional(), Truncated: z.boolean() };

export const tag = z.object({
  TagKey: z.string().min(1).max(limits.tagKey),
  TagValue: z.string().max(limits.tagValue),
});
/** 64 hexadecimal digits. */
export const keyMaterialId = z.string();
