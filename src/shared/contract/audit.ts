import { z } from 'zod';
import { entry } from './entry.ts';

const Nothing = z.strictObject({});
const TrailJob = z.enum(['verify', 'export']);

/**
 * Reading the trail goes through `kms.call` with `LookupEvents` and `SummarizeEvents`, as every request does; what is here
 * are the long jobs over the whole trail. Of each one goes on at a time: a new one ends the one before with `Cancelled`.
 */
export const audit = {
  /** Walks the whole chain and every digest's signature. */
  'audit.verify': entry(
    Nothing,
    z.strictObject({
      ok: z.boolean(),
      records: z.number(),
      digests: z.number(),
      /** The first record that does not hold, and why. */
      firstBad: z.strictObject({ sequence: z.number(), reason: z.string() }).optional(),
      /** Of the newest digest: what to write down elsewhere to prove later that nothing was cut off. */
      head: z.strictObject({ sequence: z.number(), hash: z.string() }).optional(),
    }),
  ),
  'audit.export': entry(
    z.strictObject({
      format: z.enum(['cloudtrail', 'csv']),
      folder: z.string().min(1),
      from: z.number().optional(),
      to: z.number().optional(),
    }),
    z.strictObject({ path: z.string(), records: z.number(), bytes: z.number() }),
  ),
  /** Ends the job with `Cancelled`; does nothing when there is none. */
  'audit.cancel': entry(z.strictObject({ job: TrailJob }), Nothing),
};

export const auditEvents = {
  /** New records are in the trail; the newest sequence number. At most four times a second. */
  'audit.appended': z.strictObject({ sequence: z.number() }),
  'audit.progress': z.strictObject({ job: TrailJob, done: z.number(), total: z.number() }),
};
