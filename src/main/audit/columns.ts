import type { Steps } from '../vault/turns.ts';
import type { Cell, ReadDatabase } from '../vault/types.ts';
import { Texts } from './texts.ts';

/** Records of one chunk. A power of two, so that a record's place is two parts of its number. */
const CHUNK_BITS = 16;
export const CHUNK = 2 ** CHUNK_BITS;
/** Records read in one step; about two milliseconds. */
const STEP = 1000;

/** The same members of many records side by side; 28 bytes a record. A number that is 0 stands for nothing. */
export interface Chunk {
  readonly time: Float64Array;
  readonly kind: Uint32Array;
  /** The first key of the call and the second, by their numbers in `audit_strings`. */
  readonly key: Uint32Array;
  readonly second: Uint32Array;
  /** Parameters and answer, where they are texts that repeat, by their numbers. */
  readonly request: Uint32Array;
  readonly response: Uint32Array;
}

const newChunk = (): Chunk => ({
  time: new Float64Array(CHUNK),
  kind: new Uint32Array(CHUNK),
  key: new Uint32Array(CHUNK),
  second: new Uint32Array(CHUNK),
  request: new Uint32Array(CHUNK),
  response: new Uint32Array(CHUNK),
});

interface Caller {
  readonly principal: string;
  readonly agent: string;
  readonly ip: string;
}

/** What records have in common that there are few of: event, caller, outcome. */
export interface Kind extends Caller {
  readonly name: string;
  readonly nameId: number;
  /** 0 for a call that was not refused. */
  readonly errorId: number;
  readonly readOnly: boolean;
}

const missingCaller: Caller = { principal: '(missing caller)', agent: '', ip: '' };

/**
 * What the trail is searched by, in memory: built from the tables of the open vault and then followed, never stored. A record's place
 * is its sequence less one.
 */
export class TrailColumns {
  /** How many records are here: those of the sequences up to this one. */
  length = 0;
  readonly chunks: Chunk[] = [];
  /** Kind 0 is that of a record that is missing. */
  readonly kinds: (Kind | undefined)[] = [undefined];
  /** Third and further keys of a call, which hardly any has; by sequence. */
  readonly further = new Map<number, number[]>();
  /** Texts that records name by number; the owner is the number. */
  readonly strings = new Texts();
  /** Texts that only one record has; the owner is the sequence. */
  readonly own = new Texts();
  readonly #kindIds = new Map<number, Map<number, number>>();
  readonly #names = new Map<number, string>();
  #here = new Uint8Array(4096);

  /** Whether a record here names this text. */
  hasString(id: number): boolean {
    return this.#here[id] === 1;
  }

  /** Reads the records up to `through`, which must be on the disk: what is here is never taken back. */
  *follow(db: ReadDatabase, through: number): Steps {
    while (this.length < through) {
      this.#read(db, Math.min(this.length + STEP, through));
      yield;
    }
  }

  timeAt(index: number): number {
    return (this.chunks[index >>> CHUNK_BITS] as Chunk).time[index & (CHUNK - 1)] as number;
  }

