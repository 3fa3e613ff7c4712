import type { ReadDatabase, Transaction } from '../vault/types.ts';

/** How long a new replica is `Creating` and a changed primary `Updating`, in milliseconds: at AWS a few seconds. */
export const SETTLING = 2000;

/** A state that would last longer than this (ms) was begun while this computer's clock was ahead; clocks are set right by less all the time. */
const AHEAD = 120_000;

const NEXT = 'SELECT min(settles_at) AS at FROM keys WHERE settles_at IS NOT NULL';

/** Whether a state that ends at `at` is over. */
const isOver = (at: number, now: number): boolean => at <= now || at > now + AHEAD;

/** When the next passing state ends (ms since the epoch); undefined when there is none. */
export function nextSettling(db: ReadDatabase): number | undefined {
  return db.get<{ at: number | null }>(NEXT)?.at ?? undefined;
}

/** Ends the passing states of keys. No call sees a state past its time, whether or not a timer ran. */
export class Settler {
  #stamp = -1;
  #next: number | undefined;

  /** Costs nothing but a comparison as long as no key was written and nothing is due at `now` (ms). */
  settle(tx: Transaction, now: number): void {
    const stamp = tx.stamp('keys');
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#next = nextSettling(tx);
    }
    if (this.#next === undefined || !isOver(this.#next, now)) return;
    tx.run(
      `UPDATE keys SET state = settles_to, settles_at = NULL, settles_to = NULL
       WHERE settles_at <= ?1 OR settles_at > ?1 + ${AHEAD}`,
      [now],
    );
  }
}
