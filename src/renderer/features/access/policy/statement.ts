import { operatorOf } from '../../../../shared/iam/condition-operators.ts';
import { principalKinds, statementElements } from '../../../../shared/iam/elements.ts';
import { trustActions } from '../../../../shared/iam/people-actions.ts';
import type { ConditionValue } from '../../../../shared/iam/policy-document.ts';
import type { PolicyPurpose } from '../../../../shared/iam/policy-purpose.ts';

/** One statement as its text has it: whatever JSON stands there. */
export type Statement = Readonly<Record<string, unknown>>;

/**
 * A card shows a statement through lenses: each reads one part into what a field can show, or answers null when a field cannot, and
 * writes it back. What was read and is written back unchanged leaves the statement exactly as it was: its order, and one text
 * where it had one text instead of a list.
 */
export interface Lens<T> {
  /** The elements the part is made of. */
  readonly elements: readonly string[];
  get(statement: Statement): T | null;
  put(statement: Statement, part: T): Statement;
}

export const isObject = (value: unknown): value is Statement =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isText = (value: unknown): value is string => typeof value === 'string';

/** A statement with one element, or none, where any of `elements` was; a new one at its place in AWS's order. */
function withElement(statement: Statement, elements: readonly string[], name: string, value: unknown): Statement {
  const entry: [string, unknown][] = value === undefined ? [] : [[name, value]];
  const entries = Object.entries(statement);
  const kept = entries.filter(([key]) => !elements.includes(key));
  const old = entries.findIndex(([key]) => elements.includes(key));
  const later = kept.findIndex(([key]) => statementElements.indexOf(key) > statementElements.indexOf(name));
  const at = old >= 0 ? old : later >= 0 ? later : kept.length;
  return Object.fromEntries([...kept.slice(0, at), ...entry, ...kept.slice(at)]);
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** One text or a list of texts that differ, as a list; null for anything else. */
function readTexts(value: unknown): readonly string[] | null {
  if (isText(value)) return [value];
  if (!Array.isArray(value) || !value.every(isText)) return null;
  return new Set(value).size === value.length ? value : null;
}

/** Written as before: a list stays one; else one value stands alone. */
const written = <T>(values: readonly T[], before: unknown): T | readonly T[] =>
  !Array.isArray(before) && values.length === 1 ? (values[0] as T) : values;

/** The statement's name; '' for none. */
export const sid: Lens<string> = {
  elements: ['Sid'],
  get: ({ Sid = '' }) => (isText(Sid) ? Sid : null),
  put(statement, name) {
    if (same(this.get(statement), name)) return statement;
    return withElement(statement, this.elements, 'Sid', name === '' ? undefined : name);
  },
};

export type Effect = 'Allow' | 'Deny';

export const effect: Lens<Effect> = {
  elements: ['Effect'],
  get: ({ Effect }) => (Effect === 'Allow' || Effect === 'Deny' ? Effect : null),
  put: (statement, value) => withElement(statement, ['Effect'], 'Effect', value),
};

/** Texts that stand in an element or in its negation. */
export interface Listed {
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** A lens for an element and its negation. A statement that has neither has no values. */
function negatable(
  name: string,
  read: (value: unknown) => readonly string[] | null,
  write: (values: readonly string[], before: unknown) => unknown,
): Lens<Listed> {
  const not = `Not${name}`;
  const get = (statement: Statement): Listed | null => {
    const [own, other] = [statement[name], statement[not]];
    if (own !== undefined && other !== undefined) return null;
    if (own === undefined && other === undefined) return { negated: false, values: [] };
    const values = read(own ?? other);
    return values && { negated: other !== undefined, values };
  };
  return {
    elements: [name, not],
    get,
    put(statement, { negated, values }) {
      const before = get(statement);
      if (same(before, { negated, values })) return statement;
      const old = statement[name] ?? statement[not];
      const value = old !== undefined && before && same(before.values, values) ? old : write(values, old);
      return withElement(statement, [name, not], negated ? not : name, value);
    },
  };
}

export const action = negatable('Action', readTexts, written);
export const resource = negatable('Resource', readTexts, written);

type Kind = (typeof principalKinds)[number];
const isKind = (text: string): text is Kind => (principalKinds as readonly string[]).includes(text);

/** How a principal stands in a field: as it is, or after its kind when its look does not tell it. */
const shown = (kind: Kind, name: string) => (kind === 'AWS' || kind === 'Service' ? name : `${kind}: ${name}`);

function kindOf(text: string): { readonly kind: Kind; readonly name: string } {
  const [, kind = '', name = ''] = /^(\w+): (.+)$/s.exec(text) ?? [];
  if (isKind(kind) && shown(kind, name) === text) return { kind, name };
  return { kind: text.endsWith('.amazonaws.com') ? 'Service' : 'AWS', name: text };
}

function readPrincipals(value: unknown): readonly string[] | null {
  if (value === '*') return ['*'];
  if (!isObject(value)) return null;
  const texts: string[] = [];
  for (const [kind, names] of Object.entries(value)) {
    const read = readTexts(names);
    if (!isKind(kind) || !read) return null;
    for (const name of read) {
      const text = shown(kind, name);
      // Under another kind than it looks like, a field could not write it back.
      if (!same(kindOf(text), { kind, name })) return null;
      texts.push(text);
    }
  }
  return texts;
}

function writePrincipals(texts: readonly string[], before: unknown): unknown {
  const old: Statement = isObject(before) ? before : {};
  const all = texts.map(kindOf);
  const kinds = [...new Set([...Object.keys(old), ...all.map(({ kind }) => kind)])];
  const entries = kinds.flatMap((kind): [string, unknown][] => {
    const names = all.filter((each) => each.kind === kind).map(({ name }) => name);
    return names.length > 0 ? [[kind, written(names, old[kind])]] : [];
  });
  return entries.length > 0 ? Object.fromEntries(entries) : { AWS: [] };
}

/** Who is meant: ARNs, account ids, names of services, `*` for everyone. */
export const principal = negatable('Principal', readPrincipals, writePrincipals);

/** One operator with one condition key. */
export interface ConditionRow {
  readonly operator: string;
  readonly key: string;
  /** As they stand in the policy: one or a list, some of them perhaps unquoted. */
  readonly values: ConditionValue | readonly ConditionValue[];
}

const isValue = (value: unknown): value is ConditionValue =>
  isText(value) || typeof value === 'number' || typeof value === 'boolean';

function readRow(operator: string, key: string, values: unknown): ConditionRow | null {
  if (isValue(values)) return { operator, key, values };
  if (!Array.isArray(values) || !values.every(isValue)) return null;
  return new Set(values.map(String)).size === values.length ? { operator, key, values } : null;
}

/** Operators that stand twice, or a key twice under one, are no document: only the first is kept. */
export const conditions: Lens<readonly ConditionRow[]> = {
  elements: ['Condition'],
  get({ Condition = {} }) {
    if (!isObject(Condition)) return null;
    const rows: ConditionRow[] = [];
    for (const [operator, keys] of Object.entries(Condition)) {
      if (!operatorOf(operator) || !isObject(keys) || Object.keys(keys).length === 0) return null;
      for (const [key, values] of Object.entries(keys)) {
        const row = readRow(operator, key, values);
        if (!row) return null;
        rows.push(row);
      }
    }
    return rows;
  },
  put(statement, rows) {
    if (same(this.get(statement), rows)) return statement;
    const block: Record<string, Record<string, unknown>> = {};
    for (const { operator, key, values } of rows) {
      block[operator] ??= {};
      const keys = block[operator];
      if (!Object.hasOwn(keys, key)) keys[key] = values;
    }
    return withElement(statement, this.elements, 'Condition', rows.length === 0 ? undefined : block);
  },
};

/** The values of a row as texts. */
export const textsOf = ({ values }: ConditionRow): string[] => (Array.isArray(values) ? values : [values]).map(String);

/** A row with other values; those it had stay quoted or unquoted as they were. */
export function withTexts(row: ConditionRow, texts: readonly string[]): ConditionRow {
  const before: readonly ConditionValue[] = Array.isArray(row.values) ? row.values : [row.values as ConditionValue];
  const values = texts.map((text) => before.find((value) => String(value) === text) ?? text);
  return { ...row, values: written(values, row.values) };
}

const lenses: readonly Lens<never>[] = [sid, effect, principal, action, resource, conditions] as never;

/** The elements no field can show: other ones, and those whose value a field does not take. */
export function unshown(statement: Statement): Statement {
  const hidden = lenses.filter((lens) => lens.get(statement) === null).flatMap(({ elements }) => elements);
  return Object.fromEntries(
    Object.entries(statement).filter(([name]) => hidden.includes(name) || !statementElements.includes(name)),
  );
}

/** What a new card of such a policy begins as. */
export function newStatement(purpose: PolicyPurpose): Statement {
  if (purpose === 'trust') return { Effect: 'Allow', Principal: { AWS: [] }, Action: trustActions[0] };
  const who = purpose === 'identity' ? {} : { Principal: { AWS: [] } };
  return { Effect: 'Allow', ...who, Action: [], Resource: '*' };
}
