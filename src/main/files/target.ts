import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { claimName } from '../vault/new-file.ts';
import { fitName, numbered } from './names.ts';

export type OnConflict = 'fail' | 'rename' | 'replace';

async function factsOf(file: string) {
  try {
    return await lstat(file, { bigint: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

export const taken = (file: string) =>
  new CofferError('FileExists', `${path.basename(file)} is already there. Keep both, or replace it.`, { path: file });

const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const PARTIAL = /^\.coffer-([0-9a-f]{8})-(\d+)-[0-9a-f]+\.partial$/;

/**
 * A name beside the final one that says which process of which computer writes it, so that one a crash left behind is known
 * as such, and one that another computer writes into a shared folder is left alone.
 */
export function partialName(folder: string, jobId: string): string {
  return path.join(folder, `.coffer-${HOST}-${process.pid}-${jobId.replaceAll('-', '').slice(0, 12)}.partial`);
}

/** Whether a path, with forward slashes, is or lies in something half-written, whoever writes it. */
export const isPartial = (name: string): boolean => name.split('/').some((part) => PARTIAL.test(part));

/** Removes what crashed processes of this computer left half-written in a folder. */
export async function sweepPartials(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const [, host, id] = PARTIAL.exec(name) ?? [];
    const pid = Number(id);
    if (host !== HOST || !pid || pid === process.pid) continue;
    try {
      process.kill(pid, 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH')
        await rm(path.join(folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

export const isWithin = (inner: string, outer: string) => `${inner}${path.sep}`.startsWith(`${outer}${path.sep}`);

/**
 * Refuses early what the end would refuse, before hours of work, and what would take the original away.
 * @throws CofferError `FolderNotFound`, `FileExists`, `SameFile`, `OutputInside`.
 */
export async function checkTarget(source: string, output: string, onConflict: OnConflict): Promise<void> {
  const folder = path.dirname(output);
  const place = await stat(folder).catch(() => undefined);
  if (!place?.isDirectory()) {
    throw new CofferError(
      'FolderNotFound',
      `The output folder ${path.basename(folder)} is not there any more. Choose another one.`,
    );
  }
  const from = await realpath(source);
  if (isWithin(await realpath(folder), from)) {
    throw new CofferError(
      'OutputInside',
      `The output would lie inside ${path.basename(source)} itself. Choose another output folder.`,
    );
  }
  const there = await factsOf(output);
  if (!there) return;
  if (onConflict === 'fail') throw taken(output);
  if (onConflict === 'rename') return;
  const original = await stat(source, { bigint: true });
  if (
    (original.dev === there.dev && original.ino === there.ino) ||
    isWithin(from, await realpath(output).catch(() => output))
  ) {
    throw new CofferError(
      'SameFile',
      `Replacing ${path.basename(output)} would remove the original. Choose another output folder, or keep both.`,
    );
  }
}

/** Puts a whole folder in the place of what is there; that is kept until the new one stands. */
async function replaceByFolder(partial: string, file: string): Promise<void> {
  if (!(await factsOf(file))) return rename(partial, file);
  // Visible and named after what it is: should the computer stop now, it is found.
  const { dir, base } = path.parse(file);
  let old = path.join(dir, fitName(base, ' (replaced)'));
  for (let number = 2; await factsOf(old); number++)
    old = numbered(path.join(dir, fitName(base, ' (replaced)')), number);
  await rename(file, old);
  try {
    await rename(partial, file);
  } catch (error) {
    await rename(old, file);
    throw error;
  }
  // The new one stands; what cannot be removed is found beside it.
  await rm(old, { recursive: true, force: true }).catch(() => undefined);
}

/**
 * Gives a finished file or folder its name, without overwriting unless asked; `sync` makes that last.
 * @returns the name it got. @throws CofferError `FileExists`, `NameNotAllowed`.
 */
export async function settle(
  partial: string,
  wanted: string,
  kind: 'file' | 'folder',
  onConflict: OnConflict,
  sync = syncFolder,
): Promise<string> {
  try {
    for (let number = 1; ; number++) {
      const file = onConflict === 'rename' ? numbered(wanted, number) : wanted;
      let placed = true;
      if (onConflict === 'replace') {
        if (kind === 'folder') await replaceByFolder(partial, file);
        else if ((await factsOf(file))?.isDirectory()) throw taken(file);
        else await rename(partial, file);
      } else if (kind === 'file') placed = await claimName(partial, file);
      else if (await factsOf(file)) placed = false;
      else await rename(partial, file);
      if (!placed && onConflict === 'fail') throw taken(file);
      if (!placed) continue;
      await sync(path.dirname(file));
      return file;
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
    throw new CofferError('NameNotAllowed', `This disk does not take the name ${path.basename(wanted)}.`);
  }
}

/** Makes a name last through a power cut, where the file system can; it stands either way. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r').catch(() => undefined);
  await handle
    ?.sync()
    .catch(() => undefined)
    .finally(() => handle.close());
}

/** Bytes after which what was written is pushed to the disk in the background, so that the last sync has little left to do. */
const PUSH_BYTES = 64 * 2 ** 20;
/**
 * Bytes of one write. Larger ones make Linux look for memory in pieces that a virtual machine may have given back to its
 * host, which takes longer than the copy; those of a piece go out together, so that none waits for the event loop.
 */
const WRITE_BYTES = 2 ** 19;

/** Writes a file piece by piece, one write behind the caller; a push to the disk runs beside it. */
export class FileWriter {
  readonly #handle: FileHandle;
  #writing: Promise<unknown> = Promise.resolve();
  #pushing: Promise<unknown> | undefined;
  #failure: unknown;
  #unpushed = 0;
  #position = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async create(file: string): Promise<FileWriter> {
    return new FileWriter(await open(file, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY, 0o600));
  }

  /** Queues a piece; waits until those before it are written. It must stay untouched until the next call returns. */
  async write(piece: Uint8Array): Promise<void> {
    await this.#writing;
    this.#writing = this.#writeAll(piece);
    this.#writing.catch(() => undefined);
  }

  async #writeAll(piece: Uint8Array): Promise<void> {
    if (this.#failure) throw this.#failure;
    const parts: Promise<void>[] = [];
    for (let at = 0; at < piece.length; at += WRITE_BYTES)
      parts.push(this.#writePart(piece.subarray(at, at + WRITE_BYTES), this.#position + at));
    this.#position += piece.length;
    // None is under way any more when one has failed: the file may be closed then.
    for (const part of await Promise.allSettled(parts)) if (part.status === 'rejected') throw part.reason;
    this.#unpushed += piece.length;
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

  /** After a short write (a nearly full disk, a signal) what is left goes on from there, or fails with its reason. */
  async #writePart(part: Uint8Array, position: number): Promise<void> {
    for (let at = 0; at < part.length; )
      at += (await this.#handle.write(part, at, part.length - at, position + at)).bytesWritten;
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
