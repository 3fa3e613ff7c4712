import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { type Fault, goOnUnless, type Item, itemAt, type Stopped, walk } from './folder.ts';
import { isPartial } from './target.ts';
import type { Tree } from './tree.ts';
import { HELD_MAX } from './unpack.ts';

const named = (full: string) => full.split(path.sep).join('/');

/**
 * Looks at files, and at whole folders, wherever they lie: each file once, under its whole path.
 * @throws CofferError `Cancelled`, `TooManyFiles`.
 */
export async function readListed(paths: readonly string[], stopped: Stopped): Promise<Tree> {
  const files = new Map<string, Item>();
  const faults = new Map<string, Fault>();
  const missing: string[] = [];
  let count = 0;
  let partial = false;
  const take = (found: Item | Fault, isListed: boolean) => {
    if (++count > HELD_MAX)
      throw new CofferError('TooManyFiles', `There are more than ${HELD_MAX} files and folders to look at.`);
    if (isPartial(found.name)) partial = true;
    else if ('error' in found) faults.set(found.name, { name: found.name, error: fileError(found.error, found.name) });
    else if (found.kind === 'file') files.set(found.full, found);
    else if (found.kind === 'link' && isListed)
      faults.set(found.name, { name: found.name, error: new CofferError('NotAFile', 'There is a link in its place.') });
  };
  for (const full of new Set(paths)) {
    goOnUnless(stopped);
    const name = named(full);
    const found = await itemAt(full, name).catch((error: unknown) => ({ name, error: fileError(error, name) }));
    if ('error' in found && found.error instanceof CofferError && found.error.code === 'FileNotFound') {
      missing.push(name);
      continue;
    }
    take(found, true);
    if ('kind' in found && found.kind === 'folder')
      for await (const inside of walk(full, stopped, name)) take(inside, false);
  }
  return { files: [...files.values()], folders: [], links: [], faults: [...faults.values()], missing, partial };
}
