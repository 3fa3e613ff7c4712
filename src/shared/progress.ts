/** How long work is followed, and ended, by whoever asked for it. */
export interface Progress {
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  /** Once it is aborted the work ends with its reason and leaves nothing half-done. */
  readonly signal?: AbortSignal | undefined;
}

/** How one of several parts of the work is followed, each of which takes about as long; the first is part 0. */
export function partOf({ signal, onProgress }: Progress, part: number, parts: number): Progress {
  return {
    signal,
    onProgress: onProgress && ((done, total) => onProgress(part * total + done, parts * total)),
  };
}

/** The same, for work that something else ends, too. */
export const alsoEndedBy = (progress: Progress, signal: AbortSignal): Progress => ({
  ...progress,
  signal: progress.signal ? AbortSignal.any([progress.signal, signal]) : signal,
});
