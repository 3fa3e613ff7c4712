import type { Clock } from '../environment.ts';

/**
 * Request quotas by class of operation ("Request quotas", KMS Developer Guide): a bucket an account, Region and class that holds
 * one second's worth and refills steadily. The shared classes count together whatever operation is called.
 */
export type QuotaClass = 'symmetric' | 'rsa' | 'ecc' | 'management';

export type Quotas = Readonly<Record<QuotaClass, number>>;

/** Calls a second; AWS's figures for the smaller Regions. */
export const defaultQuotas: Quotas = { symmetric: 10_000, rsa: 1_000, ecc: 1_000, management: 100 };

interface Bucket {
  left: number;
  at: number;
}

/** Counts calls and says when one is too many. */
export class Throttle {
  readonly #clock: Clock;
  readonly #quotas: Quotas;
  readonly #buckets = new Map<string, Bucket>();

  constructor(clock: Clock, quotas: Quotas = defaultQuotas) {
    this.#clock = clock;
    this.#quotas = quotas;
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
