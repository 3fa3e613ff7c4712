import { readdir, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { reasonOf } from './errors.ts';
import { makeFolder, syncFolder } from './files.ts';

/**
 * A folder in which a vault is being made says so, until its header is there: the key of what lies beside it is in no
 * other place. What a crash leaves there can then be told from a vault whose header was lost, which may have a copy elsewhere.
 */
export const UNFINISHED = 'unfinished';

const HEADER = /^header(\.copy)?\.json$/;
const MADE = /^(header(\.copy)?\.json|(snapshot|journal)-1\.sealed)(\.tmp)?$/;
/** The lock itself, and what a process that tries for it puts there for a moment. */
const LOCK_FILE = /^lock(\.|$)/;

/** A vault is made in a folder that holds nothing, or what was left of one that was being made. @throws CofferError `FolderNotEmpty`. */
export async function refuseUnlessFree(dir: string): Promise<void> {
  const entries = (await readdir(dir)).filter((entry) => !LOCK_FILE.test(entry));
  const left = (entry: string) => entry === UNFINISHED || (MADE.test(entry) && !HEADER.test(entry));
  if (entries.length > 0 && !(entries.includes(UNFINISHED) && entries.every(left)))
    throw new CofferError(
      'FolderNotEmpty',
      `The folder ${dir} is not empty. A vault is made in a new or empty folder.`,
    );
}

/** Claims a free folder whose lock is held, and removes what was left there. */
export async function claimFolder(dir: string): Promise<void> {
  await writeFile(path.join(dir, UNFINISHED), 'Coffer was making a vault here. Without a header.json it is none.\n', {
    mode: 0o600,
  });
  await syncFolder(dir);
  await removeMade(dir);
}

/** What was claimed is a vault now. A mark that stays is swept at the next opening. */
export async function unclaimFolder(dir: string): Promise<void> {
  await rm(path.join(dir, UNFINISHED), { force: true }).catch(() => undefined);
}

/** Takes away what was made in a claimed folder, the claim last: where something stays, the next making takes it away. */
export async function abandonFolder(dir: string): Promise<void> {
  await removeMade(dir).then(
    () => unclaimFolder(dir),
    () => undefined,
  );
}

async function removeMade(dir: string): Promise<void> {
  for (const entry of await readdir(dir)) if (MADE.test(entry)) await rm(path.join(dir, entry), { force: true });
}

/**
 * Makes a folder for a vault's files, durably, unless it is there and free. Returns what takes it away again.
 * @throws CofferError `FolderNotEmpty`, or `VaultWriteError` with the reason.
 */
export async function prepareFolder(dir: string): Promise<() => Promise<void>> {
  try {
    const first = await makeFolder(path.resolve(dir));
    if (!first) {
      await refuseUnlessFree(dir);
      return async () => undefined;
    }
    // The name of a new folder is durable only once the folder above it is synced.
    const above = path.dirname(first);
    for (let folder = path.dirname(path.resolve(dir)); ; folder = path.dirname(folder)) {
      await syncFolder(folder);
      if (folder.length <= above.length) break;
    }
    return () => removeEmpty(dir, first);
  } catch (error) {
    if (error instanceof CofferError) throw error;
    throw new CofferError('VaultWriteError', `The folder ${dir} cannot be made or read: ${reasonOf(error)}.`);
  }
}

/** Removes `dir` and the folders above it down from `first`, as far as they are empty. */
async function removeEmpty(dir: string, first: string): Promise<void> {
  try {
    for (let folder = path.resolve(dir); folder.length >= first.length; folder = path.dirname(folder))
      await rmdir(folder);
  } catch {
    // Somebody put something there: it stays.
  }
}
