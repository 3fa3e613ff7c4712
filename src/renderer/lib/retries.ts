const retries = new WeakMap<object, () => void>();

/** Remembers how what failed is done once more, for the notice that shows the failure. */
export function rememberRetry(error: object, retry: () => void): void {
  retries.set(error, retry);
}

/** How what failed with this error is done once more, if that is known. */
export const retryOf = (error: unknown): (() => void) | undefined =>
  typeof error === 'object' && error !== null ? retries.get(error) : undefined;
