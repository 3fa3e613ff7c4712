import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import type { MessageReader } from './message/decrypt.ts';

/** Bytes read at once; a whole number of Coffer's frames. */
export const BATCH_BYTES = 4 * 2 ** 20;

async function fill(handle: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/**
 * Reads a file in batches, the next one while the last is worked on. The buffers rotate: a batch is valid until the second
 * one after it is asked for.
 * @throws CofferError `FileChanged` when the file's size or time changed while it was read.
 */
export async function* readBatches(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const before = await handle.stat();
    const length = Math.min(BATCH_BYTES, Math.max(1, before.size));
    const buffers = [0, 1, 2].map(() => Buffer.allocUnsafe(length));
    let position = 0;
    let turn = 0;
    const next = () => fill(handle, buffers[turn % 3] as Buffer, position);
    let reading = next();
    for (;;) {
      const count = await reading;
      const batch = (buffers[turn % 3] as Buffer).subarray(0, count);
      position += count;
      turn++;
      const more = count === length && position < before.size;
      if (more) reading = next();
      if (count > 0) yield batch;
      if (!more) break;
    }
    const after = await handle.stat();
    if (position !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs) {
      throw new CofferError(
        'FileChanged',
        `${path.basename(file)} changed while it was read. Nothing was kept; try again when nothing writes to it.`,
      );
    }
  } finally {
    await handle.close();
  }
}

/** Gathers a stream's pieces into batches of BATCH_BYTES. */
export async function* gather(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let buffer = Buffer.allocUnsafe(BATCH_BYTES);
  let filled = 0;
  for await (const piece of pieces) {
    let at = 0;
    while (at < piece.length) {
      const count = Math.min(piece.length - at, BATCH_BYTES - filled);
      buffer.set(piece.subarray(at, at + count), filled);
      filled += count;
      at += count;
      if (filled === BATCH_BYTES) {
        yield buffer;
        buffer = Buffer.allocUnsafe(BATCH_BYTES);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled);
}

/** A file as a message's bytes, read ahead in batches. */
export class FileReader implements MessageReader {
  readonly #handle: FileHandle;
  #window: Buffer = Buffer.alloc(0);
  #position = 0;
  #ahead: Promise<Buffer> | undefined;
  #spare: Buffer[] = [Buffer.allocUnsafe(BATCH_BYTES), Buffer.allocUnsafe(BATCH_BYTES)];
  #ended = false;
  onRead: (bytes: number) => void = () => undefined;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  #readAhead(): Promise<Buffer> {
    this.#ahead ??= (async () => {
      const buffer = this.#spare.shift() ?? Buffer.allocUnsafe(BATCH_BYTES);
      const count = await fill(this.#handle, buffer, this.#position);
      this.#position += count;
      if (count < buffer.length) this.#ended = true;
      return buffer.subarray(0, count);
    })();
    return this.#ahead;
  }

  /** Makes at least `length` bytes visible, unless the file ends. */
  async #reach(length: number): Promise<void> {
    while (this.#window.length < length && !(this.#ended && !this.#ahead)) {
      const next = await this.#readAhead();
      this.#ahead = undefined;
      this.onRead(next.length);
      this.#window = this.#window.length === 0 ? next : Buffer.concat([this.#window, next]);
      if (!this.#ended) void this.#readAhead().catch(() => undefined);
    }
  }

  async peek(length: number): Promise<Uint8Array> {
    await this.#reach(length);
    return this.#window.subarray(0, length);
  }

  async take(length: number): Promise<Uint8Array> {
    await this.#reach(length);
    const taken = this.#window.subarray(0, length);
    this.#window = this.#window.subarray(taken.length);
    return taken;
  }
}
