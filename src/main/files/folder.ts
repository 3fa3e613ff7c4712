import { createReadStream } from 'node:fs';
import { chmod, lstat, mkdir, open, readdir, readlink, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { CofferError } from '../../shared/kms/errors.ts';

/**
 * A folder travels as one POSIX tar stream. The message's context marks it, so that opening unpacks it; with another AWS
 * Encryption SDK one gets a plain tar archive.
 */
export const CONTENT_CONTEXT = 'coffer:content';
export const FOLDER_CONTENT = 'folder';

export interface FolderSize {
  readonly bytes: number;
  readonly files: number;
}

interface Item {
  readonly full: string;
  /** Relative, with forward slashes. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
  readonly mode: number;
  readonly mtime: Date;
  /** The time with the fraction of a millisecond that a Date drops. */
  readonly mtimeMs: number;
}

async function* walk(folder: string, prefix: string): AsyncGenerator<Item> {
  const names = (await readdir(folder)).sort();
  for (const base of names) {
    const full = path.join(folder, base);
    const name = prefix ? `${prefix}/${base}` : base;
    const stat = await lstat(full);
    const facts = { full, name, size: stat.size, mode: stat.mode & 0o7777, mtime: stat.mtime, mtimeMs: stat.mtimeMs };
    if (stat.isSymbolicLink()) yield { ...facts, kind: 'link' };
    else if (stat.isDirectory()) {
      yield { ...facts, kind: 'folder' };
      yield* walk(full, name);
    } else if (stat.isFile()) yield { ...facts, kind: 'file' };
    else
      throw new CofferError(
        'SpecialFile',
        `${name} is a device, pipe or socket; only files, folders and links can be encrypted.`,
      );
  }
}

/** Bytes and number of files in a folder. @throws CofferError `SpecialFile`. */
export async function measureFolder(folder: string): Promise<FolderSize> {
  let bytes = 0;
  let files = 0;
  for await (const item of walk(folder, '')) {
    if (item.kind !== 'file') continue;
    bytes += item.size;
    files++;
  }
  return { bytes, files };
}

/** The folder as tar bytes. Links are stored as links and not followed. */
export function packFolder(folder: string): AsyncIterable<Uint8Array> {
  const pack = tar.pack();
  const add = async () => {
    for await (const { full, name, kind, size, mode, mtime, mtimeMs } of walk(folder, '')) {
      if (kind === 'folder') pack.entry({ name, type: 'directory', mode, mtime });
      else if (kind === 'link') pack.entry({ name, type: 'symlink', linkname: await readlink(full), mode, mtime });
      else {
        const entry = pack.entry({ name, size, mode, mtime });
        // A file that grew is caught by the entry, one that shrank leaves the entry short: both fail the job.
        await pipeline(
          createReadStream(full, { end: Math.max(0, size - 1), highWaterMark: 2 ** 20 }),
          limit(size),
          entry,
        ).catch((error: Error) => {
          throw error.message.startsWith('Size mismatch') ? changed(name) : error;
        });
        const after = await lstat(full);
        if (after.size !== size || after.mtimeMs !== mtimeMs) throw changed(name);
      }
    }
    pack.finalize();
  };
  add().catch((error: Error) => pack.destroy(error));
  return pack as AsyncIterable<Uint8Array>;
}

/** `end` of a read stream is inclusive, so an empty file needs this to stay empty. */
function limit(size: number) {
  return async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) if (size > 0) yield chunk;
  };
}

const changed = (name: string) =>
  new CofferError(
    'FileChanged',
    `${name} changed while it was read. Nothing was kept; try again when nothing writes to it.`,
  );
const unsafe = (name: string) =>
  new CofferError(
    'UnsafeArchive',
    `The archive holds “${name}”, which would reach outside its folder. Nothing of it was kept.`,
  );

/** Where an entry belongs below `root`. @throws CofferError `UnsafeArchive`. */
function placeOf(root: string, name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (
    name.startsWith('/') ||
    name.includes('\0') ||
    name.includes('\\') ||
    parts.includes('..') ||
    /^[A-Za-z]:/.test(name)
  )
    throw unsafe(name);
  return path.join(root, ...parts);
}

interface Link {
  readonly at: string;
  readonly to: string;
}

/**
 * Whether a link stays below `root`: not absolute, `..` only at its beginning (after a name it would start from wherever
 * that name leads), and not further up than the folder.
 */
function staysInside(root: string, { at, to }: Link): boolean {
  const parts = to.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.lastIndexOf('..') + 1;
  if (to === '' || to.startsWith('/') || to.includes('\\') || parts.slice(0, climbs).some((part) => part !== '..'))
    return false;
  return `${path.resolve(path.dirname(at), to)}${path.sep}`.startsWith(root + path.sep);
}

type TarEntry = AsyncIterable<Uint8Array> & { readonly header: { readonly mode?: number; readonly mtime?: Date } };

async function writeEntry(entry: TarEntry, at: string): Promise<void> {
  const { mode = 0o600, mtime } = entry.header;
  await mkdir(path.dirname(at), { recursive: true, mode: 0o700 });
  const handle = await open(at, 'wx', 0o600);
  try {
    for await (const chunk of entry) await handle.writeFile(chunk);
    await handle.datasync();
    await handle.chmod(mode & 0o777);
    if (mtime) await handle.utimes(mtime, mtime);
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks tar bytes into a new folder. Links are made last, so that nothing is written through one; those that lead
 * outside, devices and hard links are refused.
 * @throws CofferError `UnsafeArchive`.
 */
export async function unpackFolder(bytes: AsyncIterable<Uint8Array>, root: string): Promise<void> {
  await mkdir(root, { mode: 0o700 });
  const extract = tar.extract();
  const links: Link[] = [];
  const folders: { at: string; mode: number; mtime: Date | undefined }[] = [];
  const unpack = async () => {
    for await (const entry of extract) {
      const { name, type, mode = 0o700, mtime, linkname } = entry.header;
      const at = placeOf(root, name);
      if (type === 'directory') {
        await mkdir(at, { recursive: true, mode: 0o700 });
        folders.push({ at, mode, mtime });
      } else if (type === 'symlink') {
        const link = { at, to: linkname ?? '' };
        if (!staysInside(root, link)) throw unsafe(name);
        links.push(link);
      } else if (type === 'file' || type === 'contiguous-file') await writeEntry(entry as TarEntry, at);
      else throw unsafe(name);
      entry.resume();
    }
  };
  const feed = async () => {
    for await (const piece of bytes) {
      // The piece belongs to a buffer that is used again; the archive may hold on to it.
      if (!extract.write(Buffer.from(piece)))
        await new Promise<void>((resolve) => extract.once('drain', () => resolve()));
    }
    extract.end(undefined);
  };
  const stop = (error: unknown): never => {
    extract.destroy(error instanceof Error ? error : new Error('stopped'));
    throw error;
  };
  await Promise.all([unpack().catch(stop), feed().catch(stop)]);
  const linked = new Set(links.map(({ at }) => at));
  for (const { at, to } of links) {
    for (let above = path.dirname(at); above !== root; above = path.dirname(above))
      if (linked.has(above)) throw unsafe(path.relative(root, at));
    await mkdir(path.dirname(at), { recursive: true, mode: 0o700 });
    await symlink(to, at);
  }
  for (const { at, mode, mtime } of folders.reverse()) {
    if (mtime) await utimes(at, mtime, mtime);
    await chmod(at, (mode & 0o777) | 0o700);
  }
}
