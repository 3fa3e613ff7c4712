import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Progress } from '../../shared/progress.ts';
import { CommitQueue } from './commit-queue.ts';
import { Database, type JournaledStatement } from './database.ts';
import { syncFolder } from './files.ts';
import { journalFile, snapshotFile, sweep } from './generations.ts';
import { type HeaderRecord, hasHeader, readHeaders } from './header.ts';
import { Journal } from './journal.ts';
import type { RootKey } from './keys.ts';
import type { VaultLock } from './lock.ts';
import { MaterialSealer } from './material.ts';
import { migrate } from './migrations/migrate.ts';
import { found, type Identity, load, type VaultParts } from './opening.ts';
import type { CreateVault, SlotInfo, VaultInfo, VaultOptions, VaultReport } from './options.ts';
import { formatRecoveryCode, RECOVERY_BYTES } from './recovery-code.ts';
import type { NewSlot, Unlock } from './slots.ts';
import { writeSnapshot } from './snapshot.ts';
import type { ReadDatabase, Store, Transaction } from './types.ts';
import { slotsOf, type VaultHeader } from './vault-header.ts';

export type { CreateVault, SlotInfo, VaultInfo, VaultOptions, VaultReport } from './options.ts';

const SNAPSHOT_AFTER = 8 * 2 ** 20;
const SNAPSHOT_RETRY_MS = 30_000;
/** How many times longer than usual a journal may get while the header cannot name the last snapshot. */
const UNNAMED_TIMES = 8;
/** Before a vault closes: bytes of a journal worth a snapshot, unless it is less than a sixteenth of the last one, and of a snapshot that takes long. */
const COMPACT_AFTER = 2 ** 16;
const COMPACT_MOST = 2 ** 26;

/** A vault that is open. The Store the engine works on, and the management of its ways in. */
export class Vault implements Store {
  readonly dir: string;
  readonly report: VaultReport;
  readonly #options: VaultOptions;
  readonly #lock: VaultLock;
  readonly #root: RootKey;
  readonly #header: VaultHeader;
  readonly #database: Database;
  readonly #queue: CommitQueue;
  readonly #material: MaterialSealer;
  readonly #commitListeners: (() => void)[] = [];
  readonly #lockListeners: (() => void)[] = [];
  #journal: Journal;
  #snapshotBytes: number;
  #snapshot: Promise<void> | undefined;
  #snapshotNotBefore = 0;
  /** A generation whose snapshot is whole and that the header, which could not be written, does not name yet. */
  #unnamed: number | undefined;
  #closing: Promise<void> | undefined;

  private constructor({ dir, options, lock, root, header, db, journal, snapshotBytes, report }: VaultParts) {
    this.dir = dir;
    this.report = report;
    this.#options = options;
    this.#lock = lock;
    this.#root = root;
    this.#header = header;
    this.#database = db;
    this.#snapshotBytes = snapshotBytes;
    this.#journal = journal;
    this.#material = new MaterialSealer(root, options.random);
    this.#queue = new CommitQueue(
      db,
      (transactions) => this.#persist(transactions),
      () => {
        for (const listener of this.#commitListeners) listener();
      },
    );
  }

