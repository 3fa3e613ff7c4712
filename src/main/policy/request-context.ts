import { type ConditionKey, canHave, conditionKeyOf } from '../../shared/iam/condition-keys.ts';
import type { CallFacts } from './call-facts.ts';
import { globalValue } from './global-values.ts';
import { kmsValue } from './kms-values.ts';
import type { ConditionContext } from './pattern.ts';

/** Names of condition keys looked up at once; they come from policies, so there is no end of them. */
const HELD_MAX = 1000;
const held = new Map<string, ConditionKey | null>();

function keyNamed(name: string): ConditionKey | null {
  const known = held.get(name);
  if (known !== undefined) return known;
  if (held.size === HELD_MAX) held.clear();
  const key = conditionKeyOf(name) ?? null;
  held.set(name, key);
  return key;
}

function valuesOf(name: string, facts: CallFacts): readonly string[] | undefined {
  const key = keyNamed(name);
  if (key === null || !canHave(key, facts.action)) return undefined;
  return name.startsWith('kms:') ? kmsValue(name, facts) : globalValue(name, facts);
}

/**
 * What a call says of itself to conditions. Values are worked out when a condition first asks for them, as most calls are
 * decided without.
 */
export function requestContext(facts: CallFacts): ConditionContext {
  let known: Map<string, readonly string[] | undefined> | undefined;
  return {
    get(name) {
      known ??= new Map();
      const before = known.get(name);
      if (before !== undefined || known.has(name)) return before;
      const values = valuesOf(name, facts);
      known.set(name, values);
      return values;
    },
  };
}

/** A context of given values, by condition key in any case; for simulations. */
export function givenContext(values: Readonly<Record<string, string | readonly string[]>>): ConditionContext {
  const entries = Object.entries(values).map(([name, value]): [string, readonly string[]] => [
    name.toLowerCase(),
    typeof value === 'string' ? [value] : value,
  ]);
  const byName = new Map(entries);
  return { get: (name) => byName.get(name) };
}
