import { Tooltip } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { formatDateTime, formatRelative } from '../lib/format.ts';

const TICK_MS = 20_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

/** One clock for every time on the screen. */
function subscribe(listener: () => void): () => void {
  // Nobody moved the clock while nothing showed it.
  if (listeners.size === 0) now = Date.now();
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** A time as people say it, the exact one on hover. */
export function RelativeTime({ value }: { value: Date | number }) {
  const tick = useSyncExternalStore(subscribe, () => now);
  const time = Number(value);
  const exact = formatDateTime(time);
  return (
    <Tooltip label={exact} openDelay={250}>
      <time dateTime={new Date(time).toISOString()}>{formatRelative(time, tick)}</time>
    </Tooltip>
  );
}
