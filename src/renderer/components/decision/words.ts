import { operatorOf } from '../../../shared/iam/condition-operators.ts';
import type { Decision, GrantMiss, Mismatch, Outcome, StatementRef } from '../../../shared/iam/decision.ts';
import { shorten } from '../../lib/format.ts';
import { accountIdOf, namedWords, principalWords } from '../../lib/principals.ts';

/** Values that are told of a long list. */
const TOLD = 4;

/** `a, b and c`; of a long list the first few. */
export function listWords(values: readonly string[], last = 'and'): string {
  const told = values.length > TOLD + 1 ? [...values.slice(0, TOLD), `${values.length - TOLD} more`] : values;
  return told.length < 2 ? told.join('') : `${told.slice(0, -1).join(', ')} ${last} ${told.at(-1)}`;
}

/** `statement 2 “RequireMfa”`, counted from 1. */
export const statementWords = ({ index, sid }: StatementRef): string =>
  `statement ${index + 1}${sid ? ` “${sid}”` : ''}`;

/** `the key policy`, or a policy of the caller by its name. */
export const policyWords = ({ type, policy }: StatementRef, principal: string): string =>
  type === 'resource' ? 'the key policy' : `the policy “${policy}” of ${principalWords(principal)}`;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const isOnKey = ({ resource }: Decision) => resource.includes(':key/');

/** How the key's policy lets the caller's own side decide; '' for what has no policy. */
function opening({ delegatedBy, principal }: Decision): string {
  if (!delegatedBy) return '';
  return `${statementWords(delegatedBy)} of the key policy leaves the decision to account ${accountIdOf(principal)}`;
}

function allowedBecause(decision: Decision): string {
  const { reason, statement, principal, action, grant } = decision;
  const who = principalWords(principal);
  const opened = opening(decision);
  const id = shorten(grant ?? '', 6);
  const by = statement ? `${statementWords(statement)} of ${policyWords(statement, principal)}` : 'a policy';
  switch (reason) {
    case 'account root':
      return opened
        ? `${opened}, and ${who} is limited by no policy of its own.`
        : `It is ${who}, whom no policy of its own limits.`;
    case 'identity policy':
      return opened ? `${opened}, and ${by} allows ${action}.` : `${by} allows ${action}.`;
    case 'grant':
      return action === 'kms:RetireGrant'
        ? `The grant ${id} itself says that ${who} may end it.`
        : `The grant ${id} on the key allows ${action} to ${who}.`;
    default:
      return `${by} allows ${action} to ${who}.`;
  }
}

function deniedBecause(decision: Decision): string {
  const { reason, statement, principal, action } = decision;
  const who = principalWords(principal);
  const account = accountIdOf(principal);
  switch (reason) {
    case 'explicit deny':
      return statement
        ? `an explicit deny in ${statementWords(statement)} of ${policyWords(statement, principal)}. No allow outweighs a deny.`
        : 'an explicit deny. No allow outweighs a deny.';
    case 'no key policy allows':
      if (!isOnKey(decision)) return `what it is asked on is another account's, which has no policy that opens it.`;
      return account
        ? `no statement of the key policy allows ${action} to ${who} or leaves the decision to account ${account}.`
        : `no statement of the key policy allows ${action} to ${who}.`;
    case 'not across accounts':
      return `the key is another account's, and ${action} can be allowed to principals of the key's own account alone.`;
    case 'no party of the grant':
      return `only its retiring principal, a grantee that may retire it and the account that made it may end the grant, and ${who} is none of them.`;
    default:
      return isOnKey(decision)
        ? `the key policy leaves the decision to account ${account}, and no statement of a policy of ${who} allows ${action}.`
        : `no statement of a policy of ${who} allows ${action}.`;
  }
}

/** The verdict in one sentence that follows the word Allowed or Denied and a colon. */
export function because(decision: Decision): string {
  return capital(decision.allowed ? allowedBecause(decision) : deniedBecause(decision));
}

const comparisons: Readonly<Record<'Numeric' | 'Date', Readonly<Record<string, string>>>> = {
  Numeric: { '<': 'less than ', '<=': 'at most ', '>': 'more than ', '>=': 'at least ', '=': '' },
  Date: { '<': 'before ', '<=': 'at or before ', '>': 'after ', '>=': 'at or after ', '=': '' },
};

