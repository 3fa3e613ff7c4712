/**
 * A deliberately pessimistic guess at how long a passphrase holds. It reads the text the way a guesser does, as words,
 * years, runs and repetitions, and counts a word as one choice of a few thousand, not as its letters.
 */
export interface Strength {
  readonly bits: number;
  /** 0 weak, 1 fair, 2 good, 3 strong. */
  readonly level: 0 | 1 | 2 | 3;
  readonly word: 'Weak' | 'Fair' | 'Good' | 'Strong';
  /** How long guessing would take, in words. */
  readonly holds: string;
}

/** What a rack of graphics cards tries in a second against scrypt with N = 2^17, generously. */
const GUESSES_PER_SECOND = 1e5;
/** One of about 8,000 common words. */
const WORD_BITS = 13;
const LETTER_BITS = 4.7;
/** A run of letters longer than this is read as several words. */
const LETTERS_PER_WORD = 10;
const obvious = [
  'password',
  'passphrase',
  'passwort',
  'coffer',
  'secret',
  'letmein',
  'welcome',
  'admin',
  'iloveyou',
  'login',
  'master',
  'monkey',
  'dragon',
  'qwerty',
  'test',
  'hello',
  'vault',
  'correct',
  'horse',
  'battery',
  'staple',
];
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'qwertzuiop',
  'azertyuiop',
];

function isRun(token: string): boolean {
  if (token.length < 3) return false;
  const backward = [...token].reverse().join('');
  return rows.some((row) => row.includes(token) || row.includes(backward));
}

const letters = (token: string) => token.toLowerCase().replace(/[^\p{L}]/gu, '');

function bitsOf(token: string): number {
  const lower = token.toLowerCase();
  if (/^(.)\1+$/su.test(lower)) return 5 + Math.log2(token.length);
  if (isRun(lower)) return 5 + Math.log2(token.length);
  if (/^(19|20)\d\d$/.test(token)) return 7;
  if (/^\d+$/.test(token)) return token.length * 3.3;
  const word = letters(token);
  if (word === '') return 5;
  const capitals =
    token.slice(1) === token.slice(1).toLowerCase() ? (token === lower ? 0 : 1) : Math.min(4, token.length);
  if (obvious.includes(word)) return 3 + capitals;
  return Math.min(word.length * LETTER_BITS, WORD_BITS * Math.ceil(word.length / LETTERS_PER_WORD)) + capitals;
}

const spans: [number, string][] = [
  [60, 'less than a minute'],
  [3600, 'minutes'],
  [86_400, 'hours'],
  [30 * 86_400, 'days'],
  [365 * 86_400, 'months'],
  [100 * 365 * 86_400, 'years'],
  [10_000 * 365 * 86_400, 'centuries'],
];

export function estimateStrength(passphrase: string): Strength {
  const tokens = passphrase.match(/\p{L}+|\d+|(\P{L})\1*/gu) ?? [];
  const seen = new Set<string>();
  let bits = 0;
  for (const token of tokens) {
    const lower = token.toLowerCase();
    bits += seen.has(lower) ? 1 : bitsOf(token);
    seen.add(lower);
  }
  const seconds = 2 ** (bits - 1) / GUESSES_PER_SECOND;
  const holds = spans.find(([limit]) => seconds < limit)?.[1] ?? 'longer than anyone will wait';
  const level = bits < 38 ? 0 : bits < 50 ? 1 : bits < 64 ? 2 : 3;
  return { bits, level, word: (['Weak', 'Fair', 'Good', 'Strong'] as const)[level], holds };
}
