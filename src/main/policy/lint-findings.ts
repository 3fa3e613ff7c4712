import { actionNames } from '../../shared/iam/actions.ts';
import type { JsonPath } from '../../shared/iam/json-tree.ts';
import {
  listOf,
  type PolicyDocument,
  type PolicyStatement,
  type PolicyType,
} from '../../shared/iam/policy-document.ts';
import { type ConditionContext, textMatcher } from './pattern.ts';

export type Path = JsonPath;

/** A change of the document: the value to put at a path, or none to take away what is there. */
export interface Fix {
  /** What the change does, as a button says it. */
  readonly title: string;
  readonly path: Path;
  readonly value?: unknown;
}

export interface Finding {
  readonly rule:
    | 'malformed'
    | 'size'
    | 'variables-without-version'
    | 'unknown-action'
    | 'not-a-key-action'
    | 'unknown-condition-key'
    | 'condition-key-not-carried'
    | 'operator-type'
    | 'set-operator'
    | 'unknown-principal'
    | 'everyone'
    | 'never-matches'
    | 'lockout'
    | 'denied-anyway';
  /** An error makes the policy do something else than it says. */
  readonly severity: 'error' | 'warning';
  /** From 0; null when the finding is about the whole document. */
  readonly statement: number | null;
  /** Where in the document, as `['Statement', 0, 'Action', 1]`. */
  readonly path: Path;
  readonly message: string;
  readonly fix?: Fix;
}

export interface LintOptions {
  readonly type: PolicyType;
  /** The key that the policy is or will be of. */
  readonly arn?: string | undefined;
  /** The key's account. */
  readonly accountId?: string | undefined;
  /** Whether there is a principal of that ARN, account id or service name; without it none is doubted. */
  readonly exists?: ((principal: string) => boolean) | undefined;
}

/** One statement, where it is and what is around it. */
export interface Place {
  readonly document: PolicyDocument;
  readonly statement: PolicyStatement;
  readonly index: number;
  readonly options: LintOptions;
}

const NOTHING: ConditionContext = { get: () => undefined };

/** The known actions that a pattern, in any case, stands for. */
export function actionsOf(pattern: string): readonly string[] {
  const matcher = textMatcher(pattern.toLowerCase(), { wildcards: true, variables: false });
  return actionNames.filter((name) => matcher(name.toLowerCase(), NOTHING));
}

const ofStatements = new WeakMap<PolicyStatement, readonly string[]>();

/** The known actions a statement is about. Rules that compare statements ask again and again, so it is kept. */
export function actionsOfStatement(statement: PolicyStatement): readonly string[] {
  const known = ofStatements.get(statement) ?? readActions(statement);
  ofStatements.set(statement, known);
  return known;
}

function readActions({ Action, NotAction }: PolicyStatement): readonly string[] {
  const named = new Set(listOf<string>(NotAction ?? Action).flatMap(actionsOf));
  return NotAction === undefined ? [...named] : actionNames.filter((name) => !named.has(name));
}

/** The path of one of the values of an element, which may be a list or stand alone. */
export function pathOfValue(index: number, element: keyof PolicyStatement, values: unknown, at: number): Path {
  return ['Statement', index, element, ...(Array.isArray(values) ? [at] : [])];
}

/** How many characters to change, leave out or put in to get from one text to the other (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}

const NEAR = 3;
const LONGEST = 200;

/** The known name that was probably meant. */
export function nearest(text: string, names: readonly string[]): string | undefined {
  if (text.length > LONGEST) return undefined;
  const lower = text.toLowerCase();
  const [best] = names
    .map((name) => ({ name, far: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= NEAR ? best.name : undefined;
}
