import { lstat, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { ENTRY_CONTENT, FOLDER_CONTENT } from './folder.ts';
import { type Batch, type DecryptTask, forget, type Outcome, type Task } from './protocol.ts';
import { type Done, type Seen, seenFile } from './seen.ts';
import { checkTarget, type OnConflict, partialName, settle, syncFolder } from './target.ts';
import { onlyEntry } from './unpack.ts';
import { type Control, decrypt, encrypt, reencrypt } from './work.ts';

/** What a running task is told and tells, and whom it asks for a name that it finds inside a message. */
export interface TaskControl extends Control {
  /** @returns how a conflict is to be settled. @throws CofferError `FileExists` when another result has the name. */
  readonly claim: (source: string, output: string) => Promise<OnConflict>;
  /** Told once a task cannot be stopped any more. */
  readonly settling: () => void;
}

/** Gives what a hidden name's archive held its own name. */
async function settleEntry(task: DecryptTask, partial: string, control: TaskControl, sync: Sync): Promise<string> {
  const { name, kind } = await onlyEntry(partial);
  const full = path.join(partial, name);
  const output =
    task.entryRoot === undefined
      ? path.join(path.dirname(task.output), path.basename(name))
      : path.join(task.entryRoot, name);
  await mkdir(path.dirname(output), { recursive: true, mode: 0o700 });
  if (kind === 'folder') {
    // An empty folder that is there already is what was asked for.
    if (!(await stat(output).catch(() => undefined))?.isDirectory()) await mkdir(output, { mode: 0o700 });
    await sync(path.dirname(output));
    return output;
  }
  const onConflict = task.onConflict === 'replace' ? await control.claim(task.source, output) : task.onConflict;
  await checkTarget(task.source, output, onConflict);
  return settle(full, output, 'file', onConflict, sync);
}

type Sync = typeof syncFolder;

/**
 * Runs one job to its end: the result stands under its name, whole and synced, or there is none and an error says why.
 * @param sync makes names in a folder last. @returns the path of the result; nothing when none was asked for.
 * @throws CofferError; other errors are bugs.
 */
export async function runTask(task: Task, control: TaskControl, sync: Sync = syncFolder): Promise<Done> {
  const partial = task.action === 'verify' ? undefined : partialName(path.dirname(task.output), task.id);
  let settled = false;
  try {
    if (partial === undefined) {
      await decrypt(task as DecryptTask, undefined, control);
      return {};
    }
    await lstat(task.source).catch((error: unknown) => {
      throw fileError(error, path.basename(task.source));
    });
    const inPlace = task.action === 'reencrypt' && task.inPlace;
    if (!inPlace) await checkTarget(task.source, task.output, task.onConflict);
    let content: string | undefined;
    let seen: Seen | undefined;
    if (task.action === 'encrypt') seen = await encrypt(task, partial, control);
    else if (task.action === 'reencrypt') await reencrypt(task, partial, control);
    else content = await decrypt(task, partial, control);
    // Last chance to stop: from here on the result is there.
    await control.checkpoint();
    control.settling();
    if (content === ENTRY_CONTENT) return { output: await settleEntry(task as DecryptTask, partial, control, sync) };
    const kind = content === FOLDER_CONTENT ? 'folder' : 'file';
    const output = await settle(partial, task.output, kind, task.onConflict, sync);
    settled = true;
    return { output, seen, made: seen && seenFile(await lstat(output)) };
  } catch (error) {
    throw fileError(error, path.basename(task.output || task.source));
  } finally {
    if (partial !== undefined && !settled) await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    forget(task);
  }
}

/** Tasks of a batch under way at once. */
const TOGETHER = 8;

/**
 * Runs the tasks of a batch, several at once. What one of them fails with is its own; a cancel ends those that are not
 * through yet.
 * @param control its progress counts the bytes of all.
 * @param done told of each that is through; the names of results are made to last at the end.
 */
export async function runBatch(
  { tasks }: Batch,
  control: TaskControl,
  done: (at: number, outcome: Outcome) => void,
): Promise<void> {
  const progressed = new Map<number, number>();
  const touched = new Set<string>();
  let total = 0;
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const at = next++;
      const progress = (bytes: number) => {
        total += bytes - (progressed.get(at) ?? 0);
        progressed.set(at, bytes);
        control.progress(total);
      };
      const own = { ...control, progress, settling: () => undefined };
      // Names are made to last once for the whole batch.
      const later = async (folder: string) => void touched.add(folder);
      const task = tasks[at] as Task;
      const outcome = await control
        .checkpoint()
        .catch((error: unknown) => {
          forget(task);
          throw error;
        })
        .then(() => runTask(task, own, later))
        .catch(failedWith);
      done(at, outcome);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  for (const folder of touched) await syncFolder(folder);
}

/** An error as a task's outcome; a bug is told on stderr. */
export function failedWith(error: unknown): Outcome {
  if (!(error instanceof CofferError))
    process.stderr.write(`coffer: a bug in the file worker: ${error instanceof Error ? error.stack : typeof error}\n`);
  const failed = toEnvelope(error);
  return { failed, cancelled: failed.code === 'Cancelled' };
}
