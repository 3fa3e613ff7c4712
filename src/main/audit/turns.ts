/** How long work may hold the event loop before it lets others go first, in milliseconds. */
const TURN_MS = 8;

/** Lets everything else that waits for the event loop go first. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Work that comes in small steps, each of which leaves everything as it should be: whoever has time does all of it at once, whoever
 * must not hold the event loop does it in turns.
 */
export type Steps = Generator<void, void, void>;

/** Does all of it now. */
export function atOnce(steps: Steps): void {
  while (!steps.next().done);
}

/** Does it in turns of the event loop. `pause` is asked before each turn and may wait or throw. */
export async function inTurns(steps: Steps, pause: () => Promise<void> = breathe): Promise<void> {
  let until = performance.now() + TURN_MS;
  while (!steps.next().done) {
    if (performance.now() < until) continue;
    await pause();
    until = performance.now() + TURN_MS;
  }
}
