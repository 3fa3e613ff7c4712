import type { Named, Outcome, StatementElement, StatementRef } from '../../shared/iam/decision.ts';
import {
  listOf,
  type PolicyDocument,
  type PolicyStatement,
  type PolicyType,
} from '../../shared/iam/policy-document.ts';
import { type Condition, compileConditions } from './conditions.ts';
import { arnMatcher, type ConditionContext, type Matcher, textMatcher } from './pattern.ts';
import { type Identity, namedBy, notNamedBy, principalSet } from './principals.ts';

/** One request, as statements look at it. */
export interface Asked {
  readonly identity: Identity;
  /** As `kms:Encrypt`, and in lower case. */
  readonly action: string;
  readonly lowerAction: string;
  readonly resource: string;
  readonly context: ConditionContext;
}

export interface Statement {
  readonly ref: StatementRef;
  outcome(asked: Asked): Outcome;
}

export interface CompiledPolicy {
  readonly type: PolicyType;
  readonly name: string;
  readonly statements: readonly Statement[];
}

const PLAIN = /^[^*?]*$/;

function actionTest(patterns: readonly string[]): (action: string) => boolean {
  const lower = patterns.map((text) => text.toLowerCase());
  const exact = new Set(lower.filter((text) => PLAIN.test(text)));
  const reading = { wildcards: true, variables: false };
  const globs = lower.filter((text) => !PLAIN.test(text)).map((text) => textMatcher(text, reading));
  const nothing: ConditionContext = { get: () => undefined };
  return (action) => {
    if (exact.has(action)) return true;
    for (const glob of globs) if (glob(action, nothing)) return true;
    return false;
  };
}

function resourceTest(patterns: readonly string[], variables: boolean): Matcher {
  const matchers = patterns.map((text) => arnMatcher(text, { wildcards: true, variables }));
  const [only] = matchers;
  if (only && matchers.length === 1) return only;
  return (resource, context) => matchers.some((matcher) => matcher(resource, context));
}

/** An element or its negation: which of them the statement has, and what stands there. A statement may have neither. */
function elementOf<E extends 'Action' | 'Resource'>(statement: PolicyStatement, name: E) {
  const not = statement[`Not${name}`];
  return {
    negated: not !== undefined,
    element: (not === undefined ? name : `Not${name}`) as StatementElement,
    expected: listOf<string>(not ?? statement[name]),
  };
}

function principalsOf({ Principal, NotPrincipal }: PolicyStatement) {
  const element: StatementElement = NotPrincipal === undefined ? 'Principal' : 'NotPrincipal';
  const principals = NotPrincipal ?? Principal;
  const expected =
    principals === '*' || principals === undefined
      ? ['*']
      : Object.values(principals).flatMap((texts) => listOf(texts));
  return { element, expected, set: principalSet(principals ?? '*') };
}

function compileStatement(ref: StatementRef, statement: PolicyStatement, variables: boolean): Statement {
  const action = elementOf(statement, 'Action');
  const resource = elementOf(statement, 'Resource');
  const who = principalsOf(statement);
  const doesAction = actionTest(action.expected);
  const onResource = resourceTest(resource.expected, variables);
  const conditions = compileConditions(statement.Condition, variables);
  const { type, effect } = ref;
  // What can be said beforehand is: a decision over many statements makes few objects.
  const misses = (part: { element: StatementElement; expected: readonly string[] }): Outcome => ({
    statement: ref,
    matched: null,
    mismatch: { element: part.element, expected: part.expected },
  });
  const noPrincipal = misses(who);
  const noAction = misses(action);
  const noResource = misses(resource);
  const fits: Record<Named, Outcome> = {
    principal: { statement: ref, matched: 'principal' },
    account: { statement: ref, matched: 'account' },
  };
  const named = (identity: Identity): Named | null =>
    type === 'identity'
      ? 'principal'
      : who.element === 'Principal'
        ? namedBy(who.set, identity)
        : notNamedBy(who.set, identity, effect);
  const missed = ({ operator, key, expected }: Condition, actual: readonly string[] | null): Outcome => ({
    statement: ref,
    matched: null,
    mismatch: { element: 'Condition', operator, key, expected, actual },
  });
  return {
    ref,
    outcome({ identity, lowerAction, resource: arn, context }) {
      const how = named(identity);
      if (how === null) return noPrincipal;
      if (doesAction(lowerAction) === action.negated) return noAction;
      if (onResource(arn, context) === resource.negated) return noResource;
      for (const condition of conditions) {
        const values = context.get(condition.name);
        if (!condition.holds(values, context)) return missed(condition, values ?? null);
      }
      return fits[how];
    },
  };
}

/** A policy ready to be asked many times. `name` is what decisions call it. */
export function compilePolicy(document: PolicyDocument, type: PolicyType, name: string): CompiledPolicy {
  const variables = document.Version === '2012-10-17';
  const statements = document.Statement.map((statement, index) => {
    const { Sid: sid, Effect: effect } = statement;
    const ref: StatementRef = { type, policy: name, index, ...(sid === undefined ? {} : { sid }), effect };
    return compileStatement(ref, statement, variables);
  });
  return { type, name, statements };
}
