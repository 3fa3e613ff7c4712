import { isUtf8 } from 'node:buffer';
import { lstat, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { leadsOutside } from './links.ts';
import { changed, openSource, specialFile } from './reading.ts';
import { archiveEnd, padding, type TarItem, tarHeader } from './tar.ts';
import { HELD_MAX } from './unpack.ts';

/**
 * A folder travels as one POSIX tar stream. The message's context marks it, so that opening unpacks it; with another AWS
 * Encryption SDK one gets a plain tar archive.
 */
export const CONTENT_CONTEXT = 'coffer:content';
export const FOLDER_CONTENT = 'folder';

const READ_BYTES = 2 ** 20;

export interface FolderSize {
  readonly bytes: number;
  readonly files: number;
}

interface Item extends TarItem {
  readonly full: string;
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  // Names that are no UTF-8 read as others, perhaps of other files.
  if (names.some((name) => name.includes('\ufffd'))) {
    for (const raw of await readdir(folder, { encoding: 'buffer' })) {
      if (!isUtf8(raw))
        throw new CofferError(
          'UnsupportedName',
          `The name ${raw.toString()} in ${path.basename(folder)} is not UTF-8. Rename it.`,
        );
    }
  }
  return names.sort();
}

async function* walk(root: string, folder = root, prefix = ''): AsyncGenerator<Item> {
  for (const base of await namesIn(folder)) {
    const full = path.join(folder, base);
    const name = prefix ? `${prefix}/${base}` : base;
    const stat = await lstat(full);
    const facts = { full, name, size: 0, mode: stat.mode & 0o7777, mtimeMs: stat.mtimeMs };
    if (stat.isSymbolicLink()) {
      const target = await readlink(full);
      // Opening refuses such a link; better to hear of it while the original is still there.
      if (leadsOutside(root, full, target)) {
        throw new CofferError(
          'LinkOutside',
          `The link ${name} leads out of the folder (to ${target}) and would be false elsewhere. Remove it, or encrypt what it leads to.`,
        );
      }
      yield { ...facts, kind: 'link', target };
    } else if (stat.isDirectory()) {
      yield { ...facts, kind: 'folder' };
      yield* walk(root, full, name);
    } else if (stat.isFile()) yield { ...facts, kind: 'file', size: stat.size };
    else throw specialFile(name);
  }
}

/** The same, with errors that name what they are about, and bounds. */
async function* itemsIn(root: string): AsyncGenerator<Item> {
  let held = 0;
  try {
    for await (const item of walk(root)) {
      if (item.kind !== 'file' && ++held > HELD_MAX)
        throw new CofferError('TooManyFiles', `${path.basename(root)} holds more than ${HELD_MAX} folders and links.`);
      yield item;
    }
  } catch (error) {
    const { path: at } = (error ?? {}) as NodeJS.ErrnoException;
    throw fileError(error, at ? path.relative(path.dirname(root), at) : path.basename(root));
  }
}

/** Bytes and number of files in a folder. @throws CofferError for what could not be packed. */
export async function measureFolder(folder: string): Promise<FolderSize> {
  let bytes = 0;
  let files = 0;
  for await (const item of itemsIn(folder)) {
    if (item.kind !== 'file') continue;
    bytes += item.size;
    files++;
  }
  return { bytes, files };
}

async function* contentOf({ full, name, size, mtimeMs }: Item): AsyncGenerator<Uint8Array> {
  const source = await openSource(full, { follow: false });
  try {
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

/** The folder as tar bytes; a piece is valid until the next is asked for. Links are stored as links and not followed. */
export async function* packFolder(folder: string): AsyncGenerator<Uint8Array> {
  for await (const item of itemsIn(folder)) {
    yield tarHeader(item);
    if (item.kind !== 'file') continue;
    yield* contentOf(item);
    yield padding(item.size);
  }
  yield archiveEnd();
}
