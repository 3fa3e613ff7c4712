import { createHash } from 'node:crypto';
import { CofferError } from '../../shared/kms/errors.ts';

/**
 * The recovery code: 160 random bits and a 20-bit checksum in Crockford's base32 (no I, L, O, U), as nine groups of four:
 * XXXX-XXXX-…-XXXX. Reading it forgives case, spaces, dashes, and O for 0, I and L for 1.
 */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const RECOVERY_BYTES = 20;
const SYMBOLS = 36;
const CHECK_BITS = 20n;

function checksum(bytes: Uint8Array): bigint {
  const digest = createHash('sha256').update('coffer recovery code').update(bytes).digest();
  return BigInt(digest.readUInt32BE(0) >>> 12);
}

/** Prints 20 bytes as a recovery code. */
export function formatRecoveryCode(bytes: Uint8Array): string {
  if (bytes.length !== RECOVERY_BYTES) throw new RangeError(`a recovery code holds ${RECOVERY_BYTES} bytes`);
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  value = (value << CHECK_BITS) | checksum(bytes);
  let text = '';
  for (let i = 0; i < SYMBOLS; i++) {
    text = ALPHABET.charAt(Number(value & 31n)) + text;
    value >>= 5n;
  }
  return text.replace(/(.{4})(?=.)/g, '$1-');
}

/** The form of a typed group or code in which two spellings of the same symbols are equal. */
export function normaliseRecoveryText(text: string): string {
  return text.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

/**
 * Reads a recovery code.
 * @throws CofferError `RecoveryCodeTypo` when it cannot be a code at all: wrong length, a foreign letter, or the checksum.
 */
export function parseRecoveryCode(text: string): Uint8Array {
  const symbols = normaliseRecoveryText(text);
  const typo = (message: string) => new CofferError('RecoveryCodeTypo', message);
  if (symbols.length !== SYMBOLS)
    throw typo(`A recovery code has ${SYMBOLS} letters and digits; this has ${symbols.length}.`);
  let value = 0n;
  for (const [index, symbol] of [...symbols].entries()) {
    const digit = ALPHABET.indexOf(symbol);
    if (digit < 0) throw typo(`Group ${Math.floor(index / 4) + 1} holds a character that no recovery code has.`);
    value = (value << 5n) | BigInt(digit);
  }
  const check = value & ((1n << CHECK_BITS) - 1n);
  const hex = (value >> CHECK_BITS).toString(16).padStart(RECOVERY_BYTES * 2, '0');
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'));
  if (checksum(bytes) !== check)
    throw typo('The recovery code has a typing mistake: its checksum does not fit. Compare it group by group.');
  return bytes;
}
