import type { Decision } from '../../shared/iam/decision.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { IdentityPolicies } from '../access/identity-policies.ts';
import type { CallerFacts, CallFacts, KeyFacts } from '../policy/call-facts.ts';
import { type DecisionRequest, decide, type Policies, refusalMessage } from '../policy/decide.ts';
import { requestContext } from '../policy/request-context.ts';
import { heldGrants } from './grant-rows.ts';
import type { KeyPolicies } from './key-policies.ts';
import type { KeyRecord } from './key-rows.ts';
import type { Context, Operation, Target } from './operation.ts';
import { tagMap } from './tags.ts';

export interface AuthorizerParts {
  readonly keyPolicies: KeyPolicies;
  readonly identities: IdentityPolicies;
}

/** What of a call permissions are judged by. */
export interface Asking {
  readonly operation: Pick<Operation, 'source'>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly targets: readonly Target[];
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
    aliases: () =>
      tx
        .all<{ name: string }>('SELECT name FROM aliases WHERE key_row = ? ORDER BY name', [key.row])
        .map(({ name }) => name),
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

/**
 * Decides by the key's policy, the caller's policies and the grants on the key; `note` is told the decision, whatever it is.
 * @throws KmsError `AccessDeniedException`, with the decision in its details, and `mfaHelps` when the caller would be allowed
 * with a second factor. The endpoint answers no details.
 */
export function authorize(
  parts: AuthorizerParts,
  context: Context,
  asking: Asking,
  target: Target,
  note: (decision: Decision) => void,
): void {
  const { tx, caller } = context;
  const standing = parts.identities.of(tx, caller.principalArn);
  const decideAs = (facts: CallerFacts): Decision => {
    const onKey = 'key' in target;
    const request: DecisionRequest = {
      principalArn: caller.principalArn,
      accountId: caller.accountId,
      sourceArn: caller.sourceArn,
      action: target.action,
      resource: onKey ? target.key.arn : target.resource,
      resourceAccountId: onKey ? target.key.accountId : target.accountId,
      context: requestContext(factsOf(context, asking, target, facts)),
      ...(onKey ? { encryptionContext: target.encryptionContext, child: target.child } : undefined),
    };
    const policies: Policies = {
      identity: standing.policies,
      ...(onKey
        ? {
            key: parts.keyPolicies.of(tx, target.key),
            retires: target.retires,
            // Grants speak of AWS's operations; Coffer's own, which may say more, are not among them.
            ...(asking.operation.source === 'kms.amazonaws.com'
              ? { grants: (names: readonly string[]) => heldGrants(tx, target.key, names) }
              : undefined),
          }
        : undefined),
    };
    return decide(request, policies);
  };
  const facts: CallerFacts = { ...caller, tags: standing.tags };
  const decision = decideAs(facts);
  note(decision);
  if (decision.allowed) return;
  const { now } = context;
  const proved = { ...facts, mfaAt: now, tokenIssuedAt: caller.tokenIssuedAt ?? now };
  throw new KmsError('AccessDeniedException', refusalMessage(decision), {
    decision,
    ...(decideAs(proved).allowed ? { mfaHelps: true } : undefined),
  });
}
