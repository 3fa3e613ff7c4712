import type { Decision, Outcome } from '../../shared/iam/decision.ts';

/** Characters of decisions a record keeps at most; those of most calls have a few hundred. */
const TEXT_MAX = 8192;
const VALUES_MAX = 8;
const VALUE_MAX = 200;

/** A decision in a record, whose principal is the record's own. */
type Kept = Omit<Decision, 'principal'> & {
  /** Statements whose outcome was left out, as there were too many. */
  readonly left?: number;
};

/** Written out, as this is done on every call: JSON leaves out what is undefined. */
function keptOf({ allowed, reason, action, resource, statement, delegatedBy, grant, statements, grants }: Decision) {
  return { allowed, reason, action, resource, statement, delegatedBy, grant, statements, grants } as Kept;
}

const shortened = (values: readonly string[]): readonly string[] => {
  const some = values
    .slice(0, VALUES_MAX)
    .map((value) => (value.length > VALUE_MAX ? `${value.slice(0, VALUE_MAX)}…` : value));
  return values.length > VALUES_MAX ? [...some, `… ${values.length - VALUES_MAX} more`] : some;
};

function shortOutcome({ mismatch, ...outcome }: Outcome): Outcome {
  if (!mismatch) return outcome;
  const expected = shortened(mismatch.expected);
  if (mismatch.element !== 'Condition') return { ...outcome, mismatch: { ...mismatch, expected } };
  return { ...outcome, mismatch: { ...mismatch, expected, actual: mismatch.actual && shortened(mismatch.actual) } };
}

/** Only as many outcomes as fit; those that matched come first, as they decided. */
function shortDecision(decision: Kept, budget: number): Kept {
  const statements: Outcome[] = [];
  let room = budget;
  const bySaying = [...decision.statements].sort((a, b) => Number(b.matched !== null) - Number(a.matched !== null));
  for (const outcome of bySaying.map(shortOutcome)) {
    room -= JSON.stringify(outcome).length;
    if (room < 0) break;
    statements.push(outcome);
  }
  const left = decision.statements.length - statements.length;
  return { ...decision, statements, grants: decision.grants.slice(0, 2 * VALUES_MAX), ...(left > 0 ? { left } : {}) };
}

/** The decisions of one call as their record keeps them: JSON text of bounded length, or null when nothing was asked. */
export function decisionText(decisions: readonly Decision[] | undefined): string | null {
  if (!decisions?.length) return null;
  const kept = decisions.map(keptOf);
  const text = JSON.stringify(kept);
  if (text.length <= TEXT_MAX) return text;
  return JSON.stringify(kept.map((decision) => shortDecision(decision, TEXT_MAX / (2 * kept.length))));
}