  static async #start(parts: VaultParts): Promise<Vault> {
    const vault = new Vault(parts);
    try {
      await migrate(vault, parts.options.migrations);
    } catch (error) {
      await vault.close();
      throw error;
    }
    vault.#considerSnapshot();
    return vault;
  }

  /** Facts of a vault that need no key. @throws VaultDamaged, CofferError `NoVault`, `VaultUnreadable`. */
  static async inspect(dir: string): Promise<VaultInfo> {
    if (!(await hasHeader(dir))) throw new CofferError('NoVault', `There is no vault in ${dir}.`);
    const header = (await readHeaders(dir)).candidates[0] as HeaderRecord;
    return { id: header.vaultId, name: header.name, slots: slotsOf(header) };
  }

  /**
   * Makes a vault in an empty or new folder and opens it, with a passphrase, a recovery code and, when asked, the keychain.
   * @throws CofferError `FolderNotEmpty`, `VaultInUse`, `VaultWriteError`, `KeychainError`; nothing is left behind.
   */
  static async create(
    dir: string,
    options: VaultOptions,
    { name, passphrase, useKeychain }: CreateVault,
  ): Promise<{ vault: Vault; recoveryCode: string }> {
    const code = options.random.bytes(RECOVERY_BYTES);
    const ways: NewSlot[] = [
      ...(useKeychain ? [{ kind: 'keychain' } as const] : []),
      { kind: 'passphrase', secret: passphrase },
      { kind: 'recovery', code },
    ];
    const identity = { name, vaultId: randomUUID(), rootKey: options.random.bytes(32) };
    try {
      const vault = await Vault.adopt(dir, options, identity, ways, await Database.open());
      return { vault, recoveryCode: formatRecoveryCode(code) };
    } finally {
      code.fill(0);
    }
  }

  /**
   * Writes a first generation holding `db`, which is taken over, into an empty or new folder and opens it: what creating,
   * restoring and salvaging end in. @throws as `create`, and the signal's reason, as long as it is no vault yet.
   */
  static adopt(
    dir: string,
    options: VaultOptions,
    identity: Identity,
    ways: readonly NewSlot[],
    db: Database,
    progress?: Progress,
  ): Promise<Vault> {
    return found(dir, options, identity, ways, db, Vault.#start, progress);
  }

  /**
   * Opens a vault by one of its ways in.
   * @throws CofferError `NoVault`, `VaultInUse`, `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeTypo`, `KeychainKeyMissing`,
   * `KeychainError`, `NoSuchSlot`, `VaultTooNew`, `VaultUnreadable`, `VaultWriteError`; VaultDamaged. Nothing is written
   * unless all of the vault was read.
   */
  static async open(dir: string, options: VaultOptions, way: Unlock): Promise<Vault> {
    return Vault.#start(await load(dir, options, way));
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

  onCommit(listener: () => void): void {
    this.#commitListeners.push(listener);
  }

  onLock(listener: () => void): void {
    this.#lockListeners.push(listener);
  }

  slots(): SlotInfo[] {
    return this.#header.slots();
  }

  /**
   * Adds a way in. For a recovery code the code is returned, this once.
   * @throws CofferError `TooManySlots`, `KeychainError`, `VaultWriteError`, `VaultLocked`; then nothing was changed,
   * unless the error says that the change may hold.
   */
  addSlot(
    way: { kind: 'keychain' } | { kind: 'passphrase'; secret: string } | { kind: 'recovery' },
  ): Promise<{ slotId: string; recoveryCode?: string }> {
    return this.#header.addSlot(way);
  }

  /** Replaces a passphrase by another. @throws CofferError `WrongPassphrase` unless `current` opens that slot. */
  changePassphrase(slotId: string, current: string, next: string): Promise<void> {
    return this.#header.changePassphrase(slotId, current, next);
  }

  /**
   * Whether somebody knows a passphrase or recovery code of the vault, without opening anything.
   * @throws CofferError `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeTypo`, `NoSuchSlot`
   */
  prove(way: Exclude<Unlock, { kind: 'keychain' }>): Promise<void> {
    return this.#header.prove(way);
  }

  /** Removes a way in. @throws CofferError `LastSlot` when only the keychain, or nothing, would remain. */
  removeSlot(slotId: string): Promise<void> {
    return this.#header.removeSlot(slotId);
  }

  rename(name: string): Promise<void> {
    return this.#header.rename(name);
  }

  /** The image and the root key, for a backup. The caller zeroes both. */
  async contents(): Promise<{ rootKey: Uint8Array; image: Uint8Array }> {
    return this.#queue.exclusive(async () => ({ rootKey: this.#root.copy(), image: this.#database.export() }));
  }

  /** Takes a snapshot now, or joins the one under way. */
  snapshot(): Promise<void> {
    this.#snapshot ??= this.#takeSnapshot()
      .catch((error) => {
        // A snapshot that fails (a full disk) costs nothing but a longer journal, and is tried again later.
        this.#snapshotNotBefore = performance.now() + SNAPSHOT_RETRY_MS;
        throw error;
      })
      .finally(() => {
        this.#snapshot = undefined;
      });
    return this.#snapshot;
  }

  /**
   * Takes a snapshot before a vault is closed when the next opening would take longer to replay the journal than this takes. That it
   * fails (a full disk) costs nothing but that time.
   */
  async compact(): Promise<void> {
    if (this.#snapshotBytes > COMPACT_MOST) return;
    if (this.#journal.bytes <= Math.max(COMPACT_AFTER, this.#snapshotBytes / 16)) return;
    await this.snapshot().catch(() => undefined);
  }

  /** Locks: settles what was accepted, drops every key and gives the folder free. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#queue.close();
    await this.#snapshot?.catch(() => undefined);
    await this.#header.settle();
    const failures: unknown[] = [];
    for (const listener of this.#lockListeners) {
      try {
        listener();
      } catch (error) {
        // The others have secrets to forget, too.
        failures.push(error);
      }
    }
    this.#material.destroy();
    this.#root.destroy();
    this.#database.close();
    await this.#journal.close().catch(() => undefined);
    await this.#lock.release();
    if (failures.length > 0) throw failures[0];
  }

  async #persist(transactions: JournaledStatement[][]): Promise<void> {
    await this.#journal.append(transactions);
    this.#considerSnapshot();
  }

  get #after(): number {
    return this.#options.snapshotAfterBytes ?? SNAPSHOT_AFTER;
  }

  #considerSnapshot(): void {
    const threshold = Math.max(this.#after, this.#snapshotBytes / 5);
    const due = this.#journal.bytes > threshold || this.#journal.generation > this.#header.generation;
    if (!due || this.#snapshot || this.#closing || performance.now() < this.#snapshotNotBefore) return;
    this.snapshot().catch(() => undefined);
  }

  async #takeSnapshot(): Promise<void> {
    // Another one would only fill the disk, unless the journal is about to become longer than an opening can read at once.
    if (this.#unnamed !== undefined && this.#journal.bytes <= this.#after * UNNAMED_TIMES)
      return this.#name(this.#unnamed);
    const { random } = this.#options;
    const vaultId = this.id;
    const { image, at, previous, next } = await this.#queue.exclusive(async () => {
      const previous = this.#journal;
      const generation = previous.generation + 1;
      const path = journalFile(this.dir, generation);
      // The successor exists and is durable before the predecessor says that it ended. One that an attempt before this
      // left behind may only be replaced when the predecessor surely does not name it.
      await previous.tidy();
      await rm(path, { force: true });
      const image = this.#database.export();
      let next: Journal | undefined;
      try {
        const end = previous.prepareEnd();
        next = await Journal.create({ path, vaultId, generation, root: this.#root, from: end.position }, random);
        await syncFolder(this.dir);
        await previous.end(end);
        this.#journal = next;
        return { image, at: end.position, previous, next };
      } catch (error) {
        image.fill(0);
        await next?.close();
        throw error;
      }
    });
    const { generation } = next;
    try {
      await previous.close();
      this.#snapshotBytes = await writeSnapshot(
        snapshotFile(this.dir, generation),
        { vaultId, generation, root: this.#root },
        at,
        image,
        random,
      );
    } finally {
      image.fill(0);
    }
    await this.#name(generation);
  }

  /** Lets the next opening begin with a snapshot that is whole, and removes those before it. */
  async #name(generation: number): Promise<void> {
    this.#unnamed = generation;
    await this.#header.advance(generation);
    this.#unnamed = undefined;
    await sweep(this.dir, generation, generation);
  }
}
