import type { z } from 'zod';
import { accounts } from './schemas/accounts.ts';
import { accessKeys, mfa } from './schemas/credentials.ts';
import { details } from './schemas/details.ts';
import { roles } from './schemas/roles.ts';
import { users } from './schemas/users.ts';

/**
 * What can be done with people, by IAM's names: what goes in and what comes out, as in `@aws-sdk/client-iam`. Every operation is
 * about the caller's account. Members an input does not know are dropped; outputs are strict. Lists have no pages.
 */
export const iamOperations = {
  ...accounts,
  ...users,
  ...roles,
  ...accessKeys,
  ...mfa,
  ...details,
} satisfies Record<string, { readonly input: z.ZodType; readonly output: z.ZodType }>;

export type IamOperations = typeof iamOperations;
export type IamOperationName = keyof IamOperations;
/** What a caller passes. */
export type IamInput<N extends IamOperationName> = z.input<IamOperations[N]['input']>;
export type IamOutput<N extends IamOperationName> = z.output<IamOperations[N]['output']>;

/** Whether `name` is an operation: the check to make before indexing `iamOperations` with text from outside. */
export function isIamOperation(name: string): name is IamOperationName {
  return Object.hasOwn(iamOperations, name);
}

/** Coffer's own operations, on the accounts of the vault: they are the vault owner's alone. */
export function isAccountOperation(name: IamOperationName): boolean {
  return Object.hasOwn(accounts, name);
}
