import type { z } from 'zod';

/** One call of the contract: what goes in and what comes out. Both are parsed in the main process, strictly. */
export interface Entry<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  readonly input: I;
  readonly output: O;
}

export function entry<I extends z.ZodType, O extends z.ZodType>(input: I, output: O): Entry<I, O> {
  return { input, output };
}
