import { KmsError } from '../../shared/kms/errors.ts';
import { refuseRecipient, seal } from './encryption.ts';
import type { EncryptionContext } from './encryption-context.ts';
import { keyToUse, noKeyStore } from './find.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, onAccount, onKey } from './operation.ts';

const KEY_BYTES = { AES_128: 16, AES_256: 32 } as const;

/** How long the data key is to be, in bytes. @throws KmsError `ValidationException` unless exactly one member says so. */
function lengthOf(input: { NumberOfBytes?: number | undefined; KeySpec?: keyof typeof KEY_BYTES | undefined }): number {
  if ((input.NumberOfBytes === undefined) === (input.KeySpec === undefined))
    throw new KmsError('ValidationException', 'Please specify either number of bytes or key spec.');
  return input.KeySpec ? KEY_BYTES[input.KeySpec] : (input.NumberOfBytes as number);
}

/**
 * Encrypts a data key. @throws KmsError `InvalidKeyUsageException` unless the key is symmetric: a key pair that may encrypt is
 * of the right usage, too.
 */
export function sealDataKey(context: Context, key: KeyRecord, dataKey: Uint8Array, bound?: EncryptionContext) {
  requireSymmetric(key);
  return seal(context, key, dataKey, bound);
}

/** @throws KmsError `InvalidKeyUsageException` */
export function requireSymmetric(key: KeyRecord): void {
  if (key.spec !== 'SYMMETRIC_DEFAULT')
    throw new KmsError('InvalidKeyUsageException', 'You cannot generate a data key with an asymmetric CMK');
}

const generateDataKey = onKey({
  name: 'GenerateDataKey',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find(context, input) {
    refuseRecipient(input);
    lengthOf(input);
    return keyToUse(context, input);
  },
  run(context, input, key) {
    const plaintext = context.random.bytes(lengthOf(input));
    const blob = sealDataKey(context, key, plaintext, input.EncryptionContext);
    return { CiphertextBlob: blob, Plaintext: plaintext, KeyId: key.arn, KeyMaterialId: key.currentMaterial };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'NumberOfBytes', 'KeySpec', 'DryRun'] },
});

const generateDataKeyWithoutPlaintext = onKey({
  name: 'GenerateDataKeyWithoutPlaintext',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find(context, input) {
    lengthOf(input);
    return keyToUse(context, input);
  },
  run(context, input, key) {
    const plaintext = context.random.bytes(lengthOf(input));
    const blob = sealDataKey(context, key, plaintext, input.EncryptionContext);
    plaintext.fill(0);
    return { CiphertextBlob: blob, KeyId: key.arn, KeyMaterialId: key.currentMaterial };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'NumberOfBytes', 'KeySpec', 'DryRun'] },
});

const generateRandom = onAccount({
  name: 'GenerateRandom',
  readOnly: true,
  run({ random }, input) {
    refuseRecipient(input);
    if (input.CustomKeyStoreId !== undefined) throw noKeyStore(input.CustomKeyStoreId);
    if (input.NumberOfBytes === undefined) throw new KmsError('ValidationException', 'NumberOfBytes is required.');
    return { Plaintext: random.bytes(input.NumberOfBytes) };
  },
  audit: { request: ['NumberOfBytes', 'CustomKeyStoreId'] },
});

export const generateOperations = [generateDataKey, generateDataKeyWithoutPlaintext, generateRandom];
