import type { GrantOperation, KeySpec, KeyUsage } from './enums.ts';

const SYMMETRIC: readonly GrantOperation[] = [
  'Decrypt',
  'Encrypt',
  'GenerateDataKey',
  'GenerateDataKeyPair',
  'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext',
  'ReEncryptFrom',
  'ReEncryptTo',
];

/** Keys that are not symmetric encryption keys, by usage; all but HMAC keys have a public key as well. */
const BY_USAGE: Readonly<Record<KeyUsage, readonly GrantOperation[]>> = {
  ENCRYPT_DECRYPT: ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GetPublicKey'],
  SIGN_VERIFY: ['Sign', 'Verify', 'GetPublicKey'],
  GENERATE_VERIFY_MAC: ['GenerateMac', 'VerifyMac'],
  KEY_AGREEMENT: ['DeriveSharedSecret', 'GetPublicKey'],
  ENCAPSULATE_DECAPSULATE: ['Encapsulate', 'Decapsulate', 'GetPublicKey'],
};

/** Whether a grant on a key of this spec and usage can allow the operation: the key must support it. */
export function canBeGranted(operation: GrantOperation, spec: KeySpec, usage: KeyUsage): boolean {
  if (operation === 'CreateGrant' || operation === 'DescribeKey' || operation === 'RetireGrant') return true;
  return (spec === 'SYMMETRIC_DEFAULT' ? SYMMETRIC : BY_USAGE[usage]).includes(operation);
}
