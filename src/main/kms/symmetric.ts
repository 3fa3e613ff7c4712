import type { EncryptionAlgorithm } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { type Ciphertext, decrypt, encrypt, parseCiphertext } from './ciphertext.ts';
import { invalidCiphertext, isOutside, opener, sealer } from './custom-keys.ts';
import { canonicalContext, type EncryptionContext } from './encryption-context.ts';
import { keyToUse } from './find.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, type Operation, onKey, type Parsed } from './operation.ts';

const SYMMETRIC = 'SYMMETRIC_DEFAULT';
/** What stands for bytes in a dry run's answer, which nobody gets. */
export const EMPTY = new Uint8Array(0);

/** Nitro enclaves and their attestation do not exist here. @throws KmsError `UnsupportedOperationException` */
export function refuseRecipient(input: { readonly Recipient?: unknown }): void {
  if (input.Recipient !== undefined)
    throw new KmsError('UnsupportedOperationException', 'Coffer has no Nitro enclaves, so Recipient is not supported.');
}

/** @throws KmsError `InvalidKeyUsageException` when the key does not have the algorithm. */
function checkAlgorithm(key: KeyRecord, algorithm: EncryptionAlgorithm = SYMMETRIC): void {
  if (algorithm !== SYMMETRIC)
    throw new KmsError(
      'InvalidKeyUsageException',
      `The encryption algorithm ${algorithm} cannot be used with ${key.arn}, whose key spec is ${key.spec}.`,
    );
}

/**
 * Encrypts under the key's current material.
 * @throws KmsError `UnsupportedOperationException` for a key in a custom key store, whose work is planned.
 */
export function seal(context: Context, key: KeyRecord, plaintext: Uint8Array, bound?: EncryptionContext): Uint8Array {
  if (isOutside(key))
    throw new KmsError('UnsupportedOperationException', `${key.arn} is in a custom key store, which does not do this.`);
  const aad = canonicalContext(bound);
  const material = context.materials.read(context.tx, key, key.currentMaterial);
  if (!material) throw new Error('a key without its current material');
  return encrypt(
    { accountId: key.accountId, keyId: key.keyId, materialId: key.currentMaterial },
    material,
    plaintext,
    aad,
    context.random,
  );
}

/** Decrypts with whichever of the key's materials made the ciphertext. @throws KmsError `InvalidCiphertextException` */
function open(context: Context, key: KeyRecord, sealed: Ciphertext, bound?: EncryptionContext): Uint8Array {
  if (sealed.envelope || isOutside(key)) throw invalidCiphertext();
  const aad = canonicalContext(bound);
  const material = context.materials.read(context.tx, key, sealed.materialId);
  const plaintext = material && decrypt(sealed, material, aad);
  if (!plaintext) throw invalidCiphertext();
  return plaintext;
}

/** The ciphertext of a request. @throws KmsError `ValidationException` when there is none, `InvalidCiphertextException` */
function ciphertextOf(bytes: Uint8Array | undefined): Ciphertext {
  if (!bytes)
    throw new KmsError(
      'ValidationException',
      "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
    );
  const parsed = parseCiphertext(bytes);
  if (!parsed) throw invalidCiphertext();
  return parsed;
}

/**
 * The key that opens a ciphertext: the one its header names, in the caller's Region. When the request names a key, too, it
 * must be that one. @throws KmsError `IncorrectKeyException`, `InvalidCiphertextException`, `NotFoundException`
 */
function keyOfCiphertext(context: Context, blob: Uint8Array | undefined, keyId: string | undefined): KeyRecord {
  const named = keyId === undefined ? undefined : keyToUse(context, { KeyId: keyId });
  const { accountId, keyId: owner } = ciphertextOf(blob);
  const key = context.keys.byId(context.tx, accountId, context.caller.region, owner);
  if (!key) throw invalidCiphertext();
  if (named && named.row !== key.row)
    throw new KmsError(
      'IncorrectKeyException',
      'The key ID in the request does not identify a CMK that can perform this operation.',
    );
  return key;
}

