import { rm } from 'node:fs/promises';
import type { CallInput, CallOutput } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { limits } from '../shared/kms/limits.ts';
import type { OperationInput, OperationName, OperationOutput } from '../shared/kms/operations.ts';
import { toPem } from '../shared/pem.ts';
import { EncodingError } from './crypto/der.ts';
import { isKeyPairSpec } from './crypto/key-pairs.ts';
import type { Random } from './environment.ts';
import { fileError } from './files/errors.ts';
import { readSmallFile } from './files/small.ts';
import { newMaterial, wrap } from './kms/imported-material.ts';
import { writeNewFile } from './vault/new-file.ts';

/** Makes a KMS call as the window's principal, in the Region the request names. */
export type Call = <N extends OperationName>(operation: N, input: OperationInput<N>) => Promise<OperationOutput<N>>;

/** The same, with the id of the record that the call left. */
export type AnsweredCall = <N extends OperationName>(
  operation: N,
  input: OperationInput<N>,
) => Promise<{ readonly output: OperationOutput<N>; readonly requestId: string }>;

/** The key id's first digits: enough to tell the files of two keys apart. */
const mark = (keyId: string) =>
  keyId
    .replace(/^.*[/:]/, '')
    .replace(/^mrk-/, '')
    .slice(0, 8);

/** A new file. @throws CofferError as the file jobs tell it, `FileExists` when every number is taken. */
export const writeNew = (folder: string, stem: string, extension: string, content: Uint8Array | string) =>
  writeNewFile(folder, stem, extension, content, (error, name, tries) =>
    error === undefined
      ? new CofferError('FileExists', `There are already ${tries} files ${name} in ${folder}.`)
      : fileError(error, name),
  );

/** GetPublicKey into a file. @throws KmsError as the operation does; CofferError when the file cannot be written. */
export async function savePublicKey(
  call: Call,
  { keyId, format, folder }: CallInput<'keys.savePublicKey'>,
): Promise<CallOutput<'keys.savePublicKey'>> {
  const { PublicKey } = await call('GetPublicKey', { KeyId: keyId });
  const content = format === 'pem' ? toPem('PUBLIC KEY', PublicKey) : PublicKey;
  return { path: await writeNew(folder, publicKeyName(keyId), `.${format}`, content) };
}

/** What the file of a key's public key is called, without its extension. */
export const publicKeyName = (keyId: string): string => `coffer-public-key-${mark(keyId)}`;

/** GetParametersForImport into a file for each of its blobs; without the second the first does not stay. */
export async function saveImportParameters(
  call: Call,
  { keyId, algorithm, wrappingKey, folder }: CallInput<'keys.saveImportParameters'>,
): Promise<CallOutput<'keys.saveImportParameters'>> {
  const answer = await call('GetParametersForImport', {
    KeyId: keyId,
    WrappingAlgorithm: algorithm,
    WrappingKeySpec: wrappingKey,
  });
  const publicKey = await writeNew(folder, `coffer-wrapping-key-${mark(keyId)}`, '.der', answer.PublicKey);
  try {
    const importToken = await writeNew(folder, `coffer-import-token-${mark(keyId)}`, '.bin', answer.ImportToken);
    return { publicKey, importToken, validTo: answer.ParametersValidTo };
  } catch (error) {
    await rm(publicKey, { force: true });
    throw error;
  }
}

/**
 * Makes material for a key as its owner does elsewhere with openssl: the original into a file that is theirs to keep, and the same
 * wrapped, to be imported. Without the second the first does not stay.
 * @throws KmsError as DescribeKey; CofferError when a file cannot be read or written, `NoWrappingKey` when it is none.
 */
export async function makeMaterial(
  call: Call,
  { keyId, algorithm, publicKey, folder }: CallInput<'keys.makeMaterial'>,
  random: Random,
): Promise<CallOutput<'keys.makeMaterial'>> {
  const { KeySpec } = (await call('DescribeKey', { KeyId: keyId })).KeyMetadata;
  const wrappingKey = await readSmallFile(publicKey, 'a wrapping key', limits.wrappingKey);
  const bytes = await newMaterial(KeySpec, random);
  try {
    const wrappedBytes = wrapUnder(wrappingKey, bytes);
    const material = await writeNew(folder, 'material', isKeyPairSpec(KeySpec) ? '.der' : '.bin', bytes);
    try {
      return { material, wrapped: await writeNew(folder, 'wrapped', '.bin', wrappedBytes) };
    } catch (error) {
      await rm(material, { force: true });
      throw error;
    }
  } finally {
    bytes.fill(0);
  }

  function wrapUnder(spki: Uint8Array, material: Uint8Array): Uint8Array {
    try {
      return wrap(algorithm, spki, material, random);
    } catch (error) {
      if (!(error instanceof EncodingError || error instanceof RangeError)) throw error;
      throw new CofferError('NoWrappingKey', 'The file with the wrapping key holds none for this algorithm and key.');
    }
  }
}

/**
 * ImportKeyMaterial from files; answers with the id of the call's record.
 * @throws KmsError as the operation does; CofferError when a file cannot be read.
 */
export async function importMaterial(
  call: AnsweredCall,
  { keyId, importToken, material, validTo, importType, description }: CallInput<'keys.importMaterial'>,
): Promise<{ readonly output: CallOutput<'keys.importMaterial'>; readonly requestId: string }> {
  const ImportToken = await readSmallFile(importToken, 'an import token', limits.importToken);
  const EncryptedKeyMaterial = await readSmallFile(material, 'wrapped key material', limits.encryptedKeyMaterial);
  const { output, requestId } = await call('ImportKeyMaterial', {
    KeyId: keyId,
    ImportToken,
    EncryptedKeyMaterial,
    ...(validTo
      ? { ValidTo: validTo, ExpirationModel: 'KEY_MATERIAL_EXPIRES' as const }
      : { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const }),
    ...(importType ? { ImportType: importType } : {}),
    ...(description ? { KeyMaterialDescription: description } : {}),
  });
  return { output: { materialId: output.KeyMaterialId }, requestId };
}
