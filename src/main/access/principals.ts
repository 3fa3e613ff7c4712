import { assumedRoleArn, rootArn, userArn } from '../../shared/iam/arn.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Random } from '../environment.ts';
import type { Transaction } from '../vault/types.ts';

/** A user or role of an account. The root of an account is no row: every account has one. */
export interface PrincipalRow {
  readonly row: number;
  readonly accountId: string;
  readonly kind: 'user' | 'role';
  readonly name: string;
  /** Begins and ends with a slash. */
  readonly path: string;
  /** `AIDA…` of a user, `AROA…` of a role: it tells a principal from a later one of the same name. */
  readonly uniqueId: string;
}

/** IAM's unique ids are of capital letters and the digits 2 to 7 ("IAM identifiers", IAM User Guide). */
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM gives them: the prefix that tells its kind and `length` random characters, 5 bits each. */
export function uniqueId(random: Random, prefix: string, length: number): string {
  return prefix + [...random.bytes(length)].map((byte) => BASE32[byte & 31]).join('');
}

export interface NewPrincipal {
  readonly accountId: string;
  readonly kind: PrincipalRow['kind'];
  readonly name: string;
  readonly path: string;
}

/**
 * Writes a user or role of an account that exists. Names are unique in their account and kind, upper and lower case alike.
 * @throws CofferError `EntityAlreadyExistsException`, as IAM calls it.
 */
export function insertPrincipal(
  tx: Transaction,
  { accountId, kind, name, path }: NewPrincipal,
  random: Random,
  now: number,
): PrincipalRow {
  const id = uniqueId(random, kind === 'user' ? 'AIDA' : 'AROA', 17);
  const made = tx.run(
    `INSERT INTO principals (account_id, kind, name, path, unique_id, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (account_id, kind, name) DO NOTHING`,
    [accountId, kind, name, path, id, now],
  );
  if (made === 0)
    throw new CofferError(
      'EntityAlreadyExistsException',
      `${kind === 'user' ? 'User' : 'Role'} with name ${name} already exists.`,
    );
  return { row: tx.lastInsertId(), accountId, kind, name, path, uniqueId: id };
}

/** Whom an access key stands for, as callers are known and as GetCallerIdentity answers. */
export interface Identity {
  readonly accountId: string;
  readonly principalArn: string;
  readonly userId: string;
}

/**
 * The identity behind an access key; `principal` is null for the account's root. A role has no lasting keys at AWS: one that
 * has them here acts as a session of the role, named after the access key.
 */
export function identityOf(
  accountId: string,
  principal: Pick<PrincipalRow, 'kind' | 'name' | 'path' | 'uniqueId'> | null,
  accessKeyId: string,
): Identity {
  if (!principal) return { accountId, principalArn: rootArn(accountId), userId: accountId };
  const { kind, name, path, uniqueId: id } = principal;
  return kind === 'user'
    ? { accountId, principalArn: userArn(accountId, path, name), userId: id }
    : { accountId, principalArn: assumedRoleArn(accountId, name, accessKeyId), userId: `${id}:${accessKeyId}` };
}
