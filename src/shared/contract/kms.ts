import { z } from 'zod';
import { entry } from './entry.ts';
import { RegionName } from './region.ts';

/**
 * The window's road into the pipeline: the same named operations with the same inputs as the endpoint. The router parses
 * `input` and the answer with the operation's own schemas (`shared/kms/operations.ts`).
 */
export const kms = {
  'kms.call': entry(
    z.strictObject({
      operation: z.string().max(64),
      input: z.record(z.string(), z.unknown()),
      region: RegionName,
    }),
    z.unknown(),
  ),
};

export const kmsEvents = {
  /** Keys, aliases or tags changed: what is shown of them should be read again. */
  'kms.changed': z.strictObject({ keyIds: z.array(z.string()) }),
};
