import type { z } from 'zod';
import type { SignItem as SignItemSchema, SignJob as SignJobSchema } from '../../shared/contract/sign.ts';

export type SignJob = z.output<typeof SignJobSchema>;
export type SignItem = z.output<typeof SignItemSchema>;

/** What a detached signature's name has more than its file's. */
export const SIGNATURE = '.sig';
