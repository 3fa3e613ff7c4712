import { randomFillSync } from 'node:crypto';
import type { Clock, Environment, Random } from './environment.ts';

const POOL_BYTES = 4096;

/** The system's random source. Small requests are served from a pool that is overwritten as it is handed out. */
export function systemRandom(): Random {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return {
    bytes(length) {
      if (length > 64) return randomFillSync(new Uint8Array(length));
      if (used + length > POOL_BYTES) {
        randomFillSync(pool);
        used = 0;
      }
      const out = new Uint8Array(pool.subarray(used, used + length));
      pool.fill(0, used, used + length);
      used += length;
      return out;
    },
  };
}

export const systemClock: Clock = { now: () => Date.now() };

export function systemEnvironment(): Environment {
  return { clock: systemClock, random: systemRandom() };
}
