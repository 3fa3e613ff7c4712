import { listOf, type PolicyDocument, type PolicyStatement } from '../../shared/iam/policy-document.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { checkSize, readPolicy } from './document.ts';
import { lintDenied, lintEveryone, lintLockout, lintPrincipals } from './lint-access.ts';
import type { Finding, Fix, LintOptions, Place } from './lint-findings.ts';
import { lintImpossible } from './lint-impossible.ts';
import { lintActions, lintConditions } from './lint-words.ts';
import { variablesIn } from './pattern.ts';

export type { Finding, Fix, LintOptions } from './lint-findings.ts';

function usesVariables({ Resource, NotResource, Condition }: PolicyStatement): boolean {
  const resources = listOf<string>(Resource ?? NotResource);
  const values = Object.values(Condition ?? {}).flatMap((keys) => Object.values(keys).flatMap((each) => listOf(each)));
  return [...resources, ...values].some((text) => variablesIn(String(text)).length > 0);
}

function lintVersion({ Version, Statement }: PolicyDocument): Finding[] {
  const index = Version === '2012-10-17' ? -1 : Statement.findIndex(usesVariables);
  if (index < 0) return [];
  return [
    {
      rule: 'variables-without-version',
      severity: 'error',
      statement: index,
      path: ['Version'],
      message: 'Variables are ordinary text unless the Version is 2012-10-17.',
      fix: { title: 'Set the Version to 2012-10-17', path: ['Version'], value: '2012-10-17' },
    },
  ];
}

const rules = [lintActions, lintConditions, lintPrincipals, lintEveryone, lintImpossible, lintDenied];

/** What is wrong with a policy, and what would mend it; in the order of its statements. */
export function lintDocument(document: PolicyDocument, options: LintOptions): Finding[] {
  const statements = document.Statement.map((statement, index): Place => ({ document, statement, index, options }));
  return [
    ...lintVersion(document),
    ...lintLockout(document, options),
    ...statements.flatMap((place) => rules.flatMap((rule) => rule(place))),
  ];
}

const whole = (rule: 'malformed' | 'size', message: string): Finding => ({
  rule,
  severity: 'error',
  statement: null,
  path: [],
  message,
});

/** The same for JSON text. What is no policy at all is one finding. */
export function lintPolicy(text: string, options: LintOptions): Finding[] {
  const failure = (work: () => unknown): string | undefined => {
    try {
      work();
    } catch (error) {
      if (error instanceof KmsError) return error.message;
      throw error;
    }
    return undefined;
  };
  let document: PolicyDocument | undefined;
  const malformed = failure(() => {
    document = readPolicy(text, options.type);
  });
  if (document === undefined) return [whole('malformed', malformed ?? '')];
  const tooLarge = failure(() => checkSize(text));
  const found = lintDocument(document, options);
  if (tooLarge === undefined) return found;
  const fits = failure(() => checkSize(JSON.stringify(document))) === undefined;
  const fix: Fix = { title: 'Write it without spaces', path: [], value: document };
  return [{ ...whole('size', tooLarge), ...(fits ? { fix } : {}) }, ...found];
}

function withValue(target: unknown, [first, ...rest]: Fix['path'], change: (value: unknown) => unknown): unknown {
  if (first === undefined) return change(target);
  if (Array.isArray(target)) {
    const changed = withValue(target[Number(first)], rest, change);
    const before = target.slice(0, Number(first));
    return [...before, ...(changed === undefined ? [] : [changed]), ...target.slice(Number(first) + 1)];
  }
  const object = (target ?? {}) as Readonly<Record<string, unknown>>;
  const { [first]: value, ...others } = object;
  const changed = withValue(value, rest, change);
  return changed === undefined ? others : { ...object, [first]: changed };
}

/** The document as a finding's fix makes it. */
export function applyFix(document: PolicyDocument, { path, value }: Fix): PolicyDocument {
  return withValue(document, path, () => value) as PolicyDocument;
}
