import type { Transaction } from '../types.ts';

/** One step of the schema. `version` counts up by one from 1; `up` is journaled like any other transaction. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly up: (tx: Transaction) => void;
}
