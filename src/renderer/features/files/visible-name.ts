/** Joiners, which emoji and many writings need between two of their characters, and anything else that cannot be seen. */
const UNSEEN = /(?<!\P{ASCII})[\u200c\u200d]|[\u200c\u200d](?!\P{ASCII})|(?![\u200c\u200d])[\p{Cc}\p{Cf}]/gu;
/** Hebrew, Arabic and the other writings from right to left. */
const FROM_RIGHT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A file's name with its invisible characters made visible: a line break in a name must not look like two files. One that is written
 * from the right stands in isolating marks, or what is said before and after it would change places with it; it still ends with what
 * says which kind of file it is.
 */
export function visibleName(name: string): string {
  const seen = name.replaceAll('\n', '⏎').replace(UNSEEN, '�');
  return FROM_RIGHT.test(seen) ? `\u2066${seen}\u2069` : seen;
}
