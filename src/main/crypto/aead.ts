import { createCipheriv, createDecipheriv } from 'node:crypto';

/**
 * AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag. node:crypto does it because it is sixty times as quick
 * as JavaScript, the same on Node and on Electron's BoringSSL.
 *
 * Nonces are owned by the callers below: `seal` takes a fresh random nonce and stores it in front, which is safe for 2^32
 * messages a key (section 8.3 of the standard); `sealWith` is for constructions whose keys are used for one message or that
 * count their nonces, and says so where it is called.
 */
export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;
/** What `seal` adds to a message. */
export const SEAL_OVERHEAD = NONCE_BYTES + TAG_BYTES;

function check(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== KEY_BYTES) throw new RangeError(`an AES-256 key has ${KEY_BYTES} bytes, not ${key.length}`);
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`the nonce has ${NONCE_BYTES} bytes, not ${nonce.length}`);
}

/** Returns ciphertext ‖ tag. The caller guarantees that this nonce never meets this key again. */
export function sealWith(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  check(key, nonce);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  const head = cipher.update(plaintext);
  const tail = cipher.final();
  const out = new Uint8Array(head.length + tail.length + TAG_BYTES);
  out.set(head);
  out.set(tail, head.length);
  out.set(cipher.getAuthTag(), head.length + tail.length);
  return out;
}

/** The plaintext of ciphertext ‖ tag, or null when it does not authenticate. */
export function openWith(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | null {
  check(key, nonce);
  if (sealed.length < TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    plaintext.fill(0);
    return null;
  }
  return new Uint8Array(plaintext.buffer, plaintext.byteOffset, plaintext.length);
}

/** Returns nonce ‖ ciphertext ‖ tag under the random `nonce` (12 bytes) given. */
export function seal(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Uint8Array {
  const body = sealWith(key, nonce, plaintext, aad);
  const out = new Uint8Array(NONCE_BYTES + body.length);
  out.set(nonce);
  out.set(body, NONCE_BYTES);
  return out;
}

/** The plaintext of what `seal` returned, or null when it does not authenticate. */
export function open(key: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | null {
  if (sealed.length < SEAL_OVERHEAD) return null;
  return openWith(key, sealed.subarray(0, NONCE_BYTES), sealed.subarray(NONCE_BYTES), aad);
}
