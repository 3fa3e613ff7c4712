import { canHave, conditionKeyOf } from '../../shared/iam/condition-keys.ts';
import { type Operator, operatorOf } from '../../shared/iam/condition-operators.ts';
import { type ConditionValue, listOf, type PolicyStatement } from '../../shared/iam/policy-document.ts';
import { dateOf, isBase64, isBoolean, numberOf } from './conditions.ts';
import { ipRange } from './ip.ts';
import {
  actionsOfStatement,
  type Finding,
  isAboutOthers,
  isToldUnknown,
  type Path,
  type Place,
} from './lint-findings.ts';
import { arnMatcher, variablesIn } from './pattern.ts';

interface Impossible {
  readonly path: Path;
  readonly message: string;
}

/** One operator with one key of a condition block. */
interface Part {
  readonly operator: Operator;
  readonly text: string;
  readonly key: string;
  readonly values: readonly string[];
}

function partsOf({ Condition }: PolicyStatement): Part[] {
  return Object.entries(Condition ?? {}).flatMap(([text, keys]) => {
    const operator = operatorOf(text);
    if (!operator) return [];
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      text,
      key,
      values: listOf<ConditionValue>(values).map(String),
    }));
  });
}

/** Whether a value can be what its operator compares. */
export function isReadable({ family }: Operator, value: string): boolean {
  switch (family) {
    case 'Numeric':
      return !Number.isNaN(numberOf(value));
    case 'Date':
      return !Number.isNaN(dateOf(value));
    case 'Bool':
    case 'Null':
      return isBoolean(value);
    case 'Binary':
      return isBase64(value);
    case 'IpAddress':
      return ipRange(value) !== undefined;
    case 'Arn':
      return value === '*' || value.includes('${') || value.split(':').length >= 6;
    case 'String':
      return true;
  }
}

/** Whether the condition only holds for requests that have the key. */
const needsKey = ({ set, negated, ifExists, family }: Operator) =>
  family !== 'Null' && !ifExists && (set === 'ForAnyValue' || (set === null && !negated));

/** What a key must be absent for, or there for. */
const asks = ({ operator, values }: Part, answer: 'true' | 'false') =>
  operator.family === 'Null' && values.length > 0 && values.every((value) => value.toLowerCase() === answer);

/** A condition that no request can meet, whatever else the statement says. */
function alone(part: Part, actions: readonly string[]): string | undefined {
  const { operator, key, values } = part;
  if (operator.family === 'Null' && !values.some(isBoolean)) return 'Null is compared with true or false only';
  if (!needsKey(operator)) return undefined;
  if (!operator.negated && !values.some((value) => isReadable(operator, value)))
    return values.length === 0
      ? 'there is no value to compare with'
      : `${values[0]} is nothing that ${part.text} compares`;
  const known = conditionKeyOf(key);
  if (!known) return `no request has the condition key ${key}`;
  if (known.absent !== undefined) return known.absent;
  return actions.some((action) => canHave(known, action)) ? undefined : `no request of these actions has ${key}`;
}

const plain = ({ operator, values }: Part) =>
  operator.name === 'StringEquals' &&
  operator.set === null &&
  !operator.ifExists &&
  values.every((value) => !value.includes('${'));

/** Two conditions that cannot both hold. */
function together(a: Part, b: Part): string | undefined {
  if (a.key.toLowerCase() !== b.key.toLowerCase()) return undefined;
  if (asks(a, 'true') && (needsKey(b.operator) || asks(b, 'false')))
    return `${b.text} needs ${b.key}, and Null asks for its absence`;
  // A key with several values may have one of each, and so may pairs whose names differ in case only.
  const known = conditionKeyOf(a.key);
  if (!known || known.multiValued || known.name.toLowerCase() !== a.key.toLowerCase()) return undefined;
  if (plain(a) && plain(b) && !a.values.some((value) => b.values.includes(value)))
    return `${a.key} cannot be what both conditions ask for`;
  return undefined;
}

function impossibleCondition(parts: readonly Part[], actions: readonly string[], at: Path): Impossible | undefined {
  for (const part of parts) {
    const path = [...at, 'Condition', part.text, part.key];
    const says = alone(part, actions);
    if (says) return { path, message: says };
    for (const other of parts) {
      const conflict = part === other ? undefined : together(part, other);
      if (conflict) return { path, message: conflict };
    }
  }
  return undefined;
}

function impossibleResource({ statement, options, document }: Place, at: Path): Impossible | undefined {
  const { Resource, NotResource } = statement;
  // A trust policy is about its role.
  if (options.type === 'trust') return undefined;
  if (Resource === undefined && NotResource === undefined)
    return { path: at, message: 'without Resource the statement has no effect' };
  if (NotResource !== undefined) return undefined;
  const resources = listOf<string>(Resource);
  const path = [...at, 'Resource'];
  if (resources.length === 0) return { path, message: 'the list of resources is empty' };
  const { arn, type } = options;
  const variables = document.Version === '2012-10-17';
  const may = (text: string) => {
    if (!/^\*+$/.test(text) && !(variables && text.includes('${')) && text.split(':').length < 6) return false;
    if (type !== 'resource' || arn === undefined) return true;
    if (variables && variablesIn(text).length > 0) return true;
    return arnMatcher(text, { wildcards: true, variables })(arn, { get: () => undefined });
  };
  return resources.some(may) ? undefined : { path, message: 'none of the resources is the key' };
}

/** Why a statement can never fit a request; undefined when it can, or when that cannot be told. */
function impossible(place: Place): Impossible | undefined {
  const { statement, index, options } = place;
  const at: Path = ['Statement', index];
  const { Principal, NotPrincipal, Action, NotAction } = statement;
  if (NotPrincipal === '*') return { path: [...at, 'NotPrincipal'], message: 'everyone is left out' };
  if (
    Principal !== undefined &&
    Principal !== '*' &&
    Object.values(Principal).every((names) => listOf(names).length === 0)
  )
    return { path: [...at, 'Principal'], message: 'nobody is named' };
  if (Action === undefined && NotAction === undefined)
    return { path: at, message: 'without Action the statement has no effect' };
  const actions = actionsOfStatement(statement, options.type);
  if (isAboutOthers(statement, options.type) || isToldUnknown(statement, options.type)) return undefined;
  if (actions.length === 0)
    return {
      path: [...at, NotAction === undefined ? 'Action' : 'NotAction'],
      message: 'this leaves no action there is',
    };
  return impossibleResource(place, at) ?? impossibleCondition(partsOf(statement), actions, at);
}

/** Statements that no request of an action there is can fit. */
export function lintImpossible(place: Place): Finding[] {
  const { document, index } = place;
  const found = impossible(place);
  if (!found) return [];
  const isOnly = document.Statement.length === 1;
  return [
    {
      rule: 'never-matches',
      severity: 'error',
      statement: index,
      path: found.path,
      message: `The statement never takes effect: ${found.message}.`,
      ...(isOnly ? {} : { fix: { title: 'Remove the statement', path: ['Statement', index] } }),
    },
  ];
}
