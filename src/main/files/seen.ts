import type { Stats } from 'node:fs';

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
