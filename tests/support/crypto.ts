import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Random } from '../../src/main/environment.ts';

export const random: Random = { bytes: (length) => new Uint8Array(randomBytes(length)) };

/** Hands out what the standard's example drew, in order; a different amount asked for is the test's failure. */
export function drawn(...values: readonly Uint8Array[]): Random {
  const left = [...values];
  return {
    bytes(length) {
      const next = left.shift();
      if (next?.length !== length) throw new Error(`${length} random bytes asked for, ${next?.length ?? 0} at hand`);
      return Uint8Array.from(next);
    },
  };
}

export const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** The same bytes with one bit turned over; `at` counts from the end when negative. */
export function flipped(bytes: Uint8Array, at = 0): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  return copy;
}

export interface Vector {
  readonly scheme: string;
  readonly spec: string;
  readonly key: Uint8Array;
  readonly valid: boolean;
  readonly input: Uint8Array;
  readonly expected: Uint8Array;
  readonly comment: string;
}

/** The vectors of one scheme; the files say where they come from. */
export function wycheproof(scheme: string): Vector[] {
  const keys = new Map<string, Uint8Array>();
  const vectors: Vector[] = [];
  for (const name of ['signatures', 'secrets']) {
    const file = path.join(import.meta.dirname, 'vectors', `wycheproof-${name}.txt`);
    keys.clear();
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      if (line === '' || line.startsWith('%')) continue;
      const [first = '', second = '', third = '', fourth = '', fifth = '', sixth = '', comment = ''] = line.split(' ');
      if (first === 'key') keys.set(second, hex(third));
      else if (first === scheme) {
        vectors.push({
          scheme,
          spec: second,
          key: keys.get(third) ?? new Uint8Array(0),
          valid: fourth === 'valid',
          input: hex(fifth === '-' ? '' : fifth),
          expected: hex(sixth === '-' ? '' : sixth),
          comment,
        });
      }
    }
  }
  return vectors;
}

/** The indices of the vectors that `accepts` judges otherwise than their authors. */
export function disagreements(vectors: readonly Vector[], accepts: (vector: Vector) => boolean): string[] {
  return vectors
    .filter((vector) => accepts(vector) !== vector.valid)
    .map((vector) => `${vector.spec}: ${vector.comment}, ${vector.valid ? 'valid' : 'invalid'}`);
}