/** What a condition asks for: `aws:SourceIp must be in 192.0.2.0/24`. */
export function conditionWords(operator: string, key: string, expected: readonly string[]): string {
  const facts = operatorOf(operator);
  if (!facts) return `${key} must be ${operator} ${listWords(expected, 'or')}`;
  const { family, negated, comparison, wildcards, ignoreCase, set, ifExists } = facts;
  if (family === 'Null') {
    const absent = expected.some((text) => text.toLowerCase() === 'true');
    return `the request must ${absent ? 'say nothing' : 'say something'} of ${key}`;
  }
  const subject =
    set === 'ForAllValues' ? `all values of ${key}` : set === 'ForAnyValue' ? `one of the values of ${key}` : key;
  const how =
    family === 'IpAddress'
      ? 'in '
      : family === 'Numeric' || family === 'Date'
        ? comparisons[family][comparison]
        : wildcards && expected.some((text) => /[*?]/.test(text))
          ? 'like '
          : '';
  const values = expected.length === 0 ? 'one of no values' : `${how}${listWords(expected, negated ? 'nor' : 'or')}`;
  const said = `${subject} must ${negated ? 'not ' : ''}be ${negated && expected.length > 1 ? 'either ' : ''}${values}`;
  return `${said}${ignoreCase ? ', in any case of letters' : ''}${ifExists ? ', if the request has it' : ''}`;
}

function saidWords(actual: readonly string[] | null): string {
  if (actual === null) return 'the request does not have it';
  return actual.length === 0 ? 'the request has it without a value' : `the request says ${listWords(actual)}`;
}

/** Why a statement does not fit the request. */
export function mismatchWords(mismatch: Mismatch, { principal, action, resource }: Decision): string {
  const { element, expected } = mismatch;
  const who = principalWords(principal);
  const named = () => listWords(expected.map((text) => namedWords(text, accountIdOf(principal))));
  const what = resource === '*' ? 'what is asked for' : resource;
  switch (element) {
    case 'Principal':
      return `It is for ${named()}, not for ${who}.`;
    case 'NotPrincipal':
      return `It leaves out ${named()}, and so ${who}.`;
    case 'Action':
      return expected.length === 0
        ? 'It names no action, so it has no effect.'
        : `It is about ${listWords(expected)}, not about ${action}.`;
    case 'NotAction':
      return `It leaves out ${listWords(expected)}, and so ${action}.`;
    case 'Resource':
      return expected.length === 0
        ? 'It names no resource, so it has no effect.'
        : `It is about ${listWords(expected)}, not about ${what}.`;
    case 'NotResource':
      return `It leaves out ${listWords(expected)}, and so ${what}.`;
    case 'Condition':
      return `Its condition does not hold: ${conditionWords(mismatch.operator, mismatch.key, expected)}; ${saidWords(mismatch.actual)}.`;
  }
}

/** What a statement that fits the request does. */
function effectWords({ statement, matched }: Outcome, principal: string): string {
  if (statement.effect === 'Deny') return 'It fits the request and denies it.';
  return matched === 'account'
    ? `It fits the request and leaves the decision to account ${accountIdOf(principal)}.`
    : 'It fits the request and allows it.';
}

/** What became of a statement, in a sentence. */
export const outcomeWords = (outcome: Outcome, decision: Decision): string =>
  outcome.mismatch ? mismatchWords(outcome.mismatch, decision) : effectWords(outcome, decision.principal);

const misses: Readonly<Record<GrantMiss, (action: string) => string>> = {
  Operations: (action) => `It does not hold ${action}.`,
  'Constraints.EncryptionContext': () => "The request's encryption context is not the one it asks for.",
  'Constraints.SourceArn': () => 'The request is not made on behalf of the resource it asks for.',
  'more than it holds': () => 'The new grant would give on more than this one holds.',
};

/** What became of a grant, in a sentence. */
export const grantWords = (miss: GrantMiss | null, action: string): string =>
  miss === null ? 'It allows the request.' : misses[miss](action);

export interface PolicyOutcomes {
  readonly title: string;
  readonly type: StatementRef['type'];
  readonly outcomes: readonly Outcome[];
}

/** The outcomes by policy, in the order they were asked. */
export function byPolicy({ statements, principal }: Decision): PolicyOutcomes[] {
  const groups = new Map<string, Outcome[]>();
  for (const outcome of statements) {
    const { type, policy } = outcome.statement;
    const name = `${type} ${policy}`;
    const group = groups.get(name);
    if (group) group.push(outcome);
    else groups.set(name, [outcome]);
  }
  return [...groups.values()].flatMap((outcomes) => {
    const [first] = outcomes;
    if (!first) return [];
    return [
      {
        title: capital(policyWords(first.statement, principal).replace(/^the /, '')),
        type: first.statement.type,
        outcomes: outcomes.sort((a, b) => a.statement.index - b.statement.index),
      },
    ];
  });
}

/** Whether it is the statement that decided, or the one that let the caller's account decide. */
export function partOf(
  { statement: one }: Outcome,
  { statement, delegatedBy }: Decision,
): 'decides' | 'delegates' | null {
  const same = (other: StatementRef | undefined) =>
    other !== undefined && other.type === one.type && other.policy === one.policy && other.index === one.index;
  if (same(statement)) return 'decides';
  return same(delegatedBy) ? 'delegates' : null;
}
