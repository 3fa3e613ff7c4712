import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from './errors.ts';
import type { ReencryptTask } from './protocol.ts';
import type { OnConflict } from './target.ts';

/** Where re-encrypted files go: into a folder, beside the old ones, or in their place. */
export interface RenewWish {
  readonly outputFolder?: string | undefined;
  readonly keepOld?: boolean | undefined;
  readonly onConflict: OnConflict;
}

/** Where the new message of a file goes, `folder` being where results go. @throws CofferError as `fileError` names it. */
export async function placeOfNew(
  source: string,
  folder: string,
  { outputFolder, keepOld, onConflict }: RenewWish,
): Promise<Pick<ReencryptTask, 'output' | 'onConflict' | 'inPlace'>> {
  const name = path.basename(source);
  if (outputFolder !== undefined) return { output: path.join(folder, name), onConflict, inPlace: false };
  if (keepOld) return { output: path.join(folder, name), onConflict: 'rename', inPlace: false };
  // Of a link that was dropped, what it leads to is replaced.
  const output = await realpath(source).catch((error: unknown) => Promise.reject(fileError(error, name)));
  return { output, onConflict: 'replace', inPlace: true };
}
