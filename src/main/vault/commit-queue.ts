import { CofferError } from '../../shared/kms/errors.ts';
import { type Database, type JournaledStatement, TransactionLost } from './database.ts';
import { writeError } from './errors.ts';
import type { Transaction } from './types.ts';

interface Waiting {
  readonly run: () => JournaledStatement[];
  readonly settle: () => void;
  readonly reject: (error: unknown) => void;
}

/** The longest a group may hold the event loop before it goes to the disk, in milliseconds. */
const GROUP_MS = 15;

/**
 * Group commit. Transactions that are waiting run one after the other inside one SQL transaction, their records go to the
 * disk in one write and one sync, and only then are their callers answered. While the disk works the next group gathers.
 * When the disk refuses, the SQL transaction is rolled back, so memory never runs ahead of what is stored.
 */
export class CommitQueue {
  readonly #db: Database;
  readonly #persist: (transactions: JournaledStatement[][]) => Promise<void>;
  readonly #committed: () => void;
  #waiting: Waiting[] = [];
  #exclusive: (() => Promise<void>)[] = [];
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(
    db: Database,
    persist: (transactions: JournaledStatement[][]) => Promise<void>,
    committed: () => void = () => undefined,
  ) {
    this.#db = db;
    this.#persist = persist;
    this.#committed = committed;
  }

  transact<T>(work: (tx: Transaction) => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) {
        reject(new CofferError('VaultLocked', 'The vault is locked.'));
        return;
      }
      let value: T;
      this.#waiting.push({
        run: () => {
          const unit = this.#db.unit(work);
          value = unit.value;
          return unit.statements;
        },
        settle: () => resolve(value),
        reject,
      });
      this.#start();
    });
  }

  /** Runs `work` between two groups, when no SQL transaction is open. @throws CofferError `VaultLocked` once closed. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#closed) {
        reject(new CofferError('VaultLocked', 'The vault is locked.'));
        return;
      }
      this.#exclusive.push(() => work().then(resolve, reject));
      this.#start();
    });
  }

  /** Refuses new transactions and resolves when the accepted ones are settled. */
  async close(): Promise<void> {
    this.#closed = true;
    while (this.#running) await this.#running;
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0 || this.#exclusive.length > 0) this.#start();
    });
  }

  async #run(): Promise<void> {
    // Callers of the same turn of the event loop join the first group.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0 || this.#exclusive.length > 0) {
      for (const work of this.#exclusive.splice(0)) await work();
      if (this.#waiting.length > 0) await this.#group();
    }
  }

  async #group(): Promise<void> {
    const done: Waiting[] = [];
    const failed: { waiting: Waiting; error: unknown }[] = [];
    const transactions: JournaledStatement[][] = [];
    const until = performance.now() + GROUP_MS;
    this.#db.begin();
    let taken = 0;
    let lost: TransactionLost | undefined;
    for (const waiting of this.#waiting) {
      taken++;
      try {
        const statements = waiting.run();
        if (statements.length > 0) transactions.push(statements);
        done.push(waiting);
      } catch (error) {
        failed.push({ waiting, error });
        if (error instanceof TransactionLost) {
          lost = error;
          break;
        }
      }
      if (performance.now() > until) break;
    }
    this.#waiting = this.#waiting.slice(taken);
    try {
      if (lost) throw lost;
      if (transactions.length > 0) await this.#persist(transactions);
      this.#db.commit();
    } catch (error) {
      this.#db.rollback();
      const refusal = writeError(error);
      for (const waiting of done) waiting.reject(refusal);
      for (const { waiting } of failed) waiting.reject(refusal);
      return;
    }
    if (transactions.length > 0) this.#committed();
    for (const waiting of done) waiting.settle();
    for (const { waiting, error } of failed) waiting.reject(error);
  }
}
