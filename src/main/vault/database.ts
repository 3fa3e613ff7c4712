import initSqlJs, { type Database as SqlJsDatabase, type SqlJsStatic, type Statement } from 'sql.js';
import { CofferError } from '../../shared/kms/errors.ts';
import { keptImage } from './image.ts';
import type { Cell, ReadDatabase, SqlRow, SqlValue, Transaction } from './types.ts';

/** One writing statement as the journal keeps it. */
export interface JournaledStatement {
  readonly sql: string;
  readonly params: readonly SqlValue[];
}

/** The one table a statement changes rows of; anything else (a deletion may cascade, a rollback undoes) counts for all. */
const WRITES_ONE = /^\s*(?:INSERT\s+INTO|UPDATE)\s+(\w+)/i;
/** Transaction control that leaves every row as it is. */
const WRITES_NOTHING = /^\s*(?:BEGIN|COMMIT|SAVEPOINT|RELEASE)\b/i;

/** SQLite undid the whole transaction by itself, as it does when memory runs out; nothing of it remains in the database. */
export class TransactionLost extends CofferError {
  constructor() {
    super('VaultWriteError', 'The request needed more memory than there is. Nothing was changed.');
  }
}

const LONE_SURROGATE = /\p{Surrogate}/gu;

/**
 * The value as the journal will give it back: half a surrogate pair has no UTF-8 form and becomes U+FFFD, an integer becomes
 * a number, bytes are copied, because their owner may zero them before the journal is written. Otherwise memory and disk
 * would differ.
 * @throws RangeError for an integer beyond 2^53.
 */
function storable(value: SqlValue): SqlValue {
  if (typeof value === 'string') return value.replace(LONE_SURROGATE, '\uFFFD');
  // Not slice: that of a Buffer shares its memory.
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (typeof value !== 'bigint') return value;
  if (!Number.isSafeInteger(Number(value))) throw new RangeError('an integer beyond 2^53 cannot be stored');
  return Number(value);
}

let library: Promise<SqlJsStatic> | undefined;

/** Loads sql.js once a process. Its WebAssembly file is found beside its module. */
export function loadSqlJs(): Promise<SqlJsStatic> {
  library ??= initSqlJs();
  return library;
}

/**
 * sql.js behind the vault's types: prepared statements cached by their text, writes collected for the journal, savepoints
 * that undo both the rows and what was collected. It knows nothing of files or keys.
 */
export class Database implements ReadDatabase {
  readonly #sql: SqlJsDatabase;
  readonly #statements = new Map<string, Statement>();
  /** The names of a statement's columns; asking sql.js for them at every row takes as long as reading the row. */
  readonly #columns = new WeakMap<Statement, readonly string[]>();
  /** How often each table was written, and how often something touched them all. */
  readonly #written = new Map<string, string>();
  readonly #writes = new Map<string, number>();
  #writesToAll = 0;
  #collected: JournaledStatement[] | undefined;
  #depth = 0;
  #lost = false;

  private constructor(sql: SqlJsDatabase) {
    this.#sql = sql;
    this.#configure();
  }

  /** Makes an empty database. */
  static async open(): Promise<Database> {
    const library = await loadSqlJs();
    return new Database(new library.Database());
  }

  /** Opens `image`, one of `newImage`, which is the database's own from then on. */
  static async adopt(image: Uint8Array<ArrayBuffer>): Promise<Database> {
    const library = await loadSqlJs();
    try {
      return new Database(new library.Database(keptImage(image)));
    } catch (error) {
      image.fill(0);
      throw error;
    }
  }

