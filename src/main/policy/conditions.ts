import { type Comparison, type Operator, operatorOf } from '../../shared/iam/condition-operators.ts';
import { type ConditionValue, listOf, type PolicyStatement } from '../../shared/iam/policy-document.ts';
import { ipRange } from './ip.ts';
import { arnMatcher, type ConditionContext, type Matcher, textMatcher } from './pattern.ts';

/** One condition of a statement: an operator with one condition key. */
export interface Condition {
  /** As the policy spells them. */
  readonly operator: string;
  readonly key: string;
  readonly expected: readonly string[];
  /** The key in lower case: names of condition keys have no case. */
  readonly name: string;
  readonly holds: (values: readonly string[] | undefined, context: ConditionContext) => boolean;
}

const DATE = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;

/** Milliseconds since the epoch of an ISO 8601 date (W3C profile) or of seconds since the epoch; NaN for another text. */
export function dateOf(text: string): number {
  if (DATE.test(text)) return Date.parse(text);
  return /^\d{5,}$/.test(text) ? Number(text) * 1000 : Number.NaN;
}

/** NaN for what is no decimal number. */
export function numberOf(text: string): number {
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
}

export const isBoolean = (text: string): boolean => /^(true|false)$/i.test(text);

/** What is no number is equal to none, smaller than none and larger than none. */
function compare(actual: number, comparison: Comparison, expected: number): boolean {
  switch (comparison) {
    case '=':
      return actual === expected;
    case '<':
      return actual < expected;
    case '<=':
      return actual <= expected;
    case '>':
      return actual > expected;
    case '>=':
      return actual >= expected;
  }
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** Whether the text is base64, with its padding. */
export const isBase64 = (text: string): boolean => BASE64.test(text);

/** Whether a value of the request is one of the policy's values. */
function valueMatcher(
  { family, comparison, wildcards, ignoreCase }: Operator,
  text: string,
  variables: boolean,
): Matcher {
  switch (family) {
    case 'String': {
      if (!ignoreCase) return textMatcher(text, { wildcards, variables });
      const matcher = textMatcher(text.toLowerCase(), { wildcards, variables });
      const lowered = (context: ConditionContext): ConditionContext => ({
        get: (name) => context.get(name)?.map((value) => value.toLowerCase()),
      });
      return (value, context) => matcher(value.toLowerCase(), lowered(context));
    }
    case 'Arn':
      return arnMatcher(text, { wildcards, variables });
    case 'Numeric': {
      const expected = numberOf(text);
      return (value) => compare(numberOf(value), comparison, expected);
    }
    case 'Date': {
      const expected = dateOf(text);
      return (value) => compare(dateOf(value), comparison, expected);
    }
    case 'Bool':
      return (value) => isBoolean(text) && value.toLowerCase() === text.toLowerCase();
    case 'Binary':
      return (value) => isBase64(text) && value === text;
    case 'IpAddress': {
      const range = ipRange(text);
      return (value) => range?.includes(value) ?? false;
    }
    case 'Null':
      return () => false;
  }
}

function holdsOf(operator: Operator, expected: readonly string[], variables: boolean): Condition['holds'] {
  const { family, negated, set, ifExists } = operator;
  // The one operator about a key's presence: "true" asks for its absence.
  if (family === 'Null')
    return (values) =>
      expected.some((text) => text.toLowerCase() === String(values === undefined || values.length === 0));
  const matchers = expected.map((text) => valueMatcher(operator, text, variables));
  const fits = (value: string, context: ConditionContext) => {
    for (const matcher of matchers) if (matcher(value, context)) return !negated;
    return negated;
  };
  return (values, context) => {
    if (values === undefined || values.length === 0) {
      if (set === 'ForAllValues' || ifExists) return true;
      return set === null && negated;
    }
    if (values.length === 1) return fits(values[0] as string, context);
    // Of several values without a set operator: one that fits, and for a negated operator none that does not.
    if (set === 'ForAllValues' || (set === null && negated)) return values.every((value) => fits(value, context));
    return values.some((value) => fits(value, context));
  };
}

/** The conditions of a statement; all of them have to hold. `variables` is whether the Version knows policy variables. */
export function compileConditions(block: PolicyStatement['Condition'], variables: boolean): readonly Condition[] {
  return Object.entries(block ?? {}).flatMap(([text, keys]) => {
    const operator = operatorOf(text);
    if (!operator) throw new Error('an operator that the schema let through');
    return Object.entries(keys).map(([key, values]): Condition => {
      const expected = listOf<ConditionValue>(values).map(String);
      return { operator: text, key, expected, name: key.toLowerCase(), holds: holdsOf(operator, expected, variables) };
    });
  });
}
