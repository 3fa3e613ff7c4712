import { hotp, STEP_MS, stepAt } from '../../src/main/crypto/totp.ts';
import { fromBase32 } from './iam.ts';

/** Time that entering a code may take before the device's window of codes has moved on. */
const ROOM_MS = 10_000;

/** The clock of those who check the codes. */
export interface Time {
  now(): number;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
}

/** An authenticator app: shows codes that were not used yet and are taken now. */
export class Authenticator {
  readonly #seed: Uint8Array;
  readonly #time: Time;
  #last = 0;

  /** @param secret as a person types it */
  constructor(secret: string, time: Time) {
    this.#time = time;
    this.#seed = fromBase32(secret.replace(/\s/g, ''));
  }

  /** Two codes that follow each other. */
  async pair(): Promise<[string, string]> {
    const left = STEP_MS - (this.#time.now() % STEP_MS);
    if (left < ROOM_MS) await this.#time.pass(left);
    this.#last = stepAt(this.#time.now());
    return [hotp(this.#seed, this.#last - 1), hotp(this.#seed, this.#last)];
  }

  /** The next code; a device takes the one after the current, too, so that there is rarely a wait. */
  async code(): Promise<string> {
    const step = Math.max(this.#last + 1, stepAt(this.#time.now()));
    await this.#time.pass(Math.max(0, (step - 1) * STEP_MS - this.#time.now()));
    this.#last = step;
    return hotp(this.#seed, step);
  }
}
