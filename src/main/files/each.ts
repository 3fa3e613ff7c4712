import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { CONTENT_CONTEXT, ENTRY_CONTENT, FOLDER_CONTENT, type Item } from './folder.ts';
import { kmsKeyOf, type ParsedHeader } from './message/header.ts';
import { ENCRYPTED, isNamedEncrypted, outputName } from './names.ts';
import { type Originals, type Trash, TreeOriginals } from './originals.ts';
import { readMessageHeader } from './plan.ts';
import { type EncryptWish, type Keys, prepareDecrypt, prepareEncrypt, prepareReencrypt } from './prepare.ts';
import { type Batch, forget, type Outcome, type Task } from './protocol.ts';
import { placeOfNew } from './renewing.ts';
import { type FileResult, outcomeOf, resultOf } from './results.ts';
import type { Seen } from './seen.ts';
import { type OnConflict, sweepPartials, taken } from './target.ts';
import { emptyFolders, placeOfTree, readTree, type Tree } from './tree.ts';

/** Files of a batch, and the bytes after which it takes no further one. */
const BATCH_FILES = 64;
const BATCH_SIZE = 32 * 2 ** 20;

export interface Counts {
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface EachWish extends EncryptWish {
  readonly action: Task['action'];
  readonly root: string;
  readonly outputFolder?: string | undefined;
  readonly hideNames?: boolean | undefined;
  readonly keepOld?: boolean | undefined;
  readonly onConflict: OnConflict;
}

/** What a job that does each file of a folder remembers, so that trying again does only what is left. */
export interface EachState {
  /** How each file was when it was done, where that was asked for. */
  readonly done: Map<string, Seen | undefined>;
  /** The folder that hidden names went to. */
  hidden: string | undefined;
  results: FileResult[];
  originals: Originals;
}

export const newEachState = (): EachState => ({
  done: new Map(),
  hidden: undefined,
  results: [],
  originals: { moved: 0, kept: 0 },
});

export interface EachControl {
  readonly cancelled: () => boolean;
  /** Runs a batch in a worker; its progress counts bytes. Cleans up after a worker that was killed. */
  readonly run: (batch: Batch, progress: (bytes: number) => void) => Promise<Outcome>;
  /** Where originals go once they are encrypted; nothing when they stay. */
  readonly trash: Trash | undefined;
  readonly report: (now: {
    counts: Counts;
    doneBytes: number;
    totalBytes: number;
    output: string;
    keyArn: string | undefined;
    originals: Originals | undefined;
  }) => void;
}

/** One file with its task, or with what there is to say instead. */
type Prepared = { readonly item: Item } & (
  | { readonly task: Task; readonly keyArn: string }
  | { readonly result: FileResult | undefined }
);

const whyLeftOut = {
  EncryptedAlready: 'It is encrypted already.',
  SameKey: 'It is encrypted under that key already.',
  LinkLeftOut: 'It is a link; what it leads to is not touched.',
} as const;
const leftOut = (name: string, code: keyof typeof whyLeftOut, keyArn?: string) =>
  resultOf(name, 'skipped', new CofferError(code, whyLeftOut[code]), keyArn);

/** Does each file of a folder by itself, in batches: while a worker is at one, the data keys of the next are fetched. */
export class EachFile {
  readonly #keys: Keys;
  readonly #wish: EachWish;
  readonly #state: EachState;
  readonly #control: EachControl;
  readonly #folders = new Map<string, Promise<void>>();
  readonly #claimed = new Set<string>();
  #place = '';
  #keyArn: string | undefined;
  #counts = { total: 0, done: 0, failed: 0, skipped: 0 };
  #bytes = { done: 0, total: 0 };
  #originals: TreeOriginals | undefined;

  constructor(keys: Keys, wish: EachWish, state: EachState, control: EachControl) {
    this.#keys = keys;
    this.#wish = wish;
    this.#state = state;
    this.#control = control;
  }

