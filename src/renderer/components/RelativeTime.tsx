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

/** A time as people say it, the exact one on hover; `plain` for a row of a long list, where a tooltip costs too much. */
export function RelativeTime({ value, plain = false }: { value: Date | number; plain?: boolean }) {
  const tick = useSyncExternalStore(subscribe, () => now);
  const time = Number(value);
  const exact = formatDateTime(time);
  const said = (
    <time dateTime={new Date(time).toISOString()} {...(plain ? { title: exact } : {})}>
      {formatRelative(time, tick)}
    </time>
  );
  return plain ? (
    said
  ) : (
    <Tooltip label={exact} openDelay={250}>
      {said}
    </Tooltip>
  );
}
