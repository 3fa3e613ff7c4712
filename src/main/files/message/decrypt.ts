import { CofferError } from '../../../shared/kms/errors.ts';
import { TAG_BYTES } from '../../crypto/aead.ts';
import { FINAL, hasNonce, openFrame } from './frames.ts';
import { HEADER_MAX, openHeader, parseHeader } from './header.ts';
import { PUBLIC_KEY_CONTEXT, startVerifying } from './signature.ts';
import { SIGNING_SUITE } from './suite.ts';

/** Where the bytes of a message come from. */
export interface MessageReader {
  /** The next `length` bytes, fewer only at the end; valid until the next call. */
  take(length: number): Promise<Uint8Array>;
  /** Up to `length` of the next bytes without taking them. */
  peek(length: number): Promise<Uint8Array>;
}

/** Frames larger than this would not fit the memory a job may use. */
export const FRAME_LENGTH_MAX = 64 * 2 ** 20;

const damaged = (what: string) =>
  new CofferError('MessageDamaged', `The encrypted file is damaged: ${what}. Nothing of it was kept.`);

/**
 * Decrypts a message and yields the plaintext of each frame once its tag has verified. The caller must not give what it
 * received a lasting name before the generator has returned: only then the whole message, its end and its signature have.
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
  const verifier = suite === SIGNING_SUITE ? startVerifying(context[PUBLIC_KEY_CONTEXT]) : undefined;
  const headerBytes = await reader.take(parsed.length);
  verifier?.update(headerBytes);
  try {
    for (let sequence = 1; ; sequence++) {
      const start = Buffer.from(await reader.peek(8));
      if (start.length < 8) throw damaged('it is cut off');
      const final = start.readUInt32BE(0) === FINAL;
      if (start.readUInt32BE(final ? 4 : 0) !== sequence) throw damaged('a frame is missing or out of place');
      const prefixLength = final ? 24 : 16;
      const prefix = Buffer.from(await reader.peek(prefixLength));
      if (prefix.length < prefixLength) throw damaged('it is cut off');
      if (!hasNonce(prefix.subarray(prefixLength - (final ? 16 : 12), prefixLength - (final ? 4 : 0)), sequence)) {
        throw damaged('a frame was altered');
      }
      const length = final ? prefix.readUInt32BE(20) : frameLength;
      if (length > frameLength) throw damaged('its last frame is too long');
      const frame = await reader.take(prefixLength + length + TAG_BYTES);
      if (frame.length < prefixLength + length + TAG_BYTES) throw damaged('it is cut off');
      const ciphertext = frame.subarray(prefixLength, prefixLength + length);
      const plaintext = openFrame(key, messageId, sequence, ciphertext, frame.subarray(prefixLength + length), final);
      if (!plaintext) throw damaged('a frame was altered');
      verifier?.update(frame);
      if (plaintext.length > 0) yield plaintext;
      if (final) break;
    }
    if (verifier) {
      const size = await reader.take(2);
      const signature = await reader.take(size.length < 2 ? 0 : Buffer.from(size).readUInt16BE(0));
      if (!verifier.verify(Buffer.from(signature))) throw damaged('its signature is missing or false');
    }
    if ((await reader.peek(1)).length > 0) throw damaged('something follows its end');
  } finally {
    key.fill(0);
  }
}
