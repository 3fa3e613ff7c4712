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

  /** The second and further keys of the records from one sequence to another. */
  #moreKeys(first: number, last: number): ReadonlyMap<number, number[]> {
    const more = new Map<number, number[]>();
    this.#db.scan(
      'SELECT sequence, key FROM audit_more_keys WHERE sequence BETWEEN ? AND ? ORDER BY sequence, position',
      [first, last],
      ([sequence, key]) => {
        const keys = more.get(Number(sequence));
        if (keys) keys.push(Number(key));
        else more.set(Number(sequence), [Number(key)]);
      },
    );
    return more;
  }

  #record(row: EventRow, more: ReadonlyMap<number, number[]>): StoredRecord {
    const keys = row.key === null ? [] : [row.key, ...(more.get(row.sequence) ?? [])];
    return {
      ...this.#caller(row.caller),
      sequence: row.sequence,
      time: row.time,
      name: this.#text(row.name),
      readOnly: row.read_only === 1,
      resources: keys.map((key) => this.#text(key)),
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

  /** The records of these sequences, which are in order. */
  pick(sequences: readonly number[]): StoredRecord[] {
    const [first = 1, last = 0] = [sequences[0], sequences.at(-1)];
    if (last - first === sequences.length - 1) return this.range(first, last);
    return this.select(
      `SELECT ${EVENT_COLUMNS} FROM audit_events WHERE sequence IN (SELECT value FROM json_each(?)) ORDER BY sequence`,
      [JSON.stringify(sequences)],
    );
  }

  /** The records of a query that selects EVENT_COLUMNS. */
  select(sql: string, params: readonly (string | number)[]): StoredRecord[] {
    const rows = this.#db.all<object>(sql, params) as EventRow[];
    // Those of a range are asked for at once; records that lie far apart, each by itself.
    const [first = 0, last = 0] = [rows[0]?.sequence, rows.at(-1)?.sequence];
    const together = Math.abs(last - first) < rows.length * 8;
    const all = together ? this.#moreKeys(Math.min(first, last), Math.max(first, last)) : undefined;
    return rows.map((row) => this.#record(row, all ?? this.#moreKeys(row.sequence, row.sequence)));
  }
}
