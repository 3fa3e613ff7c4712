import { z } from 'zod';
import { iamLimits } from '../limits.ts';

export const nothing = z.strictObject({});

export const accountId = z.string().regex(/^\d{12}$/);
export const name = z
  .string()
  .min(1)
  .max(iamLimits.name)
  .regex(/^[\w+=,.@-]+$/);
export const policyName = z
  .string()
  .min(1)
  .max(iamLimits.policyName)
  .regex(/^[\w+=,.@-]+$/);
/** Begins and ends with a slash. Its parts are of the letters of names, as ARNs in policies can say no others. */
export const path = z
  .string()
  .min(1)
  .max(iamLimits.path)
  .regex(/^\/([\w+=,.@-]+\/)*$/);
/** A policy document, JSON text. */
export const document = z
  .string()
  .min(1)
  .max(iamLimits.document)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: tab and line ends belong in a document; AWS's own words
  .regex(/^[\u0009\u000A\u000D\u0020-\u00FF]+$/);
const tagKey = z
  .string()
  .min(1)
  .max(iamLimits.tagKey)
  .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u);
export const tags = z
  .array(
    z.object({
      Key: tagKey,
      Value: z
        .string()
        .max(iamLimits.tagValue)
        .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u),
    }),
  )
  .max(iamLimits.tags);
export const tagKeys = z.array(tagKey).max(iamLimits.tags);
/** As they are answered. */
export const tagList = z.array(z.strictObject({ Key: z.string(), Value: z.string() }));

export const sessionSeconds = z.int().min(iamLimits.session.maxMin).max(iamLimits.session.maxMax);
export const accessKeyId = z.string().min(16).max(128).regex(/^\w+$/);
export const serialNumber = z
  .string()
  .min(9)
  .max(256)
  .regex(/^[\w+=/:,.@-]+$/);
/** What an MFA device shows. */
export const mfaCode = z.string().regex(/^\d{6}$/);
