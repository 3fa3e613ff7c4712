/**
 * The face of the vault towards the engine. Everything above the vault reads and writes through these types and knows
 * nothing of files, keys or sql.js.
 */
export type SqlValue = string | number | bigint | Uint8Array | null;
/** A value as it is read. */
export type Cell = string | number | Uint8Array | null;
export type SqlRow = Record<string, Cell>;

/** Reads. Statements are prepared once and cached by their text, so callers pass constant SQL and bind every value. */
export interface ReadDatabase {
  get<Row extends object = SqlRow>(sql: string, params?: readonly SqlValue[]): Row | undefined;
  all<Row extends object = SqlRow>(sql: string, params?: readonly SqlValue[]): Row[];
  /** Shows each row's values, in the order of the columns: for reading very many. `visit` must not run the same SQL. */
  scan(sql: string, params: readonly SqlValue[], visit: (row: readonly Cell[]) => void): void;
  /**
   * A number that grows whenever rows of `table` may have changed, also when a change is undone: what was read at one stamp
   * holds until the next.
   */
  stamp(table: string): number;
}

/** A transaction under way: synchronous, journaled statement by statement. */
export interface Transaction extends ReadDatabase {
  /** Runs one writing statement; returns the number of rows it changed. */
  run(sql: string, params?: readonly SqlValue[]): number;
  /** The rowid of the last INSERT of this transaction. */
  lastInsertId(): number;
  /** Runs `work` in a savepoint: when it throws, its writes are undone (and not journaled) and the error is thrown on. */
  attempt<T>(work: () => T): T;
}

/** What an engine may ask of an open vault. */
export interface Store {
  readonly id: string;
  /** Reads outside a transaction. May see work that is not yet durable; see `transact`. */
  readonly db: ReadDatabase;
  /**
   * Queues `work`; it runs synchronously in its turn, after every transaction queued before it. The promise settles only
   * when the work is on the disk (group commit: transactions that are ready together share one fdatasync). When `work`
   * throws, its writes are undone and the promise rejects with its error. When the disk refuses, the whole group is undone
   * and every promise of it rejects with `VaultWriteError`; the vault stays open with what the disk holds.
   */
  transact<T>(work: (tx: Transaction) => T): Promise<T>;
  /** Wraps key material, bound to the ids it belongs to. */
  sealMaterial(keyId: string, materialId: string, material: Uint8Array): Uint8Array;
  /** @throws CofferError `VaultDamaged` when the wrapped bytes do not belong to these ids. */
  openMaterial(keyId: string, materialId: string, sealed: Uint8Array): Uint8Array;
  /** A 32-byte key for one named purpose, derived from the root key (HKDF-SHA-256). */
  deriveKey(purpose: string): Uint8Array;
  /** Called, before its callers are answered, when a group of transactions is on the disk. Must not throw. */
  onCommit(listener: () => void): void;
  /** Called when the vault locks, so that caches of plaintext keys can be dropped. */
  onLock(listener: () => void): void;
}
