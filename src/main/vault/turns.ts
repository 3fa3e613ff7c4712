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
export async function inTurns(steps: Steps, pause?: () => Promise<void>): Promise<void> {
  const turn = takeTurns(pause);
  while (!steps.next().done) await turn();
}

/** For work with a loop of its own: to be asked between two of its steps, and waited for when a turn is over. */
export function takeTurns(pause: () => Promise<void> = breathe): () => Promise<void> | undefined {
  let until = performance.now() + TURN_MS;
  return () =>
    performance.now() < until
      ? undefined
      : pause().then(() => {
          until = performance.now() + TURN_MS;
        });
}
