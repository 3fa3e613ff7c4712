import { isKeyAction, worksAcrossAccounts } from '../../shared/iam/actions.ts';
import { parseArn, rootArn } from '../../shared/iam/arn.ts';
import { operatorOf } from '../../shared/iam/condition-operators.ts';
import { accountStatement } from '../../shared/iam/default-policy.ts';
import {
  type ConditionValue,
  listOf,
  type PolicyDocument,
  type PolicyStatement,
  type Principals,
} from '../../shared/iam/policy-document.ts';
import {
  actionsOf,
  actionsOfStatement,
  type Finding,
  type Fix,
  isAboutOthers,
  type LintOptions,
  type Path,
  type Place,
  pathOfValue,
} from './lint-findings.ts';
import { isPromised } from './lockout.ts';
import { type PrincipalSet, principalSet } from './principals.ts';

/** Principals that there are not. */
export function lintPrincipals({ statement, index, options }: Place): Finding[] {
  const { exists } = options;
  if (!exists) return [];
  return (['Principal', 'NotPrincipal'] as const).flatMap((element) => {
    const principals = statement[element];
    if (principals === undefined || principals === '*') return [];
    return (['AWS', 'Service'] as const).flatMap((kind) => {
      const names = principals[kind];
      return listOf<string>(names).flatMap((name, at): Finding[] => {
        if (name === '*' || exists(name)) return [];
        const path: Path = ['Statement', index, element, kind, ...(Array.isArray(names) ? [at] : [])];
        const isOneOfMany = Array.isArray(names) && names.length > 1;
        const message = `There is no principal ${name}.`;
        const fix = isOneOfMany ? { fix: { title: `Remove ${name}`, path } } : {};
        return [{ rule: 'unknown-principal', severity: 'warning', statement: index, path, message, ...fix }];
      });
    });
  });
}

/** Condition keys that say who calls. */
const WHO =
  /^(kms:calleraccount|aws:(principal(arn|account|orgid|orgpaths|servicename|type|tag\/.+)|source(account|arn|orgid)|userid|username))$/i;

/** Whether a statement's conditions let only some callers through. */
function isLimited({ Condition }: PolicyStatement): boolean {
  return Object.entries(Condition ?? {}).some(([text, keys]) => {
    const operator = operatorOf(text);
    if (!operator || operator.negated || operator.ifExists || operator.family === 'Null') return false;
    if (operator.set === 'ForAllValues') return false;
    return Object.entries(keys).some(([key, values]) => WHO.test(key) && !listOf<ConditionValue>(values).includes('*'));
  });
}

/** Statements that open the key to everyone, or let everyone take the role on, in every account. */
export function lintEveryone({ statement, index, options }: Place): Finding[] {
  const { Effect, Principal, NotPrincipal, Condition } = statement;
  const isOpen = NotPrincipal !== undefined || (Principal !== undefined && principalSet(Principal).everyone);
  if (options.type === 'identity' || Effect !== 'Allow' || !isOpen || isLimited(statement)) return [];
  const { accountId, type } = options;
  const opens = (whom: string) => (type === 'trust' ? `lets ${whom} take the role on` : `opens the key to ${whom}`);
  const callers = type === 'trust' ? 'aws:PrincipalAccount' : 'kms:CallerAccount';
  const element = NotPrincipal === undefined ? 'Principal' : 'NotPrincipal';
  const value = { ...Condition, StringEquals: { ...Condition?.StringEquals, [callers]: accountId } };
  const fix: Fix | undefined = accountId
    ? { title: `Only callers of account ${accountId}`, path: ['Statement', index, 'Condition'], value }
    : undefined;
  return [
    {
      rule: 'everyone',
      severity: 'error',
      statement: index,
      path: ['Statement', index, element],
      message:
        element === 'Principal'
          ? `The statement ${opens('everyone')}, in every account.`
          : `Allow with NotPrincipal ${opens('everyone else')}, in every account.`,
      ...(fix && { fix }),
    },
  ];
}

/** The accounts whose principals are meant, by name or all together. */
const accountsIn = ({ names, accounts }: PrincipalSet): ReadonlySet<string> =>
  new Set([...accounts, ...[...names].flatMap((name) => parseArn(name)?.accountId ?? [])]);

