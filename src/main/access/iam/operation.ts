import type { z } from 'zod';
import type { IamOperationName, IamOperations, IamOutput } from '../../../shared/iam/operations.ts';
import { KmsError } from '../../../shared/kms/errors.ts';
import type { AuditEntry } from '../../audit/types.ts';
import type { Environment } from '../../environment.ts';
import type { AccessKeys, Owner } from '../access-keys.ts';
import type { Needed } from '../authorization.ts';
import type { MfaDevices } from '../mfa.ts';
import {
  findPrincipal,
  namedByArn,
  type PrincipalRecord,
  type PrincipalRow,
  principalArn,
  type Tags,
} from '../principals.ts';
import type { Call } from '../recorded-call.ts';

/** What an operation works with. */
export interface IamCall extends Call {
  readonly environment: Environment;
  readonly accessKeys: AccessKeys;
  readonly mfa: MfaDevices;
  /** The account of the vault's owner. */
  readonly ownerAccount: string;
}

/** An input after its schema. */
export type Parsed<N extends IamOperationName> = z.output<IamOperations[N]['input']>;

/** One operation as a value; `people.ts` alone knows in which order its parts come. All of it is one transaction. */
export interface IamOperation<N extends IamOperationName = IamOperationName> {
  readonly name: N;
  readonly readOnly: boolean;
  /** On what the permission is asked. It throws nothing about what is not there: only those who may ask are told. */
  needs(call: IamCall, input: Parsed<N>): Omit<Needed, 'action' | 'resourceAccountId'>;
  run(call: IamCall, input: Parsed<N>): IamOutput<N>;
  readonly audit: {
    /** Members of the input that go into the record: only what is named here. */
    readonly request: readonly (keyof Parsed<N> & string)[];
    response?(output: IamOutput<N>): AuditEntry['responseElements'];
  };
}

/** So that each operation is checked against its own schemas. */
export const operation = <N extends IamOperationName>(spec: IamOperation<N>): IamOperation =>
  spec as unknown as IamOperation;

/** The user or role of the caller's account. @throws KmsError `NoSuchEntityException` */
export function requirePrincipal({ tx, caller }: Call, kind: PrincipalRow['kind'], name: string): PrincipalRecord {
  const found = findPrincipal(tx, caller.accountId, kind, name);
  if (!found) throw new KmsError('NoSuchEntityException', `The ${kind} with name ${name} cannot be found.`);
  return found;
}

/** The permission on a user or role, which may not exist. */
export function onPrincipal({ tx, caller }: Call, kind: PrincipalRow['kind'], name: string, requestTags?: Tags) {
  const { accountId } = caller;
  const found = findPrincipal(tx, accountId, kind, name);
  const resource = principalArn(found ?? { accountId, kind, path: '/', name });
  return { resource, resourceTags: found?.tags, requestTags };
}

/** Of an operation whose user may be left out: the user that was named, or the caller. */
export function subject(call: Call, name: string | undefined): Owner {
  const { caller } = call;
  const { accountId } = caller;
  if (name !== undefined) return { accountId, principal: requirePrincipal(call, 'user', name) };
  const named = namedByArn(caller.principalArn);
  if (named?.kind === 'root') return { accountId, principal: null };
  if (named?.kind !== 'user')
    throw new KmsError('ValidationException', 'Must specify userName when calling with non-User credentials');
  return { accountId, principal: requirePrincipal(call, 'user', named.name) };
}

/** The permission on the user of such an operation. */
export function onSubject(call: Call, name: string | undefined) {
  const { caller } = call;
  if (name !== undefined) return onPrincipal(call, 'user', name);
  const named = namedByArn(caller.principalArn);
  return named?.kind === 'user' ? onPrincipal(call, 'user', named.name) : { resource: caller.principalArn };
}

export const tagsOf = (list: readonly { readonly Key: string; readonly Value: string }[] | undefined): Tags =>
  Object.fromEntries((list ?? []).map(({ Key, Value }) => [Key, Value]));
export const tagListOf = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
