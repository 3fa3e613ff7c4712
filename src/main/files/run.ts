import { lstat, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileError } from './errors.ts';
import { CONTENT_CONTEXT, FOLDER_CONTENT, packFolder } from './folder.ts';
import { decryptMessage } from './message/decrypt.ts';
import { encryptMessage } from './message/encrypt.ts';
import { HEADER_MAX, type MessageHeader, parseHeader } from './message/header.ts';
import { startSigning } from './message/signature.ts';
import { SIGNING_SUITE, SUITE } from './message/suite.ts';
import type { DecryptTask, EncryptTask, Task } from './protocol.ts';
import { FileReader, gather, openSource, readBatches } from './reading.ts';
import { checkTarget, FileWriter, partialName, settle, sweepPartials } from './target.ts';
import { unpackFolder } from './unpack.ts';

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

async function encrypt(task: EncryptTask, partial: string, control: Control): Promise<'file'> {
  const { source, kind, messageId, context, edk, frameLength, dataKey, signingKey } = task;
  const header: MessageHeader = {
    suite: signingKey ? SIGNING_SUITE : SUITE,
    messageId,
    context,
    dataKeys: [edk],
    frameLength,
  };
  const signer = signingKey ? startSigning(signingKey) : undefined;
  const batches = kind === 'folder' ? gather(packFolder(source)) : readBatches(source);
  await writeFile(encryptMessage(watched(batches, control), { header, dataKey, signer }), partial);
  return 'file';
}

/** Decrypts into `partial`; without one, to the end and into nothing. */
async function decrypt(task: DecryptTask, partial: string | undefined, control: Control): Promise<'file' | 'folder'> {
  const source = await openSource(task.source);
  try {
    const reader = new FileReader(source.handle);
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
    const folder = header.context[CONTENT_CONTEXT] === FOLDER_CONTENT;
    if (partial === undefined) for await (const _checked of plaintext());
    else if (folder) await unpackFolder(plaintext(), partial);
    else await writeFile(plaintext(), partial);
    return folder ? 'folder' : 'file';
  } finally {
    await source.handle.close();
  }
}

/**
 * Runs one job to its end: the result stands under its name, whole and synced, or there is none and an error says why.
 * @returns the path of the result; nothing when none was asked for.
 * @throws CofferError; other errors are bugs.
 */
export async function runTask(task: Task, control: Control): Promise<string | undefined> {
  if (task.action === 'verify') {
    await decrypt(task, undefined, control)
      .catch((error: unknown) => {
        throw fileError(error, path.basename(task.source));
      })
      .finally(() => task.dataKey.fill(0));
    return undefined;
  }
  const partial = partialName(path.dirname(task.output), task.id);
  try {
    await lstat(task.source).catch((error: unknown) => {
      throw fileError(error, path.basename(task.source));
    });
    await checkTarget(task.source, task.output, task.onConflict);
    await sweepPartials(path.dirname(task.output));
    const kind = await (task.action === 'encrypt' ? encrypt(task, partial, control) : decrypt(task, partial, control));
    // Last chance to stop: from here on the result is there.
    await control.checkpoint();
    return await settle(partial, task.output, kind, task.onConflict);
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw fileError(error, path.basename(task.output));
  } finally {
    task.dataKey.fill(0);
    if (task.action === 'encrypt') task.signingKey?.fill(0);
  }
}
