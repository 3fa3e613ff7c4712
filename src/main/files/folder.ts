import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { leadsOutside } from './links.ts';
import { isNamedEncrypted } from './names.ts';
import { changed, openSource, specialFile } from './reading.ts';
import type { Seen } from './seen.ts';
import { archiveEnd, padding, type TarItem, tarHeader } from './tar.ts';
import { HELD_MAX } from './unpack.ts';

/**
 * A folder travels as one POSIX tar stream. The message's context marks it, so that opening unpacks it; with another AWS
 * Encryption SDK one gets a plain tar archive.
 */
export const CONTENT_CONTEXT = 'coffer:content';
export const FOLDER_CONTENT = 'folder';
/** One file whose name is hidden: an archive of that file alone, its name the path below the folder that was encrypted. */
export const ENTRY_CONTENT = 'entry';

const READ_BYTES = 2 ** 20;

export interface FolderSize {
  readonly bytes: number;
  readonly files: number;
  /** Files that are named as encrypted ones. */
  readonly encrypted: number;
  readonly problem: unknown;
}

export interface Item extends TarItem {
  readonly full: string;
  readonly ino: number;
  /** Unlike the time of the last change, no program can set it back. */
  readonly ctimeMs: number;
}

/** What a walk could not look at, and why. */
export interface Fault {
  readonly name: string;
  readonly error: unknown;
}

/** Whether somebody wants no more of it; asked before each thing in a folder is looked at. */
export type Stopped = () => boolean;
const neverStopped: Stopped = () => false;

/** @throws CofferError `Cancelled` once it is stopped. */
export function goOnUnless(stopped: Stopped): void {
  if (stopped()) throw new CofferError('Cancelled', 'Cancelled while the folder was read.');
}

/**
 * Everything below a folder, each folder before what it holds; what cannot be looked at is a fault and the walk goes on.
 * @throws CofferError `Cancelled` once it is stopped.
 */
export async function* walk(folder: string, stopped = neverStopped, prefix = ''): AsyncGenerator<Item | Fault> {
  const below = (base: string) => (prefix ? `${prefix}/${base}` : base);
  const names: string[] = [];
  try {
    for (const raw of await readdir(folder, { encoding: 'buffer' })) {
      const name = raw.toString();
      // It would read as another name, perhaps of another file.
      if (isUtf8(raw)) names.push(name);
      else yield { name: below(name), error: notUtf8(name, folder) };
    }
  } catch (error) {
    yield { name: prefix, error };
  }
  for (const base of names.sort()) {
    goOnUnless(stopped);
    const full = path.join(folder, base);
    const found = await itemAt(full, below(base)).catch((error: unknown) => ({ name: below(base), error }));
    yield found;
    if ('kind' in found && found.kind === 'folder') yield* walk(full, stopped, found.name);
  }
}

const notUtf8 = (name: string, folder: string) =>
  new CofferError('UnsupportedName', `The name ${name} in ${path.basename(folder)} is not UTF-8. Rename it.`);

/** What stands at a path now, to be packed under a name. @throws CofferError `SpecialFile`, and the system's errors. */
export async function itemAt(full: string, name: string): Promise<Item> {
  const stat = await lstat(full);
  const { ino, mtimeMs, ctimeMs } = stat;
  const facts = { full, name, size: 0, mode: stat.mode & 0o7777, mtimeMs, ino, ctimeMs };
  if (stat.isSymbolicLink()) return { ...facts, kind: 'link', target: await readlink(full) };
  if (stat.isDirectory()) return { ...facts, kind: 'folder' };
  if (stat.isFile()) return { ...facts, kind: 'file', size: stat.size };
  throw specialFile(name);
}

/** Why something cannot be in a folder's archive, or undefined. */
function refusal(root: string, item: Item | Fault): unknown {
  if ('error' in item) {
    const { path: at } = (item.error ?? {}) as NodeJS.ErrnoException;
    return fileError(item.error, at ? path.relative(path.dirname(root), at) : path.basename(root));
  }
  // Opening refuses such a link; better to hear of it while the original is still there.
  if (item.kind === 'link' && leadsOutside(root, item.full, item.target ?? ''))
    return new CofferError(
      'LinkOutside',
      `The link ${item.name} leads out of the folder (to ${item.target}) and would be false elsewhere. Remove it, or encrypt what it leads to.`,
    );
  return undefined;
}

