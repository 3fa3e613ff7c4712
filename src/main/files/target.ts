import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { numbered } from './names.ts';

export type OnConflict = 'fail' | 'rename' | 'replace';

const exists = (file: string) =>
  lstat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return false;
      throw error;
    },
  );

const taken = (file: string) =>
  new CofferError('FileExists', `${path.basename(file)} is already there. Keep both, or replace it.`, { path: file });

const PARTIAL = /^\.coffer-(\d+)-[0-9a-f]+\.partial$/;

/** A name beside the final one that says which process writes it, so that one a crash left behind is known as such. */
export function partialName(folder: string, jobId: string): string {
  return path.join(folder, `.coffer-${process.pid}-${jobId.replaceAll('-', '').slice(0, 12)}.partial`);
}

/** Removes what crashed processes left half-written in a folder. */
export async function sweepPartials(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = Number(PARTIAL.exec(name)?.[1]);
    if (!pid || pid === process.pid) continue;
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH')
        await rm(path.join(folder, name), { recursive: true, force: true });
    }
  }
}

/** Refuses early what the end would refuse, before hours of work. */
export async function checkTarget(file: string, onConflict: OnConflict): Promise<void> {
  if (onConflict === 'fail' && (await exists(file))) throw taken(file);
}

/**
 * Gives a finished file or folder its name, without overwriting unless asked.
 * @returns the name it got. @throws CofferError `FileExists`.
 */
export async function settle(
  partial: string,
  wanted: string,
  kind: 'file' | 'folder',
  onConflict: OnConflict,
): Promise<string> {
  for (let number = 1; ; number++) {
    const file = onConflict === 'rename' ? numbered(wanted, number) : wanted;
    if (kind === 'file' && onConflict === 'replace') {
      if ((await lstat(file).catch(() => undefined))?.isDirectory()) throw taken(file);
      await rename(partial, file);
    } else if (kind === 'file') {
      try {
        // A hard link is made only when the name is free, in one step; rename would overwrite.
        await link(partial, file);
        await rm(partial);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST') {
          if (onConflict === 'rename') continue;
          throw taken(file);
        }
        // File systems without hard links (FAT, some network shares).
        if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP' && code !== 'ENOSYS') throw error;
        if (await exists(file)) {
          if (onConflict === 'rename') continue;
          throw taken(file);
        }
        await rename(partial, file);
      }
    } else {
      if (onConflict !== 'replace' && (await exists(file))) {
        if (onConflict === 'rename') continue;
        throw taken(file);
      }
      // A folder is never replaced by deleting what is in it: the old one is kept until the new one stands.
      const old = (await exists(file)) ? `${partial}.old` : undefined;
      if (old) await rename(file, old);
      await rename(partial, file);
      if (old) await rm(old, { recursive: true, force: true });
    }
    await syncFolder(path.dirname(file));
    return file;
  }
}

async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  await handle.sync().finally(() => handle.close());
}

/** Bytes after which what was written is pushed to the disk in the background, so that the last sync has little left to do. */
const PUSH_BYTES = 64 * 2 ** 20;

/** Writes a file piece by piece, one write behind the caller; a push to the disk runs beside it. */
export class FileWriter {
  readonly #handle: FileHandle;
  #writing: Promise<unknown> = Promise.resolve();
  #pushing: Promise<unknown> | undefined;
  #failure: unknown;
  #unpushed = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(file: string): Promise<FileWriter> {
    await mkdir(path.dirname(file), { recursive: true });
    return new FileWriter(await open(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
  }

  /** Queues pieces; waits until those before them are written. The pieces must stay untouched until the next call returns. */
  async write(pieces: readonly Uint8Array[]): Promise<void> {
    await this.#writing;
    this.#writing = this.#writeAll(pieces);
    this.#writing.catch(() => undefined);
  }

  async #writeAll(pieces: readonly Uint8Array[]): Promise<void> {
    if (this.#failure) throw this.#failure;
    const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
    let { bytesWritten } = await this.#handle.writev(pieces);
    if (bytesWritten < total) {
      // A short write: a nearly full disk, or a signal. What is left goes on from there, or fails with its reason.
      const rest = Buffer.concat(pieces).subarray(bytesWritten);
      for (let at = 0; at < rest.length; at += bytesWritten) ({ bytesWritten } = await this.#handle.write(rest, at));
    }
    this.#unpushed += total;
    if (this.#unpushed >= PUSH_BYTES && !this.#pushing) {
      this.#unpushed = 0;
      this.#pushing = this.#handle
        .datasync()
        .catch((error: unknown) => {
          this.#failure = error;
        })
        .finally(() => {
          this.#pushing = undefined;
        });
    }
  }

  /** Waits for everything and syncs it. */
  async finish(): Promise<void> {
    await this.#writing;
    await this.#pushing;
    if (this.#failure) throw this.#failure;
    await this.#handle.sync();
    await this.#handle.close();
  }

  async abandon(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#pushing;
    await this.#handle.close().catch(() => undefined);
  }
}
