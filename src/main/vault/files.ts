import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '../../shared/progress.ts';

/** What some file systems (FUSE, SMB, FAT drivers) answer when a folder cannot be synced because they have no such thing. */
const NO_FOLDER_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Makes renames and new files in a folder durable. Windows has no such call and needs none. */
export async function syncFolder(dir: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!NO_FOLDER_SYNC.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await handle.close();
  }
}

/** Bytes that are written before the disk is waited for. */
const SLICE_BYTES = 8 * 2 ** 20;

/**
 * Writes a long file of `total` bytes piece by piece, behind what stands in it, and syncs it slice by slice. Otherwise the system
 * would take all of it into its memory at once, and a slow disk would be waited for at the end: for minutes of which nobody sees how
 * far they are, or could end them.
 * @throws the signal's reason once it is aborted, at the end of a slice at the latest.
 */
export async function writePieces(
  handle: FileHandle,
  pieces: Iterable<Uint8Array>,
  total: number,
  { signal, onProgress }: Progress,
): Promise<void> {
  let done = 0;
  let slice = 0;
  for (const piece of pieces) {
    signal?.throwIfAborted();
    // writeFile, unlike write, goes on after a short write: on a full disk that is what the system answers first.
    await handle.writeFile(piece);
    done += piece.length;
    slice += piece.length;
    if (slice < SLICE_BYTES) continue;
    slice = 0;
    await handle.datasync();
    onProgress?.(done, total);
  }
  signal?.throwIfAborted();
  await handle.sync();
  onProgress?.(total, total);
}

/** Writes a temporary file beside its final name and syncs it; nothing stays when that fails. */
async function writeDraft(temporary: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(temporary, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  }
  await handle.close();
}

/**
 * Replaces files of one folder by `bytes`, each whole: all temporary files are written and synced before the first is
 * renamed, so that a full disk changes none of them; then the folder is synced.
 */
export async function replaceFiles(files: readonly [string, ...string[]], bytes: Uint8Array): Promise<void> {
  const drafts: string[] = [];
  try {
    for (const file of files) {
      await writeDraft(`${file}.tmp`, bytes);
      drafts.push(`${file}.tmp`);
    }
    for (const file of files) await rename(`${file}.tmp`, file);
  } catch (error) {
    for (const draft of drafts) await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(files[0]));
}

/** Replaces one file whole. */
export function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  return replaceFiles([file], bytes);
}

/**
 * Makes a folder and those above it; returns the topmost that was made. mkdir's own `recursive` answers ENOENT on a read-only
 * disk, which would be told as a folder that is gone.
 */
export async function makeFolder(dir: string): Promise<string | undefined> {
  try {
    await mkdir(dir, { mode: 0o700 });
    return dir;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return undefined;
    if (code !== 'ENOENT' || path.dirname(dir) === dir) throw error;
  }
  const first = await makeFolder(path.dirname(dir));
  await mkdir(dir, { mode: 0o700 });
  return first ?? dir;
}
