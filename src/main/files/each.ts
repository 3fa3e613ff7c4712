import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { CONTENT_CONTEXT, ENTRY_CONTENT, FOLDER_CONTENT, type Item } from './folder.ts';
import { readListed } from './listed.ts';
import { kmsKeysOf, type ParsedHeader } from './message/header.ts';
import { ENCRYPTED, isNamedEncrypted, outputName } from './names.ts';
import { type Originals, type Trash, TreeOriginals } from './originals.ts';
import { readMessageHeader } from './plan.ts';
import { type EncryptWish, type Keys, NotOpened, prepareDecrypt, prepareEncrypt, prepareReencrypt } from './prepare.ts';
import { type Batch, forget, type Outcome, type Task } from './protocol.ts';
import { placeOfNew } from './renewing.ts';
import { type FileResult, leftOut, outcomeOf, resultOf } from './results.ts';
import { type Done, stands } from './seen.ts';
import { isWithin, type OnConflict, sweepPartials, syncFolder } from './target.ts';
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
  /** Of a check: what is encrypted under one key among these files and folders, instead of all that lies in `root`. */
  readonly under?: Under | undefined;
}

export interface Under {
  readonly keyArn: string;
  readonly paths: readonly string[];
}

/** What a job that does each file of a folder remembers, so that trying again does only what is left. */
export interface EachState {
  readonly done: Map<string, Done>;
  /** Files done in all tries. */
  did: number;
  /** The folder that hidden names went to. */
  hidden: string | undefined;
  /** What hidden names gave back. */
  restored: string | undefined;
  results: FileResult[];
  originals: Originals;
}

export const newEachState = (): EachState => ({
  done: new Map(),
  did: 0,
  hidden: undefined,
  restored: undefined,
  results: [],
  originals: { moved: 0, kept: 0 },
});

export interface EachControl {
  readonly cancelled: () => boolean;
  /** Runs a batch in a worker; its progress counts bytes. Cleans up after a worker that was killed. */
  readonly run: (batch: Batch, progress: (bytes: number) => void) => Promise<Outcome>;
  /** Claims the name of a file's result. @returns how a conflict is to be settled. @throws CofferError `FileExists`. */
  readonly claim: (source: string, output: string) => Promise<OnConflict>;
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

/** Does each file of a folder by itself, in batches: while a worker is at one, the data keys of the next are fetched. */
export class EachFile {
  readonly #keys: Keys;
  readonly #wish: EachWish;
  readonly #state: EachState;
  readonly #control: EachControl;
  readonly #folders = new Map<string, Promise<void>>();
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
    this.#keyArn = wish.under?.keyArn;
  }

