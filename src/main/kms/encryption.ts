import type { EncryptionAlgorithm } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { withSecret } from '../crypto/key-format.ts';
import { openWithKeyPair, sealToKeyPair } from './asymmetric-encryption.ts';
import { type Ciphertext, decrypt, encrypt, invalidCiphertext, parseCiphertext } from './ciphertext.ts';
import { isOutside, opener, sealer } from './custom-keys.ts';
import { canonicalContext, type EncryptionContext } from './encryption-context.ts';
import { keyToUse } from './find.ts';
import { requireAlgorithm } from './key-pair.ts';
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

/**
 * Encrypts under the current material of a symmetric key.
 * @throws KmsError `UnsupportedOperationException` for a key in a custom key store, whose work has to be planned.
 */
export function seal(context: Context, key: KeyRecord, plaintext: Uint8Array, bound?: EncryptionContext): Uint8Array {
  if (isOutside(key))
    throw new KmsError('UnsupportedOperationException', `${key.arn} is in a custom key store, which does not do this.`);
  const aad = canonicalContext(bound);
  const material = context.materials.current(context.tx, key);
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

/**
 * The symmetric key that opens a ciphertext: the one its header names, in the caller's Region. When the request names a key,
 * too, it must be that one. @throws KmsError `IncorrectKeyException`, `InvalidCiphertextException`, `NotFoundException`
 */
function keyOfCiphertext(context: Context, blob: Uint8Array, keyId: string | undefined): KeyRecord {
  const named = keyId === undefined ? undefined : keyToUse(context, { KeyId: keyId });
  const sealed = parseCiphertext(blob);
  if (!sealed) throw invalidCiphertext();
  const key = context.keys.byId(context.tx, sealed.accountId, context.caller.region, sealed.keyId);
  if (key?.spec !== 'SYMMETRIC_DEFAULT') throw invalidCiphertext();
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

/** What is to be decrypted: by Decrypt, and by the first half of ReEncrypt. */
interface Opening {
  readonly keyId: string | undefined;
  /** What the request calls the key. */
  readonly member: 'KeyId' | 'SourceKeyId';
  readonly algorithm: EncryptionAlgorithm;
  readonly bound: EncryptionContext | undefined;
  /** Null in a dry run that leaves it out. */
  readonly blob: Uint8Array | null;
}

/** @throws KmsError `ValidationException` when there is no ciphertext. */
function blobOf(input: Parsed<'Decrypt' | 'ReEncrypt'>, keyId: string | undefined): Uint8Array | null {
  if (withoutCiphertext(input, keyId)) return null;
  if (input.CiphertextBlob) return input.CiphertextBlob;
  throw new KmsError(
    'ValidationException',
    "1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null",
  );
}

const openingOf = (input: Parsed<'Decrypt'>): Opening => ({
  keyId: input.KeyId,
  member: 'KeyId',
  algorithm: input.EncryptionAlgorithm ?? SYMMETRIC,
  bound: input.EncryptionContext,
  blob: blobOf(input, input.KeyId),
});

const sourceOf = (input: Parsed<'ReEncrypt'>): Opening => ({
  keyId: input.SourceKeyId,
  member: 'SourceKeyId',
  algorithm: input.SourceEncryptionAlgorithm ?? SYMMETRIC,
  bound: input.SourceEncryptionContext,
  blob: blobOf(input, input.SourceKeyId),
});

/**
 * The key to decrypt with. Only symmetric ciphertext names its key itself.
 * @throws KmsError `ValidationException` when the request has to name it; as `keyOfCiphertext` does.
 */
function keyToOpen(context: Context, { keyId, member, algorithm, blob }: Opening): KeyRecord {
  if (blob && algorithm === SYMMETRIC) return keyOfCiphertext(context, blob, keyId);
  if (keyId === undefined) throw new KmsError('ValidationException', `${member} must not be null`);
  return keyToUse(context, { KeyId: keyId });
}

interface Opened {
  readonly plaintext: Uint8Array;
  /** Of a symmetric key; the answer names no key pair's. */
  readonly materialId?: string;
}

/**
 * Decrypts under a key; null when there is nothing to decrypt.
 * @throws KmsError `InvalidKeyUsageException`, `InvalidCiphertextException`, `ValidationException`
 */
function openUnder(context: Context, key: KeyRecord, { algorithm, bound, blob }: Opening): Opened | null {
  requireAlgorithm(key, 'encryption', algorithm);
  if (!blob) return null;
  if (algorithm === SYMMETRIC) {
    const sealed = parseCiphertext(blob);
    if (!sealed) throw invalidCiphertext();
    return { plaintext: open(context, key, sealed, bound), materialId: sealed.materialId };
  }
  const plaintext = openWithKeyPair(context, key, algorithm, blob, bound);
  if (!plaintext) throw invalidCiphertext();
  return { plaintext };
}

/** What a key store has opened. */
const openedOutside = (plaintext: Uint8Array, { blob, algorithm }: Opening): Opened => {
  const materialId = blob && algorithm === SYMMETRIC ? parseCiphertext(blob)?.materialId : undefined;
  return { plaintext, ...(materialId ? { materialId } : {}) };
};

/** OAEP has an empty message, which whoever holds the public key can send to ReEncrypt; Encrypt takes none. */
function requireSome(plaintext: Uint8Array): void {
  if (plaintext.length === 0) throw new KmsError('ValidationException', 'There is no plaintext to encrypt.');
}

/** Encrypts under a key. @throws KmsError `InvalidKeyUsageException`, `ValidationException` */
function sealUnder(
  context: Context,
  key: KeyRecord,
  algorithm: EncryptionAlgorithm,
  plaintext: Uint8Array,
  bound: EncryptionContext | undefined,
): Uint8Array {
  requireAlgorithm(key, 'encryption', algorithm);
  requireSome(plaintext);
  if (algorithm === SYMMETRIC) return seal(context, key, plaintext, bound);
  return sealToKeyPair(context, key, algorithm, plaintext, bound);
}

/**
 * Work at the key store of a symmetric key; undefined for every other key. A dry run asks nobody, and is answered with nothing.
 * @throws KmsError as `openUnder` and `sealUnder` do.
 */
function planOpening(
  context: Context,
  operation: string,
  key: KeyRecord,
  opening: Opening,
): (() => Promise<Uint8Array>) | undefined {
  requireAlgorithm(key, 'encryption', opening.algorithm);
  const sealed = opening.algorithm === SYMMETRIC && opening.blob ? parseCiphertext(opening.blob) : null;
  return sealed && isOutside(key) ? opener(context, operation, key, sealed, opening.bound) : undefined;
}

const encryptOperation = onKey<'Encrypt', Uint8Array | undefined>({
  name: 'Encrypt',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find: keyToUse,
  plan(context, input, key) {
    requireAlgorithm(key, 'encryption', input.EncryptionAlgorithm ?? SYMMETRIC);
    if (!isOutside(key)) return undefined;
    const encrypt = sealer(context, 'Encrypt', key, input.EncryptionContext);
    return async () => (input.DryRun ? EMPTY : encrypt(input.Plaintext));
  },
  run(context, input, key, work) {
    const algorithm = input.EncryptionAlgorithm ?? SYMMETRIC;
    const blob = work ?? sealUnder(context, key, algorithm, input.Plaintext, input.EncryptionContext);
    return { CiphertextBlob: blob, KeyId: key.arn, EncryptionAlgorithm: algorithm };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm', 'DryRun'] },
});

const decryptOperation = onKey<'Decrypt', Uint8Array | undefined>({
  name: 'Decrypt',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find(context, input) {
    refuseRecipient(input);
    return keyToOpen(context, openingOf(input));
  },
  plan(context, input, key) {
    const decrypt = planOpening(context, 'Decrypt', key, openingOf(input));
    return decrypt && (async () => (input.DryRun ? EMPTY : decrypt()));
  },
  run(context, input, key, work) {
    const opening = openingOf(input);
    const opened = work ? openedOutside(work, opening) : openUnder(context, key, opening);
    return {
      KeyId: key.arn,
      // Nothing to open is a dry run's: the pipeline turns its answer into the exception.
      Plaintext: opened?.plaintext ?? EMPTY,
      EncryptionAlgorithm: opening.algorithm,
      ...(opened?.materialId ? { KeyMaterialId: opened.materialId } : {}),
    };
  },
  audit: { request: ['KeyId', 'EncryptionContext', 'EncryptionAlgorithm', 'DryRun', 'DryRunModifiers'] },
});

/** What key stores did of a ReEncrypt: opened its source, sealed for its destination, or both. */
interface ReEncryptWork {
  readonly plaintext?: Uint8Array;
  readonly sealed?: Uint8Array;
}

/**
 * Work at the key stores of one or both keys. A plaintext that comes from outside goes through the second transaction when
 * the destination's material is here.
 */
function planReEncrypt(
  context: Context,
  input: Parsed<'ReEncrypt'>,
  [source, destination]: readonly [KeyRecord, KeyRecord],
): (() => Promise<ReEncryptWork>) | undefined {
  const opening = sourceOf(input);
  const decrypt = planOpening(context, 'ReEncrypt', source, opening);
  requireAlgorithm(destination, 'encryption', input.DestinationEncryptionAlgorithm ?? SYMMETRIC);
  if (!isOutside(destination)) return decrypt && (async () => ({ plaintext: input.DryRun ? EMPTY : await decrypt() }));
  const encrypt = sealer(context, 'ReEncrypt', destination, input.DestinationEncryptionContext);
  // Opened here, too, so that a ciphertext that does not open is refused before anybody is asked.
  const local = decrypt ? null : openUnder(context, source, opening)?.plaintext;
  return async () => {
    if (input.DryRun) return { plaintext: EMPTY, sealed: EMPTY };
    const plaintext = (await decrypt?.()) ?? local ?? EMPTY;
    requireSome(plaintext);
    return { plaintext, sealed: await encrypt(plaintext) };
  };
}

const reEncrypt: Operation<'ReEncrypt'> = {
  name: 'ReEncrypt',
  source: 'kms.amazonaws.com',
  readOnly: true,
  find(context, input) {
    const source = keyToOpen(context, sourceOf(input));
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
  plan: (context, input, keys) => planReEncrypt(context, input, keys as readonly [KeyRecord, KeyRecord]),
  run(context, input, keys, work) {
    const [source, destination] = keys as readonly [KeyRecord, KeyRecord];
    const opening = sourceOf(input);
    const algorithm = input.DestinationEncryptionAlgorithm ?? SYMMETRIC;
    const { plaintext, sealed } = (work ?? {}) as ReEncryptWork;
    const opened = plaintext ? openedOutside(plaintext, opening) : openUnder(context, source, opening);
    requireAlgorithm(destination, 'encryption', algorithm);
    const seal = (text: Uint8Array) =>
      sealed ?? sealUnder(context, destination, algorithm, text, input.DestinationEncryptionContext);
    const blob = opened && !(input.DryRun && work) ? withSecret(opened.plaintext, seal) : EMPTY;
    return {
      CiphertextBlob: blob,
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: opening.algorithm,
      DestinationEncryptionAlgorithm: algorithm,
      ...(opened?.materialId ? { SourceKeyMaterialId: opened.materialId } : {}),
      ...(algorithm === SYMMETRIC ? { DestinationKeyMaterialId: destination.currentMaterial } : {}),
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

export const encryptionOperations = [encryptOperation, decryptOperation, reEncrypt];
