import type { CallOutput } from '../shared/contract/index.ts';
import type { KnownPrincipal } from '../shared/contract/policies.ts';
import { formatArn, keyArn, rootArn } from '../shared/iam/arn.ts';
import { managedServices } from '../shared/kms/services.ts';
import { readPolicy } from './policy/document.ts';
import { lintPolicy } from './policy/lint.ts';
import { isPromised } from './policy/lockout.ts';
import { accountOf, isServicePrincipal, namesOf } from './policy/principals.ts';
import type { ReadDatabase } from './vault/types.ts';

/** Everybody of a vault a policy can mean: its accounts, their users and roles, and services. */
export function knownPrincipals(db: ReadDatabase): KnownPrincipal[] {
  const accounts = db.all<{ id: string }>('SELECT account_id AS id FROM accounts ORDER BY account_id');
  const people = db.all<{ accountId: string; kind: 'user' | 'role'; name: string; path: string }>(
    'SELECT account_id AS accountId, kind, name, path FROM principals ORDER BY account_id, kind DESC, name',
  );
  return [
    ...accounts.map(({ id }) => ({ kind: 'account', principal: rootArn(id) }) as const),
    ...people.map(({ accountId, kind, name, path }) => ({
      kind,
      principal: formatArn({ partition: 'aws', service: 'iam', region: '', accountId, resource: kind + path + name }),
    })),
    ...managedServices.map((name) => ({ kind: 'service', principal: `${name}.amazonaws.com` }) as const),
  ];
}

/**
 * Whether there is a principal of that name. Of accounts outside the vault nothing is known, nor of AWS's services: neither is
 * doubted.
 */
export function existsIn(db: ReadDatabase): (principal: string) => boolean {
  const known = new Set(knownPrincipals(db).map(({ principal }) => namesOf(principal)[0]));
  const accounts = new Set([...known].flatMap((name) => (name && accountOf(name)) ?? []));
  return (principal) => {
    if (isServicePrincipal(principal)) return true;
    const account = accountOf(principal) ?? /^arn:aws:(?:iam|sts)::(\d{12}):/.exec(principal)?.[1];
    if (account === undefined || !accounts.has(account) || accountOf(principal) !== undefined) return true;
    return namesOf(principal).some((name) => known.has(name));
  };
}

interface Asked {
  readonly text: string;
  readonly region: string;
  readonly keyId?: string | undefined;
}

interface Caller {
  readonly principalArn: string;
  readonly accountId: string;
}

/** Lints the text of a policy as that of a key of the caller's account, or without `keyId` as that of a user or role. */
export function lintText(
  db: ReadDatabase,
  caller: Caller,
  { text, region, keyId }: Asked,
): CallOutput<'policies.lint'> {
  const { accountId } = caller;
  if (keyId === undefined)
    return { findings: present(lintPolicy(text, { type: 'identity', accountId })), canChangeAgain: null };
  const arn = keyArn(region, accountId, keyId);
  const findings = lintPolicy(text, { type: 'resource', arn, accountId, exists: existsIn(db) });
  const isPolicy = !findings.some(({ rule }) => rule === 'malformed' || rule === 'size');
  return {
    findings: present(findings),
    canChangeAgain: isPolicy ? isPromised(readPolicy(text, 'resource'), caller, 'kms:PutKeyPolicy', arn) : null,
  };
}

/** The findings as the contract has them. */
const present = (findings: ReturnType<typeof lintPolicy>): CallOutput<'policies.lint'>['findings'] =>
  findings.map(({ path, fix, ...finding }) => ({
    ...finding,
    path: [...path],
    ...(fix && { fix: { ...fix, path: [...fix.path] } }),
  }));
