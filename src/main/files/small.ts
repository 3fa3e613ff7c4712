import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { openSource, type Source } from './reading.ts';

/** Opens a file where nothing but a file will do. @throws CofferError `NotAFile` and what `fileError` names */
export async function openFile(file: string): Promise<Source> {
  try {
    return await openSource(file);
  } catch (error) {
    if (!(error instanceof CofferError) || error.code !== 'SpecialFile') throw error;
    throw new CofferError('NotAFile', `${path.basename(file)} is not a file.`);
  }
}

/**
 * The content of a small file.
 * @param what the file's role: `an import token`. @param max in bytes.
 * @throws CofferError `NotAFile`, `FileEmpty`, `FileTooLarge` and what `fileError` names.
 */
export async function readSmallFile(file: string, what: string, max: number): Promise<Uint8Array> {
  const name = path.basename(file);
  const { handle, size } = await openFile(file);
  try {
    if (size === 0) throw new CofferError('FileEmpty', `${name} is empty: it is not ${what}.`);
    if (size > max) throw new CofferError('FileTooLarge', `${name} has ${size} bytes; ${what} has at most ${max}.`);
    return new Uint8Array(await handle.readFile());
  } catch (error) {
    throw fileError(error, name);
  } finally {
    await handle.close();
  }
}