  /** @throws CofferError `Cancelled`, and what stops the whole folder. */
  async run(): Promise<Counts> {
    const { root, action, hideNames, under } = this.#wish;
    // What is done is not done again; all else is said anew.
    this.#state.results = this.#state.results.filter(({ outcome }) => outcome === 'done');
    const { trash, cancelled } = this.#control;
    this.#originals = trash && new TreeOriginals(trash, root, this.#state.results, this.#state.originals);
    const place = action === 'verify' ? '' : await placeOfTree(root, this.#wish.outputFolder);
    const tree = under ? await readListed(under.paths, cancelled) : await readTree(root, cancelled);
    const hiding = action === 'encrypt' && hideNames === true;
    if (hiding) this.#state.hidden ??= path.join(this.#above(), newName());
    this.#place = hiding ? (this.#state.hidden ?? '') : place;
    await this.#makeFolders(tree, hiding);
    const items = hiding ? [...tree.files, ...emptyFolders(tree)] : tree.files;
    await this.#forgetLost();
    this.#count(tree, items);
    // What an earlier try kept, or did not come to.
    await this.#discard(items.filter(({ name }) => this.#state.done.has(name)));
    this.#stopIfCancelled();
    const batches = this.#batches(items.filter(({ name }) => !this.#state.done.has(name)));
    let next = this.#prepareNext(batches);
    for (let prepared = await next; prepared; prepared = await next) {
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
    if (this.#originals && this.#elsewhere() && this.#counts.failed === 0) {
      // The files outlast a power cut by now; so must the folders that lead to them.
      for (const folder of new Set([...this.#folders.keys()].map(path.dirname))) await syncFolder(folder);
      await this.#originals.all(this.#state.done, this.#counts.skipped, cancelled);
      this.#report(0);
    }
    return this.#counts;
  }

  /** What an earlier try made and is not there any more is made again, where originals are to go. */
  async #forgetLost(): Promise<void> {
    for (const [name, done] of this.#state.done) if (done.made && !(await stands(done))) this.#state.done.delete(name);
  }

  #stopIfCancelled(): void {
    if (this.#control.cancelled()) throw new CofferError('Cancelled', 'Cancelled. Nothing half-written was kept.');
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

  #count({ missing = [], ...tree }: Tree, items: readonly Item[]): void {
    const { results, done } = this.#state;
    for (const { name, error } of tree.faults) results.push(resultOf(name, 'failed', error));
    if (this.#wish.action === 'encrypt') for (const { name } of tree.links) results.push(leftOut(name, 'LinkLeftOut'));
    for (const name of missing) results.push(leftOut(name, 'FileNotFound'));
    const failed = tree.faults.length;
    const skipped = missing.length + (this.#wish.action === 'encrypt' ? tree.links.length : 0);
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
      output: this.#state.restored ?? this.#place,
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
      if (!parsed || !this.#isAsked(parsed)) return { item, result: undefined };
      keyArn = kmsKeysOf(parsed.header)[0]?.providerInfo;
      if (action === 'reencrypt') return { item, ...(await this.#renewing(item, parsed)) };
      const content = parsed.header.context[CONTENT_CONTEXT];
      const kind = content === FOLDER_CONTENT ? 'folder' : 'file';
      const name = outputName(path.basename(item.name), 'decrypt', kind);
      // A hidden name has its own path, from here.
      const place = await (content === ENTRY_CONTENT
        ? this.#placeOf(item, { folder: this.#above(), name, named: false })
        : this.#placeOf(item, { folder: this.#folderOf(item), name }));
      const made = await prepareDecrypt(this.#keys, place, action, this.#wish.region, parsed);
      return { item, task: { ...made.task, entryRoot: this.#above() }, keyArn: made.keyArn };
    } catch (error) {
      if (!(error instanceof CofferError)) throw error;
      const arn = error instanceof NotOpened ? error.keyArn : keyArn;
      return { item, result: resultOf(item.name, outcomeOf(error.code, action !== 'encrypt'), error, arn) };
    }
  }

  /** Whether a file is among those that the job is about, which may be those of one key. */
  #isAsked({ header }: ParsedHeader): boolean {
    const keyArn = this.#wish.under?.keyArn;
    return keyArn === undefined || header.dataKeys.some(({ providerInfo }) => providerInfo === keyArn);
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

  async #renewing(item: Item, parsed: ParsedHeader) {
    const arns = new Set(kmsKeysOf(parsed.header).map(({ providerInfo }) => providerInfo));
    const { keyId } = this.#wish;
    if (keyId !== undefined && arns.has(keyId) && arns.size === 1)
      return { result: leftOut(item.name, 'SameKey', keyId) };
    const folder = this.#folderOf(item);
    const place = await this.#placeOf(item, { folder, name: path.basename(item.name) });
    const { onConflict } = place;
    const { inPlace, ...target } = await placeOfNew(item.full, folder, { ...this.#wish, onConflict });
    return prepareReencrypt(this.#keys, { ...place, ...target, inPlace }, this.#wish, parsed);
  }

  /** The structure is kept. */
  #folderOf({ name }: Item): string {
    return path.join(this.#place, path.dirname(name));
  }

  /** @param named whether the result is to have that name; where it is not, its own is not known yet. */
  async #placeOf(item: Item, { folder, name, named = true }: { folder: string; name: string; named?: boolean }) {
    const { action, onConflict } = this.#wish;
    const common = { id: randomUUID(), source: item.full, noFollow: true };
    if (action === 'verify') return { ...common, output: '', onConflict };
    await this.#ready(folder);
    const output = path.join(folder, name);
    return { ...common, output, onConflict: named ? await this.#control.claim(item.full, output) : onConflict };
  }

  async #work(prepared: readonly Prepared[]): Promise<void> {
    const withTask = prepared.flatMap((each) => ('task' in each ? [each] : []));
    const encrypted: Item[] = [];
    try {
      this.#stopIfCancelled();
      for (const each of prepared) if ('result' in each) this.#note(each.item, each.result);
      if (withTask.length > 0) {
        const batch: Batch = { action: 'batch', id: randomUUID(), tasks: withTask.map(({ task }) => task) };
        const outcome = await this.#control.run(batch, (bytes) => this.#report(bytes));
        for (const [at, { item, keyArn }] of withTask.entries())
          if (this.#settle(item, keyArn, 'failed' in outcome ? outcome : outcome.items?.[at])) encrypted.push(item);
      }
      this.#report(0);
      await this.#discard(encrypted);
    } finally {
      forgetAll(prepared);
    }
    this.#stopIfCancelled();
  }

  /** Whether results lie outside the folder, which then can go as a whole. */
  #elsewhere(): boolean {
    return this.#place !== this.#wish.root;
  }

  /** Moves the originals of results that lie beside them. */
  async #discard(items: readonly Item[]): Promise<void> {
    if (!this.#originals || this.#elsewhere() || items.length === 0) return;
    for (const item of items)
      if (item.kind === 'file' && !this.#control.cancelled())
        await this.#originals.one(item, this.#state.done.get(item.name));
    this.#state.originals = this.#originals.counts;
    this.#report(0);
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
    this.#state.done.set(item.name, outcome);
    this.#state.did++;
    if (action === 'decrypt' && outcome.output !== undefined && !isWithin(outcome.output, this.#place)) {
      const [first = ''] = path.relative(this.#above(), outcome.output).split(path.sep);
      this.#state.restored = path.join(this.#above(), first);
    }
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
