import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { fingerprintOf, type Item } from './folder.ts';
import { type FileResult, resultOf } from './results.ts';
import { isSame, type Seen, seenFile } from './seen.ts';
import { readTree } from './tree.ts';

/** Moves a file or folder to the system's trash. */
export type Trash = (file: string) => Promise<void>;

const changed = (name: string) => new CofferError('FileChanged', `${name} was changed since it was read.`);

async function checkUnchanged(file: string, seen: Seen): Promise<void> {
  const name = path.basename(file);
  const facts = await lstat(file);
  if (facts.isSymbolicLink())
    throw new CofferError('FileChanged', `${name} is a link: it and what it leads to are left as they are.`);
  const unchanged =
    'fingerprint' in seen ? seen.fingerprint === (await fingerprintOf(file)) : isSame(seen, seenFile(facts));
  if (!unchanged) throw changed(name);
}

/**
 * Moves an original to the trash, when it still is what was read.
 * @throws CofferError `FileChanged`, and what the trash or `fileError` names: the original is where it was then.
 */
export async function discard(trash: Trash, file: string, seen: Seen | undefined): Promise<void> {
  const name = path.basename(file);
  try {
    if (!seen) throw changed(name);
    await checkUnchanged(file, seen);
    await trash(file);
  } catch (error) {
    throw fileError(error, name);
  }
}

/**
 * Moves a folder to the trash whose files went elsewhere one by one, when all of them are done, still are what was read, and
 * nothing else lies there.
 * @param done how each file was, by its name. @throws as `discard`.
 */
async function discardTree(trash: Trash, root: string, done: ReadonlyMap<string, Seen | undefined>): Promise<void> {
  const name = path.basename(root);
  const { files, links, faults } = await readTree(root, () => false);
  if (links.length + faults.length > 0)
    throw new CofferError('FileChanged', `Not all that lies in ${name} was encrypted.`);
  const check = async ({ full, name: file }: Item) => {
    const seen = done.get(file);
    if (!seen) throw changed(file);
    await checkUnchanged(full, seen);
  };
  try {
    for (const item of files) await check(item);
    await trash(root);
  } catch (error) {
    throw fileError(error, name);
  }
}

/** Originals that were moved to the trash, and those that were to be and were not. */
export interface Originals {
  readonly moved: number;
  readonly kept: number;
  /** Why the first of them was kept. */
  readonly why?: string | undefined;
}

/** Does one move and counts it; what keeps an original where it is, is told with it and stops nothing else. */
export async function counted(
  originals: Originals,
  move: () => Promise<void>,
  onKept: (error: CofferError) => void = () => undefined,
): Promise<Originals> {
  try {
    await move();
    return { ...originals, moved: originals.moved + 1 };
  } catch (error) {
    if (!(error instanceof CofferError)) throw error;
    onKept(error);
    return { ...originals, kept: originals.kept + 1, why: originals.why ?? error.message };
  }
}

/** The originals of a folder whose files are encrypted one by one. */
export class TreeOriginals {
  readonly #trash: Trash;
  readonly #root: string;
  readonly #results: FileResult[];
  #counts: Originals;

  /** @param results told of each that is kept. @param before of earlier tries. */
  constructor(trash: Trash, root: string, results: FileResult[], before: Originals) {
    this.#trash = trash;
    this.#root = root;
    this.#results = results;
    this.#counts = { moved: before.moved, kept: 0 };
  }

  get counts(): Originals {
    return this.#counts;
  }

  async #move(name: string, move: () => Promise<void>): Promise<void> {
    this.#counts = await counted(this.#counts, move, (error) => {
      this.#results.push(resultOf(name, 'original-kept', error));
    });
  }

  /** A file whose result lies beside it. */
  one({ full, name }: Item, seen: Seen | undefined): Promise<void> {
    return this.#move(name, () => discard(this.#trash, full, seen));
  }

  /** The whole folder, when its results lie elsewhere. @param left things in it that were left out. */
  all(done: ReadonlyMap<string, Seen | undefined>, left: number): Promise<void> {
    return this.#move(path.basename(this.#root), async () => {
      if (left > 0) throw new CofferError('LeftOut', 'Something in the folder was left out, so it stays where it is.');
      await discardTree(this.#trash, this.#root, done);
    });
  }
}
