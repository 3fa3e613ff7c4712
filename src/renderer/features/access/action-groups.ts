import type { KeyUsage } from '../../../shared/kms/enums.ts';

export interface ActionGroup {
  readonly title: string;
  /** As `kms:Encrypt`. */
  readonly actions: readonly string[];
}

const group = (title: string, names: readonly string[]): ActionGroup => ({
  title,
  actions: names.map((name) => `kms:${name}`),
});

/** Every action on a key, by what it is about. */
export const actionGroups: readonly ActionGroup[] = [
  group('Cryptographic', [
    'Encrypt',
    'Decrypt',
    'ReEncryptFrom',
    'ReEncryptTo',
    'GenerateDataKey',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'Sign',
    'Verify',
    'GenerateMac',
    'VerifyMac',
    'DeriveSharedSecret',
    'Encapsulate',
    'Decapsulate',
    'GetPublicKey',
  ]),
  group('Grants', ['CreateGrant', 'ListGrants', 'RevokeGrant', 'RetireGrant']),
  group('Reading', [
    'DescribeKey',
    'GetKeyPolicy',
    'ListKeyPolicies',
    'ListResourceTags',
    'GetKeyRotationStatus',
    'ListKeyRotations',
    'GetKeyLastUsage',
  ]),
  group('Management', [
    'PutKeyPolicy',
    'EnableKey',
    'DisableKey',
    'UpdateKeyDescription',
    'TagResource',
    'UntagResource',
    'EnableKeyRotation',
    'DisableKeyRotation',
    'RotateKeyOnDemand',
  ]),
  group('Material and Regions', [
    'GetParametersForImport',
    'ImportKeyMaterial',
    'DeleteImportedKeyMaterial',
    'ReplicateKey',
    'UpdatePrimaryRegion',
    'SynchronizeMultiRegionKey',
  ]),
  group('Deletion', ['ScheduleKeyDeletion', 'CancelKeyDeletion']),
];

const uses: Readonly<Record<KeyUsage, readonly string[]>> = {
  ENCRYPT_DECRYPT: ['Encrypt', 'Decrypt', 'GenerateDataKey'],
  SIGN_VERIFY: ['Sign', 'Verify'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret'],
  ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate'],
};

/** What a key of this usage is for. */
export const usesOf = (usage: KeyUsage): readonly string[] => uses[usage].map((name) => `kms:${name}`);

const telling = new Set(
  ['CreateGrant', 'DescribeKey', 'GetKeyPolicy', 'PutKeyPolicy', 'DisableKey', 'ScheduleKeyDeletion'].map(
    (name) => `kms:${name}`,
  ),
);

/** The few actions that tell most about who can use a key of this usage, by group. */
export function tellingGroups(usage: KeyUsage): ActionGroup[] {
  const shown = new Set([...usesOf(usage), ...telling]);
  return actionGroups
    .map(({ title, actions }) => ({ title, actions: actions.filter((action) => shown.has(action)) }))
    .filter(({ actions }) => actions.length > 0);
}
