import type { CofferError } from '../../../../shared/kms/errors.ts';
import type { OperationInput, OperationName } from '../../../../shared/kms/operations.ts';
import { kms } from '../../../lib/api.ts';
import { asCofferError } from '../../../lib/errors.ts';
import type { KeyRow } from '../model.ts';

/** One call to be made for a key. */
export type Call = {
  readonly [N in OperationName]: { readonly operation: N; readonly input: OperationInput<N> };
}[OperationName];

/** Does one call for each key and says `word` of those it was done to, as `enabled`. */
export type Run = (word: string, keys: readonly KeyRow[], call: (key: KeyRow) => Call) => void;

export interface BulkDialogProps {
  /** The keys that it fits. */
  readonly keys: readonly KeyRow[];
  readonly region: string;
  readonly onClose: () => void;
  readonly onRun: Run;
}

export interface Outcome {
  readonly done: readonly KeyRow[];
  readonly failed: readonly { readonly key: KeyRow; readonly error: CofferError }[];
  /** Keys that were not come to before somebody stopped it. */
  readonly left: number;
}

/** Calls under way at once: they share the sync of their commits. */
const TOGETHER = 8;

/** Does the same to each key; one that refuses does not keep the others. Stops between two keys when `signal` says so. */
export async function runAll(
  keys: readonly KeyRow[],
  region: string,
  call: (key: KeyRow) => Call,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (done: number) => void },
): Promise<Outcome> {
  const done: KeyRow[] = [];
  const failed: { key: KeyRow; error: CofferError }[] = [];
  const queue = keys[Symbol.iterator]();
  async function work(): Promise<void> {
    for (const key of queue) {
      const { operation, input } = call(key);
      try {
        await kms(operation, input, region);
        done.push(key);
      } catch (error) {
        failed.push({ key, error: asCofferError(error) });
      }
      onProgress(done.length + failed.length);
      if (signal.aborted) return;
    }
  }
  if (!signal.aborted) await Promise.all(Array.from({ length: TOGETHER }, work));
  return { done, failed, left: keys.length - done.length - failed.length };
}
