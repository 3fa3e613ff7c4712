import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { type Fault, type Item, type Stopped, walk } from './folder.ts';
import { isPartial, isWithin } from './target.ts';
import { HELD_MAX } from './unpack.ts';

/** What lay below a folder when it was looked at. */
export interface Tree {
  readonly files: readonly Item[];
  readonly folders: readonly Item[];
  readonly links: readonly Item[];
  readonly faults: readonly Fault[];
  /** Whether something half-written lies there, which is among none of these. */
  readonly partial: boolean;
  /** Of files that were named one by one, those that are not where they were. */
  readonly missing?: readonly string[];
}

/**
 * Looks at a whole folder before anything is done to it, so that results that are written into it are not among its files.
 * @throws CofferError when the folder itself cannot be read, `TooManyFiles`, and `Cancelled` once it is stopped.
 */
export async function readTree(root: string, stopped?: Stopped): Promise<Tree> {
  const found = { file: [] as Item[], folder: [] as Item[], link: [] as Item[] };
  const faults: Fault[] = [];
  let count = 0;
  let partial = false;
  for await (const item of walk(root, stopped)) {
    if (++count > HELD_MAX)
      throw new CofferError('TooManyFiles', `${path.basename(root)} holds more than ${HELD_MAX} files and folders.`);
    if (isPartial(item.name)) partial = true;
    else if ('kind' in item) found[item.kind].push(item);
    else if (item.name === '') throw fileError(item.error, path.basename(root));
    else faults.push({ name: item.name, error: fileError(item.error, item.name) });
  }
  return { files: found.file, folders: found.folder, links: found.link, faults, partial };
}

/** Folders that nothing lies in, of a whole tree. */
export function emptyFolders({ files, folders, links }: Tree): Item[] {
  const filled = new Set([...files, ...folders, ...links].map(({ name }) => path.posix.dirname(name)));
  return folders.filter(({ name }) => !filled.has(name));
}

/**
 * Where a folder's results go: below `outputFolder`, under the folder's own name, or beside the originals.
 * @throws CofferError `FolderNotFound`, `OutputInside`.
 */
export async function placeOfTree(root: string, outputFolder: string | undefined): Promise<string> {
  if (outputFolder === undefined) return root;
  if (!(await stat(outputFolder).catch(() => undefined))?.isDirectory())
    throw new CofferError(
      'FolderNotFound',
      `The output folder ${path.basename(outputFolder)} is not there any more. Choose another one.`,
    );
  if (isWithin(await realpath(outputFolder), await realpath(root)))
    throw new CofferError(
      'OutputInside',
      `The output would lie inside ${path.basename(root)} itself. Choose another output folder.`,
    );
  return path.join(outputFolder, path.basename(root));
}
