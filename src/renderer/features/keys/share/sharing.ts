import { parseArn, rootArn } from '../../../../shared/iam/arn.ts';
import { listOf, type PolicyDocument, type PolicyStatement } from '../../../../shared/iam/policy-document.ts';
import { withValueAt } from '../../../../shared/iam/policy-places.ts';
import { statementsOf } from '../../access/policy/index.ts';

/** Whom a key is shared with: everybody whom an account lets, or one of its users or roles. */
export interface Target {
  /** What a statement names. */
  readonly arn: string;
  readonly accountId: string;
  readonly kind: 'account' | 'user' | 'role';
  /** Of a user or role. */
  readonly name: string;
}

/** Reads an account's 12 digits or the ARN of an account, user or role; null for anything else. */
export function targetOf(text: string): Target | null {
  const typed = text.trim();
  const accountId = /^\d{12}$/.exec(typed)?.[0];
  if (accountId) return { arn: rootArn(accountId), accountId, kind: 'account', name: '' };
  const arn = parseArn(typed);
  if (arn?.service !== 'iam' || arn.accountId === '') return null;
  if (arn.resource === 'root') return { arn: typed, accountId: arn.accountId, kind: 'account', name: '' };
  const found = /^(user|role)\/(?:.*\/)?([^/]+)$/.exec(arn.resource);
  if (!found) return null;
  const [, kind, name = ''] = found;
  return { arn: typed, accountId: arn.accountId, kind: kind as 'user' | 'role', name };
}

/** A target in words, as a sentence has it. */
export const targetWords = ({ kind, name, accountId }: Target): string =>
  kind === 'account' ? `account ${accountId}` : `${kind} ${name} of account ${accountId}`;

const SID = 'Shared with ';
const ACTION = 'kms:Decrypt';
const CONTEXT = 'kms:EncryptionContext:';

type Context = Readonly<Record<string, string>>;

const conditionFor = (context: Context) => {
  const pairs = Object.entries(context).map(([name, value]) => [`${CONTEXT}${name}`, value] as const);
  return pairs.length > 0 ? { Condition: { StringEquals: Object.fromEntries(pairs) } } : {};
};

/** The statement of the key's policy: the target may decrypt, where given only with these pairs of the context. */
export const statementFor = (target: Target, context: Context): PolicyStatement => ({
  Sid: `${SID}${targetWords(target)}`,
  Effect: 'Allow',
  Principal: { AWS: target.arn },
  Action: ACTION,
  Resource: '*',
  ...conditionFor(context),
});

/** What the other account must let its own user or role do: a key's policy alone reaches into no other account. */
export const identityPolicyFor = (keyArn: string, context: Context): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ACTION, Resource: keyArn, ...conditionFor(context) }],
});

/** The name of that policy, one a key. */
export const identityPolicyName = (keyArn: string): string => `CofferShare-${keyArn.split('/').at(-1) ?? ''}`;

/** One statement that sharing made. */
export interface Share {
  readonly index: number;
  readonly target: Target;
  readonly context: Context;
}

function contextOf(statement: PolicyStatement): Context {
  const pairs = Object.entries(statement.Condition?.StringEquals ?? {});
  return Object.fromEntries(pairs.map(([key, value]) => [key.slice(CONTEXT.length), listOf(value).join(', ')]));
}

/** The shares in a key's policy. Only statements that are as sharing makes them count: others are for the policy editor. */
export function sharesIn(policy: string): Share[] {
  const { statements = [] } = statementsOf(policy);
  return statements.flatMap((each, index) => {
    const statement = each as PolicyStatement;
    const { Sid = '', Principal } = statement;
    const named = typeof Principal === 'object' ? listOf(Principal.AWS) : [];
    const target = named.length === 1 ? targetOf(named[0] ?? '') : null;
    if (!target || Sid !== `${SID}${targetWords(target)}`) return [];
    const context = contextOf(statement);
    const made = JSON.stringify(statementFor(target, context));
    return made === JSON.stringify(statement) ? [{ index, target, context }] : [];
  });
}

/** A key's policy with one more share; one with the same target is replaced. null for a policy that has no statements. */
export function withShare(policy: string, statement: PolicyStatement): string | null {
  const { statements } = statementsOf(policy);
  if (!statements) return null;
  const same = statements.findIndex((each) => (each as PolicyStatement).Sid === statement.Sid);
  return withValueAt(policy, ['Statement', same < 0 ? statements.length : same], statement);
}

/** A key's policy without one of its shares; null when that is its only statement. */
export function withoutShare(policy: string, { index }: Share): string | null {
  const { statements = [] } = statementsOf(policy);
  return statements.length > 1 ? withValueAt(policy, ['Statement', index], undefined) : null;
}
