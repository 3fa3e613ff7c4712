import { lstat, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { dataHome } from './data-home.ts';

/**
 * The trash of Linux desktops: the freedesktop.org Trash specification 1.0. A file goes to the trash of the person's home
 * when that is on the same disk, else to one at the top of its own disk: moving is renaming, so nothing is copied and
 * nothing lost half-way. Where that cannot be, the file stays.
 */
interface Place {
  readonly folder: string;
  /** What paths are written relative to; absolute ones without. */
  readonly top?: string;
}

const noTrash = (file: string) =>
  new CofferError('NoTrash', `There is no trash on the disk of ${path.basename(file)}. It stays where it is.`);

const ownFolder = (folder: string) => mkdir(folder, { recursive: true, mode: 0o700 });

/** The folder where the disk of `folder` begins. */
async function topOf(folder: string, dev: number): Promise<string> {
  const above = path.dirname(folder);
  return above === folder || (await lstat(above)).dev !== dev ? folder : topOf(above, dev);
}

/** `.Trash` of an administrator's making counts when it is a real folder that keeps people's files apart. */
async function sharedTrash(top: string): Promise<string | undefined> {
  const folder = path.join(top, '.Trash');
  const facts = await lstat(folder).catch(() => undefined);
  return facts?.isDirectory() && (facts.mode & 0o1000) !== 0 ? folder : undefined;
}

/** Where a file may go, the best place first. */
async function* placesFor(file: string, env: NodeJS.ProcessEnv): AsyncGenerator<Place> {
  const { dev } = await lstat(file);
  const home = path.join(dataHome(env), 'Trash');
  const made = await ownFolder(home).then(
    () => true,
    () => false,
  );
  if (made && (await lstat(home)).dev === dev) yield { folder: home };
  const uid = process.getuid?.() ?? 0;
  const top = await topOf(path.dirname(file), dev);
  const shared = await sharedTrash(top);
  if (shared) yield { folder: path.join(shared, String(uid)), top };
  yield { folder: path.join(top, `.Trash-${uid}`), top };
}

const twoDigits = (value: number) => String(value).padStart(2, '0');

/** The time by the clock on the wall, as the specification has it. */
function wallTime(now: Date): string {
  const day = [now.getFullYear(), twoDigits(now.getMonth() + 1), twoDigits(now.getDate())].join('-');
  return `${day}T${[now.getHours(), now.getMinutes(), now.getSeconds()].map(twoDigits).join(':')}`;
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? '';

/** Takes a free name in a trash by writing what is said of it. @returns the name. */
async function takeName(info: string, files: string, base: string, text: string): Promise<string> {
  for (let number = 1; ; number++) {
    // Names at their full length have no room for a number: the trash's own name need not be the file's.
    const name = number === 1 && Buffer.byteLength(base) < 240 ? base : `${[...base].slice(0, 50).join('')}.${number}`;
    const told = path.join(info, `${name}.trashinfo`);
    const handle = await open(told, 'wx', 0o600).catch((error: unknown) => {
      if (codeOf(error) === 'EEXIST') return undefined;
      throw error;
    });
    if (!handle) continue;
    try {
      await handle.writeFile(text);
      await handle.sync();
    } catch (error) {
      // Nothing is said of a file that is not there.
      await rm(told, { force: true });
      throw error;
    } finally {
      await handle.close();
    }
    // A file that nothing is said of is not overwritten.
    if (!(await lstat(path.join(files, name)).catch(() => undefined))) return name;
    await rm(told, { force: true });
  }
}

async function moveInto({ folder, top }: Place, file: string, now: Date): Promise<void> {
  const [info, files] = [path.join(folder, 'info'), path.join(folder, 'files')];
  // What somebody else could have put there is not believed.
  await ownFolder(folder);
  const facts = await lstat(folder);
  if (!facts.isDirectory() || facts.uid !== process.getuid?.()) throw noTrash(file);
  await ownFolder(info);
  await ownFolder(files);
  const written = (top === undefined ? file : path.relative(top, file))
    .split(path.sep)
    .map(encodeURIComponent)
    .join('/');
  const text = `[Trash Info]\nPath=${written}\nDeletionDate=${wallTime(now)}\n`;
  const name = await takeName(info, files, path.basename(file), text);
  try {
    await rename(file, path.join(files, name));
  } catch (error) {
    await rm(path.join(info, `${name}.trashinfo`), { force: true });
    throw error;
  }
}

/** Moves a file, folder or link to the trash. @throws CofferError `NoTrash` when its disk has none; it stays then. */
export async function moveToTrash(
  given: string,
  env: NodeJS.ProcessEnv = process.env,
  now = new Date(),
): Promise<void> {
  // The way to it may lead through links, itself is taken as it is.
  const file = path.join(await realpath(path.dirname(given)), path.basename(given));
  for await (const place of placesFor(file, env)) {
    try {
      return await moveInto(place, file, now);
    } catch (error) {
      // Another disk after all, or one that is not to be written to at its top.
      const next =
        error instanceof CofferError || ['EXDEV', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR'].includes(codeOf(error));
      if (!next) throw error;
    }
  }
  throw noTrash(given);
}
