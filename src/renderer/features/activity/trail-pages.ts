import type { TrailEvent } from './sentence.ts';

/** Records of a page. */
export const PAGE = 100;
/** Pages that are kept: some thousand records, however long one scrolls. */
const KEPT = 30;

/**
 * The records that fit a filter, of which only those near what is on the screen are here. A record's place counts from the oldest,
 * so places stay when records are appended.
 */
export class TrailPages {
  readonly #read: (position: number) => Promise<readonly TrailEvent[]>;
  readonly #onChange: () => void;
  /** Oldest first. The page that was wanted last is the last. */
  readonly #pages = new Map<number, readonly TrailEvent[]>();
  #total = 0;
  #wanted: readonly number[] = [];
  #reading = false;
  #error: unknown;

  /** `read` answers the records of the page that begins at `position`, newest first. */
  constructor(read: (position: number) => Promise<readonly TrailEvent[]>, onChange: () => void) {
    this.#read = read;
    this.#onChange = onChange;
  }

  /** Why the last page that was wanted is not here. */
  get error(): unknown {
    return this.#error;
  }

  at(place: number): TrailEvent | undefined {
    return this.#pages.get(Math.floor(place / PAGE))?.[place % PAGE];
  }

  /** Has the records from one place to another read, of `total` that there are. What was wanted before is not, any more. */
  want(first: number, last: number, total: number): void {
    this.#total = total;
    const pages: number[] = [];
    for (let page = Math.floor(Math.max(0, first) / PAGE); page * PAGE <= Math.min(last, total - 1); page++)
      pages.push(page);
    this.#wanted = pages;
    for (const page of pages) this.#touch(page);
    void this.#work();
  }

  /** Tries again what could not be read. */
  retry(): void {
    this.#error = undefined;
    this.#onChange();
    void this.#work();
  }

  #touch(page: number): void {
    const records = this.#pages.get(page);
    if (!records) return;
    this.#pages.delete(page);
    this.#pages.set(page, records);
  }

  /** The newest page grows until it is full. */
  #isWhole(page: number): boolean {
    return (this.#pages.get(page)?.length ?? 0) >= Math.min(PAGE, this.#total - page * PAGE);
  }

  /** One page after the other, always one of those wanted now: who scrolls past many does not wait for them. */
  async #work(): Promise<void> {
    if (this.#reading || this.#error !== undefined) return;
    this.#reading = true;
    try {
      for (;;) {
        const page = this.#wanted.find((each) => !this.#isWhole(each));
        if (page === undefined) return;
        const records = [...(await this.#read(page * PAGE))].reverse();
        const before = this.#pages.get(page)?.length ?? 0;
        this.#pages.delete(page);
        this.#pages.set(page, records);
        const [oldest] = this.#pages.keys();
        if (this.#pages.size > KEPT && oldest !== undefined) this.#pages.delete(oldest);
        this.#onChange();
        // An answer that brings nothing more would be asked for without end.
        if (!this.#isWhole(page) && records.length <= before) return;
      }
    } catch (error) {
      this.#error = error;
      this.#onChange();
    } finally {
      this.#reading = false;
    }
  }
}

/** The days of the records, newest first, and where the lines of each begin: a line for the day, then one for each record. */
export interface DayLines {
  readonly total: number;
  readonly count: number;
  readonly days: readonly { readonly start: Date; readonly line: number; readonly newest: number }[];
}

export type Line = { readonly day: Date } | { readonly place: number };

export function linesOf(days: readonly { readonly Start: Date; readonly Count: number }[]): DayLines {
  const total = days.reduce((sum, { Count }) => sum + Count, 0);
  let line = 0;
  let left = total;
  const out = days.map(({ Start, Count }) => {
    const day = { start: Start, line, newest: left - 1 };
    line += Count + 1;
    left -= Count;
    return day;
  });
  return { total, count: line, days: out };
}

/** What stands in a line: a day, or the record of a place. */
export function lineAt({ days }: DayLines, index: number): Line | undefined {
  let low = 0;
  let high = days.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((days[middle]?.line ?? 0) <= index) low = middle;
    else high = middle;
  }
  const day = days[low];
  if (!day) return undefined;
  return index === day.line ? { day: day.start } : { place: day.newest - (index - day.line - 1) };
}
