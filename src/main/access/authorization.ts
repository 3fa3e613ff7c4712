import type { CallerFacts } from '../policy/call-facts.ts';
import type { CompiledPolicy } from '../policy/compile.ts';
import { decide } from '../policy/decide.ts';
import type { ConditionContext } from '../policy/pattern.ts';
import { requestContext } from '../policy/request-context.ts';
import { requireAllowed } from '../policy/require-allowed.ts';
import type { IdentityPolicies } from './identity-policies.ts';
import type { Tags } from './principals.ts';
import type { Call } from './recorded-call.ts';

/** One permission that a call of IAM or STS needs. */
export interface Needed {
  /** As `iam:CreateUser`. */
  readonly action: string;
  readonly resource: string;
  readonly resourceAccountId: string;
  /** Tags of the resource, and those the request gives. */
  readonly resourceTags?: Tags | undefined;
  readonly requestTags?: Tags | undefined;
  /** Values of the service's own condition keys, by their names in lower case. */
  readonly values?: Readonly<Record<string, string>>;
  /** Of a role that is assumed: whom it trusts. */
  readonly trust?: CompiledPolicy | undefined;
}

const tagNamed = (tags: Tags | undefined, name: string): readonly string[] | undefined => {
  const values = Object.entries(tags ?? {}).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
  return values.length === 0 ? undefined : values;
};

/** What a request of IAM or STS says of itself to conditions. */
function contextOf(caller: CallerFacts, now: number, needed: Needed): ConditionContext {
  const { action, resourceAccountId, resourceTags, requestTags, values = {} } = needed;
  const common = requestContext({ caller, now, action, input: {}, resourceAccountId });
  return {
    get(name) {
      const [, kind, tag] = /^(?:aws|iam):(resourcetag|requesttag)\/(.+)$/.exec(name) ?? [];
      if (tag !== undefined) return tagNamed(kind === 'resourcetag' ? resourceTags : requestTags, tag);
      if (name === 'aws:tagkeys') return requestTags && Object.keys(requestTags);
      if (Object.hasOwn(values, name)) return [values[name] as string];
      return common.get(name);
    },
  };
}

/**
 * Lets a call of IAM or STS pass, or refuses it, by the policies of the caller and of the resource.
 * @throws KmsError `AccessDeniedException`, as `requireAllowed` tells it
 */
export function authorize(
  { tx, caller, now, decisions }: Pick<Call, 'tx' | 'caller' | 'now' | 'decisions'>,
  identityPolicies: IdentityPolicies,
  needed: Needed,
): void {
  const { action, resource, resourceAccountId, trust } = needed;
  const { principalArn, accountId } = caller;
  const { policies, tags } = identityPolicies.of(tx, principalArn);
  const asked = (facts: CallerFacts) =>
    decide(
      { principalArn, accountId, action, resource, resourceAccountId, context: contextOf(facts, now, needed) },
      { key: trust, identity: policies },
    );
  requireAllowed({ ...caller, tags }, now, asked, (decision) => decisions.push(decision));
}