  /** @throws CofferError `Cancelled`, and what stops the whole folder. */
  async run(): Promise<Counts> {
    const { root, action, hideNames } = this.#wish;
    this.#state.results = [];
    const { trash } = this.#control;
    this.#originals = trash && new TreeOriginals(trash, root, this.#state.results, this.#state.originals);
    const place = action === 'verify' ? '' : await placeOfTree(root, this.#wish.outputFolder);
    const tree = await readTree(root, this.#control.cancelled);
    const hiding = action === 'encrypt' && hideNames === true;
    if (hiding) this.#state.hidden ??= path.join(this.#above(), newName());
    this.#place = hiding ? (this.#state.hidden ?? '') : place;
    await this.#makeFolders(tree, hiding);
    const items = hiding ? [...tree.files, ...emptyFolders(tree)] : tree.files;
    this.#count(tree, items);
    const batches = this.#batches(items.filter(({ name }) => !this.#state.done.has(name)));
    let next = this.#prepareNext(batches);
    for (;;) {
      const prepared = await next;
      if (!prepared) break;
      next = this.#prepareNext(batches);
      // It is looked at when the batch before it is done.
      next.catch(() => undefined);
      try {
        await this.#work(prepared);
      } catch (error) {
        forgetAll((await next.catch(() => undefined)) ?? []);
        throw error;
      }
    }
    const { failed, skipped: left } = this.#counts;
    if (this.#elsewhere() && failed === 0) await this.#originals?.all(this.#state.done, left);
    this.#report(0);
    return this.#counts;
  }

  /** The folder a tree with hidden names is made in, and given back to. */
  #above(): string {
    return this.#wish.outputFolder ?? path.dirname(this.#wish.root);
  }

  /** The structure is kept, with folders that nothing lies in. */
  async #makeFolders({ folders }: Tree, hiding: boolean): Promise<void> {
    if (this.#wish.action !== 'encrypt') return;
    await this.#ready(this.#place);
    if (!hiding) for (const { name } of folders) await this.#ready(path.join(this.#place, name));
  }

  /** Makes a folder for results, once, and sweeps what a crash left there. */
  #ready(folder: string): Promise<void> {
    const known = this.#folders.get(folder);
    if (known) return known;
    const made = mkdir(folder, { recursive: true, mode: 0o700 }).then(() => sweepPartials(folder));
    this.#folders.set(folder, made);
    return made;
  }

  #count(tree: Tree, items: readonly Item[]): void {
    const { results, done } = this.#state;
    for (const { name, error } of tree.faults) results.push(resultOf(name, 'failed', error));
    if (this.#wish.action === 'encrypt') for (const { name } of tree.links) results.push(leftOut(name, 'LinkLeftOut'));
    const [failed, skipped] = [tree.faults.length, this.#wish.action === 'encrypt' ? tree.links.length : 0];
    const already = items.filter(({ name }) => done.has(name));
    this.#counts = { total: items.length + failed + skipped, done: already.length, failed, skipped };
    const sum = (of: readonly Item[]) => of.reduce((bytes, { size }) => bytes + size, 0);
    this.#bytes = { done: sum(already), total: sum(items) };
    this.#report(0);
  }

  #report(under: number): void {
    const doneBytes = Math.min(this.#bytes.done + under, this.#bytes.total);
    this.#control.report({
      counts: { ...this.#counts },
      doneBytes,
      totalBytes: this.#bytes.total,
      output: this.#place,
      keyArn: this.#keyArn,
      originals: this.#originals?.counts,
    });
  }

  *#batches(items: readonly Item[]): Generator<Item[]> {
    let batch: Item[] = [];
    let size = 0;
    for (const item of items) {
      batch.push(item);
      size += item.size;
      if (batch.length < BATCH_FILES && size < BATCH_SIZE) continue;
      yield batch;
      [batch, size] = [[], 0];
    }
    if (batch.length > 0) yield batch;
  }

