import { worksAcrossAccounts } from '../../shared/iam/actions.ts';
import { namesOf, rootArn } from '../../shared/iam/arn.ts';
import type { Decision, GrantOutcome, Outcome, Reason, StatementRef } from '../../shared/iam/decision.ts';
import type { Asked, CompiledPolicy } from './compile.ts';
import { type GrantedCall, type GrantTerms, grantMiss } from './grants.ts';
import type { ConditionContext } from './pattern.ts';
import { type Identity, identityOf } from './principals.ts';

/** A grant on the key whose grantee is the caller. */
export interface HeldGrant {
  readonly id: string;
  readonly terms: GrantTerms;
}

/** Who made, has and may end a grant; principals by the names of `principalName`. */
export interface GrantParties {
  readonly id: string;
  readonly issuer: string;
  readonly grantee: string;
  readonly retiring: string | null;
  readonly terms: GrantTerms;
}

/** One permission an operation needs before it runs. */
export interface DecisionRequest extends GrantedCall {
  readonly principalArn: string;
  /** The caller's account. */
  readonly accountId: string;
  /** ARN of the key or alias, or `*` for an operation on none. */
  readonly resource: string;
  /** The account the resource belongs to. */
  readonly resourceAccountId: string;
  /** What the request says of itself to conditions. */
  readonly context: ConditionContext;
}

/** What is asked for permission. */
export interface Policies {
  /** The key's policy; undefined for what has none: aliases and the account. */
  readonly key?: CompiledPolicy | undefined;
  /** The policies of the caller. */
  readonly identity?: readonly CompiledPolicy[] | undefined;
  /** The grants on the key that the caller of these names holds; asked for when no policy allows. */
  readonly grants?: ((names: readonly string[]) => readonly HeldGrant[]) | undefined;
  /** Of RetireGrant: the grant, which alone says who may. */
  readonly retires?: GrantParties | undefined;
}

type Verdict = Pick<Decision, 'allowed' | 'reason' | 'statement' | 'delegatedBy' | 'grant'> & {
  readonly grants?: readonly GrantOutcome[];
};

const allow = (reason: Reason, statement?: StatementRef, delegatedBy?: StatementRef): Verdict => ({
  allowed: true,
  reason,
  ...(statement && { statement }),
  ...(delegatedBy && { delegatedBy }),
});
const refuse = (reason: Reason): Verdict => ({ allowed: false, reason });

/** The retiring principal, a grantee that was allowed it, and as a last resort the account that made the grant. */
function decideRetiring({ arn }: Identity, { id, issuer, grantee, retiring, terms }: GrantParties): Verdict {
  const names = namesOf(arn);
  const may =
    arn === rootArn(issuer) ||
    (retiring !== null && names.includes(retiring)) ||
    (terms.operations.includes('RetireGrant') && names.includes(grantee));
  return may ? { allowed: true, reason: 'grant', grant: id } : refuse('no party of the grant');
}

/** What the statements come to that fit the request. */
interface Found {
  readonly key: StatementRef | undefined;
  readonly delegation: StatementRef | undefined;
  readonly identity: StatementRef | undefined;
}

function find(outcomes: readonly Outcome[]): Found {
  let key: StatementRef | undefined;
  let delegation: StatementRef | undefined;
  let identity: StatementRef | undefined;
  for (const { statement, matched } of outcomes) {
    if (matched === null) continue;
    if (statement.type === 'identity') identity ??= statement;
    else if (matched === 'principal') key ??= statement;
    else delegation ??= statement;
  }
  return { key, delegation, identity };
}

/** What the caller's own side allows. */
function own({ kind }: Identity, { identity }: Found, delegatedBy?: StatementRef): Verdict {
  if (kind === 'root') return allow('account root', undefined, delegatedBy);
  return identity ? allow('identity policy', identity, delegatedBy) : refuse('no identity policy allows');
}

function decideByPolicies(identity: Identity, request: DecisionRequest, policies: Policies, found: Found): Verdict {
  const { key, delegation } = found;
  const foreign = request.resourceAccountId !== identity.accountId;
  if (!policies.key) return foreign ? refuse('no key policy allows') : own(identity, found);
  if (foreign && !worksAcrossAccounts(request.action)) return refuse('not across accounts');
  const opened = key ?? delegation;
  if (!opened) return refuse('no key policy allows');
  if (identity.kind === 'service') return allow('key policy', opened);
  // From another account, both sides have to say yes, whoever the key's policy names.
  if (foreign) return own(identity, found, opened);
  return key ? allow('key policy', key) : own(identity, found, delegation);
}

function decideByGrants(names: readonly string[], request: DecisionRequest, { grants }: Policies): Verdict | null {
  const outcomes = (grants?.(names) ?? []).map(({ id, terms }) => ({ id, miss: grantMiss(terms, request) }));
  const held = outcomes.find(({ miss }) => miss === null);
  if (held) return { allowed: true, reason: 'grant', grant: held.id, grants: outcomes };
  return outcomes.length === 0 ? null : { ...refuse('no identity policy allows'), grants: outcomes };
}

/**
 * Whether a request is allowed, and why (IAM User Guide, "Policy evaluation logic"; KMS developer guide, "Troubleshooting
 * key access"): an explicit deny anywhere; the key's policy where it names the caller; the caller's policies where the
 * key's policy lets its account decide; from another account both; else a grant on the key. Pure, and never throws.
 */
export function decide(request: DecisionRequest, policies: Policies): Decision {
  const { principalArn, accountId, action, resource, context } = request;
  const identity = identityOf(principalArn, accountId);
  const asked: Asked = { identity, action, lowerAction: action.toLowerCase(), resource, context };
  const outcomes: Outcome[] = [];
  let denied: StatementRef | undefined;
  const collect = (policy: CompiledPolicy) => {
    for (const statement of policy.statements) {
      const outcome = statement.outcome(asked);
      outcomes.push(outcome);
      if (outcome.matched !== null && statement.ref.effect === 'Deny') denied ??= statement.ref;
    }
  };
  if (policies.key) collect(policies.key);
  for (const policy of policies.identity ?? []) collect(policy);
  const made = ({ allowed, reason, statement, delegatedBy, grant, grants = [] }: Verdict): Decision => ({
    allowed,
    reason,
    principal: principalArn,
    action,
    resource,
    ...(statement && { statement }),
    ...(delegatedBy && { delegatedBy }),
    ...(grant === undefined ? undefined : { grant }),
    statements: outcomes,
    grants,
  });
  if (denied) return made({ allowed: false, reason: 'explicit deny', statement: denied });
  if (policies.retires) return made(decideRetiring(identity, policies.retires));
  const verdict = decideByPolicies(identity, request, policies, find(outcomes));
  if (verdict.allowed) return made(verdict);
  const granted = decideByGrants(identity.names, request, policies);
  return made(granted?.allowed ? granted : { ...verdict, grants: granted?.grants ?? [] });
}

/** A refusal in the words of AWS's AccessDeniedException. */
export function refusalMessage({ principal, action, resource, reason, statement }: Decision): string {
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  const start = `User: ${principal} is not authorized to perform: ${action}${on}`;
  if (reason === 'explicit deny')
    return `${start} with an explicit deny in ${statement?.type === 'identity' ? 'an identity' : 'a resource'}-based policy`;
  const kind = reason === 'no key policy allows' || reason === 'not across accounts' ? 'resource' : 'identity';
  return `${start} because no ${kind}-based policy allows the ${action} action`;
}
