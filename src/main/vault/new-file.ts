import { open, rm } from 'node:fs/promises';
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