  #configure(): void {
    // Deleted key material must not linger in free pages of the image; foreign keys hold what the schema promises.
    this.#sql.run(
      'PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON; PRAGMA journal_mode = MEMORY; PRAGMA temp_store = MEMORY;',
    );
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#sql.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  get<Row extends object = SqlRow>(sql: string, params: readonly SqlValue[] = []): Row | undefined {
    const statement = this.#prepare(sql);
    try {
      statement.bind(params as never);
      return statement.step() ? (this.#row(statement) as Row) : undefined;
    } finally {
      statement.reset();
    }
  }

  all<Row extends object = SqlRow>(sql: string, params: readonly SqlValue[] = []): Row[] {
    const statement = this.#prepare(sql);
    try {
      statement.bind(params as never);
      const rows: Row[] = [];
      while (statement.step()) rows.push(this.#row(statement) as Row);
      return rows;
    } finally {
      statement.reset();
    }
  }

  scan(sql: string, params: readonly SqlValue[], visit: (row: readonly Cell[]) => void): void {
    const statement = this.#prepare(sql);
    try {
      statement.bind(params as never);
      while (statement.step()) visit(statement.get() as readonly Cell[]);
    } finally {
      statement.reset();
    }
  }

  #row(statement: Statement): SqlRow {
    const values = statement.get() as readonly Cell[];
    let names = this.#columns.get(statement);
    // A table that got another column makes `SELECT *` another statement under the same text.
    if (names?.length !== values.length) {
      names = statement.getColumnNames();
      this.#columns.set(statement, names);
    }
    const row: SqlRow = {};
    for (let i = 0; i < names.length; i++) row[names[i] as string] = values[i] as Cell;
    return row;
  }

  /** Runs one statement without collecting it: for replay and for transaction control. */
  apply(sql: string, params: readonly SqlValue[] = []): number {
    if (this.#lost) throw new TransactionLost();
    const statement = this.#prepare(sql);
    try {
      statement.run(params as never);
    } finally {
      statement.reset();
      this.#noteWrite(sql);
    }
    return this.#sql.getRowsModified();
  }

  #noteWrite(sql: string): void {
    let table = this.#written.get(sql);
    if (table === undefined) {
      table = WRITES_NOTHING.test(sql) ? '' : (WRITES_ONE.exec(sql)?.[1] ?? '*');
      this.#written.set(sql, table);
    }
    if (table === '*') this.#writesToAll++;
    else if (table !== '') this.#writes.set(table, (this.#writes.get(table) ?? 0) + 1);
  }

  stamp(table: string): number {
    return this.#writesToAll + (this.#writes.get(table) ?? 0);
  }

  /** Starts a transaction in memory; it ends with `commit` or `rollback`. */
  begin(): void {
    this.#lost = false;
    this.apply('BEGIN');
  }

  commit(): void {
    this.apply('COMMIT');
  }

  /** Undoes the transaction; nothing is left to undo when SQLite did it by itself. */
  rollback(): void {
    if (!this.#lost) this.apply('ROLLBACK');
    this.#lost = false;
  }

  /**
   * Runs `work` as one undoable unit inside the open transaction and returns what it wrote. When `work` throws, nothing of
   * it remains and the error is thrown on.
   * @throws TransactionLost when the whole transaction is gone, not only this unit.
   */
  unit<T>(work: (tx: Transaction) => T): { value: T; statements: JournaledStatement[] } {
    if (this.#collected) throw new Error('a unit of work is already running');
    const statements: JournaledStatement[] = [];
    this.#collected = statements;
    const tx: Transaction = {
      get: (sql, params) => this.get(sql, params),
      all: (sql, params) => this.all(sql, params),
      scan: (sql, params, visit) => this.scan(sql, params, visit),
      stamp: (table) => this.stamp(table),
      run: (sql, params = []) => {
        const stored = params.map(storable);
        const changed = this.apply(sql, stored);
        statements.push({ sql, params: stored });
        return changed;
      },
      lastInsertId: () => this.get<{ id: number }>('SELECT last_insert_rowid() AS id')?.id ?? 0,
      attempt: (inner) => this.#savepoint(statements, inner),
    };
    try {
      const value = this.#savepoint(statements, () => work(tx));
      return { value, statements };
    } finally {
      this.#collected = undefined;
    }
  }

  #savepoint<T>(statements: JournaledStatement[], work: () => T): T {
    const name = `s${this.#depth}`;
    const kept = statements.length;
    this.apply(`SAVEPOINT ${name}`);
    this.#depth++;
    try {
      const value = work();
      if (value instanceof Promise) throw new Error('a transaction is synchronous');
      this.apply(`RELEASE ${name}`);
      return value;
    } catch (error) {
      statements.length = kept;
      try {
        this.apply(`ROLLBACK TO ${name}`);
        this.apply(`RELEASE ${name}`);
      } catch {
        // The savepoint went with its transaction. Whatever ran now would take effect on its own and reach no journal.
        this.#lost = true;
        throw new TransactionLost();
      }
      throw error;
    } finally {
      this.#depth--;
    }
  }

  get version(): number {
    return this.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
  }

  /** Copies the whole image; only between transactions. sql.js frees every statement for it. */
  export(): Uint8Array {
    for (const statement of this.#statements.values()) statement.free();
    this.#statements.clear();
    const image = this.#sql.export();
    this.#configure();
    return image;
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.free();
    this.#statements.clear();
    this.#sql.close();
  }
}
