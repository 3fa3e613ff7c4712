import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { CofferError } from '../../shared/kms/errors.ts';
import type { ScryptCost } from '../crypto/kdf.ts';
import type { Environment, Keychain } from '../environment.ts';
import { CommitQueue } from './commit-queue.ts';
import { Database, type JournaledStatement } from './database.ts';
import { reasonOf, VaultDamaged } from './errors.ts';
import { continueJournal, journalFile, type Loaded, loadGenerations, snapshotFile, sweep } from './generations.ts';
import {
  type HeaderBody,
  type HeaderRecord,
  hasHeader,
  headerIsAuthentic,
  readHeaders,
  syncFolder,
  writeHeader,
} from './header.ts';
import { Journal, type Position } from './journal.ts';
import { RootKey } from './keys.ts';
import { acquireLock, type VaultLock } from './lock.ts';
import { MaterialSealer } from './material.ts';
import { migrate } from './migrations/migrate.ts';
import type { Migration } from './migrations/migration.ts';
import { formatRecoveryCode, RECOVERY_BYTES } from './recovery-code.ts';
import { keychainAccount, makeSlot, type NewSlot, openSlots, refusal, type SlotContext, type Unlock } from './slots.ts';
import { writeSnapshot } from './snapshot.ts';
import type { ReadDatabase, Store, Transaction } from './types.ts';

export interface VaultOptions extends Environment {
  readonly keychain: Keychain;
  readonly migrations: readonly Migration[];
  /** The cost of new passphrase slots; tests lower it. */
  readonly scrypt?: ScryptCost;
  /** Journal bytes after which a snapshot is taken at the earliest; it is also a fifth of the last snapshot's size. */
  readonly snapshotAfterBytes?: number;
}

export interface CreateVault {
  readonly name: string;
  readonly passphrase: string;
  readonly useKeychain: boolean;
}

export interface SlotInfo {
  readonly id: string;
  readonly kind: Unlock['kind'];
  readonly createdAt: number;
}

export interface VaultInfo {
  readonly id: string;
  readonly name: string;
  readonly slots: readonly SlotInfo[];
}

export interface VaultReport {
  readonly tornBytes: number;
  readonly replayedRecords: number;
  /** One copy of the header was damaged, missing or behind, and was written anew from the good one. */
  readonly headerRepaired: boolean;
}

const SNAPSHOT_AFTER = 8 * 2 ** 20;
const SNAPSHOT_RETRY_MS = 30_000;
const FIRST: Position = { sequence: 1, chain: new Uint8Array(32) };

const infoOf = (slots: HeaderRecord['slots']): SlotInfo[] =>
  slots.map(({ id, kind, createdAt }) => ({ id, kind, createdAt }));

/** Makes a folder for a vault's files. @throws CofferError `FolderNotEmpty`, or `VaultWriteError` with the reason. */
export async function prepareFolder(dir: string): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    if ((await readdir(dir)).length > 0) {
      throw new CofferError(
        'FolderNotEmpty',
        `The folder ${dir} is not empty. A vault is made in a new or empty folder.`,
      );
    }
  } catch (error) {
    if (error instanceof CofferError) throw error;
    throw new CofferError('VaultWriteError', `The folder ${dir} cannot be made or read: ${reasonOf(error)}.`);
  }
}

/** A vault that is open. The Store the engine works on, and the management of its ways in. */
export class Vault implements Store {
  readonly dir: string;
  readonly report: VaultReport;
  readonly #options: VaultOptions;
  readonly #lock: VaultLock;
  readonly #root: RootKey;
  readonly #database: Database;
  readonly #queue: CommitQueue;
  readonly #material: MaterialSealer;
  readonly #lockListeners: (() => void)[] = [];
  #header: HeaderRecord;
  #journal: Journal;
  #snapshotBytes: number;
  #snapshot: Promise<void> | undefined;
  #headerWork: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;
  #snapshotNotBefore = 0;

