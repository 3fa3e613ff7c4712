import { type CallFacts, type GrantConstraintFacts, pairsNamed, type ValuesOf } from './call-facts.ts';
import { isServicePrincipal } from './principals.ts';

const DAY = 86_400_000;
const DEFAULT_WINDOW = 30;
const DEFAULT_PERIOD = 365;
const SYMMETRIC = 'SYMMETRIC_DEFAULT';

/** A member of the input as the text of its value. */
function textOf(value: unknown): readonly string[] | undefined {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (value instanceof Date) return [value.toISOString()];
  if (Array.isArray(value)) return value.map(String);
  return undefined;
}

const member =
  (name: string, otherwise?: string | number): ValuesOf =>
  ({ input }) =>
    textOf(input[name] ?? otherwise);

const is = ({ action }: CallFacts, name: string) => action === `kms:${name}`;

/** Of CreateKey and ReplicateKey what is asked for, of every other operation what its key is. */
const property =
  (wanted: (facts: CallFacts) => unknown, had: (key: NonNullable<CallFacts['key']>) => unknown): ValuesOf =>
  (facts) =>
    textOf(facts.key ? had(facts.key) : is(facts, 'CreateKey') ? wanted(facts) : undefined);

const specOf = ({ input }: CallFacts) => input.KeySpec ?? input.CustomerMasterKeySpec ?? SYMMETRIC;
const keySpec = property(specOf, ({ spec }) => spec);
const keyUsage = property(
  (facts) => facts.input.KeyUsage ?? (specOf(facts) === SYMMETRIC ? 'ENCRYPT_DECRYPT' : undefined),
  ({ usage }) => usage,
);
const replicates = ({ input }: CallFacts) => input.ReplicaRegion !== undefined;

function constraintsOf({ input, grantConstraints }: CallFacts): GrantConstraintFacts {
  return grantConstraints ?? (input.Constraints as GrantConstraintFacts | undefined) ?? {};
}

/** The pairs that conditions on the encryption context speak of: of a grant's operations, those of its constraint. */
function pairsOf(facts: CallFacts): Readonly<Record<string, string>> | undefined {
  if (!is(facts, 'CreateGrant') && !is(facts, 'RetireGrant')) return facts.encryptionContext;
  const { EncryptionContextSubset, EncryptionContextEquals } = constraintsOf(facts);
  return EncryptionContextSubset ?? EncryptionContextEquals;
}

/** Where the request names the key. */
function keyNameOf(facts: CallFacts): unknown {
  if (is(facts, 'ReEncryptFrom')) return facts.input.SourceKeyId;
  return is(facts, 'ReEncryptTo') ? facts.input.DestinationKeyId : facts.input.KeyId;
}

function algorithmOf(facts: CallFacts): unknown {
  if (is(facts, 'ReEncryptFrom')) return facts.input.SourceEncryptionAlgorithm;
  return is(facts, 'ReEncryptTo') ? facts.input.DestinationEncryptionAlgorithm : facts.input.EncryptionAlgorithm;
}

const values: Readonly<Record<string, ValuesOf>> = {
  // Not there when the request leaves it out, as the guide's example with Null has it.
  'kms:bypasspolicylockoutsafetycheck': member('BypassPolicyLockoutSafetyCheck'),
  'kms:calleraccount': ({ caller }) => [caller.accountId],
  'kms:customermasterkeyspec': keySpec,
  'kms:customermasterkeyusage': keyUsage,
  'kms:datakeypairspec': member('KeyPairSpec'),
  'kms:encryptionalgorithm': (facts) => textOf(algorithmOf(facts) ?? SYMMETRIC),
  'kms:encryptioncontextkeys': (facts) => {
    const names = Object.keys(pairsOf(facts) ?? {});
    return names.length === 0 ? undefined : names;
  },
  'kms:expirationmodel': member('ExpirationModel', 'KEY_MATERIAL_EXPIRES'),
  'kms:grantconstraintsourcearn': (facts) => textOf(constraintsOf(facts).SourceArn),
  'kms:grantconstrainttype': (facts) => {
    const { EncryptionContextSubset, EncryptionContextEquals } = constraintsOf(facts);
    if (EncryptionContextEquals) return ['EncryptionContextEquals'];
    return EncryptionContextSubset && ['EncryptionContextSubset'];
  },
  'kms:grantisforawsresource': ({ caller }) => [
    String(caller.viaService !== undefined || isServicePrincipal(caller.principalArn)),
  ],
  'kms:grantoperations': member('Operations'),
  'kms:granteeprincipal': member('GranteePrincipal'),
  'kms:granteeserviceprincipal': member('GranteeServicePrincipal'),
  'kms:keyagreementalgorithm': member('KeyAgreementAlgorithm'),
  'kms:keyorigin': property(
    ({ input }) => input.Origin ?? 'AWS_KMS',
    ({ origin }) => origin,
  ),
  'kms:keyspec': keySpec,
  'kms:keyusage': keyUsage,
  'kms:macalgorithm': member('MacAlgorithm'),
  'kms:messagetype': member('MessageType', 'RAW'),
  'kms:multiregion': property(
    (facts) => facts.input.MultiRegion === true || replicates(facts),
    ({ multiRegion }) => multiRegion !== null,
  ),
  'kms:multiregionkeytype': property(
    (facts) => (replicates(facts) ? 'REPLICA' : facts.input.MultiRegion === true ? 'PRIMARY' : undefined),
    ({ multiRegion }) => multiRegion,
  ),
  'kms:primaryregion': member('PrimaryRegion'),
  'kms:reencryptonsamekey': ({ sameKey }) => textOf(sameKey),
  'kms:replicaregion': member('ReplicaRegion'),
  'kms:requestalias': (facts) => {
    const name = keyNameOf(facts);
    const alias = typeof name === 'string' ? /(?:^|:)(alias\/.+)$/.exec(name)?.[1] : undefined;
    return alias === undefined ? undefined : [alias];
  },
  'kms:resourcealiases': ({ key }) => key?.aliases(),
  'kms:retiringprincipal': member('RetiringPrincipal'),
  'kms:retiringserviceprincipal': member('RetiringServicePrincipal'),
  'kms:rotationperiodindays': member('RotationPeriodInDays', DEFAULT_PERIOD),
  'kms:schedulekeydeletionpendingwindowindays': member('PendingWindowInDays', DEFAULT_WINDOW),
  'kms:signingalgorithm': member('SigningAlgorithm'),
  'kms:trailingdayswithoutkeyusage': ({ key, now }) =>
    key && [String(Math.max(0, Math.floor((now - (key.lastUsed ?? key.createdAt)) / DAY)))],
  'kms:validto': member('ValidTo'),
  'kms:viaservice': ({ caller }) => textOf(caller.viaService),
  'kms:wrappingalgorithm': member('WrappingAlgorithm'),
  'kms:wrappingkeyspec': member('WrappingKeySpec'),
};

const CONTEXT = 'kms:encryptioncontext:';

/** The values of a `kms:` condition key, by its name in lower case; undefined when the request has none. */
export function kmsValue(name: string, facts: CallFacts): readonly string[] | undefined {
  if (name.startsWith(CONTEXT)) return pairsNamed(pairsOf(facts), name.slice(CONTEXT.length));
  return Object.hasOwn(values, name) ? values[name]?.(facts) : undefined;
}

/** The names that have values, for the test that the catalogue and this table agree. */
export const valuedKmsKeys: readonly string[] = [...Object.keys(values), CONTEXT];
