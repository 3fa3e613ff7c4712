import { setTimeout as wait } from 'node:timers/promises';
import { hotp, STEP_MS, stepAt } from '../../src/main/crypto/totp.ts';
import { fromBase32 } from './iam.ts';

/** Time that entering a code may take before the device's window of codes has moved on. */
const ROOM_MS = 10_000;

/** An authenticator app: shows codes that were not used yet and are taken now. */
export class Authenticator {
  readonly #seed: Uint8Array;
  #last = 0;

  /** @param secret as a person types it */
  constructor(secret: string) {
    this.#seed = fromBase32(secret.replace(/\s/g, ''));
  }

  /** Two codes that follow each other. */
  async pair(): Promise<[string, string]> {
    const left = STEP_MS - (Date.now() % STEP_MS);
    if (left < ROOM_MS) await wait(left);
    this.#last = stepAt(Date.now());
    return [hotp(this.#seed, this.#last - 1), hotp(this.#seed, this.#last)];
  }

  /** The next code; a device takes the one after the current, too, so that there is rarely a wait. */
  async code(): Promise<string> {
    const step = Math.max(this.#last + 1, stepAt(Date.now()));
    await wait(Math.max(0, (step - 1) * STEP_MS - Date.now()));
    this.#last = step;
    return hotp(this.#seed, step);
  }
}