  async #prepareNext(batches: Generator<Item[]>): Promise<Prepared[] | undefined> {
    const { value: items } = batches.next();
    if (!items || this.#control.cancelled()) return items ? [] : undefined;
    // All at once: their records go to the disk together.
    const settled = await Promise.allSettled(items.map((item: Item) => this.#prepare(item)));
    const bug = settled.find((each) => each.status === 'rejected');
    const prepared = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    if (!bug) return prepared;
    forgetAll(prepared);
    throw bug.reason;
  }

  async #prepare(item: Item): Promise<Prepared> {
    const { action } = this.#wish;
    let keyArn: string | undefined;
    try {
      const parsed = await this.#headerOf(item);
      if (action === 'encrypt') {
        if (parsed) return { item, result: leftOut(item.name, 'EncryptedAlready') };
        return { item, ...(await this.#encrypting(item)) };
      }
      // Among others lie files that never were encrypted.
      if (!parsed) return { item, result: undefined };
      keyArn = kmsKeyOf(parsed.header)?.providerInfo;
      if (action === 'reencrypt') return { item, ...(await this.#renewing(item, parsed, keyArn)) };
      const content = parsed.header.context[CONTENT_CONTEXT];
      const kind = content === FOLDER_CONTENT ? 'folder' : 'file';
      const place = await this.#placeOf(item, {
        // A hidden name has its own path, from here.
        folder: content === ENTRY_CONTENT ? this.#above() : this.#folderOf(item),
        name: outputName(path.basename(item.name), 'decrypt', kind),
      });
      const made = await prepareDecrypt(this.#keys, place, action, this.#wish.region, parsed);
      return { item, task: { ...made.task, entryRoot: this.#above() }, keyArn: made.keyArn };
    } catch (error) {
      if (!(error instanceof CofferError)) throw error;
      return { item, result: resultOf(item.name, outcomeOf(error.code, action !== 'encrypt'), error, keyArn) };
    }
  }

  /** The header of an encrypted file; undefined for one that is not, unless its name says that it should be. */
  async #headerOf({ full, name, kind }: Item): Promise<ParsedHeader | undefined> {
    const { action } = this.#wish;
    if (kind === 'folder' || (action === 'encrypt' && !isNamedEncrypted(name))) return undefined;
    try {
      return await readMessageHeader(full, { follow: false });
    } catch (error) {
      const foreign =
        error instanceof CofferError &&
        ['NotAnEncryptedMessage', 'MessageDamaged', 'UnsupportedMessage'].includes(error.code);
      if (foreign && (action === 'encrypt' || !isNamedEncrypted(name))) return undefined;
      throw error;
    }
  }

  async #encrypting(item: Item) {
    const { hideNames, root } = this.#wish;
    const place = await this.#placeOf(
      item,
      hideNames
        ? { folder: this.#place, name: `${newName()}${ENCRYPTED}` }
        : { folder: this.#folderOf(item), name: outputName(path.basename(item.name), 'encrypt', 'file') },
    );
    const kind = hideNames ? 'entry' : 'file';
    const { task, keyArn } = await prepareEncrypt(this.#keys, place, kind, this.#wish);
    return { task: { ...task, entryName: `${path.basename(root)}/${item.name}` }, keyArn };
  }

  async #renewing(item: Item, parsed: ParsedHeader, keyArn: string | undefined) {
    if (keyArn !== undefined && keyArn === this.#wish.keyId) return { result: leftOut(item.name, 'SameKey', keyArn) };
    const folder = this.#folderOf(item);
    const { inPlace, ...target } = await placeOfNew(item.full, folder, this.#wish);
    const place = await this.#placeOf(item, { folder, name: path.basename(item.name) });
    return prepareReencrypt(this.#keys, { ...place, ...target, inPlace }, this.#wish, parsed);
  }

  /** The structure is kept. */
  #folderOf({ name }: Item): string {
    return path.join(this.#place, path.dirname(name));
  }

  async #placeOf(item: Item, { folder, name }: { readonly folder: string; readonly name: string }) {
    const { action, onConflict } = this.#wish;
    const common = { id: randomUUID(), source: item.full, noFollow: true };
    if (action === 'verify') return { ...common, output: '', onConflict };
    await this.#ready(folder);
    const output = path.join(folder, name);
    // Two files of this job never replace each other.
    if (this.#claimed.has(output) && onConflict !== 'rename') throw taken(output);
    this.#claimed.add(output);
    return { ...common, output, onConflict };
  }

  async #work(prepared: readonly Prepared[]): Promise<void> {
    const withTask = prepared.flatMap((each) => ('task' in each ? [each] : []));
    const encrypted: Item[] = [];
    try {
      if (this.#control.cancelled()) throw new CofferError('Cancelled', 'Cancelled.');
      for (const each of prepared) if ('result' in each) this.#note(each.item, each.result);
      if (withTask.length > 0) {
        const batch: Batch = { action: 'batch', id: randomUUID(), tasks: withTask.map(({ task }) => task) };
        const outcome = await this.#control.run(batch, (bytes) => this.#report(bytes));
        for (const [at, { item, keyArn }] of withTask.entries())
          if (this.#settle(item, keyArn, 'failed' in outcome ? outcome : outcome.items?.[at])) encrypted.push(item);
      }
      if (!this.#elsewhere()) await this.#discard(encrypted);
      this.#report(0);
    } finally {
      forgetAll(prepared);
    }
    if (this.#control.cancelled()) throw new CofferError('Cancelled', 'Cancelled. Nothing half-written was kept.');
  }

  /** Whether results lie outside the folder, which then can go as a whole. */
  #elsewhere(): boolean {
    return this.#place !== this.#wish.root;
  }

  async #discard(items: readonly Item[]): Promise<void> {
    for (const item of items)
      if (item.kind === 'file' && !this.#control.cancelled())
        await this.#originals?.one(item, this.#state.done.get(item.name));
    this.#state.originals = this.#originals?.counts ?? this.#state.originals;
  }

  /** @returns whether it is done. */
  #settle(item: Item, keyArn: string, outcome: Outcome | undefined): boolean {
    const { action } = this.#wish;
    const opening = action !== 'encrypt';
    if (!outcome) throw new Error('a worker answered with too few outcomes');
    if ('failed' in outcome) {
      if (outcome.cancelled) return false;
      const { code, message } = outcome.failed;
      this.#note(item, resultOf(item.name, outcomeOf(code, opening), new CofferError(code, message), keyArn));
      return false;
    }
    if (action === 'encrypt' || action === 'reencrypt') this.#keyArn = keyArn;
    this.#state.done.set(item.name, outcome.seen);
    this.#counts.done++;
    this.#bytes.done += item.size;
    if (action === 'verify' || action === 'reencrypt')
      this.#state.results.push({ name: item.name, outcome: 'done', keyArn });
    return true;
  }

  /** Of a file there is nothing to say of, only that it was passed by. */
  #note(item: Item, result: FileResult | undefined): void {
    if (result) this.#state.results.push(result);
    if (!result || result.outcome === 'skipped') this.#counts.skipped++;
    else this.#counts.failed++;
    this.#bytes.done += item.size;
  }
}

const newName = () => randomUUID().replaceAll('-', '');

/** Overwrites the keys of tasks. */
function forgetAll(prepared: readonly Prepared[]): void {
  for (const each of prepared) if ('task' in each) forget(each.task);
}
