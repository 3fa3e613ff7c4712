import type { ConditionKey } from '../../../../shared/iam/condition-keys.ts';
import { operatorNames } from '../../../../shared/iam/condition-operators.ts';
import { valuesOfKey } from '../../../../shared/iam/condition-values.ts';
import type { JsonPath, Span } from '../../../../shared/iam/json-tree.ts';
import { actionsOfferedTo, conditionKeysOf, type PolicyPurpose } from '../../../../shared/iam/policy-purpose.ts';

/** Where in a policy the cursor is, however unfinished the text. */
export interface Spot extends Span {
  /** Of the value the cursor is in, or of the object whose name it is in. */
  readonly path: JsonPath;
  readonly role: 'name' | 'value';
  /** The names the object has beside this one. */
  readonly siblings: readonly string[];
  /** Whether a colon follows the name already. */
  readonly hasColon: boolean;
}

interface Level {
  readonly names: string[] | null;
  name: string;
  index: number;
  /** Whether a colon or, in a list, its beginning or a comma stands last: a value is due. */
  valueDue: boolean;
}

const TOKEN = /"(?:[^"\\\n]|\\.)*"?|[{}[\],:]|[^\s"{}[\],:]+/g;

const nameIn = (token: string): string => token.replace(/^"|"$/g, '');

function opened(kind: string): Level {
  return { names: kind === '{' ? [] : null, name: '', index: 0, valueDue: kind === '[' };
}

/** Takes one token into account; the stack is as deep as the text's nesting. */
function step(stack: Level[], token: string): void {
  const top = stack.at(-1);
  if (token === '{' || token === '[') stack.push(opened(token));
  else if (token === '}' || token === ']') stack.pop();
  else if (token === ':' && top) top.valueDue = true;
  else if (token === ',' && top) {
    top.index++;
    top.name = '';
    top.valueDue = top.names === null;
  } else if (top?.names && !top.valueDue) {
    top.name = nameIn(token);
    top.names.push(top.name);
  }
}

/** The names after `offset` of the object the text is in there. */
function namesAfter(text: string, offset: number): string[] {
  const stack = [opened('{')];
  const [level] = stack as [Level];
  // The value that is being written is not a name.
  level.valueDue = true;
  const tokens = new RegExp(TOKEN);
  tokens.lastIndex = offset;
  for (let match = tokens.exec(text); match && stack.length > 0; match = tokens.exec(text)) step(stack, match[0]);
  return level.names ?? [];
}

/** What can be written at `offset`; null outside of the document. Linear in the text's length. */
export function spotAt(text: string, offset: number): Spot | null {
  const stack: Level[] = [];
  const tokens = new RegExp(TOKEN);
  let span: Span = { from: offset, to: offset };
  for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
    const [token] = match;
    const to = match.index + token.length;
    const isWord = !/^[{}[\],:]$/.test(token);
    const isOpen = token.startsWith('"') && (token.length === 1 || !token.endsWith('"'));
    if (match.index >= offset) break;
    if (isWord && (offset < to || (offset === to && (isOpen || !token.startsWith('"'))))) {
      // A text that does not end is not closed by what is written: only what was typed is taken.
      span = { from: match.index, to: isOpen ? offset : to };
      break;
    }
    step(stack, token);
  }
  const top = stack.at(-1);
  if (!top) return null;
  const role = top.names && !top.valueDue ? 'name' : 'value';
  const steps = stack.map(({ names, name, index }) => (names ? name : index));
  return {
    ...span,
    path: role === 'name' ? steps.slice(0, -1) : steps,
    role,
    siblings: [...(top.names ?? []), ...namesAfter(text, span.to)],
    hasColon: /^\s*:/.test(text.slice(span.to)),
  };
}

/** Something that can be written at a spot. */
export interface Choice {
  readonly label: string;
  /** What it is, in a word or two. */
  readonly detail?: string;
  /** Of a name: what its value begins as, the cursor where `|` is. */
  readonly begins?: string;
}

export interface CompletionFacts {
  readonly type: PolicyPurpose;
  /** ARNs and service names. */
  readonly principals: readonly string[];
  /** The key the policy is of. */
  readonly keyArn?: string | undefined;
}

const names = (of: Readonly<Record<string, readonly [detail: string, begins: string]>>): readonly Choice[] =>
  Object.entries(of).map(([label, [detail, begins]]) => ({ label, detail, begins }));

