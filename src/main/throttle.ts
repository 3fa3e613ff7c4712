/** Calls `work` at most once per `ms`, and once more after the last request. */
export function throttle(ms: number, work: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let again = false;
  const run = () => {
    again = false;
    work();
    timer = setTimeout(() => {
      timer = undefined;
      if (again) run();
    }, ms);
    timer.unref();
  };
  return () => {
    if (timer) again = true;
    else run();
  };
}

/** Calls `tell` at most once per `ms`, and always when `must` says so: for words of which a later one says more. */
export function paced<A extends unknown[]>(
  ms: number,
  tell: (...words: A) => void,
  must: (...words: A) => boolean = () => false,
): (...words: A) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...words) => {
    const now = performance.now();
    if (now - last < ms && !must(...words)) return;
    last = now;
    tell(...words);
  };
}
