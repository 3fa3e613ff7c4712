import type { Decision } from '../../shared/iam/decision.ts';
import type { Standing } from '../access/identity-policies.ts';
import type { CallerFacts, CallFacts, KeyFacts } from '../policy/call-facts.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { type DecisionRequest, decide, type Policies } from '../policy/decide.ts';
import type { ConditionContext } from '../policy/pattern.ts';
import { requestContext } from '../policy/request-context.ts';
import { requireAllowed } from '../policy/require-allowed.ts';
import { heldGrants } from './grant-rows.ts';
import { aliasNames, type KeyRecord } from './key-rows.ts';
import type { Context, Operation, Target } from './operation.ts';
import { tagMap } from './tags.ts';

/** What of a call permissions are judged by. */
export interface Asking {
  readonly operation: Pick<Operation, 'source'>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly targets: readonly Target[];
}

/** Who is asked about: what conditions can see, and what the principal brings. */
export interface Asker {
  readonly facts: CallerFacts;
  readonly standing: Standing;
}

/** What stands in for what is there, when a question is only asked. */
export interface Instead {
  readonly keyPolicy?: CompiledPolicy | undefined;
  /** Values of condition keys, by name in lower case, before those of the request. */
  readonly values?: ReadonlyMap<string, readonly string[]>;
}

function keyFacts({ tx }: Context, key: KeyRecord): KeyFacts {
  const { accountId, spec, usage, origin, multiRegion, createdAt, lastUsed } = key;
  return {
    accountId,
    spec,
    usage,
    origin,
    multiRegion,
    createdAt,
    lastUsed,
    aliases: () => aliasNames(tx, key),
    tags: () => tagMap(tx, key),
  };
}

/** Whether both keys of a ReEncrypt are one. */
function isSameKey(targets: readonly Target[]): boolean | undefined {
  const [source, destination] = targets;
  if (!source || !destination || !('key' in source) || !('key' in destination)) return undefined;
  return source.key.row === destination.key.row;
}

function factsOf(context: Context, asking: Asking, target: Target, caller: CallerFacts): CallFacts {
  const facts = { caller, now: context.now, action: target.action, input: asking.input };
  if (!('key' in target)) return { ...facts, resourceAccountId: target.accountId };
  const { key, encryptionContext, retires } = target;
  return {
    ...facts,
    resourceAccountId: key.accountId,
    key: keyFacts(context, key),
    encryptionContext,
    grantConstraints: retires?.terms.constraints,
    sameKey: isSameKey(asking.targets),
  };
}

/** What the call says of itself, put together when a condition first asks: most calls are decided without. */
function contextOf(facts: () => CallFacts, values: Instead['values']): ConditionContext {
  let said: ConditionContext | undefined;
  return {
    get(name) {
      said ??= requestContext(facts());
      return values?.get(name) ?? said.get(name);
    },
  };
}

/** How one permission of a call is decided for somebody. */
export function decideFor(
  context: Context,
  { facts, standing }: Asker,
  asking: Asking,
  target: Target,
  { keyPolicy, values }: Instead = {},
): Decision {
  const { tx } = context;
  const { principalArn, accountId, sourceArn } = facts;
  const { action } = target;
  const said = contextOf(() => factsOf(context, asking, target, facts), values);
  if (!('key' in target)) {
    const { resource, accountId: resourceAccountId } = target;
    const request = { principalArn, accountId, sourceArn, action, context: said, resource, resourceAccountId };
    return decide(request, { identity: standing.policies });
  }
  const { key, encryptionContext, child, retires } = target;
  const onKey: DecisionRequest = {
    principalArn,
    accountId,
    sourceArn,
    action,
    context: said,
    resource: key.arn,
    resourceAccountId: key.accountId,
    encryptionContext,
    child,
  };
  const policies: Policies = {
    key: keyPolicy ?? context.keyPolicies.of(tx, key),
    identity: standing.policies,
    retires,
    // Grants speak of AWS's operations; Coffer's own, which may say more, are not among them.
    grants: asking.operation.source === 'kms.amazonaws.com' ? (names) => heldGrants(tx, key, names) : undefined,
  };
  return decide(onKey, policies);
}

/** The caller as somebody to ask about. */
function callerOf({ tx, caller, identities }: Context): Asker {
  const standing = identities.of(tx, caller.principalArn);
  // Most callers have no tags, and are looked at on every call.
  const tagged = Object.keys(standing.tags).length > 0;
  return { standing, facts: tagged ? { ...caller, tags: standing.tags } : caller };
}

/** Whether the caller could call AWS's operation `action` on a key or on its account, with no more to say. Nothing is recorded. */
export function mayCall(context: Context, action: string, key?: KeyRecord): boolean {
  const { accountId } = context.caller;
  const target: Target = key ? { key, action } : { resource: '*', accountId, action };
  const input = key ? { KeyId: key.keyId } : {};
  const asking = { operation: { source: 'kms.amazonaws.com' as const }, input, targets: [target] };
  return decideFor(context, callerOf(context), asking, target).allowed;
}

/**
 * Decides by the key's policy, the caller's policies and the grants on the key; `note` is told the decision, whatever it is.
 * @throws KmsError `AccessDeniedException`, as `requireAllowed` tells it
 */
export function authorize(context: Context, asking: Asking, target: Target, note: (decision: Decision) => void): void {
  const { facts, standing } = callerOf(context);
  const decideAs = (asked: CallerFacts) => decideFor(context, { facts: asked, standing }, asking, target);
  requireAllowed(facts, context.now, decideAs, note);
}