  private constructor(
    dir: string,
    options: VaultOptions,
    lock: VaultLock,
    root: RootKey,
    header: HeaderRecord,
    loaded: { db: Database; snapshotBytes: number },
    journal: Journal,
    report: VaultReport,
  ) {
    this.dir = dir;
    this.report = report;
    this.#options = options;
    this.#lock = lock;
    this.#root = root;
    this.#header = header;
    this.#database = loaded.db;
    this.#snapshotBytes = loaded.snapshotBytes;
    this.#journal = journal;
    this.#material = new MaterialSealer(root, options.random);
    this.#queue = new CommitQueue(loaded.db, (transactions) => this.#persist(transactions));
  }

  /** Facts of a vault that need no key. @throws VaultDamaged, CofferError `NoVault`. */
  static async inspect(dir: string): Promise<VaultInfo> {
    if (!(await hasHeader(dir))) throw new CofferError('NoVault', `There is no vault in ${dir}.`);
    const header = (await readHeaders(dir)).candidates[0] as HeaderRecord;
    return { id: header.vaultId, name: header.name, slots: infoOf(header.slots) };
  }

  /**
   * Makes a vault in an empty or new folder and opens it, with a passphrase, a recovery code and, when asked, the keychain.
   * @throws CofferError `FolderNotEmpty`, `VaultWriteError`, `KeychainError`; nothing is left behind.
   */
  static async create(
    dir: string,
    options: VaultOptions,
    wish: CreateVault,
  ): Promise<{ vault: Vault; recoveryCode: string }> {
    await prepareFolder(dir);
    const code = options.random.bytes(RECOVERY_BYTES);
    const ways: NewSlot[] = [
      { kind: 'passphrase', secret: wish.passphrase },
      { kind: 'recovery', code },
    ];
    if (wish.useKeychain) ways.unshift({ kind: 'keychain' });
    const db = await Database.open();
    const vault = await Vault.#found(
      dir,
      options,
      { name: wish.name, vaultId: randomUUID(), rootKey: options.random.bytes(32) },
      ways,
      db,
    );
    return { vault, recoveryCode: formatRecoveryCode(code) };
  }

  /** Writes a first generation holding `db` into an empty folder and opens it; also what restore and salvage end in. */
  static async adopt(
    dir: string,
    options: VaultOptions,
    identity: { name: string; vaultId: string; rootKey: Uint8Array },
    ways: readonly NewSlot[],
    db: Database,
  ): Promise<Vault> {
    await prepareFolder(dir);
    return Vault.#found(dir, options, identity, ways, db);
  }

  static async #found(
    dir: string,
    options: VaultOptions,
    { name, vaultId, rootKey }: { name: string; vaultId: string; rootKey: Uint8Array },
    ways: readonly NewSlot[],
    db: Database,
  ): Promise<Vault> {
    const root = new RootKey(rootKey, vaultId);
    let lock: VaultLock | undefined;
    const slots: HeaderRecord['slots'] = [];
    try {
      lock = await acquireLock(dir);
      const now = options.clock.now();
      for (const way of ways) {
        const key = root.copy();
        slots.push(await makeSlot(slotContext(options, vaultId), key, randomUUID(), now, way));
        key.fill(0);
      }
      const generation = 1;
      const image = db.export();
      const snapshotBytes = await writeSnapshot(
        snapshotFile(dir, generation),
        { vaultId, generation, root },
        FIRST,
        image,
        options.random,
      );
      image.fill(0);
      const source = { path: journalFile(dir, generation), vaultId, generation, root, from: FIRST };
      const journal = await Journal.create(source, options.random);
      await syncFolder(dir);
      const header = await writeHeader(
        dir,
        { format: 1, vaultId, name, createdAt: now, revision: 1, generation, slots },
        root,
      );
      const report = { tornBytes: 0, replayedRecords: 0, headerRepaired: false };
      const vault = new Vault(dir, options, lock, root, header, { db, snapshotBytes }, journal, report);
      await migrate(vault, options.migrations);
      return vault;
    } catch (error) {
      root.destroy();
      for (const slot of slots) {
        if (slot.kind === 'keychain')
          await options.keychain.delete(keychainAccount(vaultId, slot.id)).catch(() => false);
      }
      await lock?.release();
      // The folder was empty when we began: everything in it is ours.
      for (const name of await readdir(dir).catch(() => [])) await rm(`${dir}/${name}`, { force: true });
      if (error instanceof CofferError) throw error;
      throw new CofferError(
        'VaultWriteError',
        `The vault could not be made in ${dir}: ${reasonOf(error)}. Nothing was left there.`,
      );
    }
  }

  /**
   * Opens a vault by one of its ways in.
   * @throws CofferError `NoVault`, `VaultInUse`, `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeTypo`, `KeychainKeyMissing`,
   * `NoSuchSlot`, `VaultTooNew`; VaultDamaged. Nothing is written unless the vault opens.
   */
  static async open(dir: string, options: VaultOptions, way: Unlock): Promise<Vault> {
    if (!(await hasHeader(dir))) throw new CofferError('NoVault', `There is no vault in ${dir}.`);
    let lock: VaultLock;
    try {
      lock = await acquireLock(dir);
    } catch (error) {
      if (error instanceof CofferError) throw error;
      throw new CofferError('VaultWriteError', `The vault in ${dir} cannot be opened for writing: ${reasonOf(error)}.`);
    }
    let root: RootKey | undefined;
    let loaded: Loaded | undefined;
    let journal: Journal | undefined;
    try {
      const unlocked = await unlock(dir, options, way);
      root = unlocked.root;
      const { header } = unlocked;
      loaded = await loadGenerations({ dir, vaultId: header.vaultId, root }, header.generation);
      journal = await continueJournal(loaded, options.random);
      await sweep(dir, header.generation, journal.generation);
      const current = unlocked.stale ? await writeHeader(dir, bodyOf(header, {}), root) : header;
      const report = { tornBytes: loaded.tornBytes, replayedRecords: loaded.records, headerRepaired: unlocked.stale };
      const vault = new Vault(dir, options, lock, root, current, loaded, journal, report);
      await migrate(vault, options.migrations);
      vault.#considerSnapshot();
      return vault;
    } catch (error) {
      root?.destroy();
      loaded?.db.close();
      await journal?.close();
      await lock.release();
      if (error instanceof CofferError) throw error;
      throw new CofferError(
        'VaultUnreadable',
        `The vault in ${dir} could not be opened: ${reasonOf(error)}. Nothing was changed.`,
      );
    }
  }

  get id(): string {
    return this.#header.vaultId;
  }

  get name(): string {
    return this.#header.name;
  }

  get db(): ReadDatabase {
    return this.#database;
  }

  transact<T>(work: (tx: Transaction) => T): Promise<T> {
    return this.#queue.transact(work);
  }

  sealMaterial(keyId: string, materialId: string, material: Uint8Array): Uint8Array {
    return this.#material.seal(keyId, materialId, material);
  }

  openMaterial(keyId: string, materialId: string, sealed: Uint8Array): Uint8Array {
    return this.#material.open(keyId, materialId, sealed);
  }

  deriveKey(purpose: string): Uint8Array {
    return this.#root.derive(`store/${purpose}`);
  }

  onLock(listener: () => void): void {
    this.#lockListeners.push(listener);
  }

  slots(): SlotInfo[] {
    return infoOf(this.#header.slots);
  }

  /** Adds a way in. For a recovery code the code is returned, this once. */
  async addSlot(
    way: { kind: 'keychain' } | { kind: 'passphrase'; secret: string } | { kind: 'recovery' },
  ): Promise<{ slotId: string; recoveryCode?: string }> {
    const code = way.kind === 'recovery' ? this.#options.random.bytes(RECOVERY_BYTES) : undefined;
    const slotId = randomUUID();
    await this.#changeHeader(async (header) => ({
      slots: [...header.slots, await this.#makeSlot(slotId, code ? { kind: 'recovery', code } : (way as NewSlot))],
    }));
    return code ? { slotId, recoveryCode: formatRecoveryCode(code) } : { slotId };
  }

  /** Replaces a passphrase by another. @throws CofferError `WrongPassphrase` unless `current` opens that slot. */
  async changePassphrase(slotId: string, current: string, next: string): Promise<void> {
    await this.#changeHeader(async (header) => {
      const slot = header.slots.find(({ id, kind }) => id === slotId && kind === 'passphrase');
      const root = slot ? await openSlots(this.#slotContext(), [slot], { kind: 'passphrase', secret: current }) : null;
      if (!root) throw refusal('passphrase', slot !== undefined);
      root.fill(0);
      const replacement = await this.#makeSlot(randomUUID(), { kind: 'passphrase', secret: next });
      return { slots: header.slots.map((each) => (each.id === slotId ? replacement : each)) };
    });
  }

  /** Removes a way in. @throws CofferError `LastSlot` when only the keychain, or nothing, would remain. */
  async removeSlot(slotId: string): Promise<void> {
    let removed: HeaderRecord['slots'][number] | undefined;
    await this.#changeHeader(async (header) => {
      removed = header.slots.find(({ id }) => id === slotId);
      const slots = header.slots.filter(({ id }) => id !== slotId);
      if (!removed) throw new CofferError('NoSuchSlot', 'That way in does not exist any more.');
      if (!slots.some(({ kind }) => kind !== 'keychain')) {
        throw new CofferError(
          'LastSlot',
          'A vault keeps at least one passphrase or recovery code: a keychain can be lost with the computer. Add another first.',
        );
      }
      return { slots };
    });
    if (removed?.kind === 'keychain') {
      // The slot is gone from the vault; a keychain that will not forget a useless key is no reason to fail.
      await this.#options.keychain.delete(keychainAccount(this.id, slotId)).catch(() => false);
    }
  }

  async rename(name: string): Promise<void> {
    await this.#changeHeader(async () => ({ name }));
  }

  /** The image and the root key, for a backup. The caller zeroes both. */
  async contents(): Promise<{ rootKey: Uint8Array; image: Uint8Array }> {
    const image = await this.#queue.exclusive(async () => this.#database.export());
    return { rootKey: this.#root.copy(), image };
  }

  /** Takes a snapshot now, or joins the one under way. */
  snapshot(): Promise<void> {
    this.#snapshot ??= this.#takeSnapshot().finally(() => {
      this.#snapshot = undefined;
    });
    return this.#snapshot;
  }

  /** Locks: settles what was accepted, drops every key and gives the folder free. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    await this.#snapshot?.catch(() => undefined);
    await this.#headerWork.catch(() => undefined);
    for (const listener of this.#lockListeners) listener();
    this.#material.destroy();
    this.#root.destroy();
    this.#database.close();
    await this.#journal.close();
    await this.#lock.release();
  }

  async #persist(transactions: JournaledStatement[][]): Promise<void> {
    await this.#journal.append(transactions);
    this.#considerSnapshot();
  }

  #considerSnapshot(): void {
    const threshold = Math.max(this.#options.snapshotAfterBytes ?? SNAPSHOT_AFTER, this.#snapshotBytes / 5);
    const due = this.#journal.bytes > threshold || this.#journal.generation > this.#header.generation;
    if (!due || this.#snapshot || this.#closing || performance.now() < this.#snapshotNotBefore) return;
    // A snapshot that fails (a full disk) costs nothing but a longer journal, and is tried again later.
    this.snapshot().catch(() => {
      this.#snapshotNotBefore = performance.now() + SNAPSHOT_RETRY_MS;
    });
  }

  async #takeSnapshot(): Promise<void> {
    const { random } = this.#options;
    const vaultId = this.id;
    const { image, at, previous, next } = await this.#queue.exclusive(async () => {
      const previous = this.#journal;
      const generation = previous.generation + 1;
      const image = this.#database.export();
      // The successor exists and is durable before the predecessor says that it ended.
      const path = journalFile(this.dir, generation);
      await rm(path, { force: true });
      const end = previous.prepareEnd();
      const next = await Journal.create({ path, vaultId, generation, root: this.#root, from: end.position }, random);
      try {
        await syncFolder(this.dir);
        await previous.end(end);
      } catch (error) {
        await next.close();
        await rm(path, { force: true });
        throw error;
      }
      this.#journal = next;
      return { image, at: end.position, previous, next };
    });
    await previous.close();
    const { generation } = next;
    this.#snapshotBytes = await writeSnapshot(
      snapshotFile(this.dir, generation),
      { vaultId, generation, root: this.#root },
      at,
      image,
      random,
    );
    image.fill(0);
    await this.#changeHeader(async () => ({ generation }));
    await sweep(this.dir, generation, generation);
  }

  #slotContext(): SlotContext {
    return slotContext(this.#options, this.id);
  }

  async #makeSlot(id: string, way: NewSlot): Promise<HeaderRecord['slots'][number]> {
    const key = this.#root.copy();
    try {
      return await makeSlot(this.#slotContext(), key, id, this.#options.clock.now(), way);
    } finally {
      key.fill(0);
    }
  }

  /** One change of the header after the other; a failed one changes nothing. */
  #changeHeader(change: (header: HeaderRecord) => Promise<Partial<HeaderBody>>): Promise<void> {
    const work = this.#headerWork.then(async () => {
      const changes = await change(this.#header);
      try {
        this.#header = await writeHeader(this.dir, bodyOf(this.#header, changes), this.#root);
      } catch (error) {
        throw new CofferError(
          'VaultWriteError',
          `The vault's header could not be written: ${reasonOf(error)}. Nothing was changed.`,
        );
      }
    });
    this.#headerWork = work.catch(() => undefined);
    return work;
  }
}

