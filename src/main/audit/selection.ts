import { atOnce, type Steps } from '../vault/turns.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { CHUNK, type Chunk, type Kind, type TrailColumns } from './columns.ts';
import type { TrailFilter } from './query.ts';
import { needleOf, type Place } from './texts.ts';
import { isWindowReading } from './window-readings.ts';

/** Records looked at in one step; well under a millisecond. */
const STEP = 2 ** 15;

/** What a selection is made by: a filter without its period, which is only a part of what was selected. */
export type Criteria = Omit<TrailFilter, 'StartTime' | 'EndTime' | 'AfterSequence'>;

/** A list of numbers below 2^32 that grows. */
class Numbers {
  #data = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#data.length) {
      const longer = new Uint32Array(this.#data.length * 2);
      longer.set(this.#data);
      this.#data = longer;
    }
    this.#data[this.length++] = value;
  }

  at(index: number): number {
    return this.#data[index] as number;
  }

  /** Those from one place to before another, as they are: to be read at once. */
  part(from: number, to: number): Uint32Array {
    return this.#data.subarray(from, to);
  }

  /** The first place that holds `value` or more. */
  lowerBound(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#data[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** A set of numbers, one byte each. */
class Marks {
  #data = new Uint8Array(4096);

  mark(value: number): void {
    if (value >= this.#data.length) {
      const longer = new Uint8Array(Math.max(value + 1, this.#data.length * 2));
      longer.set(this.#data);
      this.#data = longer;
    }
    this.#data[value] = 1;
  }

  has(value: number): boolean {
    return this.#data[value] === 1;
  }
}

/** Where a word stands: in which texts that records share, and in which records of themselves. */
class Hits {
  readonly strings = new Marks();
  readonly records = new Marks();
  readonly #needle: Buffer;
  readonly #stringsTo: Place = { segment: 0, text: 0 };
  readonly #recordsTo: Place = { segment: 0, text: 0 };

  constructor(text: string) {
    this.#needle = needleOf(text);
  }

  *extend(columns: TrailColumns): Steps {
    yield* columns.strings.search(this.#needle, this.#stringsTo, (id) => this.strings.mark(id));
    yield* columns.own.search(this.#needle, this.#recordsTo, (sequence) => this.records.mark(sequence));
  }

  /** Whether the word is in what all records of a kind have in common. */
  inKind({ nameId, errorId, principal, agent, ip }: Kind): boolean {
    if (this.strings.has(nameId) || this.strings.has(errorId)) return true;
    return [principal, agent, ip].some((text) => needleOf(text).includes(this.#needle));
  }
}

const FITS = 1;
/** Fits, and the words that are looked for are in the kind already. */
const FITS_WITH_WORDS = 2;

/**
 * The records that fit, oldest first, by their sequences. It grows with the trail: `extend` looks at what has come since, and what
 * fitted once fits for ever, since records do not change.
 */
export class Selection {
  readonly sequences = new Numbers();
  readonly #columns: TrailColumns;
  readonly #criteria: Criteria;
  readonly #hits: Hits | undefined;
  #through = 0;
  /** For each kind whether its records can fit. */
  #kinds: number[] = [];
  #keyId = 0;

  constructor(columns: TrailColumns, criteria: Criteria) {
    this.#columns = columns;
    this.#criteria = criteria;
    this.#hits = criteria.Text ? new Hits(criteria.Text) : undefined;
  }

  *extend(db: ReadDatabase): Steps {
    while (this.#through < this.#columns.length) {
      if (this.#hits) yield* this.#hits.extend(this.#columns);
      this.#step(db);
      yield;
    }
  }

  #step(db: ReadDatabase): void {
    const columns = this.#columns;
    // Words in what came while others had their turn; hardly ever any.
    if (this.#hits) atOnce(this.#hits.extend(columns));
    for (let id = this.#kinds.length; id < columns.kinds.length; id++) {
      const kind = columns.kinds[id];
      this.#kinds.push(kind ? this.#kindFits(kind) : 0);
    }
    const { KeyArn } = this.#criteria;
    if (KeyArn !== undefined && this.#keyId === 0) {
      const id = db.get<{ id: number }>('SELECT id FROM audit_strings WHERE text = ?', [KeyArn])?.id;
      // A number that no record on the disk has yet may become another text's.
      if (id !== undefined && columns.hasString(id)) this.#keyId = id;
    }
    const from = this.#through;
    const end = Math.min(columns.length, from + STEP, from - (from % CHUNK) + CHUNK);
    if (KeyArn === undefined || this.#keyId !== 0)
      this.#look(columns.chunks[Math.floor(from / CHUNK)] as Chunk, from - (from % CHUNK), from, end);
    this.#through = end;
  }

  #look({ kind, key, second, request, response }: Chunk, base: number, from: number, end: number): void {
    const kinds = this.#kinds;
    const keyId = this.#keyId;
    const hits = this.#hits;
    const further = this.#columns.further.size > 0 ? this.#columns.further : undefined;
    for (let at = from - base; at < end - base; at++) {
      const fits = kinds[kind[at] as number] as number;
      if (fits === 0) continue;
      const sequence = base + at + 1;
      if (keyId !== 0 && key[at] !== keyId && second[at] !== keyId && !further?.get(sequence)?.includes(keyId))
        continue;
      if (
        hits &&
        fits !== FITS_WITH_WORDS &&
        !hits.strings.has(key[at] as number) &&
        !hits.strings.has(request[at] as number) &&
        !hits.strings.has(response[at] as number) &&
        !hits.records.has(sequence)
      )
        continue;
      this.sequences.push(sequence);
    }
  }

  #kindFits(kind: Kind): number {
    const { EventNames, PrincipalArn, Outcome, ReadOnly, ExceptWindowReadings } = this.#criteria;
    const fits =
      (!EventNames?.length || EventNames.includes(kind.name)) &&
      (PrincipalArn === undefined || kind.principal === PrincipalArn) &&
      (Outcome === undefined || (Outcome === 'ok') === (kind.errorId === 0)) &&
      (ReadOnly === undefined || kind.readOnly === ReadOnly) &&
      !(ExceptWindowReadings && isWindowReading(kind));
    if (!fits) return 0;
    return this.#hits?.inKind(kind) ? FITS_WITH_WORDS : FITS;
  }
}
