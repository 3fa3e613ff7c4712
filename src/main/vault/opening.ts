import { randomUUID } from 'node:crypto';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Progress } from '../../shared/progress.ts';
import type { Database } from './database.ts';
import { readReasonOf, reasonOf } from './errors.ts';
import { syncFolder } from './files.ts';
import { continueJournal, journalFile, type Loaded, loadGenerations, snapshotFile, sweep } from './generations.ts';
import { authenticated, type HeaderRecord, hasHeader, writeHeader } from './header.ts';
import { Journal, type Position } from './journal.ts';
import { RootKey } from './keys.ts';
import { acquireLock, type VaultLock } from './lock.ts';
import { refuseNewer } from './migrations/migrate.ts';
import { abandonFolder, claimFolder, prepareFolder, refuseUnlessFree, unclaimFolder } from './new-folder.ts';
import type { VaultOptions, VaultReport } from './options.ts';
import { forgetSlot, makeSlot, type NewSlot, type Unlock } from './slots.ts';
import { writeSnapshot } from './snapshot.ts';
import { unlock } from './unlock.ts';
import { slotContext, VaultHeader } from './vault-header.ts';

/** What an open vault is made of. Whoever holds it closes and destroys each part. */
export interface VaultParts {
  readonly dir: string;
  readonly options: VaultOptions;
  readonly lock: VaultLock;
  readonly root: RootKey;
  readonly header: VaultHeader;
  readonly db: Database;
  readonly journal: Journal;
  readonly snapshotBytes: number;
  readonly report: VaultReport;
}

export interface Identity {
  readonly name: string;
  readonly vaultId: string;
  /** 32 bytes, taken over. */
  readonly rootKey: Uint8Array;
}

const GENERATION = 1;

/**
 * Writes a first generation holding `db` into a new or empty folder and hands the parts to `start`. When anything fails,
 * `start` included, what was made is taken away again.
 * @throws CofferError `FolderNotEmpty`, `VaultInUse`, `VaultWriteError`, `KeychainError`, the signal's reason, or what `start` throws.
 */
export async function found<T>(
  dir: string,
  options: VaultOptions,
  { name, vaultId, rootKey }: Identity,
  ways: readonly NewSlot[],
  db: Database,
  start: (parts: VaultParts) => Promise<T>,
  progress: Progress = {},
): Promise<T> {
  const root = new RootKey(rootKey, vaultId);
  const slots: HeaderRecord['slots'] = [];
  let removeFolder = async () => {};
  let lock: VaultLock | undefined;
  let journal: Journal | undefined;
  let claimed = false;
  try {
    removeFolder = await prepareFolder(dir);
    lock = await acquireLock(dir);
    // Another process may have made a vault here between the look and the lock; it must not be touched.
    await refuseUnlessFree(dir);
    claimed = true;
    await claimFolder(dir);
    const now = options.clock.now();
    for (const way of ways) {
      const key = root.copy();
      slots.push(await makeSlot(slotContext(options, vaultId), key, randomUUID(), now, way).finally(() => key.fill(0)));
    }
    // A random start of the chain: a vault restored from a backup has the same keys as the first one, and a record of
    // one must not fit into the other.
    const first: Position = { sequence: 1, chain: options.random.bytes(32) };
    const identity = { vaultId, generation: GENERATION, root };
    const image = db.export();
    const snapshotBytes = await writeSnapshot(
      snapshotFile(dir, GENERATION),
      identity,
      first,
      image,
      options.random,
      progress,
    ).finally(() => image.fill(0));
    journal = await Journal.create({ ...identity, path: journalFile(dir, GENERATION), from: first }, options.random);
    await syncFolder(dir);
    const record = authenticated(
      { format: 1, vaultId, name, createdAt: now, revision: 1, generation: GENERATION, slots },
      root,
    );
    // With its header it is a vault, and what is left takes a moment: that is not ended in the middle any more.
    progress.signal?.throwIfAborted();
    await writeHeader(dir, record);
    await unclaimFolder(dir);
    const report = { tornBytes: 0, replayedRecords: 0, headerRepaired: false };
    const header = new VaultHeader(dir, root, record, options);
    return await start({ dir, options, lock, root, header, db, journal, snapshotBytes, report });
  } catch (error) {
    root.destroy();
    db.close();
    await journal?.close().catch(() => undefined);
    for (const slot of slots) await forgetSlot({ keychain: options.keychain, vaultId }, slot);
    if (claimed) await abandonFolder(dir);
    await lock?.release().catch(() => undefined);
    await removeFolder();
    if (error instanceof CofferError) throw error;
    throw new CofferError(
      'VaultWriteError',
      `The vault could not be made in ${dir}: ${reasonOf(error)}. Nothing was left there.`,
    );
  }
}

/** Takes the lock of a vault that is there. @throws CofferError `NoVault`, `VaultInUse`, `VaultUnreadable`, `VaultWriteError`. */
export async function lockVault(dir: string): Promise<VaultLock> {
  if (!(await hasHeader(dir))) throw new CofferError('NoVault', `There is no vault in ${dir}.`);
  try {
    return await acquireLock(dir);
  } catch (error) {
    if (error instanceof CofferError) throw error;
    throw new CofferError('VaultWriteError', `The vault in ${dir} cannot be opened for writing: ${reasonOf(error)}.`);
  }
}

/**
 * Reads a vault by one of its ways in, and then, when all of it is whole and known, makes it ready for writing: cuts off a
 * torn tail, repairs a copy of the header where that can be and removes what no opening needs.
 * @throws CofferError as `lockVault` and `unlock`, `VaultTooNew`, `VaultUnreadable`; VaultDamaged. Then nothing was written.
 */
export async function load(dir: string, options: VaultOptions, way: Unlock): Promise<VaultParts> {
  const lock = await lockVault(dir);
  let root: RootKey | undefined;
  let loaded: Loaded | undefined;
  let journal: Journal | undefined;
  let reason = readReasonOf;
  try {
    const unlocked = await unlock(dir, options, way);
    root = unlocked.root;
    const { vaultId, generation } = unlocked.header;
    loaded = await loadGenerations({ dir, vaultId, root }, generation);
    refuseNewer(loaded.db, options.migrations);
    reason = reasonOf;
    journal = await continueJournal(loaded, options.random);
    const header = new VaultHeader(dir, root, unlocked.header, options);
    const unrepaired = unlocked.stale ? await header.repair() : undefined;
    // One copy is enough to open by, and to make a backup before that goes, too. What the other may name is kept.
    if (unrepaired === undefined) await sweep(dir, generation, journal.generation);
    const { db, snapshotBytes, records, tornBytes } = loaded;
    const report = {
      tornBytes,
      replayedRecords: records,
      headerRepaired: unlocked.stale && unrepaired === undefined,
      ...(unrepaired === undefined ? {} : { headerUnrepaired: unrepaired }),
    };
    return { dir, options, lock, root, header, db, journal, snapshotBytes, report };
  } catch (error) {
    root?.destroy();
    loaded?.db.close();
    await journal?.close().catch(() => undefined);
    await lock.release();
    if (error instanceof CofferError) throw error;
    throw new CofferError(
      'VaultUnreadable',
      `The vault in ${dir} could not be opened: ${reason(error)}. Nothing was changed.`,
    );
  }
}
