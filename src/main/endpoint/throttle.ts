import type { Clock } from '../environment.ts';
import { defaultQuotas, type QuotaClass, type Quotas } from './quotas.ts';

interface Bucket {
  left: number;
  at: number;
}

/**
 * Counts calls and says when one is too many: a bucket an account, Region and class that holds one second's worth and refills
 * steadily. Classes not named in `quotas` have AWS's.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #quotas: Quotas;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, quotas: Partial<Quotas> = {}) {
    this.#clock = clock;
    this.#quotas = { ...defaultQuotas, ...quotas };
  }

  /** Takes one call from the quota; false when there is none left now. */
  take(accountId: string, region: string, quota: QuotaClass): boolean {
    const rate = this.#quotas[quota];
    const now = this.#clock.now();
    const name = `${accountId} ${region} ${quota}`;
    const bucket = this.#buckets.get(name) ?? { left: rate, at: now };
    // A clock that was set back refills nothing.
    bucket.left = Math.min(rate, bucket.left + (Math.max(0, now - bucket.at) / 1000) * rate);
    bucket.at = now;
    this.#buckets.set(name, bucket);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }
}
