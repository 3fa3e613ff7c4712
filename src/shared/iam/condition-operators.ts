/** What a condition operator compares: how it reads the values of the policy and of the request. */
export type OperatorFamily = 'String' | 'Numeric' | 'Date' | 'Bool' | 'Binary' | 'IpAddress' | 'Arn' | 'Null';
export type Comparison = '=' | '<' | '<=' | '>' | '>=';

export interface OperatorFacts {
  readonly family: OperatorFamily;
  /** True when none of the policy's values may be the request's. */
  readonly negated: boolean;
  readonly comparison: Comparison;
  readonly wildcards: boolean;
  readonly ignoreCase: boolean;
}

const facts = (family: OperatorFamily, more: Partial<OperatorFacts> = {}): OperatorFacts => ({
  family,
  negated: false,
  comparison: '=',
  wildcards: false,
  ignoreCase: false,
  ...more,
});
const negated = true;
const wildcards = true;
const ignoreCase = true;

const ordered = (family: 'Numeric' | 'Date'): [string, OperatorFacts][] => [
  [`${family}Equals`, facts(family)],
  [`${family}NotEquals`, facts(family, { negated })],
  [`${family}LessThan`, facts(family, { comparison: '<' })],
  [`${family}LessThanEquals`, facts(family, { comparison: '<=' })],
  [`${family}GreaterThan`, facts(family, { comparison: '>' })],
  [`${family}GreaterThanEquals`, facts(family, { comparison: '>=' })],
];

const operators: ReadonlyMap<string, OperatorFacts> = new Map([
  ['StringEquals', facts('String')],
  ['StringNotEquals', facts('String', { negated })],
  ['StringEqualsIgnoreCase', facts('String', { ignoreCase })],
  ['StringNotEqualsIgnoreCase', facts('String', { negated, ignoreCase })],
  ['StringLike', facts('String', { wildcards })],
  ['StringNotLike', facts('String', { negated, wildcards })],
  ...ordered('Numeric'),
  ...ordered('Date'),
  ['Bool', facts('Bool')],
  ['BinaryEquals', facts('Binary')],
  ['IpAddress', facts('IpAddress')],
  ['NotIpAddress', facts('IpAddress', { negated })],
  // Both forms of each ARN operator behave alike.
  ['ArnEquals', facts('Arn', { wildcards })],
  ['ArnLike', facts('Arn', { wildcards })],
  ['ArnNotEquals', facts('Arn', { negated, wildcards })],
  ['ArnNotLike', facts('Arn', { negated, wildcards })],
  ['Null', facts('Null')],
]);

/** The names of all operators, without `ForAllValues:`, `ForAnyValue:` and `IfExists`. */
export const operatorNames: readonly string[] = [...operators.keys()];

export interface Operator extends OperatorFacts {
  readonly name: string;
  /** How the values of a multi-valued key are taken. */
  readonly set: 'ForAllValues' | 'ForAnyValue' | null;
  readonly ifExists: boolean;
}

/**
 * A condition operator by its full name, as `ForAllValues:StringLikeIfExists`; undefined when there is none (IAM User Guide,
 * "IAM JSON policy elements: Condition operators").
 */
export function operatorOf(text: string): Operator | undefined {
  const match = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/.exec(text);
  const [, set, name = '', ifExists] = match ?? [];
  const known = operators.get(name);
  // Null is about whether the key is there at all.
  if (!known || (known.family === 'Null' && (set || ifExists))) return undefined;
  return { ...known, name, set: (set as Operator['set']) ?? null, ifExists: ifExists !== undefined };
}

export const isOperator = (text: string): boolean => operatorOf(text) !== undefined;
