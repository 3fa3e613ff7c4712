import { type JsonNode, jsonOf, lineOf, parseJson, type Span } from '../../shared/iam/json-tree.ts';
import { listOf, type PolicyDocument, type PolicyStatement } from '../../shared/iam/policy-document.ts';
import { spanAt } from '../../shared/iam/policy-places.ts';
import { grammarOf } from '../../shared/iam/policy-purpose.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { checkSize, documentOf, faultMessage } from './document.ts';
import { lintAcrossAccounts, lintDenied, lintEveryone, lintLockout, lintPrincipals } from './lint-access.ts';
import type { Finding, Fix, LintOptions, Path, Place } from './lint-findings.ts';
import { lintImpossible } from './lint-impossible.ts';
import { lintTrust } from './lint-trust.ts';
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

const rules = [
  lintTrust,
  lintActions,
  lintConditions,
  lintPrincipals,
  lintEveryone,
  lintAcrossAccounts,
  lintImpossible,
  lintDenied,
];

/** What is wrong with a policy, and what would mend it; in the order of its statements. */
export function lintDocument(document: PolicyDocument, options: LintOptions): Finding[] {
  const statements = document.Statement.map((statement, index): Place => ({ document, statement, index, options }));
  return [
    ...lintVersion(document),
    ...lintLockout(document, options),
    ...statements.flatMap((place) => rules.flatMap((rule) => rule(place))),
  ];
}

/** A finding of a text, with the place to show it at. */
export type PlacedFinding = Finding & Span;

/** How many faults of what is no policy are told at once. */
const FAULTS_MAX = 50;

const malformedAt = (path: Path, message: string, fix?: Fix): Finding => ({
  rule: 'malformed',
  severity: 'error',
  statement: path[0] === 'Statement' && typeof path[1] === 'number' ? path[1] : null,
  path,
  message,
  ...(fix && { fix }),
});

const isTooLarge = (text: string): string | undefined => {
  try {
    checkSize(text);
  } catch (error) {
    if (error instanceof KmsError) return error.message;
    throw error;
  }
  return undefined;
};

function lintSize(text: string, tree: JsonNode): Finding[] {
  const message = isTooLarge(text);
  if (message === undefined) return [];
  const value = jsonOf(tree);
  const fits = isTooLarge(JSON.stringify(value)) === undefined;
  const fix: Fix = { title: 'Write it without spaces', path: [], value };
  return [{ rule: 'size', severity: 'error', statement: null, path: [], message, ...(fits ? { fix } : {}) }];
}

/** The same for JSON text. Of what is no policy at all, what makes it none. */
export function lintPolicy(text: string, options: LintOptions): PlacedFinding[] {
  const { tree, fault } = parseJson(text);
  if (fault) {
    const { path, says, from, to } = fault;
    const { line, column } = lineOf(text, from);
    const message =
      fault.kind === 'structure'
        ? faultMessage(path, says)
        : `This is not JSON: line ${line}, column ${column}: ${says}.`;
    return [{ ...malformedAt([], message), from, to }];
  }
  const size = lintSize(text, tree);
  // What is too large however it is written is looked at no further: the time is bounded by what a policy can be.
  if (size.some(({ fix }) => fix === undefined)) return size.map((finding) => ({ ...finding, ...spanAt(tree, []) }));
  const read = documentOf(tree, grammarOf(options.type));
  const found =
    'document' in read
      ? lintDocument(read.document, options)
      : read.faults.slice(0, FAULTS_MAX).map(({ path, says, fix }) => malformedAt(path, faultMessage(path, says), fix));
  return [...size, ...found].map((finding) => ({ ...finding, ...spanAt(tree, finding.path) }));
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