  /** The first place from `from` whose time is not before `time`, by halving: time never runs backward along the sequence. */
  firstAt(time: number, from = 0): number {
    let low = from;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear(): void {
    this.length = 0;
    this.chunks.length = 0;
    this.kinds.length = 1;
    this.further.clear();
    this.strings.clear();
    this.own.clear();
    this.#kindIds.clear();
    this.#names.clear();
    this.#here = new Uint8Array(0);
  }

  #read(db: ReadDatabase, through: number): void {
    const wanted: number[] = [];
    const want = (id: Cell | undefined): number => {
      if (typeof id !== 'number') return 0;
      if (id >= this.#here.length) {
        const longer = new Uint8Array(Math.max(id + 1, this.#here.length * 2));
        longer.set(this.#here);
        this.#here = longer;
      }
      if (this.#here[id] === 0) {
        this.#here[id] = 1;
        wanted.push(id);
      }
      return id;
    };
    const first = this.length + 1;
    // A gap, which only a damaged trail has, keeps the time before it, so that time stays in order.
    let time = this.length > 0 ? this.timeAt(this.length - 1) : 0;
    let next = first;
    db.scan(
      `SELECT sequence, time, name, caller, error, read_only, key, request, response, message FROM audit_events
        WHERE sequence BETWEEN ? AND ? ORDER BY sequence`,
      [first, through],
      ([sequence, at, name, caller, error, readOnly, key, request, response, message]) => {
        for (; next < Number(sequence); next++) this.#place(next).chunk.time[this.#place(next).at] = time;
        time = Number(at);
        const { chunk, at: place } = this.#place(next++);
        chunk.time[place] = time;
        chunk.kind[place] = this.#kind(db, Number(caller), want(name), want(error), readOnly === 1);
        chunk.key[place] = want(key);
        chunk.request[place] = want(request);
        chunk.response[place] = want(response);
        const texts = [request, response, message].filter((each) => typeof each === 'string');
        for (const text of texts) this.own.add(Number(sequence), text);
      },
    );
    for (; next <= through; next++) this.#place(next).chunk.time[this.#place(next).at] = time;
    db.scan(
      'SELECT sequence, position, key FROM audit_more_keys WHERE sequence BETWEEN ? AND ? ORDER BY sequence, position',
      [first, through],
      ([sequence, position, key]) => {
        const { chunk, at } = this.#place(Number(sequence));
        if (position === 0) chunk.second[at] = want(key);
        else {
          const keys = this.further.get(Number(sequence)) ?? [];
          keys.push(want(key));
          this.further.set(Number(sequence), keys);
        }
      },
    );
    this.#readStrings(db, wanted);
    this.length = through;
  }

  #place(sequence: number): { readonly chunk: Chunk; readonly at: number } {
    const index = sequence - 1;
    const number = index >>> CHUNK_BITS;
    while (this.chunks.length <= number) this.chunks.push(newChunk());
    return { chunk: this.chunks[number] as Chunk, at: index & (CHUNK - 1) };
  }

  /** New texts mostly have numbers in a row, as the records that brought them have. */
  #readStrings(db: ReadDatabase, wanted: number[]): void {
    if (wanted.length === 0) return;
    wanted.sort((a, b) => a - b);
    const [first = 0, last = 0] = [wanted[0], wanted.at(-1)];
    const add = ([id, text]: readonly Cell[]) => this.strings.add(Number(id), String(text));
    if (last - first > wanted.length * 4) {
      for (const id of wanted) db.scan('SELECT id, text FROM audit_strings WHERE id = ?', [id], add);
      return;
    }
    const set = new Set(wanted);
    db.scan('SELECT id, text FROM audit_strings WHERE id BETWEEN ? AND ?', [first, last], (row) => {
      if (set.has(Number(row[0]))) add(row);
    });
  }

  #kind(db: ReadDatabase, callerId: number, nameId: number, errorId: number, readOnly: boolean): number {
    // Both parts stay far below 2^53: no trail has 2^26 callers or errors.
    const who = nameId * 2 ** 26 + callerId;
    const how = errorId * 2 + Number(readOnly);
    const ofWho = this.#kindIds.get(who) ?? new Map<number, number>();
    this.#kindIds.set(who, ofWho);
    const known = ofWho.get(how);
    if (known !== undefined) return known;
    let name = this.#names.get(nameId);
    if (name === undefined) {
      name =
        db.get<{ text: string }>('SELECT text FROM audit_strings WHERE id = ?', [nameId])?.text ?? '(missing text)';
      this.#names.set(nameId, name);
    }
    const caller =
      db.get<{ [K in keyof Caller]: string }>('SELECT principal, agent, ip FROM audit_callers WHERE id = ?', [
        callerId,
      ]) ?? missingCaller;
    const id = this.kinds.push({ ...caller, name, nameId, errorId, readOnly }) - 1;
    ofWho.set(how, id);
    return id;
  }
}
