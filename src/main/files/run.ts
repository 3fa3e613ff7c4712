import { lstat, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { CONTENT_CONTEXT, ENTRY_CONTENT, FOLDER_CONTENT, packEntry, packFolder } from './folder.ts';
import { decryptMessage } from './message/decrypt.ts';
import { encryptMessage } from './message/encrypt.ts';
import { HEADER_MAX, type MessageHeader, parseHeader } from './message/header.ts';
import { startSigning } from './message/signature.ts';
import { SIGNING_SUITE, SUITE } from './message/suite.ts';
import type { Batch, DecryptTask, EncryptTask, Outcome, Task } from './protocol.ts';
import { FileReader, gather, openSource, readBatches } from './reading.ts';
import { checkTarget, FileWriter, partialName, settle, syncFolder } from './target.ts';
import { onlyEntry, unpackFolder } from './unpack.ts';

/** What a running job is told and tells. */
export interface Control {
  /** Plaintext (encrypting) or message (decrypting) bytes done. */
  readonly progress: (bytes: number) => void;
  /** Resolves when the job may go on. @throws CofferError `Cancelled`. */
  readonly checkpoint: () => Promise<void>;
}

async function* watched(
  pieces: AsyncIterable<Uint8Array>,
  { progress, checkpoint }: Control,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const piece of pieces) {
    await checkpoint();
    yield piece;
    done += piece.length;
    progress(done);
  }
}

async function writeFile(pieces: AsyncIterable<Uint8Array>, partial: string): Promise<void> {
  const writer = await FileWriter.create(partial);
  try {
    for await (const piece of pieces) await writer.write(piece);
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function encrypt(task: EncryptTask, partial: string, control: Control): Promise<void> {
  const { source, kind, entryName = '', noFollow, messageId, context, edk, frameLength, dataKey, signingKey } = task;
  const header: MessageHeader = {
    suite: signingKey ? SIGNING_SUITE : SUITE,
    messageId,
    context,
    dataKeys: [edk],
    frameLength,
  };
  const signer = signingKey ? startSigning(signingKey) : undefined;
  const batches =
    kind === 'file'
      ? readBatches(source, { follow: !noFollow })
      : gather(kind === 'folder' ? packFolder(source) : packEntry(source, entryName));
  await writeFile(encryptMessage(watched(batches, control), { header, dataKey, signer }), partial);
}

/** Decrypts into `partial`; without one, to the end and into nothing. @returns the message's `coffer:content`. */
async function decrypt(task: DecryptTask, partial: string | undefined, control: Control): Promise<string | undefined> {
  const source = await openSource(task.source, { follow: !task.noFollow });
  try {
    const reader = new FileReader(source.handle, source.size);
    const { header } = parseHeader(await reader.peek(HEADER_MAX));
    let read = 0;
    reader.onRead = (bytes) => {
      read += bytes;
      control.progress(read);
    };
    async function* plaintext(): AsyncGenerator<Uint8Array> {
      for await (const piece of decryptMessage(reader, task.dataKey)) {
        await control.checkpoint();
        yield piece;
      }
      await source.unchanged();
    }
    const content = header.context[CONTENT_CONTEXT];
    if (partial === undefined) for await (const _checked of plaintext());
    else if (content === FOLDER_CONTENT || content === ENTRY_CONTENT) await unpackFolder(plaintext(), partial);
    else await writeFile(plaintext(), partial);
    return content;
  } finally {
    await source.handle.close();
  }
}

/** Gives what a hidden name's archive held its own name. */
async function settleEntry(task: DecryptTask, partial: string, sync: Sync): Promise<string> {
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
  await checkTarget(task.source, output, task.onConflict);
  return settle(full, output, 'file', task.onConflict, sync);
}

type Sync = typeof syncFolder;

/**
 * Runs one job to its end: the result stands under its name, whole and synced, or there is none and an error says why.
 * @param sync makes names in a folder last. @returns the path of the result; nothing when none was asked for.
 * @throws CofferError; other errors are bugs.
 */
export async function runTask(task: Task, control: Control, sync: Sync = syncFolder): Promise<string | undefined> {
  const partial = task.action === 'verify' ? undefined : partialName(path.dirname(task.output), task.id);
  let settled = false;
  try {
    if (partial === undefined) {
      await decrypt(task as DecryptTask, undefined, control);
      return undefined;
    }
    await lstat(task.source).catch((error: unknown) => {
      throw fileError(error, path.basename(task.source));
    });
    await checkTarget(task.source, task.output, task.onConflict);
    let content: string | undefined;
    if (task.action === 'encrypt') await encrypt(task, partial, control);
    else content = await decrypt(task, partial, control);
    // Last chance to stop: from here on the result is there.
    await control.checkpoint();
    if (content === ENTRY_CONTENT) return await settleEntry(task as DecryptTask, partial, sync);
    const kind = content === FOLDER_CONTENT ? 'folder' : 'file';
    const output = await settle(partial, task.output, kind, task.onConflict, sync);
    settled = true;
    return output;
  } catch (error) {
    throw fileError(error, path.basename(task.output || task.source));
  } finally {
    if (partial !== undefined && !settled) await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    wipe(task);
  }
}

function wipe(task: Task): void {
  task.dataKey.fill(0);
  if (task.action === 'encrypt') task.signingKey?.fill(0);
}

/** Tasks of a batch under way at once. */
const TOGETHER = 8;

/**
 * Runs the tasks of a batch, several at once. What one of them fails with is its own; a cancel ends those that are not
 * through yet.
 * @param control its progress counts the bytes of all.
 */
export async function runBatch({ tasks }: Batch, control: Control): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
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
      const own = { checkpoint: control.checkpoint, progress };
      // Names are made to last once for the whole batch.
      const later = async (folder: string) => void touched.add(folder);
      const task = tasks[at] as Task;
      outcomes[at] = await control
        .checkpoint()
        .catch((error: unknown) => {
          wipe(task);
          throw error;
        })
        .then(() => runTask(task, own, later))
        .then((output) => ({ output }), failedWith);
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, work));
  for (const folder of touched) await syncFolder(folder);
  return outcomes;
}

/** An error as a task's outcome; a bug is told on stderr. */
export function failedWith(error: unknown): Outcome {
  if (!(error instanceof CofferError))
    process.stderr.write(`coffer: a bug in the file worker: ${error instanceof Error ? error.stack : typeof error}\n`);
  const failed = toEnvelope(error);
  return { failed, cancelled: failed.code === 'Cancelled' };
}