const documentElements = names({
  Version: ['of the policy language', '"2012-10-17"|'],
  Id: ['of the policy', '"|"'],
  Statement: ['list of statements', '[|]'],
});
const statementElements = names({
  Sid: ['name of the statement', '"|"'],
  Effect: ['Allow or Deny', '"|"'],
  Principal: ['who is meant', '{|}'],
  NotPrincipal: ['who is left out', '{|}'],
  Action: ['what is meant', '"|"'],
  NotAction: ['what is left out', '"|"'],
  Resource: ['on what', '"*"|'],
  NotResource: ['on all but', '"|"'],
  Condition: ['when', '{|}'],
});
const principalKinds = names({
  AWS: ['accounts, users, roles', '"|"'],
  Service: ['services', '"|"'],
  Federated: ['identity providers', '"|"'],
  CanonicalUser: ['canonical user id', '"|"'],
});

const variants = (name: string) => (name === 'Null' ? [name] : [name, `${name}IfExists`]);
const operators: readonly Choice[] = [
  ...operatorNames.flatMap(variants).map((label) => ({ label, begins: '{|}' })),
  ...(['ForAnyValue', 'ForAllValues'] as const).flatMap((set) =>
    operatorNames
      .filter((name) => name !== 'Null')
      .flatMap(variants)
      .map((name) => ({
        label: `${set}:${name}`,
        detail: set === 'ForAnyValue' ? 'one of several values' : 'each of several values',
        begins: '{|}',
      })),
  ),
];
const keyChoice = ({ name, type, multiValued, absent }: ConditionKey): Choice => ({
  label: name,
  detail: absent ? 'never here' : `${type}${multiValued ? ', several values' : ''}`,
  begins: '"|"',
});

const choicesOf = (labels: readonly string[]): readonly Choice[] => labels.map((label) => ({ label }));
const accountsOf = (principals: readonly string[]) =>
  principals.flatMap((text) => /^arn:aws:iam::(\d{12}):root$/.exec(text)?.[1] ?? []);
export const isService = (text: string): boolean => text.endsWith('.amazonaws.com');

/** The values to choose from of a condition key under an operator. */
export function conditionValues(operator: string, key: string, principals: readonly string[]): readonly string[] {
  const values = valuesOfKey(operator, key);
  if (values === 'principals') return principals.filter((text) => !isService(text));
  return values === 'accounts' ? accountsOf(principals) : values;
}

/** The elements a statement of each kind of policy must not have. */
const unfit: Readonly<Record<PolicyPurpose, RegExp>> = {
  resource: /^$/,
  identity: /Principal$/,
  trust: /Resource$|^NotAction$/,
};

function nameChoices(path: JsonPath, { type }: CompletionFacts): readonly Choice[] {
  const [first, , element, operator] = path;
  if (path.length === 0) return documentElements;
  if (first !== 'Statement') return [];
  const isList = typeof path[1] === 'number';
  // A lone statement stands without its list.
  const inner = isList ? element : path[1];
  const depth = path.length - (isList ? 2 : 1);
  if (depth === 0) return statementElements.filter(({ label }) => !unfit[type].test(label));
  if (inner === 'Principal' || inner === 'NotPrincipal') return depth === 1 ? principalKinds : [];
  if (inner !== 'Condition') return [];
  if (depth === 1) return operators;
  return depth === 2 && (isList ? operator : element) !== undefined ? conditionKeysOf(type).map(keyChoice) : [];
}

/** What a statement can be about: the key, or for those who may take roles on, roles. */
export function resourcesOffered({ type, principals, keyArn }: CompletionFacts): readonly string[] {
  const roles = type === 'identity' ? principals.filter((text) => text.includes(':role/')) : [];
  return ['*', ...(keyArn ? [keyArn] : []), ...roles];
}

function valueChoices(path: JsonPath, facts: CompletionFacts): readonly Choice[] {
  const { type, principals } = facts;
  const [first] = path;
  if (first === 'Version') return choicesOf(['2012-10-17', '2008-10-17']);
  if (first !== 'Statement') return [];
  const [element, second, third] = path.slice(typeof path[1] === 'number' ? 2 : 1).map(String);
  switch (element) {
    case 'Effect':
      return choicesOf(['Allow', 'Deny']);
    case 'Action':
    case 'NotAction':
      return choicesOf(actionsOfferedTo(type));
    case 'Resource':
    case 'NotResource':
      return choicesOf(resourcesOffered(facts));
    case 'Principal':
    case 'NotPrincipal':
      if (second === 'Service') return choicesOf(principals.filter(isService));
      return second === undefined || second === 'AWS'
        ? choicesOf(['*', ...(second ? principals.filter((text) => !isService(text)) : [])])
        : [];
    case 'Condition':
      return third === undefined ? [] : choicesOf(conditionValues(String(second), third, principals));
    default:
      return [];
  }
}

/** What can be written at a spot of a policy. */
export function choicesAt({ path, role, siblings }: Spot, facts: CompletionFacts): readonly Choice[] {
  return role === 'value'
    ? valueChoices(path, facts)
    : nameChoices(path, facts).filter(({ label }) => !siblings.includes(label));
}
