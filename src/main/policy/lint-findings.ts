import type { JsonPath } from '../../shared/iam/json-tree.ts';
import { listOf, type PolicyDocument, type PolicyStatement } from '../../shared/iam/policy-document.ts';
import { actionsKnownTo, type PolicyPurpose } from '../../shared/iam/policy-purpose.ts';
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
    | 'not-across-accounts'
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
  readonly type: PolicyPurpose;
  /** The key that the policy is or will be of. */
  readonly arn?: string | undefined;
  /** The account of the key, or of the role the policy says whom it trusts. */
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

/** The known actions that a pattern, in any case, stands for in such a policy. */
export function actionsOf(pattern: string, type: PolicyPurpose): readonly string[] {
  const matcher = textMatcher(pattern.toLowerCase(), { wildcards: true, variables: false });
  return actionsKnownTo(type).filter((name) => matcher(name.toLowerCase(), NOTHING));
}

type Actions = WeakMap<PolicyStatement, readonly string[]>;
const ofStatements: Readonly<Record<PolicyPurpose, Actions>> = {
  resource: new WeakMap(),
  identity: new WeakMap(),
  trust: new WeakMap(),
};

/** The known actions a statement is about. Rules that compare statements ask again and again, so it is kept. */
export function actionsOfStatement(statement: PolicyStatement, type: PolicyPurpose): readonly string[] {
  const known = ofStatements[type].get(statement) ?? readActions(statement, type);
  ofStatements[type].set(statement, known);
  return known;
}

function readActions({ Action, NotAction }: PolicyStatement, type: PolicyPurpose): readonly string[] {
  const named = new Set(listOf<string>(NotAction ?? Action).flatMap((pattern) => actionsOf(pattern, type)));
  return NotAction === undefined ? [...named] : actionsKnownTo(type).filter((name) => !named.has(name));
}

/** Whether the name of an action or condition key is that of a service of which nothing is known here. */
export const isOfOtherService = (name: string): boolean => /^(?!(?:kms|iam|sts|aws):)[\w.-]+:/i.test(name);

/** Whether a statement of a user's or role's policy is about other services, too. */
export const isAboutOthers = ({ Action, NotAction }: PolicyStatement, type: PolicyPurpose): boolean =>
  type === 'identity' && (NotAction !== undefined || listOf<string>(Action).some(isOfOtherService));

/** The path of one of the values of an element, which may be a list or stand alone. */
export function pathOfValue(index: number, element: keyof PolicyStatement, values: unknown, at: number): Path {
  return ['Statement', index, element, ...(Array.isArray(values) ? [at] : [])];
}

/** Whether all its actions are IAM's and STS's and none of them is known: more than that need not be said of it. */
export const isToldUnknown = ({ Action, NotAction }: PolicyStatement, type: PolicyPurpose): boolean => {
  const texts = listOf<string>(NotAction ?? Action);
  return (
    type !== 'resource' &&
    texts.length > 0 &&
    texts.every((text) => /^(iam|sts):/i.test(text) && actionsOf(text, type).length === 0)
  );
};

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

/** The known name that was probably meant: the nearest one that takes no more than `most` changes. */
export function nearest(text: string, names: readonly string[], most = NEAR): string | undefined {
  if (text.length > LONGEST) return undefined;
  const lower = text.toLowerCase();
  const [best] = names
    .map((name) => ({ name, far: distance(lower, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= most ? best.name : undefined;
}
