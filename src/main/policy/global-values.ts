import { parseArn } from '../../shared/iam/arn.ts';
import { type CallerFacts, type CallFacts, pairsNamed, type ValuesOf } from './call-facts.ts';
import { isIpAddress } from './ip.ts';
import { isServicePrincipal } from './principals.ts';

const SECOND = 1000;

const isService = ({ caller }: CallFacts) => isServicePrincipal(caller.principalArn);

/** As `root`, `user`, `assumed-role`, `federated-user`; undefined for a service. */
const kindOf = ({ principalArn }: CallerFacts) => parseArn(principalArn)?.resource.split('/')[0];

/** Of a session the ARN of its role, as AWS has it; roles are known here without their path. */
function principalArnOf({ principalArn, accountId }: CallerFacts): string {
  const role = /:assumed-role\/([^/]+)\//.exec(principalArn)?.[1];
  return role === undefined ? principalArn : `arn:aws:iam::${accountId}:role/${role}`;
}

const TYPES: Readonly<Record<string, string>> = {
  root: 'Account',
  user: 'User',
  'assumed-role': 'AssumedRole',
  'federated-user': 'FederatedUser',
};

/** The service a request came through, as `s3.amazonaws.com`. */
function via({ caller }: CallFacts): readonly string[] | undefined {
  const service = caller.viaService?.split('.')[0];
  return service === undefined ? undefined : [`${service}.amazonaws.com`];
}

/** Credentials that end: of a role's session, or with a second factor. Others have no keys about MFA, as at AWS. */
const isTemporary = ({ caller }: CallFacts) =>
  caller.tokenIssuedAt !== undefined || caller.mfaAt !== undefined || kindOf(caller) === 'assumed-role';

const service: ValuesOf = (facts) => (isService(facts) ? [facts.caller.principalArn] : undefined);
const instant = (ms: number | undefined) => (ms === undefined ? undefined : [new Date(ms).toISOString()]);

function requestTags({ input }: CallFacts): Readonly<Record<string, string>> {
  const tags = (input.Tags ?? []) as readonly { readonly TagKey: string; readonly TagValue: string }[];
  return Object.fromEntries(tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
}

function tagKeys({ input }: CallFacts): readonly string[] | undefined {
  const tags = (input.Tags ?? []) as readonly { readonly TagKey: string }[];
  const names = (input.TagKeys as readonly string[] | undefined) ?? tags.map(({ TagKey }) => TagKey);
  return names.length === 0 ? undefined : names;
}

const values: Readonly<Record<string, ValuesOf>> = {
  'aws:calledvia': via,
  'aws:calledviafirst': via,
  'aws:calledvialast': via,
  'aws:currenttime': ({ now }) => instant(now),
  'aws:epochtime': ({ now }) => [String(Math.floor(now / SECOND))],
  'aws:multifactorauthage': ({ caller, now }) =>
    caller.mfaAt === undefined ? undefined : [String(Math.max(0, Math.floor((now - caller.mfaAt) / SECOND)))],
  'aws:multifactorauthpresent': (facts) =>
    isTemporary(facts) ? [String(facts.caller.mfaAt !== undefined)] : undefined,
  'aws:principalaccount': (facts) => (isService(facts) ? undefined : [facts.caller.accountId]),
  'aws:principalarn': (facts) => (isService(facts) ? undefined : [principalArnOf(facts.caller)]),
  'aws:principalisawsservice': (facts) => [String(isService(facts))],
  'aws:principalservicename': service,
  'aws:principalservicenameslist': service,
  'aws:principaltype': ({ caller }) => {
    const type = TYPES[kindOf(caller) ?? ''];
    return type === undefined ? undefined : [type];
  },
  'aws:requestedregion': ({ caller }) => [caller.region],
  'aws:resourceaccount': ({ resourceAccountId }) => [resourceAccountId],
  'aws:securetransport': ({ caller }) => [String(caller.secureTransport ?? true)],
  'aws:sourceaccount': ({ caller }) => {
    const account = caller.sourceArn === undefined ? undefined : parseArn(caller.sourceArn)?.accountId;
    return account ? [account] : undefined;
  },
  'aws:sourcearn': ({ caller }) => (caller.sourceArn === undefined ? undefined : [caller.sourceArn]),
  'aws:sourceip': ({ caller }) => (isIpAddress(caller.sourceIp) ? [caller.sourceIp] : undefined),
  'aws:tagkeys': tagKeys,
  'aws:tokenissuetime': ({ caller }) => instant(caller.tokenIssuedAt),
  'aws:useragent': ({ caller }) => [caller.userAgent],
  'aws:userid': ({ caller }) => {
    const id = caller.userId ?? (kindOf(caller) === 'root' ? caller.accountId : undefined);
    return id === undefined ? undefined : [id];
  },
  'aws:username': ({ caller }) => {
    const name = kindOf(caller) === 'user' ? caller.principalArn.split('/').at(-1) : undefined;
    return name === undefined ? undefined : [name];
  },
  'aws:viaawsservice': ({ caller }) => [String(caller.viaService !== undefined)],
};

/** Keys that go on with the name of a tag, in lower case. */
const tags: Readonly<Record<string, (facts: CallFacts) => Readonly<Record<string, string>> | undefined>> = {
  'aws:principaltag/': ({ caller }) => caller.tags,
  'aws:requesttag/': requestTags,
  'aws:resourcetag/': ({ key }) => key?.tags(),
};

/** The values of a global condition key, by its name in lower case; undefined when the request has none. */
export function globalValue(name: string, facts: CallFacts): readonly string[] | undefined {
  const slash = name.indexOf('/') + 1;
  if (slash === 0) return Object.hasOwn(values, name) ? values[name]?.(facts) : undefined;
  const prefix = name.slice(0, slash);
  return Object.hasOwn(tags, prefix) ? pairsNamed(tags[prefix]?.(facts), name.slice(slash)) : undefined;
}

/** The names that have values, for the test that the catalogue and this table agree. */
export const valuedGlobalKeys: readonly string[] = [...Object.keys(values), ...Object.keys(tags)];
