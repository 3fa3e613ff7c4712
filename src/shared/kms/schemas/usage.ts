import { z } from 'zod';
import { trackedOperations } from '../enums.ts';
import { keyId } from './members.ts';

/** When keys were used. */
export const usage = {
  GetKeyLastUsage: {
    input: z.object({ KeyId: keyId }),
    output: z.strictObject({
      KeyId: z.string(),
      /** Empty when the key was never used. */
      KeyLastUsage: z.strictObject({
        Operation: z.enum(trackedOperations).optional(),
        Timestamp: z.date().optional(),
        CloudTrailEventId: z.string().optional(),
        KmsRequestId: z.string().optional(),
      }),
      TrackingStartDate: z.date(),
      KeyCreationDate: z.date(),
    }),
  },
};
