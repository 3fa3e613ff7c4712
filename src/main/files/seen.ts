import type { Stats } from 'node:fs';
import { lstat } from 'node:fs/promises';

/** How a file was when it was read: enough to know later that it is the same and was not written to. */
export interface SeenFile {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** Unlike the time of the last change, no program can set it back. */
  readonly ctimeMs: number;
}

/** How an original was: a file, or a folder by the fingerprint of all that lies in it. */
export type Seen = SeenFile | { readonly fingerprint: string };

export const seenFile = ({ dev, ino, size, mtimeMs, ctimeMs }: Stats): SeenFile => ({
  dev,
  ino,
  size,
  mtimeMs,
  ctimeMs,
});

/** Whether a file is the one that was read, unchanged. */
export const isSame = (a: SeenFile, b: SeenFile): boolean =>
  a.dev === b.dev && a.ino === b.ino && a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs;

/** What is known of a task that is done; the last two where the original may go to the trash. */
export interface Done {
  readonly output?: string | undefined;
  /** How the original was when it was read. */
  readonly seen?: Seen | undefined;
  /** How the result was when it got its name. */
  readonly made?: SeenFile | undefined;
}

/** Whether a result still stands under its name, as it was made; that its permissions changed does not count. */
export async function stands({ output = '', made }: Done): Promise<boolean> {
  const facts = await lstat(output).catch(() => undefined);
  return facts !== undefined && made !== undefined && isSame({ ...seenFile(facts), ctimeMs: made.ctimeMs }, made);
}
