/** What a permission is asked on: a key, an alias together with its key, or the account. */
export type ActionResource = 'key' | 'alias' | 'account';

const onKey = [
  'CancelKeyDeletion',
  'CreateGrant',
  'Decapsulate',
  'Decrypt',
  'DeleteImportedKeyMaterial',
  'DeriveSharedSecret',
  'DescribeKey',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'Encapsulate',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateMac',
  'GetKeyLastUsage',
  'GetKeyPolicy',
  'GetKeyRotationStatus',
  'GetParametersForImport',
  'GetPublicKey',
  'ImportKeyMaterial',
  'ListGrants',
  'ListKeyPolicies',
  'ListKeyRotations',
  'ListResourceTags',
  'PutKeyPolicy',
  'ReEncryptFrom',
  'ReEncryptTo',
  'ReplicateKey',
  'RetireGrant',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'Sign',
  'SynchronizeMultiRegionKey',
  'TagResource',
  'UntagResource',
  'UpdateKeyDescription',
  'UpdatePrimaryRegion',
  'Verify',
  'VerifyMac',
] as const;
const onAlias = ['CreateAlias', 'DeleteAlias', 'UpdateAlias'] as const;
const onAccount = [
  'ConnectCustomKeyStore',
  'CreateCustomKeyStore',
  'CreateKey',
  'DeleteCustomKeyStore',
  'DescribeCustomKeyStores',
  'DisconnectCustomKeyStore',
  'GenerateRandom',
  'ListAliases',
  'ListKeys',
  'ListRetirableGrants',
  'UpdateCustomKeyStore',
] as const;
/** Coffer's own: what its window reads of the trail. */
const own = ['GetEvent', 'LookupEvents', 'SummarizeEvents'] as const;

/**
 * Every action of the service, without its prefix, and what it is asked on (Service Authorization Reference, "Actions,
 * resources, and condition keys for AWS Key Management Service").
 */
export const actions: ReadonlyMap<string, ActionResource> = new Map([
  ...onKey.map((name) => [name, 'key'] as const),
  ...onAlias.map((name) => [name, 'alias'] as const),
  ...[...onAccount, ...own].map((name) => [name, 'account'] as const),
]);

/** Their full names, as `kms:Encrypt`. */
export const actionNames: readonly string[] = [...actions.keys()].map((name) => `kms:${name}`);

/** Those that are asked on a key. */
export const keyActionNames: readonly string[] = onKey.map((name) => `kms:${name}`);

/**
 * The actions on keys that principals of another account can be allowed; allowing them any other has no effect (developer guide,
 * "Allowing users in other accounts to use a KMS key", and "Cross-account use" of each operation).
 */
const acrossAccounts: ReadonlySet<string> = new Set(
  [
    'CreateGrant',
    'Decapsulate',
    'Decrypt',
    'DeriveSharedSecret',
    'DescribeKey',
    'Encapsulate',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateMac',
    'GetKeyRotationStatus',
    'GetPublicKey',
    'ListGrants',
    'ReEncryptFrom',
    'ReEncryptTo',
    'RetireGrant',
    'RevokeGrant',
    'Sign',
    'Verify',
    'VerifyMac',
  ].map((name) => `kms:${name}`),
);

/** Whether a permission for the action, as `kms:Encrypt`, has an effect on another account's resource. */
export const worksAcrossAccounts = (action: string): boolean =>
  !action.startsWith('kms:') || acrossAccounts.has(action);

/** Whether a key's policy speaks of the action: all but those of the account alone. */
export const isKeyAction = (action: string): boolean => {
  const resource = actions.get(action.replace(/^kms:/i, ''));
  return resource === 'key' || resource === 'alias';
};
