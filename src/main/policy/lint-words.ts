import { isKeyAction } from '../../shared/iam/actions.ts';
import { canHave, conditionKeyOf, type KeyType } from '../../shared/iam/condition-keys.ts';
import { operatorOf } from '../../shared/iam/condition-operators.ts';
import { listOf } from '../../shared/iam/policy-document.ts';
import { actionsKnownTo, conditionKeysOf, type PolicyPurpose } from '../../shared/iam/policy-purpose.ts';
import {
  actionsOf,
  actionsOfStatement,
  type Finding,
  type Fix,
  isAboutOthers,
  isOfOtherService,
  isToldUnknown,
  nearest,
  type Path,
  type Place,
  pathOfValue,
} from './lint-findings.ts';

/** IAM and STS have actions for what Coffer has not: only a near miss is taken for a slip. */
const SLIP = 2;

/** Of a name that stands for no action that is known here. */
function unknownAction(text: string, type: PolicyPurpose, path: Path): Pick<Finding, 'severity' | 'message' | 'fix'> {
  const remove: Fix | undefined = typeof path.at(-1) === 'number' ? { title: `Remove ${text}`, path } : undefined;
  const isOfPeople = /^(iam|sts):/i.test(text) && type !== 'resource';
  const instead = nearest(text, actionsKnownTo(type), isOfPeople ? SLIP : undefined);
  if (isOfPeople && !instead)
    return {
      severity: 'warning',
      message: `Coffer has no action ${text}: naming it changes nothing.`,
      ...(remove && { fix: remove }),
    };
  const fix = instead ? { title: `Use ${instead}`, path, value: instead } : remove;
  return { severity: 'error', message: `There is no action ${text}.`, ...(fix && { fix }) };
}

/** Actions that there are not, and in a key's policy those it is never asked about. */
export function lintActions({ statement, index, options: { type } }: Place): Finding[] {
  return (['Action', 'NotAction'] as const).flatMap((element) => {
    const values = statement[element];
    return listOf<string>(values).flatMap((text, at): Finding[] => {
      const path = pathOfValue(index, element, values, at);
      // Of what is no action of STS, `lintTrust` speaks.
      if (type === 'trust' && !/^sts:/i.test(text)) return [];
      const meant = actionsOf(text, type);
      if (meant.length === 0) {
        // The policy of a user or role may be about other services, too.
        if (type === 'identity' && isOfOtherService(text)) return [];
        return [{ rule: 'unknown-action', statement: index, path, ...unknownAction(text, type, path) }];
      }
      if (type !== 'resource' || meant.some(isKeyAction)) return [];
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
  const { statement, index, options } = place;
  const { type } = options;
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
    if (type !== 'resource' && isOfOtherService(name)) return [];
    const instead = nearest(
      name,
      conditionKeysOf(type).map((each) => each.name),
    );
    const { [name]: values, ...rest } = block[text] ?? {};
    const fix = instead && { title: `Use ${instead}`, path: [...at, text], value: { ...rest, [instead]: values } };
    return [finding('unknown-condition-key', 'error', `There is no condition key ${name}.`, fix || undefined)];
  }
  const found: Finding[] = [];
  const isCarried = () =>
    isAboutOthers(statement, type) ||
    isToldUnknown(statement, type) ||
    actionsOfStatement(statement, type).some((action) => canHave(known, action));
  if (known.absent !== undefined || !isCarried())
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
