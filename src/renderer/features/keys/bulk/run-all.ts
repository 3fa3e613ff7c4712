import type { CofferError } from '../../../../shared/kms/errors.ts';
import type { OperationInput, OperationName } from '../../../../shared/kms/operations.ts';
import { kms } from '../../../lib/api.ts';
import { asCofferError, isWithheld } from '../../../lib/errors.ts';
import type { Undo, Watch } from '../../../lib/undo.ts';
import type { KeyRow } from '../model.ts';

/** One call to be made for a key. */
export type Call = {
  readonly [N in OperationName]: { readonly operation: N; readonly input: OperationInput<N> };
}[OperationName];

/** The same act on several keys. */
export interface Act {
  /** What is said of the keys it was done to, as `enabled`. */
  readonly word: string;
  readonly call: (key: KeyRow) => Call;
  /** The title of taking it back, and how that is done for one key, which is as it was before the act. */
  readonly undo?: readonly [title: string, of: (key: KeyRow) => Undo | Promise<Undo>];
}

export type Run = (keys: readonly KeyRow[], act: Act) => void;

export interface BulkDialogProps {
  /** The keys that it fits. */
  readonly keys: readonly KeyRow[];
  readonly region: string;
  readonly onClose: () => void;
  readonly onRun: Run;
}

export interface Done {
  readonly key: KeyRow;
  /** What the call answered. */
  readonly answer: unknown;
  /** The way back; `null` where there is none. */
  readonly undo: Undo | null;
}

export interface Outcome {
  /** Those it was done to, the last one last. */
  readonly done: readonly Done[];
  readonly failed: readonly { readonly key: KeyRow; readonly error: CofferError }[];
  /** Keys that were not come to before somebody stopped it. */
  readonly left: number;
}

/** Calls under way at once: they share the sync of their commits. */
const TOGETHER = 8;

/** Who may do something need not be allowed to read what it changes: then there is no way back, and it is done all the same. */
async function wayBack(of: (key: KeyRow) => Undo | Promise<Undo>, key: KeyRow): Promise<Undo | null> {
  try {
    return await of(key);
  } catch (error) {
    if (isWithheld(asCofferError(error))) return null;
    throw error;
  }
}

/** What became of each of `items`, in the order in which they ended; what is in neither list was not come to. */
export interface Ended<T, R> {
  readonly done: readonly { readonly item: T; readonly result: R }[];
  readonly failed: readonly { readonly item: T; readonly error: CofferError }[];
}

/** Does `work` for each, some at once; one that fails does not keep the others. Stops between two when the signal says so. */
export async function forEach<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { signal, onProgress }: Watch,
): Promise<Ended<T, R>> {
  const done: { item: T; result: R }[] = [];
  const failed: { item: T; error: CofferError }[] = [];
  const queue = items[Symbol.iterator]();
  async function workOn(): Promise<void> {
    for (const item of queue) {
      try {
        done.push({ item, result: await work(item) });
      } catch (error) {
        failed.push({ item, error: asCofferError(error) });
      }
      onProgress(done.length + failed.length, items.length);
      if (signal.aborted) return;
    }
  }
  if (!signal.aborted) await Promise.all(Array.from({ length: TOGETHER }, workOn));
  return { done, failed };
}

/** Does the same to each key; one that refuses does not keep the others. Stops between two keys when the signal says so. */
export async function runAll(
  keys: readonly KeyRow[],
  region: string,
  { call, undo: inverse }: Act,
  watch: Watch,
): Promise<Outcome> {
  const act = async (key: KeyRow) => {
    const { operation, input } = call(key);
    const undo = inverse ? await wayBack(inverse[1], key) : null;
    return { answer: await kms(operation, input, region), undo };
  };
  const { done, failed } = await forEach(keys, act, watch);
  return {
    done: done.map(({ item, result }) => ({ key: item, ...result })),
    failed: failed.map(({ item, error }) => ({ key: item, error })),
    left: keys.length - done.length - failed.length,
  };
}