function slotContext(options: VaultOptions, vaultId: string): SlotContext {
  const { random, keychain, scrypt } = options;
  return { vaultId, random, keychain, ...(scrypt ? { scrypt } : {}) };
}

function bodyOf({ mac: _mac, ...body }: HeaderRecord, changes: Partial<HeaderBody>): HeaderBody {
  return { ...body, ...changes, revision: body.revision + 1 };
}

/** Opens a slot of the newest copy of the header that authenticates under the key it gives. */
export async function unlock(
  dir: string,
  options: Pick<VaultOptions, 'random' | 'keychain'>,
  way: Unlock,
): Promise<{ root: RootKey; header: HeaderRecord; stale: boolean }> {
  const { candidates, broken } = await readHeaders(dir);
  const distinct = candidates.filter(
    (header, index) => index === 0 || JSON.stringify(header) !== JSON.stringify(candidates[0]),
  );
  let altered = false;
  for (const header of distinct) {
    const { vaultId } = header;
    const bytes = await openSlots({ vaultId, random: options.random, keychain: options.keychain }, header.slots, way);
    if (!bytes) continue;
    const root = new RootKey(bytes, vaultId);
    if (headerIsAuthentic(header, root)) return { root, header, stale: broken.length > 0 || distinct.length > 1 };
    root.destroy();
    altered = true;
  }
  if (altered) throw new VaultDamaged('its header was altered', { file: 'header.json' });
  throw refusal(
    way.kind,
    candidates.some(({ slots }) => slots.some(({ kind }) => kind === way.kind)),
  );
}