/** Whether a dry run leaves the ciphertext out: only a named key's permission and state are checked then. */
function withoutCiphertext(
  input: { readonly DryRun?: boolean | undefined; readonly DryRunModifiers?: readonly string[] | undefined },
  keyId: string | undefined,
): boolean {
  if (!input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT')) return false;
  if (!input.DryRun || keyId === undefined)
    throw new KmsError('ValidationException', 'IGNORE_CIPHERTEXT needs DryRun and the key to be named.');
  return true;
}

const encryptOperation = onKey({
  name: 'Encrypt',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find: keyToUse,
  plan(context, input, key) {
    checkAlgorithm(key, input.EncryptionAlgorithm);
    if (!isOutside(key)) return undefined;
    const encrypt = sealer(context, 'Encrypt', key, input.EncryptionContext);
    // A dry run asks nobody.
    return async () => (input.DryRun ? EMPTY : encrypt(input.Plaintext));
  },
  run(context, input, key, work) {
    checkAlgorithm(key, input.EncryptionAlgorithm);
    const blob = work ?? seal(context, key, input.Plaintext, input.EncryptionContext);
    return { CiphertextBlob: blob, KeyId: key.arn, EncryptionAlgorithm: SYMMETRIC };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm', 'DryRun'] },
});

const decryptOperation = onKey({
  name: 'Decrypt',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find(context, input) {
    refuseRecipient(input);
    if (withoutCiphertext(input, input.KeyId)) return keyToUse(context, { KeyId: input.KeyId as string });
    return keyOfCiphertext(context, input.CiphertextBlob, input.KeyId);
  },
  plan(context, input, key) {
    checkAlgorithm(key, input.EncryptionAlgorithm);
    if (!isOutside(key) || withoutCiphertext(input, input.KeyId)) return undefined;
    const decrypt = opener(context, 'Decrypt', key, ciphertextOf(input.CiphertextBlob), input.EncryptionContext);
    return async () => (input.DryRun ? EMPTY : decrypt());
  },
  run(context, input, key, work) {
    checkAlgorithm(key, input.EncryptionAlgorithm);
    // A dry run without ciphertext ends here: the pipeline turns every dry run's answer into its exception.
    if (withoutCiphertext(input, input.KeyId))
      return { KeyId: key.arn, Plaintext: EMPTY, EncryptionAlgorithm: SYMMETRIC };
    const sealed = ciphertextOf(input.CiphertextBlob);
    return {
      KeyId: key.arn,
      Plaintext: work ?? open(context, key, sealed, input.EncryptionContext),
      EncryptionAlgorithm: SYMMETRIC,
      KeyMaterialId: sealed.materialId,
    };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm', 'DryRun', 'DryRunModifiers'] },
});

/** ReEncrypt with both keys' material in the vault. */
function reSeal(
  context: Context,
  input: Parsed<'ReEncrypt'>,
  source: KeyRecord,
  destination: KeyRecord,
  sealed: Ciphertext | null,
): Uint8Array {
  const plaintext = sealed ? open(context, source, sealed, input.SourceEncryptionContext) : EMPTY;
  const blob = seal(context, destination, plaintext, input.DestinationEncryptionContext);
  plaintext.fill(0);
  return blob;
}

const reEncrypt: Operation<'ReEncrypt'> = {
  name: 'ReEncrypt',
  source: 'kms.amazonaws.com',
  readOnly: true,
  find(context, input) {
    const source = withoutCiphertext(input, input.SourceKeyId)
      ? keyToUse(context, { KeyId: input.SourceKeyId as string })
      : keyOfCiphertext(context, input.CiphertextBlob, input.SourceKeyId);
    const destination = keyToUse(context, { KeyId: input.DestinationKeyId });
    return [
      {
        key: source,
        action: 'kms:ReEncryptFrom',
        usage: 'ENCRYPT_DECRYPT',
        encryptionContext: input.SourceEncryptionContext,
      },
      {
        key: destination,
        action: 'kms:ReEncryptTo',
        usage: 'ENCRYPT_DECRYPT',
        encryptionContext: input.DestinationEncryptionContext,
      },
    ];
  },
  plan(context, input, keys) {
    const [source, destination] = keys as readonly [KeyRecord, KeyRecord];
    checkAlgorithm(source, input.SourceEncryptionAlgorithm);
    checkAlgorithm(destination, input.DestinationEncryptionAlgorithm);
    if (!isOutside(source) && !isOutside(destination)) return undefined;
    const sealed = withoutCiphertext(input, input.SourceKeyId) ? null : ciphertextOf(input.CiphertextBlob);
    const decrypt = sealed && opener(context, 'ReEncrypt', source, sealed, input.SourceEncryptionContext);
    const encrypt = sealer(context, 'ReEncrypt', destination, input.DestinationEncryptionContext);
    return async () => {
      if (input.DryRun || !decrypt) return EMPTY;
      const plaintext = await decrypt();
      return encrypt(plaintext).finally(() => plaintext.fill(0));
    };
  },
  run(context, input, keys, work) {
    const [source, destination] = keys as readonly [KeyRecord, KeyRecord];
    checkAlgorithm(source, input.SourceEncryptionAlgorithm);
    checkAlgorithm(destination, input.DestinationEncryptionAlgorithm);
    const sealed = withoutCiphertext(input, input.SourceKeyId) ? null : ciphertextOf(input.CiphertextBlob);
    const blob = (work as Uint8Array | undefined) ?? reSeal(context, input, source, destination, sealed);
    return {
      CiphertextBlob: blob,
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: SYMMETRIC,
      DestinationEncryptionAlgorithm: SYMMETRIC,
      ...(sealed ? { SourceKeyMaterialId: sealed.materialId } : {}),
      DestinationKeyMaterialId: destination.currentMaterial,
    };
  },
  audit: {
    request: [
      'SourceKeyId',
      'SourceEncryptionContext',
      'SourceEncryptionAlgorithm',
      'DestinationKeyId',
      'DestinationEncryptionContext',
      'DestinationEncryptionAlgorithm',
      'DryRun',
      'DryRunModifiers',
    ],
  },
};

export const symmetricOperations = [encryptOperation, decryptOperation, reEncrypt];
