import type { ReadDatabase } from '../vault/types.ts';
import type { TrailRecord } from './chain.ts';

interface EventRow {
  sequence: number;
  time: number;
  name: number;
  caller: number;
  read_only: number;
  key: number | null;
  error: number | null;
  message: string | null;
  request: string | number | null;
  response: string | number | null;
  decision: string | number | null;
  hash: Uint8Array;
}

interface CallerRow {
  source: string;
  principal: string;
  account: string;
  region: string;
  ip: string;
  agent: string;
}

export interface StoredRecord extends TrailRecord {
  readonly hash: Uint8Array;
}

export const EVENT_COLUMNS =
  'sequence, time, name, caller, read_only, key, error, message, request, response, decision, hash';

/** Turns rows into records, looking every repeated text up once. Make one a query: it does not watch the database. */
export class RecordReader {
  readonly #db: ReadDatabase;
  readonly #strings = new Map<number, string>();
  readonly #callers = new Map<number, CallerRow>();

  constructor(db: ReadDatabase) {
    this.#db = db;
  }

  #text(id: number): string {
    let text = this.#strings.get(id);
    if (text === undefined) {
      text =
        this.#db.get<{ text: string }>('SELECT text FROM audit_strings WHERE id = ?', [id])?.text ?? '(missing text)';
      this.#strings.set(id, text);
    }
    return text;
  }

  #caller(id: number): CallerRow {
    let caller = this.#callers.get(id);
    if (!caller) {
      const missing = { source: '', principal: '(missing caller)', account: '', region: '', ip: '', agent: '' };
      caller =
        this.#db.get<CallerRow>(
          'SELECT source, principal, account, region, ip, agent FROM audit_callers WHERE id = ?',
          [id],
        ) ?? missing;
      this.#callers.set(id, caller);
    }
    return caller;
  }

  #shared(value: string | number | null): string | null {
    return typeof value === 'number' ? this.#text(value) : value;
  }

  #record(row: EventRow): StoredRecord {
    const resources: string[] = [];
    if (row.key !== null) {
      resources.push(this.#text(row.key));
      for (const { key } of this.#db.all<{ key: number }>(
        'SELECT key FROM audit_more_keys WHERE sequence = ? ORDER BY position',
        [row.sequence],
      )) {
        resources.push(this.#text(key));
      }
    }
    return {
      ...this.#caller(row.caller),
      sequence: row.sequence,
      time: row.time,
      name: this.#text(row.name),
      readOnly: row.read_only === 1,
      resources,
      request: this.#shared(row.request),
      response: this.#shared(row.response),
      error: row.error === null ? null : this.#text(row.error),
      message: row.message,
      decision: this.#shared(row.decision),
      hash: row.hash,
    };
  }

  /** The records of a range of sequences, in order. */
  range(first: number, last: number): StoredRecord[] {
    return this.select(`SELECT ${EVENT_COLUMNS} FROM audit_events WHERE sequence BETWEEN ? AND ? ORDER BY sequence`, [
      first,
      last,
    ]);
  }

  /** The records of a query that selects EVENT_COLUMNS. */
  select(sql: string, params: readonly (string | number)[]): StoredRecord[] {
    return this.#db.all<object>(sql, params).map((row) => this.#record(row as EventRow));
  }
}
