import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Random } from '../environment.ts';
import { Database, type JournaledStatement } from './database.ts';
import { VaultDamaged } from './errors.ts';
import { JOURNAL_HEADER_BYTES, Journal, type Replayed, type ReplaySource, replay } from './journal.ts';
import type { RootKey } from './keys.ts';
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

function applyTo(db: Database): (statements: JournaledStatement[]) => void {
  return (statements) => {
    for (const { sql, params } of statements) db.apply(sql, params);
  };
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

interface Progress {
  records: number;
  source: ReplaySource;
}

/** Replays the journal of `progress.source` and every successor, keeping `progress` true as it goes. */
async function replayAll(db: Database, dir: string, progress: Progress): Promise<Replayed> {
  const apply = applyTo(db);
  const counted = (statements: JournaledStatement[]) => {
    apply(statements);
    progress.records++;
  };
  for (;;) {
    const { source } = progress;
    // One SQL transaction over the whole journal takes a tenth of the time.
    db.begin();
    let replayed: Replayed;
    try {
      replayed = await replay(source, counted);
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
    progress.source = { ...source, path: next, generation: source.generation + 1, from: replayed.position };
  }
}

async function openSnapshot(
  { dir, vaultId, root }: Identity,
  generation: number,
): Promise<{ db: Database; progress: Progress; bytes: number }> {
  const snapshot = await readSnapshot(snapshotFile(dir, generation), { vaultId, generation, root });
  const db = await Database.open(snapshot.image);
  const source = { path: journalFile(dir, generation), vaultId, generation, root, from: snapshot.at };
  return { db, progress: { records: 0, source }, bytes: snapshot.bytes };
}

/**
 * Reads the snapshot the header names and every journal after it. Writes nothing.
 * @throws VaultDamaged.
 */
export async function loadGenerations(identity: Identity, generation: number): Promise<Loaded> {
  const { db, progress, bytes } = await openSnapshot(identity, generation);
  try {
    const replayed = await replayAll(db, identity.dir, progress);
    return {
      db,
      journal: progress.source,
      replayed,
      records: progress.records,
      tornBytes: replayed.tornBytes,
      snapshotBytes: bytes,
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Reads as far as the files are whole, and says where that ended. Writes nothing. @throws VaultDamaged when the snapshot itself is damaged. */
export async function salvageGenerations(
  identity: Identity,
  generation: number,
): Promise<{ db: Database; records: number; damage: VaultDamaged | undefined }> {
  const { db, progress } = await openSnapshot(identity, generation);
  try {
    await replayAll(db, identity.dir, progress);
    return { db, records: progress.records, damage: undefined };
  } catch (error) {
    if (error instanceof VaultDamaged) return { db, records: progress.records, damage: error };
    db.close();
    throw error;
  }
}

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
    if (stale || name === 'header.json.tmp' || name === 'header.copy.json.tmp')
      await rm(path.join(dir, name), { force: true });
  }
}
