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
