import { chmod, lutimes, mkdir, open, readdir, symlink, utimes } from 'node:fs/promises';
import path from 'node:path';
import tar from 'tar-stream';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { leadsOutside } from './links.ts';
import { syncFolder } from './target.ts';

/** Folders and links are remembered until an archive's end: one with more is neither made nor unpacked. */
export const HELD_MAX = 1_000_000;

const refused = (why: string) => new CofferError('UnsafeArchive', `${why} Nothing of it was kept.`);
const outside = (name: string) => refused(`The archive holds “${name}”, which would reach outside its folder.`);

/** Where an entry belongs below `root`. @throws CofferError `UnsafeArchive`. */
function placeOf(root: string, name: string): string {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (name.startsWith('/') || name.includes('\0') || parts.includes('..')) throw outside(name);
  // Elsewhere these are letters like any other.
  if (process.platform === 'win32' && /[\\:]/.test(name)) throw outside(name);
  return path.join(root, ...parts);
}

interface Held {
  readonly at: string;
  readonly mode: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Where a link leads. */
  readonly target?: string;
}

type TarEntry = AsyncIterable<Uint8Array> & {
  readonly header: tar.Header & { readonly pax?: Readonly<Record<string, string>> | null };
  resume(): void;
};

/** Seconds; the pax record has the fraction and the range that the old field lacks. */
function timeOf({ mtime, pax }: TarEntry['header']): number {
  const exact = Number.parseFloat(pax?.mtime ?? '');
  return Number.isFinite(exact) ? exact : (mtime?.getTime() ?? 0) / 1000;
}

async function writeEntry(entry: TarEntry, { at, mode, mtime }: Held): Promise<void> {
  await mkdir(path.dirname(at), { recursive: true, mode: 0o700 });
  const handle = await open(at, 'wx', 0o600);
  try {
    for await (const chunk of entry) await handle.writeFile(chunk);
    await handle.chmod(mode & 0o777);
    await handle.utimes(mtime, mtime);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Unpacks tar bytes into a new folder. Links are made last, so that nothing is written through one; those that lead
 * outside, devices and hard links are refused.
 * @throws CofferError `UnsafeArchive`, and what `fileError` names.
 */
export async function unpackFolder(bytes: AsyncIterable<Uint8Array>, root: string): Promise<void> {
  await mkdir(root, { mode: 0o700 });
  const extract = tar.extract();
  const links: Held[] = [];
  const folders: Held[] = [];

  const place = async (entry: TarEntry) => {
    const { name, type, mode = 0o700, linkname } = entry.header;
    const held: Held = { at: placeOf(root, name), mode, mtime: timeOf(entry.header) };
    if (links.length + folders.length > HELD_MAX) throw refused('The archive holds too many folders and links.');
    if (type === 'directory') {
      await mkdir(held.at, { recursive: true, mode: 0o700 });
      folders.push(held);
    } else if (type === 'symlink') {
      if (leadsOutside(root, held.at, linkname ?? '')) throw outside(name);
      links.push({ ...held, target: linkname ?? '' });
    } else if (type === 'file' || type === 'contiguous-file') await writeEntry(entry, held);
    else throw refused(`The archive holds “${name}”, which is a device, pipe or hard link.`);
  };
  const unpack = async () => {
    for await (const entry of extract as AsyncIterable<unknown> as AsyncIterable<TarEntry>) {
      await place(entry).catch((error: unknown) => Promise.reject(entryError(error, entry.header.name)));
      entry.resume();
    }
  };
  const feed = async () => {
    for await (const piece of bytes) {
      if (extract.destroyed) return;
      // The piece belongs to a buffer that is used again; the archive may hold on to it.
      if (extract.write(Buffer.from(piece))) continue;
      await new Promise<void>((resolve) => {
        const goOn = () => {
          extract.off('drain', goOn).off('close', goOn);
          resolve();
        };
        extract.on('drain', goOn).on('close', goOn);
      });
    }
    extract.end(undefined);
  };
  const stop = (error: unknown): never => {
    extract.destroy(error instanceof Error ? error : new Error('stopped'));
    throw error;
  };
  const outcomes = await Promise.allSettled([feed().catch(stop), unpack().catch(stop)]);
  // What the message says of itself comes before what its contents say.
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw archiveError(outcome.reason);
  await finish(root, links, folders);
}

/**
 * The one thing an unpacked archive of a hidden name holds: a file, or an empty folder.
 * @returns its path below `root`. @throws CofferError `UnsafeArchive`.
 */
export async function onlyEntry(root: string): Promise<{ name: string; kind: 'file' | 'folder' }> {
  let name = '';
  for (;;) {
    const [first, ...others] = await readdir(path.join(root, name), { withFileTypes: true });
    if (others.length > 0) throw refused('The archive should hold one file and holds several.');
    if (!first) {
      if (name === '') throw refused('The archive should hold one file and is empty.');
      return { name, kind: 'folder' };
    }
    name = path.join(name, first.name);
    if (first.isFile()) return { name, kind: 'file' };
    if (!first.isDirectory()) throw refused('The archive should hold one file and holds a link.');
  }
}

async function finish(root: string, links: readonly Held[], folders: Held[]): Promise<void> {
  const linked = new Set(links.map(({ at }) => at));
  for (const { at, target = '', mtime } of links) {
    const name = path.relative(root, at);
    for (let above = path.dirname(at); above !== root && above.length > root.length; above = path.dirname(above))
      if (linked.has(above)) throw outside(name);
    try {
      await mkdir(path.dirname(at), { recursive: true, mode: 0o700 });
      await symlink(target, at);
      await lutimes(at, mtime, mtime);
    } catch (error) {
      throw entryError(error, name);
    }
  }
  for (const { at, mode, mtime } of folders.reverse()) {
    // Its owner can always remove it, whoever made the archive.
    await chmod(at, (mode & 0o777) | 0o700);
    await syncFolder(at);
    await utimes(at, mtime, mtime);
  }
  await syncFolder(root);
}

function entryError(error: unknown, name: string): unknown {
  const { code = '' } = (error ?? {}) as NodeJS.ErrnoException;
  if (['EEXIST', 'ENOTDIR', 'EISDIR'].includes(code)) return refused(`The archive holds “${name}” twice.`);
  return fileError(error, name);
}

/** tar-stream's own complaints carry no code. */
function archiveError(error: unknown): unknown {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === undefined && error instanceof Error && !(error instanceof TypeError)
    ? refused('The encrypted folder is no whole tar archive.')
    : error;
}
