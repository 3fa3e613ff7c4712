import { actionNames, isKeyAction } from '../../shared/iam/actions.ts';
import { canHave, conditionKeyOf, conditionKeys, type KeyType } from '../../shared/iam/condition-keys.ts';
import { operatorOf } from '../../shared/iam/condition-operators.ts';
import { listOf } from '../../shared/iam/policy-document.ts';
import {
  actionsOf,
  actionsOfStatement,
  type Finding,
  type Fix,
  nearest,
  type Path,
  type Place,
  pathOfValue,
} from './lint-findings.ts';

/** Actions that there are not, and in a key's policy those it is never asked about. */
export function lintActions({ statement, index, options }: Place): Finding[] {
  return (['Action', 'NotAction'] as const).flatMap((element) => {
    const values = statement[element];
    return listOf<string>(values).flatMap((text, at): Finding[] => {
      const path = pathOfValue(index, element, values, at);
      const meant = actionsOf(text);
      if (meant.length === 0) {
        // A key's policy may be shared with other services' statements; an identity's is.
        if (options.type === 'identity' && /^(?!kms:)[a-z0-9-]+:/i.test(text)) return [];
        const instead = nearest(text, actionNames);
        const remove: Fix | undefined = typeof path.at(-1) === 'number' ? { title: `Remove ${text}`, path } : undefined;
        const fix = instead ? { title: `Use ${instead}`, path, value: instead } : remove;
        const message = `There is no action ${text}.`;
        return [{ rule: 'unknown-action', severity: 'error', statement: index, path, message, ...(fix && { fix }) }];
      }
      if (options.type === 'identity' || meant.some(isKeyAction)) return [];
      const message = `${text} is asked of no key's policy: it belongs in the policy of a user or role.`;
      return [{ rule: 'not-a-key-action', severity: 'warning', statement: index, path, message }];
    });
  });
}

/** The operators that make sense of each type of key, beside Null. */
const FAMILIES: Readonly<Record<KeyType, readonly string[]>> = {
  String: ['String', 'Arn'],
  Arn: ['Arn', 'String'],
  Bool: ['Bool', 'String'],
  Numeric: ['Numeric', 'String'],
  Date: ['Date', 'Numeric', 'String'],
  IpAddress: ['IpAddress', 'String'],
  Binary: ['Binary', 'String'],
};

/** A condition block with one operator's key under another operator. */
function moved(
  condition: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  from: string,
  to: string,
  key: string,
) {
  const { [key]: value, ...rest } = condition[from] ?? {};
  const { [from]: _, ...others } = condition;
  return {
    ...others,
    ...(Object.keys(rest).length === 0 ? {} : { [from]: rest }),
    [to]: { ...condition[to], [key]: value },
  };
}

function lintCondition(place: Place, text: string, name: string): Finding[] {
  const { statement, index } = place;
  const operator = operatorOf(text);
  if (!operator) return [];
  const at: Path = ['Statement', index, 'Condition'];
  const path = [...at, text, name];
  const known = conditionKeyOf(name);
  const finding = (rule: Finding['rule'], severity: Finding['severity'], message: string, fix?: Fix): Finding => ({
    rule,
    severity,
    statement: index,
    path,
    message,
    ...(fix && { fix }),
  });
  const block = statement.Condition ?? {};
  if (!known) {
    const instead = nearest(
      name,
      conditionKeys.map((each) => each.name),
    );
    const { [name]: values, ...rest } = block[text] ?? {};
    const fix = instead && { title: `Use ${instead}`, path: [...at, text], value: { ...rest, [instead]: values } };
    return [finding('unknown-condition-key', 'error', `There is no condition key ${name}.`, fix || undefined)];
  }
  const found: Finding[] = [];
  if (known.absent !== undefined || !actionsOfStatement(statement).some((action) => canHave(known, action)))
    found.push(
      finding(
        'condition-key-not-carried',
        'warning',
        known.absent ?? `No request of the statement's actions has ${known.name}.`,
      ),
    );
  if (operator.family !== 'Null' && !FAMILIES[known.type].includes(operator.family))
    found.push(finding('operator-type', 'warning', `${known.name} is compared with ${known.type} operators.`));
  if (operator.family === 'Null') return found;
  if (known.multiValued && operator.set === null) {
    const to = `ForAnyValue:${text}`;
    const fix = { title: `Use ${to}`, path: at, value: moved(block, text, to, name) };
    found.push(
      finding('set-operator', 'warning', `${known.name} can have several values: say how they are taken.`, fix),
    );
  }
  if (!known.multiValued && operator.set !== null) {
    const to = text.slice(operator.set.length + 1);
    const fix = { title: `Use ${to}`, path: at, value: moved(block, text, to, name) };
    const says =
      operator.set === 'ForAllValues'
        ? `${known.name} has one value: ForAllValues also lets requests pass that do not have it.`
        : `${known.name} has one value: it needs no set operator.`;
    found.push(finding('set-operator', operator.set === 'ForAllValues' ? 'error' : 'warning', says, fix));
  }
  return found;
}

/** Condition keys that there are not or that do not go with the statement's actions, and operators that do not go with them. */
export function lintConditions(place: Place): Finding[] {
  return Object.entries(place.statement.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.keys(keys).flatMap((name) => lintCondition(place, operator, name)),
  );
}
