import { parseArn } from '../../../../shared/iam/arn.ts';
import { type Operator, operatorOf } from '../../../../shared/iam/condition-operators.ts';
import {
  action,
  type ConditionRow,
  conditions,
  effect,
  type Listed,
  principal,
  resource,
  type Statement,
  textsOf,
} from './statement.ts';

/** A piece of a sentence: words, words that matter, or what stands in the policy. */
export interface Piece {
  readonly as: 'words' | 'strong' | 'code';
  readonly text: string;
}

/** A statement in words: who may do what, and each condition for itself. */
export interface Sentence {
  readonly main: readonly Piece[];
  readonly conditions: readonly (readonly Piece[])[];
}

export interface SentenceFacts {
  readonly accountId: string;
  readonly keyArn?: string | undefined;
}

const words = (text: string): Piece => ({ as: 'words', text });
const strong = (text: string): Piece => ({ as: 'strong', text });
const code = (text: string): Piece => ({ as: 'code', text });

/** `a`, `a or b`, `a, b or c`. */
function joined(pieces: readonly Piece[], last: 'and' | 'or'): Piece[] {
  return pieces.flatMap((piece, index) => {
    if (index === 0) return [piece];
    return [words(index === pieces.length - 1 ? ` ${last} ` : ', '), piece];
  });
}

/** Whom a principal's text means. */
function personOf(text: string, allows: boolean, { accountId }: SentenceFacts): Piece[] {
  if (text === '*') return [strong('everyone')];
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
  if (account !== undefined) {
    const which = account === accountId ? 'this account' : `account ${account}`;
    return allows
      ? [strong(which), words(', and whomever its own policies allow,')]
      : [words('everyone in '), strong(which)];
  }
  if (text.endsWith('.amazonaws.com')) return [words('the service '), strong(text)];
  const arn = parseArn(text);
  const [kind, ...names] = arn?.resource.split('/') ?? [];
  const of = arn && arn.accountId !== accountId ? [words(` of account ${arn.accountId}`)] : [];
  if (kind === 'user' || kind === 'role') return [words(`${kind} `), strong(names.at(-1) ?? ''), ...of];
  if (kind === 'assumed-role')
    return [words('role '), strong(names[0] ?? ''), words(` in session ${names.slice(1).join('/')}`), ...of];
  return [code(text)];
}

function who({ negated, values }: Listed, allows: boolean, facts: SentenceFacts): Piece[] {
  if (values.length === 0) return [strong(negated ? 'everyone' : 'nobody')];
  const people = values.flatMap((value, index) => {
    const separator = index === 0 ? [] : [words(index === values.length - 1 ? ' and ' : ', ')];
    return [...separator, ...personOf(value, allows && !negated, facts)];
  });
  return negated ? [words('everyone but '), ...people] : people;
}

function what({ negated, values }: Listed): Piece[] {
  if (values.length === 0) return [strong(negated ? 'everything' : 'nothing')];
  if (values.length === 1 && /^(kms:)?\*$/.test(values[0] ?? ''))
    return negated ? [strong('nothing')] : [words('everything ('), code(values[0] ?? ''), words(')')];
  return [...(negated ? [words('everything but ')] : []), ...joined(values.map(code), 'and')];
}

function onWhat({ negated, values }: Listed, { keyArn }: SentenceFacts): Piece[] {
  if (values.length === 0) return [words(negated ? ' with everything' : ' with nothing')];
  const isThis = values.every((value) => value === '*' || value === keyArn);
  if (isThis && !negated) return keyArn === undefined ? [words(' with every key')] : [words(' with this key')];
  return [words(negated ? ' with all but ' : ' with '), ...joined(values.map(code), 'and')];
}

const ordered: Readonly<Record<string, readonly [numeric: string, date: string]>> = {
  '<': ['less than', 'before'],
  '<=': ['at most', 'at or before'],
  '>': ['more than', 'after'],
  '>=': ['at least', 'at or after'],
};

/** What an operator says of a value, after "is" or "is not". */
function relation({ family, comparison, ignoreCase, wildcards }: Operator): string {
  const order = ordered[comparison];
  if (order) return ` ${order[family === 'Date' ? 1 : 0]}`;
  if (family === 'IpAddress') return ' in';
  if (ignoreCase) return ', in upper or lower case,';
  return wildcards ? ' like' : '';
}

function condition(row: ConditionRow): Piece[] {
  const operator = operatorOf(row.operator);
  const values = textsOf(row);
  if (!operator) return [code(row.operator), words(' '), code(row.key)];
  const { set, negated, ifExists, family } = operator;
  if (family === 'Null')
    return [
      words('the request '),
      strong(values.includes('true') ? 'does not have' : 'has'),
      words(' '),
      code(row.key),
    ];
  const subject = set === null ? [] : [words(set === 'ForAnyValue' ? 'one value of ' : 'every value of ')];
  const verb = ` is${negated ? ' not' : ''}${relation(operator)} `;
  const object = values.length === 0 ? [strong('nothing')] : joined(values.map(code), 'or');
  return [...subject, code(row.key), words(verb), ...object, ...(ifExists ? [words(', if the request has it')] : [])];
}

/** The statement in words; null when a part of it is of no form that has any. */
export function sentenceOf(statement: Statement, facts: SentenceFacts): Sentence | null {
  const does = effect.get(statement);
  const people = principal.get(statement);
  const actions = action.get(statement);
  const resources = resource.get(statement);
  const rows = conditions.get(statement);
  if (!does || !people || !actions || !resources || !rows) return null;
  const isNamed = people.values.length > 0 || people.negated || 'Principal' in statement;
  const allows = does === 'Allow';
  const person = isNamed ? who(people, allows, facts) : [words('whom the policy belongs to')];
  return {
    main: [
      strong(does),
      words(' '),
      ...person,
      words(' to do '),
      ...what(actions),
      ...onWhat(resources, facts),
      ...(rows.length > 0 ? [words(rows.length === 1 ? ', when' : ', when all of this holds')] : []),
    ],
    conditions: rows.map(condition),
  };
}

/** A sentence as plain text. */
export const plain = (pieces: readonly Piece[]): string => pieces.map(({ text }) => text).join('');
