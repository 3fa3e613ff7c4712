import { createHmac } from 'node:crypto';
import { equal, u64, utf8 } from './bytes.ts';

/**
 * HOTP (RFC 4226) and TOTP (RFC 6238) as every authenticator app has them: HMAC-SHA-1, six digits, thirty seconds. SHA-1 is what
 * apps take for granted; HMAC does not rest on its resistance to collisions.
 */
const DIGITS = 6;
export const STEP_MS = 30_000;
/** As long as the hash's output: 160 bits (RFC 4226, section 4, R6). */
export const SEED_BYTES = 20;

/** The code of a counter (RFC 4226, section 5.3). */
export function hotp(seed: Uint8Array, counter: number): string {
  const mac = createHmac('sha1', seed).update(u64(counter)).digest();
  const offset = (mac[mac.length - 1] as number) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The time step of a time in milliseconds since the epoch (RFC 6238, section 4.2). */
export function stepAt(ms: number): number {
  return Math.floor(ms / STEP_MS);
}

/**
 * The first of `steps` whose code is `code` (and the next step's is `next`, when given), or undefined. All of them are looked at,
 * each compared in constant time, so that the time taken tells nothing of the codes.
 */
export function matchingStep(
  seed: Uint8Array,
  steps: readonly number[],
  code: string,
  next?: string,
): number | undefined {
  const given = utf8(next === undefined ? code : code + next);
  let found: number | undefined;
  for (const step of steps) {
    const expected = next === undefined ? hotp(seed, step) : hotp(seed, step) + hotp(seed, step + 1);
    if (equal(utf8(expected), given)) found ??= step;
  }
  return found;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Base32 without padding (RFC 4648, section 6): how a seed is typed. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + BASE32[(held << (5 - bits)) & 31] : text;
}

/** The seed as authenticator apps read it from a QR code (the key URI format). */
export function otpauthUri(issuer: string, account: string, seed: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  return `otpauth://totp/${label}?secret=${seed}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${DIGITS}&period=${STEP_MS / 1000}`;
}
