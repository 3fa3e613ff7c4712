import type { Random } from '../environment.ts';

/** A number for a new account: 12 digits. The first is never 0, so that it survives tools that read it as a number. */
export function newAccountId(random: Random): string {
  return [...random.bytes(12)].map((byte, index) => (index === 0 ? 1 + (byte % 9) : byte % 10)).join('');
}
