import { actions } from './actions.ts';
import type { OperatorFamily } from './condition-operators.ts';
import { actionsOnPeople, trustActions } from './people-actions.ts';

/** What the values of a condition key are, which says the operators that compare them. */
export type KeyType = Exclude<OperatorFamily, 'Null'>;

export interface ConditionKey {
  /** As AWS spells it; one that ends in `:` or `/` is followed by a name of the request's own. */
  readonly name: string;
  readonly type: KeyType;
  /** Whether a request can have several values, which need a set operator. */
  readonly multiValued: boolean;
  /**
   * The actions whose requests can have the key, those of KMS without prefix; when undefined every action, of the key's own service
   * or, for a global key, of all.
   */
  readonly actions?: readonly string[];
  /** Why no request has it here, where that is so. */
  readonly absent?: string;
}

type Facts = Partial<Omit<ConditionKey, 'name'>>;
const key = (name: string, facts: Facts = {}): ConditionKey => ({ type: 'String', multiValued: false, ...facts, name });

const multiValued = true;
const dataKeys = [
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
];
const encrypting = ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo', ...dataKeys];
/** Operations that take an alias in place of the key. */
const byAlias = [
  ...encrypting,
  'Decapsulate',
  'DeriveSharedSecret',
  'DescribeKey',
  'Encapsulate',
  'GenerateMac',
  'GetPublicKey',
  'Sign',
  'Verify',
  'VerifyMac',
];
const onKeys = [...actions].flatMap(([name, resource]) => (resource === 'account' ? [] : [name]));
const propertyOfKey = { actions: ['CreateKey', ...onKeys] };
const signing = { actions: ['Sign', 'Verify'] };
const contexts = { actions: ['CreateGrant', 'RetireGrant', ...encrypting] };
const creating = { actions: ['CreateGrant'] };
const attested = {
  actions: ['Decrypt', 'DeriveSharedSecret', 'GenerateDataKey', 'GenerateDataKeyPair', 'GenerateRandom'],
  absent: 'Coffer has no Nitro enclaves and no NitroTPM.',
};

/** The condition keys of AWS KMS (developer guide, "AWS KMS condition keys"; Service Authorization Reference). */
const kmsKeys: readonly ConditionKey[] = [
  key('kms:BypassPolicyLockoutSafetyCheck', { type: 'Bool', actions: ['CreateKey', 'PutKeyPolicy', 'ReplicateKey'] }),
  key('kms:CallerAccount'),
  key('kms:CustomerMasterKeySpec', propertyOfKey),
  key('kms:CustomerMasterKeyUsage', propertyOfKey),
  key('kms:DataKeyPairSpec', { actions: ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] }),
  key('kms:EncryptionAlgorithm', { actions: encrypting }),
  key('kms:EncryptionContext:', contexts),
  key('kms:EncryptionContextKeys', { multiValued, ...contexts }),
  key('kms:ExpirationModel', { actions: ['ImportKeyMaterial'] }),
  key('kms:GrantConstraintSourceArn', { type: 'Arn', ...creating }),
  key('kms:GrantConstraintType', { actions: ['CreateGrant', 'RetireGrant'] }),
  key('kms:GrantIsForAWSResource', { type: 'Bool', actions: ['CreateGrant', 'ListGrants', 'RevokeGrant'] }),
  key('kms:GrantOperations', { multiValued, ...creating }),
  key('kms:GranteePrincipal', creating),
  key('kms:GranteeServicePrincipal', creating),
  key('kms:KeyAgreementAlgorithm', { actions: ['DeriveSharedSecret'] }),
  key('kms:KeyOrigin', propertyOfKey),
  key('kms:KeySpec', propertyOfKey),
  key('kms:KeyUsage', propertyOfKey),
  key('kms:MacAlgorithm', { actions: ['GenerateMac', 'VerifyMac'] }),
  key('kms:MessageType', signing),
  key('kms:MultiRegion', { type: 'Bool', ...propertyOfKey }),
  key('kms:MultiRegionKeyType', propertyOfKey),
  key('kms:PrimaryRegion', { actions: ['UpdatePrimaryRegion'] }),
  key('kms:ReEncryptOnSameKey', { type: 'Bool', actions: ['ReEncryptFrom', 'ReEncryptTo'] }),
  key('kms:RecipientAttestation:ImageSha384', attested),
  key('kms:RecipientAttestation:', attested),
  key('kms:ReplicaRegion', { actions: ['ReplicateKey'] }),
  key('kms:RequestAlias', { actions: byAlias }),
  key('kms:ResourceAliases', { multiValued, actions: onKeys }),
  key('kms:RetiringPrincipal', creating),
  key('kms:RetiringServicePrincipal', creating),
  key('kms:RotationPeriodInDays', { type: 'Numeric', actions: ['EnableKeyRotation'] }),
  key('kms:ScheduleKeyDeletionPendingWindowInDays', { type: 'Numeric', actions: ['ScheduleKeyDeletion'] }),
  key('kms:SigningAlgorithm', signing),
  key('kms:TrailingDaysWithoutKeyUsage', { type: 'Numeric', actions: ['DisableKey', 'ScheduleKeyDeletion'] }),
  key('kms:ValidTo', { type: 'Date', actions: ['ImportKeyMaterial'] }),
  key('kms:ViaService'),
  key('kms:WrappingAlgorithm', { actions: ['GetParametersForImport'] }),
  key('kms:WrappingKeySpec', { actions: ['GetParametersForImport'] }),
];

