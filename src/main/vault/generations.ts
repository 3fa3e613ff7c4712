import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '../../shared/progress.ts';
import type { Random } from '../environment.ts';
import { Database, type JournaledStatement } from './database.ts';
import { VaultDamaged } from './errors.ts';
import { JOURNAL_HEADER_BYTES, Journal, type Replayed, type ReplaySource, replay } from './journal.ts';
import type { RootKey } from './keys.ts';
import { UNFINISHED } from './new-folder.ts';
import { readSnapshot } from './snapshot.ts';

/**
 * The files of generations. Generation g is a snapshot and the journal that goes on from it. While the next snapshot is being
 * written, commits already go to the next journal: the header still names g, journal g ends with a frame that says it was
 * succeeded, and journal g+1 goes on with the chain. Opening follows that trail, so a crash at any point loses nothing.
 */
export const snapshotFile = (dir: string, generation: number) => path.join(dir, `snapshot-${generation}.sealed`);
export const journalFile = (dir: string, generation: number) => path.join(dir, `journal-${generation}.sealed`);

export interface Identity {
  readonly dir: string;
  readonly vaultId: string;
  readonly root: RootKey;
}

export interface Loaded {
  readonly db: Database;
  readonly journal: ReplaySource;
  readonly replayed: Replayed;
  readonly records: number;
  readonly tornBytes: number;
  readonly snapshotBytes: number;
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

interface Replaying {
  records: number;
  /** The sequence number up to which the database holds every record. */
  reached: number;
  source: ReplaySource;
}

function applyStatements(db: Database, statements: readonly JournaledStatement[]): void {
  for (const { sql, params } of statements) db.apply(sql, params);
}

/** All of a record or nothing of it, for a salvage, which keeps what was applied before the record that failed. */
function applyWhole(db: Database, statements: readonly JournaledStatement[]): void {
  db.apply('SAVEPOINT record');
  try {
    applyStatements(db, statements);
  } catch (error) {
    db.apply('ROLLBACK TO record');
    throw error;
  } finally {
    db.apply('RELEASE record');
  }
}

/** Replays the journal of `replaying.source` and every successor, keeping `replaying` true as it goes. */
async function replayAll(
  db: Database,
  dir: string,
  replaying: Replaying,
  applyRecord: typeof applyStatements,
  signal?: AbortSignal,
): Promise<Replayed> {
  const apply = (statements: JournaledStatement[]) => {
    applyRecord(db, statements);
    replaying.records++;
    replaying.reached++;
  };
  for (;;) {
    const { source } = replaying;
    // One SQL transaction over the whole journal takes a tenth of the time.
    db.begin();
    let replayed: Replayed;
    try {
      replayed = await replay(source, apply, signal);
    } finally {
      db.commit();
    }
    const next = journalFile(dir, source.generation + 1);
    const nextSize = await sizeOf(next);
    if (!replayed.succeeded) {
      if (nextSize !== undefined && nextSize > JOURNAL_HEADER_BYTES) {
        throw new VaultDamaged(`the end of journal ${source.generation} is missing, a later journal exists`, {
          file: source.path,
        });
      }
      return replayed;
    }
    if (replayed.tornBytes > 0)
      throw new VaultDamaged(`journal ${source.generation} goes on after its end`, { file: source.path });
    replaying.source = { ...source, path: next, generation: source.generation + 1, from: replayed.position };
    replaying.reached = replayed.position.sequence;
  }
}

async function openSnapshot(
  { dir, vaultId, root }: Identity,
  generation: number,
  progress?: Progress,
): Promise<{ db: Database; replaying: Replaying; bytes: number }> {
  const snapshot = await readSnapshot(snapshotFile(dir, generation), { vaultId, generation, root }, progress);
  const db = await Database.adopt(snapshot.image);
  const source = { path: journalFile(dir, generation), vaultId, generation, root, from: snapshot.at };
  return { db, replaying: { records: 0, reached: snapshot.at.sequence, source }, bytes: snapshot.bytes };
}

/**
 * Reads the snapshot the header names and every journal after it. Writes nothing.
 * @throws VaultDamaged.
 */
export async function loadGenerations(identity: Identity, generation: number): Promise<Loaded> {
  const { db, replaying, bytes } = await openSnapshot(identity, generation);
  try {
    const replayed = await replayAll(db, identity.dir, replaying, applyStatements);
    return {
      db,
      journal: replaying.source,
      replayed,
      records: replaying.records,
      tornBytes: replayed.tornBytes,
      snapshotBytes: bytes,
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** What could be read of damaged files. */
export interface Salvaged {
  readonly db: Database;
  readonly records: number;
  /** Where the reading ended; undefined when everything was whole. */
  readonly damage: VaultDamaged | undefined;
}

/**
 * Reads as far as the files are whole, and says where that ended. A crash can leave the snapshots of two generations: the
 * one that leads furthest is taken. Writes nothing.
 * @throws VaultDamaged when no snapshot is whole; the signal's reason.
 */
export async function salvageGenerations(
  identity: Identity,
  generation: number,
  progress: Progress,
): Promise<Salvaged> {
  let best: (Salvaged & { readonly reached: number }) | undefined;
  let damage: VaultDamaged | undefined;
  for (const each of [generation, ...(await otherSnapshots(identity.dir, generation))]) {
    try {
      const found = await salvageFrom(identity, each, progress);
      if (best && best.reached >= found.reached) found.db.close();
      else {
        best?.db.close();
        best = found;
      }
      if (!found.damage) break;
    } catch (error) {
      if (!(error instanceof VaultDamaged)) {
        best?.db.close();
        throw error;
      }
      damage ??= error;
    }
  }
  if (!best) throw damage;
  return { db: best.db, records: best.records, damage: best.damage ?? damage };
}

async function otherSnapshots(dir: string, generation: number): Promise<number[]> {
  const all = (await readdir(dir)).flatMap((name) => /^snapshot-(\d+)\.sealed$/.exec(name)?.[1] ?? []).map(Number);
  return all.filter((each) => each !== generation).sort((a, b) => b - a);
}

async function salvageFrom(
  identity: Identity,
  generation: number,
  progress: Progress,
): Promise<Salvaged & { reached: number }> {
  const { db, replaying } = await openSnapshot(identity, generation, progress);
  const salvaged = (damage: VaultDamaged | undefined) => {
    const { records, reached } = replaying;
    return { db, records, damage, reached };
  };
  try {
    await replayAll(db, identity.dir, replaying, applyWhole, progress.signal);
    return salvaged(undefined);
  } catch (error) {
    if (error instanceof VaultDamaged) return salvaged(error);
    db.close();
    throw error;
  }
}

/** Makes what was loaded ready for appending; what a crash left behind its end is cut off. */
export async function continueJournal(loaded: Loaded, random: Random): Promise<Journal> {
  return Journal.continue(loaded.journal, loaded.replayed, random);
}

/** Removes what no opening will need: generations before `oldest`, those after `newest`, and temporary files. */
export async function sweep(dir: string, oldest: number, newest: number): Promise<void> {
  for (const name of await readdir(dir)) {
    const match = /^(snapshot|journal)-(\d+)\.sealed(\.tmp)?$/.exec(name);
    const generation = Number(match?.[2]);
    const stale =
      match &&
      (match[3] !== undefined ||
        generation < oldest ||
        generation > newest ||
        (match[1] === 'snapshot' && generation !== oldest));
    if (stale || name === 'header.json.tmp' || name === 'header.copy.json.tmp' || name === UNFINISHED)
      await rm(path.join(dir, name), { force: true });
  }
}
