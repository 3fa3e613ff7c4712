import { isStuck } from './patience.ts';

/**
 * Resolves at the first signal that is to end the program. The ones after it end nothing: a terminal and npm both send it, and what
 * the first one began (locking the vault, putting away what is half done) must come to its end.
 */
export function firstEndSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

/** Lets the program go on when nobody reads its output any more (a pipe into `head`, a terminal that is gone): what it says is lost then. */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

/**
 * Ends the program, once all is closed. A thread that waits for a disk which does not answer would hold Node's own exit up without
 * end, and with it the next start: then the system ends it.
 */
export function endProgram(): void {
  if (isStuck()) process.kill(process.pid, 'SIGKILL');
  else process.exit(0);
}
