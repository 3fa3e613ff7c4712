import { z } from 'zod';
import { accountId, nothing } from './members.ts';

/** Coffer's own: the accounts of the vault, which its owner makes. Each has a root principal of its own. */
export const accounts = {
  /** Makes an account, of a number of its own or the one that is given. */
  CreateAccount: {
    input: z.object({ AccountId: accountId.optional() }),
    output: z.strictObject({ AccountId: z.string() }),
  },
  ListAccounts: {
    input: z.object({}),
    output: z.strictObject({
      Accounts: z.array(
        z.strictObject({
          AccountId: z.string(),
          Arn: z.string(),
          CreateDate: z.date(),
          /** Whether it is the account of the vault's owner. */
          Owner: z.boolean(),
          Keys: z.number(),
          Users: z.number(),
          Roles: z.number(),
        }),
      ),
    }),
  },
  /** Removes an account that has nothing in it. Refused with `DeleteConflictException`, which says what is in the way. */
  DeleteAccount: { input: z.object({ AccountId: accountId }), output: nothing },
};
