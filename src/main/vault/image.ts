/** Room behind an image, as a share of it: memory that is not touched before it is needed. */
const ROOM = 1 / 4;
/** Behind a small one: some pages. */
const LEAST_ROOM = 64 * 1024;

/** Bytes for the image of a database that is about to be read, with room behind them for what will be written to it. */
export function newImage(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(new ArrayBuffer(length + Math.max(LEAST_ROOM, Math.ceil(length * ROOM))), 0, length);
}

/**
 * An image that sql.js keeps as its file. It takes a copy of what it is given by one `slice` of everything, and has no room for a
 * single page more in it: the first write would copy all once again, seconds for a large vault on a busy machine. Here the slice is
 * the memory itself, with the room behind it.
 */
class KeptImage extends Uint8Array<ArrayBuffer> {
  override slice(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.buffer, this.byteOffset);
  }
}

/** What to give sql.js so that it keeps an image of `newImage` instead of copying it. */
export const keptImage = (image: Uint8Array<ArrayBuffer>): Uint8Array =>
  new KeptImage(image.buffer, image.byteOffset, image.length);
