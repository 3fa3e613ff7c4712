import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import type { MessageReader } from './message/decrypt.ts';
import { type SeenFile, seenFile } from './seen.ts';

/** Bytes read at once; a whole number of Coffer's frames. */
export const BATCH_BYTES = 2 ** 20;

export const specialFile = (name: string) =>
  new CofferError(
    'SpecialFile',
    `${name} is a device, pipe or socket; only files, folders and links can be encrypted.`,
  );

export const changed = (name: string) =>
  new CofferError(
    'FileChanged',
    `${name} changed while it was read. Nothing was kept; try again when nothing writes to it.`,
  );

/** A file that is being read, and how it was when that began. */
export interface Source {
  readonly handle: FileHandle;
  /** Bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  readonly seen: SeenFile;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
  /** @throws CofferError `FileChanged` when it was written to since. */
  unchanged(): Promise<void>;
}

/**
 * Opens a regular file for reading. A pipe that took its place is not waited for.
 * @throws CofferError `SpecialFile` and what `fileError` names.
 */
export async function openSource(file: string, { follow = true }: { readonly follow?: boolean } = {}): Promise<Source> {
  const name = path.basename(file);
  const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (follow ? 0 : (constants.O_NOFOLLOW ?? 0));
  const handle = await open(file, flags).catch((error: unknown) => Promise.reject(fileError(error, name)));
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw specialFile(name);
    return {
      handle,
      size: before.size,
      mtimeMs: before.mtimeMs,
      seen: seenFile(before),
      uid: before.uid,
      gid: before.gid,
      mode: before.mode & 0o777,
      async unchanged() {
        const after = await handle.stat();
        if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw changed(name);
      },
    };
  } catch (error) {
    await handle.close();
    throw fileError(error, name);
  }
}

async function fill(handle: FileHandle, buffer: Uint8Array, from: number, position: number): Promise<number> {
  let filled = from;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled - from);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled - from;
}

/**
 * Reads a file in batches, the next one while the last is worked on. The buffers rotate: a batch is valid until the second
 * one after it is asked for.
 * @param onSeen told how the file is, before it is read.
 * @throws CofferError `FileChanged` when the file's size or time changed while it was read.
 */
export async function* readBatches(
  file: string,
  options?: { readonly follow?: boolean },
  onSeen?: (seen: SeenFile) => void,
): AsyncGenerator<Uint8Array> {
  const source = await openSource(file, options);
  const { handle, size } = source;
  onSeen?.(source.seen);
  try {
    const length = Math.min(BATCH_BYTES, Math.max(1, size));
    const buffers = [0, 1, 2].map(() => new Uint8Array(length));
    let position = 0;
    let turn = 0;
    const next = () => fill(handle, buffers[turn % 3] as Uint8Array, 0, position);
    let reading = next();
    for (;;) {
      const count = await reading;
      const batch = (buffers[turn % 3] as Uint8Array).subarray(0, count);
      position += count;
      turn++;
      const more = count === length && position < size;
      if (more) {
        reading = next();
        // Whoever stops in between does not wait for it.
        reading.catch(() => undefined);
      }
      if (count > 0) yield batch;
      if (!more) break;
    }
    if (position !== size) throw changed(path.basename(file));
    await source.unchanged();
  } catch (error) {
    throw fileError(error, path.basename(file));
  } finally {
    await handle.close();
  }
}

/** Gathers a stream's pieces into batches of BATCH_BYTES. The buffers rotate as those of `readBatches`. */
export async function* gather(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const buffers: Uint8Array[] = [];
  let turn = 0;
  let filled = 0;
  const buffer = () => {
    buffers[turn % 3] ??= Buffer.allocUnsafe(BATCH_BYTES);
    return buffers[turn % 3] as Uint8Array;
  };
  for await (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      const count = Math.min(piece.length - at, BATCH_BYTES - filled);
      buffer().set(piece.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled === BATCH_BYTES) {
        yield buffer();
        turn++;
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer().subarray(0, filled);
}

interface Batch {
  readonly buffer: Buffer;
  readonly start: number;
  readonly count: number;
}

/**
 * A file as a message's bytes, read ahead in batches. Two buffers take turns; what the last batch has left over is put in
 * front of the next one, in the headroom kept there.
 */
export class FileReader implements MessageReader {
  readonly #handle: FileHandle;
  readonly #batch: number;
  #headroom: number;
  #spare: Buffer | undefined;
  #buffer: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #position = 0;
  #ahead: Promise<Batch> | undefined;
  #ended = false;
  onRead: (bytes: number) => void = () => undefined;

  /** `size`: bytes of the file, as far as they are known. */
  constructor(handle: FileHandle, size = Number.POSITIVE_INFINITY) {
    this.#handle = handle;
    // One more than a small file has, so that its end is seen.
    this.#batch = Math.min(BATCH_BYTES, size + 1);
    this.#headroom = Math.min(BATCH_BYTES / 2, this.#batch);
  }

  #readAhead(): Promise<Batch> {
    this.#ahead ??= (async () => {
      const start = this.#headroom;
      const fits = this.#spare?.length === start + this.#batch;
      const buffer = fits && this.#spare ? this.#spare : Buffer.alloc(start + this.#batch);
      this.#spare = undefined;
      const count = await fill(this.#handle, buffer, start, this.#position);
      this.#position += count;
      return { buffer, start, count };
    })();
    this.#ahead.catch(() => undefined);
    return this.#ahead;
  }

  async peek(length: number): Promise<Uint8Array> {
    // What is left over when more is needed is shorter than `length`.
    if (length > this.#headroom) this.#headroom = length;
    while (this.#end - this.#start < length && !this.#ended) {
      const next = await this.#readAhead();
      this.#ahead = undefined;
      this.onRead(next.count);
      const left = this.#buffer.subarray(this.#start, this.#end);
      if (left.length <= next.start) {
        next.buffer.set(left, next.start - left.length);
        this.#spare = this.#buffer;
        this.#buffer = next.buffer;
        this.#start = next.start - left.length;
        this.#end = next.start + next.count;
      } else {
        // The frames are larger than the headroom this batch was read with.
        this.#buffer = Buffer.concat([left, next.buffer.subarray(next.start, next.start + next.count)]);
        this.#start = 0;
        this.#end = this.#buffer.length;
      }
      this.#ended = next.count < this.#batch;
      if (!this.#ended) void this.#readAhead();
    }
    return this.#buffer.subarray(this.#start, Math.min(this.#end, this.#start + length));
  }

  skip(length: number): void {
    this.#start += length;
  }
}
