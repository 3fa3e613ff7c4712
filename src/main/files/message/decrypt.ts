import { CofferError } from '../../../shared/kms/errors.ts';
import { TAG_BYTES } from '../../crypto/aead.ts';
import { FINAL, FINAL_PREFIX_BYTES, FRAME_PREFIX_BYTES, hasNonce, openFrame, sealedFrameBytes } from './frames.ts';
import { HEADER_MAX, openHeader, parseHeader } from './header.ts';
import { PUBLIC_KEY_CONTEXT, startVerifying } from './signature.ts';
import { SIGNING_SUITE } from './suite.ts';

/** Where the bytes of a message come from. */
export interface MessageReader {
  /** Up to `length` of the next bytes, fewer only at the end; valid until the next peek. */
  peek(length: number): Promise<Uint8Array>;
  /** Goes on by `length` bytes, which the last peek has shown. */
  skip(length: number): void;
}

/** Frames larger than this would not fit the memory a job may use. */
export const FRAME_LENGTH_MAX = 64 * 2 ** 20;
/** Plaintext bytes handed on at once; small frames are gathered. */
const PIECE_BYTES = 4 * 2 ** 20;
const NONCE_BYTES = 12;

const damaged = (what: string) =>
  new CofferError('MessageDamaged', `The encrypted file is damaged: ${what}. Nothing of it was kept.`);

/**
 * Decrypts a message and yields the plaintext of frames whose tags have verified. The caller must not give what it received
 * a lasting name before the generator has returned: only then the whole message, its end and its signature have. A piece is
 * overwritten when the second one after it is asked for.
 * @throws CofferError `MessageDamaged` and what `parseHeader` throws.
 */
export async function* decryptMessage(reader: MessageReader, dataKey: Uint8Array): AsyncGenerator<Uint8Array> {
  const parsed = parseHeader(await reader.peek(HEADER_MAX));
  const { suite, messageId, frameLength, context } = parsed.header;
  if (frameLength > FRAME_LENGTH_MAX) {
    throw new CofferError(
      'UnsupportedMessage',
      `This file's frames of ${frameLength} bytes are larger than Coffer opens (${FRAME_LENGTH_MAX}).`,
    );
  }
  const key = openHeader(parsed, dataKey);
  try {
    const signing = suite === SIGNING_SUITE;
    // The specification's default materials manager: without a signature the reserved key must be absent, or a message
    // could shed its signature.
    if (!signing && context[PUBLIC_KEY_CONTEXT] !== undefined)
      throw damaged('it names a signing key but has no signature');
    const verifier = signing ? startVerifying(context[PUBLIC_KEY_CONTEXT]) : undefined;
    verifier?.update((await reader.peek(parsed.length)).subarray(0, parsed.length));
    reader.skip(parsed.length);

    let piece: Uint8Array | undefined;
    let spare: Uint8Array | undefined;
    let filled = 0;
    for (let sequence = 1; ; sequence++) {
      const bytes = await reader.peek(sealedFrameBytes(frameLength, true));
      const { final, ciphertext, tag, frame } = cutFrame(bytes, sequence, frameLength);
      // A small message has one frame and needs no more room than that.
      piece ??= new Uint8Array(final ? ciphertext.length : Math.max(PIECE_BYTES, frameLength));
      if (filled + ciphertext.length > piece.length) {
        yield piece.subarray(0, filled);
        [piece, spare, filled] = [spare ?? new Uint8Array(piece.length), piece, 0];
      }
      if (!openFrame(key, messageId, sequence, ciphertext, tag, final, piece.subarray(filled)))
        throw damaged('a frame was altered');
      filled += ciphertext.length;
      verifier?.update(frame);
      reader.skip(frame.length);
      if (final) break;
    }
    if (piece && filled > 0) yield piece.subarray(0, filled);

    if (verifier) {
      const footer = Buffer.from(await reader.peek(2 + 0xffff));
      const end = footer.length < 2 ? 2 : 2 + footer.readUInt16BE(0);
      if (footer.length < end || !verifier.verify(footer.subarray(2, end)))
        throw damaged('its signature is missing or false');
      reader.skip(end);
    }
    if ((await reader.peek(1)).length > 0) throw damaged('something follows its end');
  } finally {
    key.fill(0);
  }
}

/** The parts of the frame at the beginning of `bytes`, whose place is checked and whose tag is not. */
function cutFrame(bytes: Uint8Array, sequence: number, frameLength: number) {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const need = (length: number) => {
    if (view.length < length) throw damaged('it is cut off');
  };
  need(8);
  const final = view.readUInt32BE(0) === FINAL;
  if (view.readUInt32BE(final ? 4 : 0) !== sequence) throw damaged('a frame is missing or out of place');
  const start = final ? FINAL_PREFIX_BYTES : FRAME_PREFIX_BYTES;
  need(start);
  const nonceAt = final ? 8 : 4;
  if (!hasNonce(view.subarray(nonceAt, nonceAt + NONCE_BYTES), sequence)) throw damaged('a frame was altered');
  const length = final ? view.readUInt32BE(FINAL_PREFIX_BYTES - 4) : frameLength;
  if (length > frameLength) throw damaged('its last frame is too long');
  const end = start + length + TAG_BYTES;
  need(end);
  return {
    final,
    ciphertext: view.subarray(start, start + length),
    tag: view.subarray(start + length, end),
    frame: view.subarray(0, end),
  };
}
