import type { z } from 'zod';
import { access } from './schemas/access.ts';
import { asymmetric } from './schemas/asymmetric.ts';
import { cryptography } from './schemas/cryptography.ts';
import { dataKeyPairs } from './schemas/data-key-pairs.ts';
import { grants } from './schemas/grants.ts';
import { imports } from './schemas/import.ts';
import { keyStores } from './schemas/key-stores.ts';
import { keys } from './schemas/keys.ts';
import { mac } from './schemas/mac.ts';
import { names } from './schemas/names.ts';
import { overview } from './schemas/overview.ts';
import { policies } from './schemas/policies.ts';
import { replicas } from './schemas/replicas.ts';
import { rotation } from './schemas/rotation.ts';
import { trail } from './schemas/trail.ts';
import { usage } from './schemas/usage.ts';

/**
 * Every operation there is, by AWS's name: what goes in and what comes out, as in `@aws-sdk/client-kms` (blobs are
 * Uint8Array, timestamps Date). Members an input does not know are dropped, as AWS does; outputs are strict.
 */
export const operations = {
  ...keys,
  ...imports,
  ...policies,
  ...grants,
  ...replicas,
  ...names,
  ...cryptography,
  ...asymmetric,
  ...mac,
  ...dataKeyPairs,
  ...rotation,
  ...usage,
  ...keyStores,
  ...overview,
  ...trail,
  ...access,
} satisfies Record<string, { readonly input: z.ZodType; readonly output: z.ZodType }>;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
/** What a caller passes. */
export type OperationInput<N extends OperationName> = z.input<Operations[N]['input']>;
export type OperationOutput<N extends OperationName> = z.output<Operations[N]['output']>;

/** Whether `name` is an operation: the check to make before indexing `operations` with text from outside. */
export function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

/** Coffer's own readings for its window, recorded with the source `coffer.local`: AWS has no such operations. */
export function isOwnReading(name: OperationName): boolean {
  return Object.hasOwn(overview, name) || Object.hasOwn(trail, name) || Object.hasOwn(access, name);
}

export type { KeyMetadata } from './schemas/keys.ts';