/** Actions a key's policy lets principals of another account do, which need their own account's key whatever it says. */
export function lintAcrossAccounts({ statement, index, options }: Place): Finding[] {
  const { Effect, Principal, Action } = statement;
  const { type, accountId } = options;
  if (type !== 'resource' || accountId === undefined || Effect !== 'Allow' || Principal === undefined) return [];
  const set = principalSet(Principal);
  const accounts = accountsIn(set);
  const foreign = [...accounts].filter((account) => account !== accountId);
  if (set.everyone || foreign.length === 0) return [];
  const isForThemAlone =
    foreign.length === accounts.size && listOf(Principal === '*' ? [] : Principal.Service).length === 0;
  return listOf<string>(Action).flatMap((text, at): Finding[] => {
    const [action, ...more] = actionsOf(text, type);
    // A pattern is about other actions, too: it is no promise of this one.
    if (action === undefined || more.length > 0 || !isKeyAction(action) || worksAcrossAccounts(action)) return [];
    const path = pathOfValue(index, 'Action', Action, at);
    const whom = foreign.length === 1 ? `account ${foreign[0]}` : `accounts ${foreign.join(', ')}`;
    const message = `${action} works within the key's own account only: for principals of ${whom} it has no effect.`;
    const isOneOfMany = Array.isArray(Action) && Action.length > 1;
    const fix = isForThemAlone && isOneOfMany ? { fix: { title: `Remove ${text}`, path } } : {};
    return [{ rule: 'not-across-accounts', severity: 'warning', statement: index, path, message, ...fix }];
  });
}

/** A policy under which its own account cannot change the policy any more. */
export function lintLockout(document: PolicyDocument, { type, arn, accountId }: LintOptions): Finding[] {
  if (type !== 'resource' || arn === undefined || accountId === undefined) return [];
  const root = { principalArn: rootArn(accountId), accountId };
  if (isPromised(document, root, 'kms:PutKeyPolicy', arn)) return [];
  const statement = accountStatement(accountId);
  const path = ['Statement', document.Statement.length];
  const fixed = { ...document, Statement: [...document.Statement, statement] };
  const helps = isPromised(fixed, root, 'kms:PutKeyPolicy', arn);
  return [
    {
      rule: 'lockout',
      severity: 'error',
      statement: null,
      path: ['Statement'],
      message: `The policy does not let account ${accountId} change it again.`,
      ...(helps ? { fix: { title: 'Give the account access', path, value: statement } } : {}),
    },
  ];
}

/** Whether everyone whom `inner` means is meant by `outer`, as far as their names tell. */
function coversPrincipals(outer: Principals | undefined, inner: Principals | undefined): boolean {
  if (outer === undefined || inner === undefined) return outer === inner;
  const wide = principalSet(outer);
  const narrow = principalSet(inner);
  if (wide.everyone) return true;
  if (narrow.everyone) return false;
  const inAccount = (name: string) => wide.accounts.has(/^arn:aws:(?:iam|sts)::(\d{12}):/.exec(name)?.[1] ?? '');
  return (
    [...narrow.accounts].every((account) => wide.accounts.has(account)) &&
    [...narrow.names].every((name) => wide.names.has(name) || inAccount(name))
  );
}

function covers(deny: PolicyStatement, allow: PolicyStatement, { type }: LintOptions): boolean {
  if (isAboutOthers(allow, type)) return false;
  if (deny.Condition || deny.NotPrincipal || allow.NotPrincipal || deny.NotResource || allow.NotResource) return false;
  const denied = new Set(actionsOfStatement(deny, type));
  const allowed = actionsOfStatement(allow, type).filter((action) => type !== 'resource' || isKeyAction(action));
  const resources = type === 'trust' ? ['*'] : listOf<string>(deny.Resource);
  return (
    allowed.length > 0 &&
    allowed.every((action) => denied.has(action)) &&
    listOf<string>(allow.Resource).every((text) => resources.includes('*') || resources.includes(text)) &&
    coversPrincipals(deny.Principal, allow.Principal)
  );
}

/** Allows that a Deny always overrules. */
export function lintDenied({ document, statement, index, options }: Place): Finding[] {
  if (statement.Effect !== 'Allow') return [];
  const by = document.Statement.findIndex((other) => other.Effect === 'Deny' && covers(other, statement, options));
  if (by < 0) return [];
  return [
    {
      rule: 'denied-anyway',
      severity: 'warning',
      statement: index,
      path: ['Statement', index],
      message: `The statement allows nothing: statement ${by} denies all of it.`,
      fix: { title: 'Remove the statement', path: ['Statement', index] },
    },
  ];
}
