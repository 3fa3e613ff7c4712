import { namesOf, parseArn, principalName, rootArn } from '../../shared/iam/arn.ts';
import type { Named } from '../../shared/iam/decision.ts';
import { listOf, type Principals } from '../../shared/iam/policy-document.ts';

/** A service principal, as `s3.amazonaws.com` or `dynamodb.eu-central-1.amazonaws.com`. */
const SERVICE = /^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*\.amazonaws\.com$/;

export function isServicePrincipal(text: string): boolean {
  return SERVICE.test(text);
}

/** Whether `text` is the ARN of what can be a principal: an account, a user, a role, a federated user or an assumed role. */
export function isPrincipalArn(text: string): boolean {
  const arn = parseArn(text);
  if (arn?.partition !== 'aws' || arn.region !== '' || arn.accountId === '') return false;
  if (arn.service === 'iam') return /^(root|(user|role)\/([\w+=,.@-]+\/)*[\w+=,.@-]+)$/.test(arn.resource);
  return (
    arn.service === 'sts' && /^(assumed-role\/[\w+=,.@-]+\/[\w+=,.@-]+|federated-user\/[\w+=,.@-]+)$/.test(arn.resource)
  );
}

/** Who calls, by every name a policy can mean it by. */
export interface Identity {
  readonly arn: string;
  readonly accountId: string;
  readonly kind: 'root' | 'principal' | 'service';
  /** Its own name and, of a session, that of the role. */
  readonly names: readonly string[];
}

export function identityOf(principalArn: string, accountId: string): Identity {
  if (!principalArn.startsWith('arn:') && isServicePrincipal(principalArn))
    return { arn: principalArn, accountId, kind: 'service', names: [principalArn] };
  const root = principalArn === rootArn(accountId);
  return { arn: principalArn, accountId, kind: root ? 'root' : 'principal', names: namesOf(principalArn) };
}

/** The callers a Principal or NotPrincipal element means. */
export interface PrincipalSet {
  readonly everyone: boolean;
  readonly names: ReadonlySet<string>;
  readonly accounts: ReadonlySet<string>;
}

const ACCOUNT = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/;

/** The account that a 12-digit id or the ARN of its root principal stands for. */
export function accountOf(principal: string): string | undefined {
  return ACCOUNT.exec(principal)?.[1];
}

export function principalSet(principals: Principals): PrincipalSet {
  if (principals === '*') return { everyone: true, names: new Set(), accounts: new Set() };
  const aws = listOf(principals.AWS);
  const accounts = aws.flatMap((text) => accountOf(text) ?? []);
  const names = aws.filter((text) => accountOf(text) === undefined).map(principalName);
  return {
    everyone: aws.includes('*'),
    // Federated users and canonical users are not among the callers there are.
    names: new Set([...names, ...listOf(principals.Service)]),
    accounts: new Set(accounts),
  };
}

/** How a Principal element means the caller. Whoever is root is meant by its account itself. */
export function namedBy(set: PrincipalSet, { kind, names, accountId }: Identity): Named | null {
  if (set.everyone) return 'principal';
  for (const name of names) if (set.names.has(name)) return 'principal';
  if (kind === 'service' || !set.accounts.has(accountId)) return null;
  return kind === 'root' ? 'principal' : 'account';
}

/**
 * How a NotPrincipal element means the caller. To be left out of a Deny, a caller needs all of its names there: its own, its
 * role's and its account (IAM User Guide, "AWS JSON policy elements: NotPrincipal"). From an Allow, one name is enough.
 */
export function notNamedBy(set: PrincipalSet, identity: Identity, effect: 'Allow' | 'Deny'): Named | null {
  const { kind, names, accountId } = identity;
  if (set.everyone) return null;
  if (effect === 'Allow') return namedBy(set, identity) === null ? 'principal' : null;
  const account = kind === 'service' || set.accounts.has(accountId);
  const own = kind === 'root' || names.every((name) => set.names.has(name));
  return account && own ? null : 'principal';
}
