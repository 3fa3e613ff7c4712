import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { fingerprintOf, goOnUnless, type Item, type Stopped } from './folder.ts';
import { type FileResult, resultOf } from './results.ts';
import { type Done, isSame, seenFile, stands } from './seen.ts';
import { readTree } from './tree.ts';

/** Moves a file or folder to the system's trash. */
export type Trash = (file: string) => Promise<void>;

const changed = (name: string) => new CofferError('FileChanged', `${name} was changed since it was read.`);

/** What stands at a path now. @throws CofferError `FileChanged` for a link. */
async function factsOf(file: string): Promise<Stats> {
  const facts = await lstat(file);
  if (!facts.isSymbolicLink()) return facts;
  const name = path.basename(file);
  throw new CofferError('FileChanged', `${name} is a link: it and what it leads to are left as they are.`);
}

/** @throws CofferError `FileChanged` unless an original still is what was read, `ResultChanged` unless its result stands. */
async function check(file: string, done: Done | undefined, stopped?: Stopped): Promise<void> {
  const { seen } = done ?? {};
  if (!done || !seen) throw changed(path.basename(file));
  const facts = await factsOf(file);
  const unchanged =
    'fingerprint' in seen ? seen.fingerprint === (await fingerprintOf(file, stopped)) : isSame(seen, seenFile(facts));
  if (!unchanged) throw changed(path.basename(file));
  if (await stands(done)) return;
  throw new CofferError(
    'ResultChanged',
    `${path.basename(file)} stays where it is: its encrypted file was moved or changed since it was written.`,
  );
}

/**
 * Moves an original to the trash, when it still is what was read and its result stands.
 * @throws CofferError `FileChanged`, `ResultChanged`, `Cancelled` once it is stopped, and what the trash or `fileError` names:
 * the original is where it was then.
 */
export async function discard(trash: Trash, file: string, done: Done | undefined, stopped?: Stopped): Promise<void> {
  try {
    await check(file, done, stopped);
    await trash(file);
  } catch (error) {
    throw fileError(error, path.basename(file));
  }
}

/**
 * Moves a folder to the trash whose files went elsewhere one by one, when all of them are done, still are what was read, and
 * nothing else lies there. A link to a folder is not one.
 * @param done what is known of each file, by its name. @throws as `discard`.
 */
async function discardTree(
  trash: Trash,
  root: string,
  done: ReadonlyMap<string, Done>,
  stopped: Stopped = () => false,
): Promise<void> {
  const name = path.basename(root);
  const { files, links, faults, partial } = await readTree(root, stopped);
  if (partial || links.length + faults.length > 0)
    throw new CofferError('FileChanged', `Not all that lies in ${name} was encrypted.`);
  try {
    await factsOf(root);
    for (const file of files) {
      goOnUnless(stopped);
      await check(file.full, done.get(file.name));
    }
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
  one({ full, name }: Item, done: Done | undefined): Promise<void> {
    return this.#move(name, () => discard(this.#trash, full, done));
  }

  /** The whole folder, when its results lie elsewhere. @param left things in it that were left out. */
  all(done: ReadonlyMap<string, Done>, left: number, stopped?: Stopped): Promise<void> {
    return this.#move(path.basename(this.#root), async () => {
      if (left > 0) throw new CofferError('LeftOut', 'Something in the folder was left out, so it stays where it is.');
      await discardTree(this.#trash, this.#root, done, stopped);
    });
  }
}
