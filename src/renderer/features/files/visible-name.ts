/** A file's name with its invisible characters made visible: a line break in a name must not look like two files. */
export function visibleName(name: string): string {
  return name.replace(/\n/g, '⏎').replace(/\p{Cc}|\p{Cf}/gu, (character) => (character === '\u200d' ? character : '�'));
}
