import { z } from 'zod';
import { regions } from '../kms/regions.ts';

/** One of the vault's Regions, by its name. */
export const RegionName = z
  .string()
  .refine((name) => (regions as readonly string[]).includes(name), 'there is no such Region');
