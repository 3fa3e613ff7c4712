import { z } from 'zod';
import { entry } from './entry.ts';

const Nothing = z.strictObject({});
const AccessKeyId = z.string().min(16).max(128);

/** What programs sign their calls at the endpoint with. */
export const AccessKey = z.strictObject({
  accessKeyId: z.string(),
  accountId: z.string(),
  principalArn: z.string(),
  active: z.boolean(),
  createdAt: z.number(),
  /** To the minute; null when it was never used. */
  lastUsed: z.number().nullable(),
});

export const accessKeys = {
  /** The oldest first. */
  'accessKeys.list': entry(Nothing, z.strictObject({ accessKeys: z.array(AccessKey) })),
  /** Makes one for the account's root. Its secret is answered this once. */
  'accessKeys.create': entry(Nothing, z.strictObject({ accessKeyId: z.string(), secretAccessKey: z.string() })),
  'accessKeys.setActive': entry(z.strictObject({ accessKeyId: AccessKeyId, active: z.boolean() }), Nothing),
  'accessKeys.delete': entry(z.strictObject({ accessKeyId: AccessKeyId }), Nothing),
};
