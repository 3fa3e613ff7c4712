import { lstat, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { CONTENT_CONTEXT, FOLDER_CONTENT, packFolder, unpackFolder } from './folder.ts';
import { decryptMessage } from './message/decrypt.ts';
import { encryptMessage } from './message/encrypt.ts';
import { HEADER_MAX, type MessageHeader, parseHeader } from './message/header.ts';
import { startSigning } from './message/signature.ts';
import { SIGNING_SUITE, SUITE } from './message/suite.ts';
import type { DecryptTask, EncryptTask, Task } from './protocol.ts';
import { FileReader, gather, readBatches } from './reading.ts';
import { checkTarget, FileWriter, partialName, settle, sweepPartials } from './target.ts';

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

async function encrypt(task: EncryptTask, partial: string, control: Control): Promise<string> {
  const { source, kind, messageId, context, edk, frameLength, dataKey } = task;
  const header: MessageHeader = {
    suite: task.signingKey ? SIGNING_SUITE : SUITE,
    messageId,
    context,
    dataKeys: [edk],
    frameLength,
  };
  const batches = kind === 'folder' ? gather(packFolder(source)) : readBatches(source);
  const writer = await FileWriter.create(partial);
  try {
    const signer = task.signingKey ? startSigning(task.signingKey) : undefined;
    for await (const pieces of encryptMessage(watched(batches, control), { header, dataKey, signer }))
      await writer.write(pieces);
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
  return settle(partial, task.output, 'file', task.onConflict);
}

async function decrypt(task: DecryptTask, partial: string, control: Control): Promise<string> {
  const handle = await open(task.source, 'r');
  try {
    const before = await handle.stat();
    const reader = new FileReader(handle);
    const { header } = parseHeader(await reader.peek(HEADER_MAX));
    let read = 0;
    reader.onRead = (bytes) => {
      read += bytes;
      control.progress(read);
    };
    async function* plaintext(): AsyncGenerator<Uint8Array> {
      for await (const frame of decryptMessage(reader, task.dataKey)) {
        await control.checkpoint();
        yield frame;
      }
      const after = await handle.stat();
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
        throw new CofferError(
          'FileChanged',
          `${path.basename(task.source)} changed while it was read. Nothing was kept.`,
        );
      }
    }
    const folder = header.context[CONTENT_CONTEXT] === FOLDER_CONTENT;
    if (folder) await unpackFolder(plaintext(), partial);
    else await writeFile(plaintext(), partial);
    return await settle(partial, task.output, folder ? 'folder' : 'file', task.onConflict);
  } finally {
    await handle.close();
  }
}

async function writeFile(frames: AsyncIterable<Uint8Array>, partial: string): Promise<void> {
  const writer = await FileWriter.create(partial);
  try {
    for await (const frame of frames) await writer.write([frame]);
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/**
 * Runs one job to its end: the result stands under its name, whole and synced, or there is none and an error says why.
 * @returns the path of the result.
 * @throws CofferError; other errors are bugs.
 */
export async function runTask(task: Task, control: Control): Promise<string> {
  const partial = partialName(path.dirname(task.output), task.id);
  try {
    await sweepPartials(path.dirname(task.output));
    await checkTarget(task.output, task.onConflict);
    await lstat(task.source).catch((error: unknown) => {
      throw fileError(error, path.basename(task.source));
    });
    return await (task.action === 'encrypt' ? encrypt(task, partial, control) : decrypt(task, partial, control));
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(error, path.basename(task.output));
  } finally {
    task.dataKey.fill(0);
    if (task.action === 'encrypt') task.signingKey?.fill(0);
  }
}
