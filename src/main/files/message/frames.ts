import { createCipheriv, createDecipheriv } from 'node:crypto';
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

function nonceOf(sequence: number): Uint8Array {
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(8, sequence);
  return nonce;
}

function aad(messageId: Uint8Array, sequence: number, length: number, final: boolean): Uint8Array {
  return concat(messageId, final ? FINAL_TEXT : FRAME_TEXT, u32(sequence), u64(length));
}

/** The pieces of one sealed frame, to be written in this order. */
export function sealFrame(
  key: Uint8Array,
  messageId: Uint8Array,
  sequence: number,
  plaintext: Uint8Array,
  final: boolean,
): Uint8Array[] {
  const nonce = nonceOf(sequence);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad(messageId, sequence, plaintext.length, final));
  const ciphertext = cipher.update(plaintext);
  cipher.final();
  const prefix = final ? concat(u32(FINAL), u32(sequence), nonce, u32(plaintext.length)) : concat(u32(sequence), nonce);
  return [prefix, ciphertext, cipher.getAuthTag()];
}

/** The plaintext of a frame, or null when it does not authenticate at this place. The nonce is the one the sequence demands. */
export function openFrame(
  key: Uint8Array,
  messageId: Uint8Array,
  sequence: number,
  ciphertext: Uint8Array,
  tag: Uint8Array,
  final: boolean,
): Uint8Array | null {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(sequence), { authTagLength: TAG_BYTES });
  decipher.setAAD(aad(messageId, sequence, ciphertext.length, final));
  decipher.setAuthTag(tag);
  const plaintext = decipher.update(ciphertext);
  try {
    decipher.final();
    return plaintext;
  } catch {
    plaintext.fill(0);
    return null;
  }
}

/** Whether a frame carries the nonce its sequence demands. */
export function hasNonce(bytes: Uint8Array, sequence: number): boolean {
  return Buffer.compare(bytes, nonceOf(sequence)) === 0;
}
