/** Paths that one call between the window and the main process is given at most: more go in several. */
export const PATHS_PER_CALL = 1000;

/** A list in pieces of that length. */
export function inCalls<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / PATHS_PER_CALL);
  return Array.from({ length: count }, (_, at) => items.slice(at * PATHS_PER_CALL, (at + 1) * PATHS_PER_CALL));
}
