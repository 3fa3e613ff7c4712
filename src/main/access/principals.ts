import { assumedRoleArn, parseArn, roleArn, rootArn, userArn } from '../../shared/iam/arn.ts';
import { iamLimits } from '../../shared/iam/limits.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { Random } from '../environment.ts';
import type { ReadDatabase, Transaction } from '../vault/types.ts';

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

export type Tags = Readonly<Record<string, string>>;

export interface NewPrincipal {
  readonly accountId: string;
  readonly kind: PrincipalRow['kind'];
  readonly name: string;
  readonly path: string;
  readonly tags?: Tags;
  /** Of a role: whom it trusts, a policy document, and how long its sessions may be, in seconds. */
  readonly trust?: string;
  readonly maxSessionSeconds?: number;
}

/** All that is known of a user or role but its policies. */
export interface PrincipalRecord extends PrincipalRow {
  readonly createdAt: number;
  readonly tags: Tags;
  /** Null of a user, and of a role that nobody can assume. */
  readonly trust: string | null;
  readonly maxSessionSeconds: number;
}

/**
 * Writes a user or role of an account that exists. Names are unique in their account and kind, upper and lower case alike.
 * @throws CofferError `EntityAlreadyExistsException`, as IAM calls it.
 */
export function insertPrincipal(
  tx: Transaction,
  { accountId, kind, name, path, tags = {}, trust, maxSessionSeconds = iamLimits.session.default }: NewPrincipal,
  random: Random,
  now: number,
): PrincipalRecord {
  const id = uniqueId(random, kind === 'user' ? 'AIDA' : 'AROA', 17);
  const made = tx.run(
    `INSERT INTO principals (account_id, kind, name, path, unique_id, created_at, tags, trust, max_session_seconds)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, kind, name) DO NOTHING`,
    [accountId, kind, name, path, id, now, JSON.stringify(tags), trust ?? null, maxSessionSeconds],
  );
  if (made === 0)
    throw new KmsError(
      'EntityAlreadyExistsException',
      `${kind === 'user' ? 'User' : 'Role'} with name ${name} already exists.`,
    );
  const row = tx.lastInsertId();
  return {
    row,
    accountId,
    kind,
    name,
    path,
    uniqueId: id,
    createdAt: now,
    tags,
    trust: trust ?? null,
    maxSessionSeconds,
  };
}

const SELECT = `SELECT row, account_id AS accountId, kind, name, path, unique_id AS uniqueId, created_at AS createdAt, tags, trust,
  max_session_seconds AS maxSessionSeconds FROM principals`;

const recordOf = (row: Omit<PrincipalRecord, 'tags'> & { readonly tags: string }): PrincipalRecord => ({
  ...row,
  tags: JSON.parse(row.tags),
});

/** The user or role of that name, upper and lower case alike. */
export function findPrincipal(
  db: ReadDatabase,
  accountId: string,
  kind: PrincipalRow['kind'],
  name: string,
): PrincipalRecord | undefined {
  const found = db.get<Parameters<typeof recordOf>[0]>(`${SELECT} WHERE account_id = ? AND kind = ? AND name = ?`, [
    accountId,
    kind,
    name,
  ]);
  return found && recordOf(found);
}

/** All users or roles of an account below a path, by name. */
export function listPrincipals(
  db: ReadDatabase,
  accountId: string,
  kind: PrincipalRow['kind'],
  below = '/',
): PrincipalRecord[] {
  return db
    .all<Parameters<typeof recordOf>[0]>(`${SELECT} WHERE account_id = ? AND kind = ? ORDER BY name`, [accountId, kind])
    .filter(({ path }) => path.startsWith(below))
    .map(recordOf);
}

/** The ARN of a user or role itself, not of a role's session. */
export function principalArn({
  accountId,
  kind,
  path,
  name,
}: Pick<PrincipalRow, 'accountId' | 'kind' | 'path' | 'name'>): string {
  return kind === 'user' ? userArn(accountId, path, name) : roleArn(accountId, path, name);
}

/** Whom an ARN means: a root, a user, or a role, also by a session of it; null when it is the ARN of nothing of these. */
export function namedByArn(
  arn: string,
): { readonly accountId: string; readonly kind: 'root' | 'user' | 'role'; readonly name: string } | null {
  const { partition, service, accountId = '', resource = '' } = parseArn(arn) ?? {};
  if (partition !== 'aws' || accountId === '') return null;
  if (service === 'iam' && resource === 'root') return { accountId, kind: 'root', name: '' };
  const own = service === 'iam' ? /^(user|role)\/(?:[^/]+\/)*([^/]+)$/.exec(resource) : null;
  if (own) return { accountId, kind: own[1] as 'user' | 'role', name: own[2] as string };
  const session = service === 'sts' ? /^assumed-role\/([^/]+)\/[^/]+$/.exec(resource) : null;
  return session ? { accountId, kind: 'role', name: session[1] as string } : null;
}

/** The user or role behind an ARN, also by a role's session. The path has to be right where the ARN has one. */
export function principalOf(db: ReadDatabase, arn: string): PrincipalRecord | undefined {
  const named = namedByArn(arn);
  if (!named || named.kind === 'root') return undefined;
  const found = findPrincipal(db, named.accountId, named.kind, named.name);
  return found && (arn.includes(':sts:') || principalArn(found) === arn) ? found : undefined;
}

/** Whom an access key stands for, as callers are known and as GetCallerIdentity answers. */
export interface Identity {
  readonly accountId: string;
  readonly principalArn: string;
  readonly userId: string;
}

/**
 * The identity behind credentials; `principal` is null for the account's root. A role acts as a session of a name. It has no
 * lasting keys at AWS: one that has them here acts as the session named after the access key.
 */
export function identityOf(
  accountId: string,
  principal: Pick<PrincipalRow, 'kind' | 'name' | 'path' | 'uniqueId'> | null,
  session: string,
): Identity {
  if (!principal) return { accountId, principalArn: rootArn(accountId), userId: accountId };
  const { kind, name, path, uniqueId: id } = principal;
  return kind === 'user'
    ? { accountId, principalArn: userArn(accountId, path, name), userId: id }
    : { accountId, principalArn: assumedRoleArn(accountId, name, session), userId: `${id}:${session}` };
}
