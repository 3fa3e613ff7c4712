import { canHave, conditionKeyOf } from '../../shared/iam/condition-keys.ts';
import type { CallFacts } from './call-facts.ts';
import { globalValue } from './global-values.ts';
import { kmsValue } from './kms-values.ts';
import type { ConditionContext } from './pattern.ts';

/**
 * What a call says of itself to conditions. Values are worked out when a condition asks for them, as most calls are decided
 * without.
 */
export function requestContext(facts: CallFacts): ConditionContext {
  return {
    get(name) {
      const key = conditionKeyOf(name);
      if (!key || !canHave(key, facts.action)) return undefined;
      return name.startsWith('kms:') ? kmsValue(name, facts) : globalValue(name, facts);
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
