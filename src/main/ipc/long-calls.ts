import { CofferError } from '../../shared/kms/errors.ts';
import { paced } from '../throttle.ts';

/** How often the window is told how far a call is, in milliseconds. */
export const TELL_MS = 100;

/** Words of how far a call is, as the window can take them: the last one always. */
export const toldOf = (tell: (done: number, total: number) => void): ((done: number, total: number) => void) =>
  paced(TELL_MS, tell, (done, total) => done >= total);

/** Calls of the window that take long. Each has a name under which it is ended, and is the only one of that name. */
export class LongCalls<Name> {
  readonly #running = new Map<Name, AbortController>();

  /** Ends a call with `Cancelled`; does nothing when there is none of that name. */
  cancel(name: Name): void {
    this.#running.get(name)?.abort(new CofferError('Cancelled', 'Cancelled.'));
  }

  /** Runs a call; one of the same name that goes on is ended. */
  async run<T>(name: Name, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancel(name);
    const stop = new AbortController();
    this.#running.set(name, stop);
    try {
      return await work(stop.signal);
    } finally {
      if (this.#running.get(name) === stop) this.#running.delete(name);
    }
  }
}
