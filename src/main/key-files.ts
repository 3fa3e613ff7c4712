import { rm } from 'node:fs/promises';
import type { CallInput, CallOutput } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { limits } from '../shared/kms/limits.ts';
import type { OperationInput, OperationName, OperationOutput } from '../shared/kms/operations.ts';
import { toPem } from '../shared/pem.ts';
import { fileError } from './files/errors.ts';
import { readSmallFile } from './files/small.ts';
import { writeNewFile } from './vault/new-file.ts';

/** Makes a KMS call as the window's principal, in the Region the request names. */
export type Call = <N extends OperationName>(operation: N, input: OperationInput<N>) => Promise<OperationOutput<N>>;

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

/** ImportKeyMaterial from files. @throws KmsError as the operation does; CofferError when a file cannot be read. */
export async function importMaterial(
  call: Call,
  { keyId, importToken, material, validTo, importType, description }: CallInput<'keys.importMaterial'>,
): Promise<CallOutput<'keys.importMaterial'>> {
  const ImportToken = await readSmallFile(importToken, 'an import token', limits.importToken);
  const EncryptedKeyMaterial = await readSmallFile(material, 'wrapped key material', limits.encryptedKeyMaterial);
  const { KeyMaterialId } = await call('ImportKeyMaterial', {
    KeyId: keyId,
    ImportToken,
    EncryptedKeyMaterial,
    ...(validTo
      ? { ValidTo: validTo, ExpirationModel: 'KEY_MATERIAL_EXPIRES' as const }
      : { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const }),
    ...(importType ? { ImportType: importType } : {}),
    ...(description ? { KeyMaterialDescription: description } : {}),
  });
  return { materialId: KeyMaterialId };
}
