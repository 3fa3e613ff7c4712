import { chmod, chown, lstat } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { CONTENT_CONTEXT, ENTRY_CONTENT, FOLDER_CONTENT, packEntry, packFolder } from './folder.ts';
import { decryptMessage } from './message/decrypt.ts';
import { encryptMessage } from './message/encrypt.ts';
import { HEADER_MAX, type MessageHeader, parseHeader } from './message/header.ts';
import { startSigning } from './message/signature.ts';
import { SIGNING_SUITE, SUITE } from './message/suite.ts';
import type { DecryptTask, EncryptTask, ReencryptTask, Sealing, Task } from './protocol.ts';
import { changed, FileReader, gather, openSource, readBatches, type Source } from './reading.ts';
import { isSame, type Seen, seenFile } from './seen.ts';
import { FileWriter } from './target.ts';
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

/** Writes the message of some batches of content. */
async function writeMessage(batches: AsyncIterable<Uint8Array>, seal: Sealing, partial: string): Promise<void> {
  const { messageId, context, edk, frameLength, dataKey, signingKey } = seal;
  const header: MessageHeader = {
    suite: signingKey ? SIGNING_SUITE : SUITE,
    messageId,
    context,
    dataKeys: [edk],
    frameLength,
  };
  const signer = signingKey ? startSigning(signingKey) : undefined;
  await writeFile(encryptMessage(batches, { header, dataKey, signer }), partial);
}

/** Encrypts into `partial`. @returns how the original was, where the result is read back. */
export async function encrypt(task: EncryptTask, partial: string, control: Control): Promise<Seen | undefined> {
  const { source, kind, entryName = '', noFollow, seal, readBack } = task;
  let seen: Seen | undefined;
  const onSeen = (now: Seen) => {
    seen = now;
  };
  const batches =
    kind === 'file'
      ? readBatches(source, { follow: !noFollow }, onSeen)
      : gather(kind === 'folder' ? packFolder(source, onSeen) : packEntry(source, entryName, onSeen));
  const [writing, reading] = readBack ? halves(control) : [control, control];
  await writeMessage(watched(batches, writing), seal, partial);
  if (readBack) await checkWritten(partial, seal, reading);
  return readBack ? seen : undefined;
}

/** Progress of work that goes over its bytes twice. */
function halves({ progress, checkpoint }: Control): [Control, Control] {
  let first = 0;
  const half = (bytes: number) => Math.round(bytes / 2);
  return [
    {
      checkpoint,
      progress: (bytes) => {
        first = half(bytes);
        progress(first);
      },
    },
    { checkpoint, progress: (bytes) => progress(first + half(bytes)) },
  ];
}

/** Opens a message file and gives its content, whose end has verified when it ends. */
async function withContent<T>(
  { source: file, noFollow, dataKey }: Pick<Task, 'source' | 'noFollow'> & { readonly dataKey: Uint8Array },
  control: Control,
  use: (plaintext: AsyncGenerator<Uint8Array>, header: MessageHeader, source: Source) => Promise<T>,
): Promise<T> {
  const source = await openSource(file, { follow: !noFollow });
  try {
    const reader = new FileReader(source.handle, source.size);
    const { header } = parseHeader(await reader.peek(HEADER_MAX));
    let read = 0;
    reader.onRead = (bytes) => {
      read += bytes;
      control.progress(read);
    };
    async function* plaintext(): AsyncGenerator<Uint8Array> {
      for await (const piece of decryptMessage(reader, dataKey)) {
        await control.checkpoint();
        yield piece;
      }
      await source.unchanged();
    }
    return await use(plaintext(), header, source);
  } finally {
    await source.handle.close();
  }
}

async function toTheEnd(pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _checked of pieces);
}

/** Opens what was just written, to its end. @throws CofferError `NotVerified` */
export async function checkWritten(
  file: string,
  { dataKey }: Pick<Sealing, 'dataKey'>,
  control: Control,
): Promise<void> {
  try {
    await withContent({ source: file, noFollow: true, dataKey }, control, toTheEnd);
  } catch (error) {
    if (error instanceof CofferError && error.code === 'Cancelled') throw error;
    throw new CofferError(
      'NotVerified',
      'What was written could not be read back as it should be. It was not kept; the original is as it was.',
    );
  }
}

/** Decrypts into `partial`; without one, to the end and into nothing. @returns the message's `coffer:content`. */
export function decrypt(task: DecryptTask, partial: string | undefined, control: Control): Promise<string | undefined> {
  return withContent(task, control, async (plaintext, { context }) => {
    const content = context[CONTENT_CONTEXT];
    if (partial === undefined) await toTheEnd(plaintext);
    else if (content === FOLDER_CONTENT || content === ENTRY_CONTENT) await unpackFolder(plaintext, partial);
    else await writeFile(plaintext, partial);
    return content;
  });
}

/** Whoever could read the old file can read the new one, and nobody else. */
async function keepAccess(file: string, { uid, gid, mode }: Source): Promise<void> {
  // Only the system's administrator gives files to other people; a group of one's own anybody can set.
  const sameGroup = await chown(file, uid, gid)
    .catch(() => chown(file, -1, gid))
    .then(
      () => true,
      () => false,
    );
  await chmod(file, sameGroup ? mode : mode & 0o707);
}

/** Makes a new message of an old one's content, which touches no disk in clear, and opens it whole. */
export async function reencrypt(task: ReencryptTask, partial: string, control: Control): Promise<void> {
  const [writing, reading] = halves(control);
  const old = await withContent(task, writing, async (plaintext, _header, source) => {
    await writeMessage(gather(plaintext), task.seal, partial);
    return source;
  });
  await checkWritten(partial, task.seal, reading);
  if (!task.inPlace) return;
  await keepAccess(partial, old);
  const now = await lstat(task.output).catch(() => undefined);
  if (!now || !isSame(old.seen, seenFile(now))) throw changed(path.basename(task.source));
}
