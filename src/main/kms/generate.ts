import { KmsError } from '../../shared/kms/errors.ts';
import { findKeyStore, isOutside, sealer, tokenRandom } from './custom-keys.ts';
import { EMPTY, refuseRecipient, seal } from './encryption.ts';
import type { EncryptionContext } from './encryption-context.ts';
import { keyToUse } from './find.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, onAccount, onKey, type Parsed } from './operation.ts';

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

interface SealedKey {
  readonly plaintext: Uint8Array;
  readonly blob: Uint8Array;
}
type DataKeyInput = Parsed<'GenerateDataKey' | 'GenerateDataKeyWithoutPlaintext'>;

/** For a key in a key store: makes the data key and has it encrypted there. A dry run asks nobody. */
function planDataKey(
  context: Context,
  operation: string,
  input: DataKeyInput,
  key: KeyRecord,
): (() => Promise<SealedKey>) | undefined {
  if (!isOutside(key)) return undefined;
  const encrypt = sealer(context, operation, key, input.EncryptionContext);
  const plaintext = context.random.bytes(lengthOf(input));
  return async () => ({ plaintext, blob: input.DryRun ? EMPTY : await encrypt(plaintext) });
}

function makeDataKey(context: Context, input: DataKeyInput, key: KeyRecord): SealedKey {
  const plaintext = context.random.bytes(lengthOf(input));
  return { plaintext, blob: sealDataKey(context, key, plaintext, input.EncryptionContext) };
}

const generateDataKey = onKey<'GenerateDataKey', SealedKey | undefined>({
  name: 'GenerateDataKey',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find(context, input) {
    refuseRecipient(input);
    lengthOf(input);
    return keyToUse(context, input);
  },
  plan: (context, input, key) => planDataKey(context, 'GenerateDataKey', input, key),
  run(context, input, key, work) {
    const { plaintext, blob } = work ?? makeDataKey(context, input, key);
    return { CiphertextBlob: blob, Plaintext: plaintext, KeyId: key.arn, KeyMaterialId: key.currentMaterial };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'NumberOfBytes', 'KeySpec', 'DryRun'] },
});

const generateDataKeyWithoutPlaintext = onKey<'GenerateDataKeyWithoutPlaintext', SealedKey | undefined>({
  name: 'GenerateDataKeyWithoutPlaintext',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find(context, input) {
    lengthOf(input);
    return keyToUse(context, input);
  },
  plan: (context, input, key) => planDataKey(context, 'GenerateDataKeyWithoutPlaintext', input, key),
  run(context, input, key, work) {
    const { plaintext, blob } = work ?? makeDataKey(context, input, key);
    plaintext.fill(0);
    return { CiphertextBlob: blob, KeyId: key.arn, KeyMaterialId: key.currentMaterial };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'NumberOfBytes', 'KeySpec', 'DryRun'] },
});

const generateRandom = onAccount({
  name: 'GenerateRandom',
  readOnly: true,
  plan(context, input) {
    refuseRecipient(input);
    if (input.NumberOfBytes === undefined) throw new KmsError('ValidationException', 'NumberOfBytes is required.');
    if (input.CustomKeyStoreId === undefined) return undefined;
    return tokenRandom(context, findKeyStore(context, input.CustomKeyStoreId), input.NumberOfBytes);
  },
  run({ random }, input, bytes: Uint8Array | undefined) {
    return { Plaintext: bytes ?? random.bytes(input.NumberOfBytes ?? 0) };
  },
  audit: { request: ['NumberOfBytes', 'CustomKeyStoreId'] },
});

export const generateOperations = [generateDataKey, generateDataKeyWithoutPlaintext, generateRandom];