const tooMany = (root: string) =>
  new CofferError('TooManyFiles', `${path.basename(root)} holds more than ${HELD_MAX} folders and links.`);

/** What an archive of a folder holds, within bounds. */
async function* itemsIn(root: string, stopped = neverStopped): AsyncGenerator<Item> {
  let held = 0;
  for await (const item of walk(root, stopped)) {
    const problem = refusal(root, item);
    if (problem) throw problem;
    if ('error' in item) continue;
    if (item.kind !== 'file' && ++held > HELD_MAX) throw tooMany(root);
    yield item;
  }
}

/**
 * What a folder holds; `problem` is why it cannot become one archive. `onFile` is told of each file.
 * @throws CofferError `Cancelled` once it is stopped.
 */
export async function measureFolder(folder: string, stopped = neverStopped, onFile?: () => void): Promise<FolderSize> {
  let [bytes, files, encrypted, held] = [0, 0, 0, 0];
  let problem: unknown;
  for await (const item of walk(folder, stopped)) {
    problem ??= refusal(folder, item);
    if ('error' in item) continue;
    if (item.kind !== 'file') {
      if (++held > HELD_MAX) problem ??= tooMany(folder);
      continue;
    }
    bytes += item.size;
    files++;
    onFile?.();
    if (isNamedEncrypted(item.name)) encrypted++;
  }
  return { bytes, files, encrypted, problem };
}

type OnSeen = (seen: Seen) => void;

async function* contentOf({ full, name, size, mtimeMs }: Item, onSeen?: OnSeen): AsyncGenerator<Uint8Array> {
  const source = await openSource(full, { follow: false });
  try {
    onSeen?.(source.seen);
    if (source.size !== size || source.mtimeMs !== mtimeMs) throw changed(name);
    const buffer = new Uint8Array(Math.min(READ_BYTES, Math.max(1, size)));
    for (let left = size; left > 0; ) {
      const { bytesRead } = await source.handle.read(buffer, 0, Math.min(buffer.length, left));
      if (bytesRead === 0) throw changed(name);
      left -= bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
    await source.unchanged();
  } catch (error) {
    throw fileError(error, name);
  } finally {
    await source.handle.close();
  }
}

async function* packed(item: Item, onSeen?: OnSeen): AsyncGenerator<Uint8Array> {
  yield tarHeader(item);
  if (item.kind !== 'file') return;
  yield* contentOf(item, onSeen);
  yield padding(item.size);
}

/** What a fingerprint has of each thing in a folder. */
const print = (hash: Hash, item: Item) => hash.update(tarHeader(item)).update(`${item.ino} ${item.ctimeMs}\n`);

/**
 * What lies in a folder, by names, kinds, sizes, times, permissions and inodes.
 * @throws as packing it does; `Cancelled` once it is stopped.
 */
export async function fingerprintOf(folder: string, stopped = neverStopped): Promise<string> {
  const hash = createHash('sha256');
  for await (const item of itemsIn(folder, stopped)) print(hash, item);
  return hash.digest('hex');
}

/**
 * The folder as tar bytes; a piece is valid until the next is asked for. Links are stored as links and not followed.
 * @param onSeen told at the end what was packed.
 */
export async function* packFolder(folder: string, onSeen?: OnSeen): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const item of itemsIn(folder)) {
    print(hash, item);
    yield* packed(item);
  }
  onSeen?.({ fingerprint: hash.digest('hex') });
  yield archiveEnd();
}

/** One file, or an empty folder, as an archive that keeps its name. @throws CofferError `FileChanged` and what `fileError` names. */
export async function* packEntry(file: string, name: string, onSeen?: OnSeen): AsyncGenerator<Uint8Array> {
  yield* packed(await itemAt(file, name), onSeen);
  yield archiveEnd();
}
