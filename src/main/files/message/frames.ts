import { type Cipher, createCipheriv, createDecipheriv, type Decipher } from 'node:crypto';
import { TAG_BYTES } from '../../crypto/aead.ts';
import { concat, u32, u64, utf8 } from '../../crypto/bytes.ts';

/**
 * The frames of a message:
 *
 *   frame       = sequence u32 ‖ nonce (12) ‖ ciphertext (frame length) ‖ tag (16)
 *   final frame = ffffffff ‖ sequence u32 ‖ nonce (12) ‖ length u32 ‖ ciphertext (length) ‖ tag (16)
 *
 * Sequences count from 1 and are the nonce, so one never repeats under a message's key. A frame's additional data is the
 * message id, whether it is the final one, its sequence and its length: frames cannot be moved, repeated, dropped or cut off.
 */
export const FINAL = 0xffffffff;
export const FRAME_PREFIX_BYTES = 16;
export const FINAL_PREFIX_BYTES = 24;
/** 2^32 - 2 frames are all that sequences can name. */
export const FRAMES_MAX = 0xfffffffe;

const FRAME_TEXT = utf8('AWSKMSEncryptionClient Frame');
const FINAL_TEXT = utf8('AWSKMSEncryptionClient Final Frame');

const prefixBytes = (final: boolean) => (final ? FINAL_PREFIX_BYTES : FRAME_PREFIX_BYTES);

/** Bytes of a sealed frame with `length` bytes of plaintext. */
export const sealedFrameBytes = (length: number, final: boolean) => prefixBytes(final) + length + TAG_BYTES;

function nonceOf(sequence: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(8, sequence);
  return nonce;
}

function aad(messageId: Uint8Array, sequence: number, length: number, final: boolean): Uint8Array {
  return concat(messageId, final ? FINAL_TEXT : FRAME_TEXT, u32(sequence), u64(length));
}

type Detachable = ArrayBuffer & { transfer?(length: number): ArrayBuffer };
const canFree = 'transfer' in ArrayBuffer.prototype;
/**
 * Bytes given to the cipher at once. It answers each step in new memory, and touching fresh pages can cost twice what the
 * cipher does: in small steps, each answer given back at once where the engine can, the same few pages serve all of them.
 */
const STEP = 2 ** 15;

/** Runs `input` through a cipher into `target`, which is at least as long. GCM answers a byte for a byte. */
function transform(cipher: Cipher | Decipher, input: Uint8Array, target: Uint8Array): void {
  for (let at = 0; at < input.length; at += STEP) {
    const answer = cipher.update(input.subarray(at, at + STEP));
    target.set(answer, at);
    if (canFree && answer.buffer.byteLength === answer.length) (answer.buffer as Detachable).transfer?.(0);
  }
}

/** Seals a frame into the beginning of `target`, which holds at least `sealedFrameBytes`. @returns the bytes it took. */
export function sealFrame(
  key: Uint8Array,
  messageId: Uint8Array,
  sequence: number,
  plaintext: Uint8Array,
  final: boolean,
  target: Uint8Array,
): number {
  const nonce = nonceOf(sequence);
  const prefix = final ? concat(u32(FINAL), u32(sequence), nonce, u32(plaintext.length)) : concat(u32(sequence), nonce);
  target.set(prefix);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad(messageId, sequence, plaintext.length, final));
  transform(cipher, plaintext, target.subarray(prefix.length));
  cipher.final();
  target.set(cipher.getAuthTag(), prefix.length + plaintext.length);
  return prefix.length + plaintext.length + TAG_BYTES;
}

/**
 * Opens a frame into the beginning of `target`; false, and zeros there, when it does not authenticate at this place. The
 * nonce is the one the sequence demands.
 */
export function openFrame(
  key: Uint8Array,
  messageId: Uint8Array,
  sequence: number,
  ciphertext: Uint8Array,
  tag: Uint8Array,
  final: boolean,
  target: Uint8Array,
): boolean {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(sequence), { authTagLength: TAG_BYTES });
  decipher.setAAD(aad(messageId, sequence, ciphertext.length, final));
  decipher.setAuthTag(tag);
  transform(decipher, ciphertext, target);
  try {
    decipher.final();
    return true;
  } catch {
    target.fill(0, 0, ciphertext.length);
    return false;
  }
}

/** Whether a frame carries the nonce its sequence demands. */
export function hasNonce(bytes: Uint8Array, sequence: number): boolean {
  return Buffer.compare(bytes, nonceOf(sequence)) === 0;
}