const elsewhere = (absent: string, facts: Facts = {}): Facts => ({ absent, ...facts });
const noOrganization = elsewhere('Coffer has no organizations.');
const noNetwork = elsewhere('Coffer has no VPCs.');
const tagging = {
  actions: [
    'CreateKey',
    'ReplicateKey',
    'TagResource',
    'iam:CreateRole',
    'iam:CreateUser',
    'iam:TagRole',
    'iam:TagUser',
  ],
};
const untagging = ['UntagResource', 'iam:UntagRole', 'iam:UntagUser'];
const assuming = { actions: trustActions };
const noTokens = elsewhere('Coffer issues no web identity tokens.');

/** The global ones (IAM User Guide, "AWS global condition context keys"). */
const globalKeys: readonly ConditionKey[] = [
  key('aws:CalledVia', { multiValued }),
  key('aws:CalledViaFirst'),
  key('aws:CalledViaLast'),
  key('aws:CurrentTime', { type: 'Date' }),
  key('aws:EpochTime', { type: 'Date' }),
  key('aws:FederatedProvider', elsewhere('Coffer has no identity providers.')),
  key('aws:MultiFactorAuthAge', { type: 'Numeric' }),
  key('aws:MultiFactorAuthPresent', { type: 'Bool' }),
  key('aws:PrincipalAccount'),
  key('aws:PrincipalArn', { type: 'Arn' }),
  key('aws:PrincipalIsAWSService', { type: 'Bool' }),
  key('aws:PrincipalOrgID', noOrganization),
  key('aws:PrincipalOrgPaths', { multiValued, ...noOrganization }),
  key('aws:PrincipalServiceName'),
  key('aws:PrincipalServiceNamesList', { multiValued }),
  key('aws:PrincipalTag/'),
  key('aws:PrincipalType'),
  key('aws:Referer', elsewhere('Coffer takes no requests of browsers.')),
  key('aws:RequestedRegion'),
  key('aws:RequestTag/', tagging),
  key('aws:ResourceAccount'),
  key('aws:ResourceOrgID', noOrganization),
  key('aws:ResourceOrgPaths', { multiValued, ...noOrganization }),
  key('aws:ResourceTag/', { actions: [...onKeys, ...actionsOnPeople] }),
  key('aws:SecureTransport', { type: 'Bool' }),
  key('aws:SourceAccount'),
  key('aws:SourceArn', { type: 'Arn' }),
  key('aws:SourceIdentity', elsewhere('Sessions have no source identity yet.')),
  key('aws:SourceIp', { type: 'IpAddress' }),
  key('aws:SourceOrgID', noOrganization),
  key('aws:SourceOrgPaths', { multiValued, ...noOrganization }),
  key('aws:SourceVpc', noNetwork),
  key('aws:SourceVpce', noNetwork),
  key('aws:TagKeys', { multiValued, actions: [...tagging.actions, ...untagging] }),
  key('aws:TokenIssueTime', { type: 'Date' }),
  key('aws:UserAgent'),
  key('aws:userid'),
  key('aws:username'),
  key('aws:ViaAWSService', { type: 'Bool' }),
  key('aws:VpcSourceIp', { type: 'IpAddress', ...noNetwork }),
];

/** Those of IAM and STS (Service Authorization Reference). */
const peopleKeys: readonly ConditionKey[] = [
  key('iam:AWSServiceName', elsewhere('Coffer has no service-linked roles.')),
  key('iam:AssociatedResourceArn', { type: 'Arn', ...elsewhere('No role is passed to a service.') }),
  key('iam:PassedToService', elsewhere('No role is passed to a service.')),
  key('iam:PermissionsBoundary', { type: 'Arn', ...elsewhere('Coffer has no permissions boundaries.') }),
  key('iam:PolicyARN', { type: 'Arn', ...elsewhere('Coffer has no managed policies.') }),
  key('iam:ResourceTag/', { actions: actionsOnPeople }),
  key('sts:AWSServiceName', noTokens),
  key('sts:DurationSeconds', { type: 'Numeric', ...noTokens }),
  key('sts:ExternalId', assuming),
  key('sts:RequestContext/', elsewhere('Coffer has no identity providers.')),
  key('sts:RoleSessionName', assuming),
  key('sts:SourceIdentity', elsewhere('Sessions have no source identity yet.')),
  key('sts:TransitiveTagKeys', { multiValued, ...elsewhere('Sessions have no tags of their own.') }),
];

export const conditionKeys: readonly ConditionKey[] = [...kmsKeys, ...globalKeys, ...peopleKeys];

const isPrefix = ({ name }: ConditionKey) => /[:/]$/.test(name);
const exact = new Map(conditionKeys.filter((each) => !isPrefix(each)).map((each) => [each.name.toLowerCase(), each]));
const prefixes = conditionKeys.filter(isPrefix).map((each) => [each.name.toLowerCase(), each] as const);

/** The condition key of that name, whatever its case; undefined when AWS has none for KMS, IAM or STS. */
export function conditionKeyOf(name: string): ConditionKey | undefined {
  const lower = name.toLowerCase();
  const found = prefixes.find(([prefix]) => lower.startsWith(prefix) && lower.length > prefix.length);
  return exact.get(lower) ?? found?.[1];
}

/** Whether a request of the action, as `kms:Encrypt`, can have the key. */
export function canHave({ name, actions: ofKey, absent }: ConditionKey, action: string): boolean {
  if (absent !== undefined) return false;
  if (ofKey !== undefined) return ofKey.includes(action.replace(/^kms:/i, ''));
  return !name.startsWith('kms:') || /^kms:/i.test(action);
}
