import { link, lstat, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';

const TRIES = 1000;

/**
 * Writes a new file of `folder` that only its owner may read, flushed to the disk, and returns its path. A name that is taken
 * gets a number; nothing is overwritten, and nothing half-written stays.
 * @param problem what to throw for the system's error at the file of that name, or for `undefined` when every name is taken.
 */
export async function writeNewFile(
  folder: string,
  stem: string,
  extension: string,
  content: Uint8Array | string,
  problem: (error: unknown, name: string, tries: number) => unknown,
): Promise<string> {
  for (let number = 1; number <= TRIES; number++) {
    const name = `${stem}${number === 1 ? '' : `-${number}`}${extension}`;
    const file = path.join(folder, name);
    try {
      const handle = await open(file, 'wx', 0o600);
      try {
        await handle.writeFile(content);
        await handle.sync();
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      } finally {
        await handle.close();
      }
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw problem(error, name, TRIES);
    }
  }
  throw problem(undefined, `${stem}${extension}`, TRIES);
}

/** What file systems without hard links answer (FAT, some network shares); EISDIR is what Node makes of Windows' answer. */
const NO_HARD_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR']);

/** Whether `link` failed because the file system has no hard links. */
export const hasNoHardLinks = (error: unknown): boolean =>
  NO_HARD_LINKS.has((error as NodeJS.ErrnoException).code ?? '');

/** Puts a whole file under a free name. @returns false when the name is taken, and the file is where it was. */
export async function claimName(temporary: string, file: string): Promise<boolean> {
  try {
    // A hard link is made only when the name is free, in one step; rename would overwrite.
    await link(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (!hasNoHardLinks(error)) throw error;
    if (await isThere(file)) return false;
    await rename(temporary, file);
  }
  // The file stands, whatever becomes of its first name.
  await rm(temporary, { force: true }).catch(() => undefined);
  return true;
}

async function isThere(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
