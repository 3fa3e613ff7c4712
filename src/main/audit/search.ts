import { CofferError } from '../../shared/kms/errors.ts';
import { atOnce, breathe, inTurns, type Steps } from '../vault/turns.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { CHUNK, type Chunk, TrailColumns } from './columns.ts';
import type { DigestSigner } from './digest.ts';
import { type EventDetail, readEvent } from './event.ts';
import { belowOf, type LookupInput, lookupEvents, PAGE, type TrailEvent, type TrailFilter, toEvent } from './query.ts';
import { RecordReader } from './read.ts';
import { type Criteria, Selection } from './selection.ts';

/** Selections that are kept, for the pages and sums that are asked for next; each has at most 4 bytes a record. */
const KEPT = 6;
const BUCKETS = 60;

export interface PageInput extends LookupInput {
  /** Instead of a token: how many of the records that fit, counted from the oldest, come before the page. */
  readonly Position?: number | undefined;
}

export interface Page {
  readonly Events: TrailEvent[];
  /** How many records fit. */
  readonly Total?: number;
  readonly NextToken?: string;
}

export interface SummaryInput extends TrailFilter {
  readonly BucketCount?: number | undefined;
  readonly ByDay?: boolean | undefined;
}

export interface TrailSummary {
  readonly Buckets: { Start: Date; Count: number; Refused: number }[];
  readonly Total: number;
  readonly EventNames: { Name: string; Count: number }[];
  /** By the days of this computer's time zone, the newest first; only those that have records. */
  readonly Days?: { Start: Date; Count: number }[];
}

/** Only what is there decides, in an order of its own, so that one filter has one name. */
const criteriaOf = ({
  EventNames,
  KeyArn,
  PrincipalArn,
  Outcome,
  ReadOnly,
  ExceptWindowReadings,
  Text,
}: TrailFilter) => ({
  ...(EventNames?.length ? { EventNames: [...EventNames].sort() } : undefined),
  ...(KeyArn === undefined ? undefined : { KeyArn }),
  ...(PrincipalArn === undefined ? undefined : { PrincipalArn }),
  ...(Outcome === undefined ? undefined : { Outcome }),
  ...(ReadOnly === undefined ? undefined : { ReadOnly }),
  ...(ExceptWindowReadings ? { ExceptWindowReadings } : undefined),
  ...(Text ? { Text } : undefined),
});

/**
 * Answers what is asked of the trail from columns in memory, however long it is. `prepare` does the long part in turns of the event
 * loop; what follows it in a transaction then has little left to do, and is right without it too.
 */
export class TrailSearch {
  readonly #db: ReadDatabase;
  readonly #durable: () => number;
  readonly #columns = new TrailColumns();
  /** The one that was used last is the last. */
  readonly #selections = new Map<string, Selection>();
  /** What is being prepared; the newest goes first. */
  readonly #asked: object[] = [];
  #closed = false;

  /** `durable` is the sequence of the last record that is on the disk. */
  constructor(db: ReadDatabase, durable: () => number) {
    this.#db = db;
    this.#durable = durable;
  }

  /** Whether a page needs no preparing: the newest records of everything are found without the columns while those are built. */
  answersNow(input: PageInput): boolean {
    const built = this.#columns.length >= this.#durable() - CHUNK;
    return !built && input.Position === undefined && isPlain(input);
  }

  /** Builds the columns, or catches up. @throws CofferError `VaultLocked` when the vault is locked meanwhile. */
  follow(): Promise<void> {
    return this.#inTurns(this.#followed());
  }

  /** Finds what fits, in turns. @throws CofferError `VaultLocked` when the vault is locked meanwhile. */
  prepare(filter: TrailFilter): Promise<void> {
    return this.#inTurns(this.#selected(this.#selectionOf(filter)));
  }

  /** One record in full. @throws CofferError `EventNotFoundException`, and `VaultLocked` when the vault is locked meanwhile. */
  async event(signer: DigestSigner, eventId: string): Promise<EventDetail> {
    let event: EventDetail | undefined;
    await this.#inTurns(
      readEvent(this.#db, signer, eventId, (read) => {
        event = read;
      }),
    );
    return event as EventDetail;
  }

  /** Forgets everything: the vault locks. */
  close(): void {
    this.#closed = true;
    this.#selections.clear();
    this.#columns.clear();
  }

  /**
   * A page of the records that fit, newest first. The token is the sequence to go on below, so pages do not shift while records are
   * appended; nor do positions, which count from the oldest.
   * @throws KmsError `InvalidNextTokenException`.
   */
  lookup(db: ReadDatabase, input: PageInput): Page {
    const limit = input.MaxResults ?? PAGE;
    const below = input.NextToken === undefined ? undefined : belowOf(input.NextToken);
    if (this.answersNow(input)) return lookupEvents(db, input);
    const selection = this.#selectionOf(input);
    atOnce(this.#selected(selection));
    const { sequences } = selection;
    const [from, to] = this.#period(selection, input);
    let end = below === undefined ? to : Math.max(from, Math.min(to, sequences.lowerBound(below)));
    let begin = Math.max(from, end - limit);
    if (input.Position !== undefined) {
      begin = Math.min(end, from + input.Position);
      end = Math.min(end, begin + limit);
    }
    const page: number[] = [];
    for (let i = begin; i < end; i++) page.push(sequences.at(i));
    const records = new RecordReader(db).pick(page);
    return {
      Events: records.map(toEvent).reverse(),
      Total: to - from,
      ...(begin > from && begin < end ? { NextToken: String(sequences.at(begin)) } : {}),
    };
  }

  /** Counts over time, in `BucketCount` equal parts of the period asked for (or of the whole trail), by event name and by day. */
  summarize(input: SummaryInput): TrailSummary {
    const selection = this.#selectionOf(input);
    atOnce(this.#selected(selection));
    const columns = this.#columns;
    const [from, to] = this.#period(selection, input);
    const Days = input.ByDay ? { Days: this.#days(selection, from, to) } : {};
    // The period is the trail's, not that of the records that fit: pictures of two filters can be compared.
    const first = Math.max(input.StartTime ? columns.firstAt(input.StartTime.getTime()) : 0, input.AfterSequence ?? 0);
    const last = input.EndTime ? columns.firstAt(input.EndTime.getTime()) : columns.length;
    if (last <= first) return { Buckets: [], Total: 0, EventNames: [], ...Days };
    const start = input.StartTime?.getTime() ?? columns.timeAt(first);
    const end = input.EndTime ? input.EndTime.getTime() - 1 : columns.timeAt(last - 1);
    const width = Math.max(1, Math.ceil((end - start + 1) / (input.BucketCount ?? BUCKETS)));
    const byKind = new Float64Array(columns.kinds.length);
    const refused = () =>
      columns.kinds.reduce((sum, kind, id) => sum + (kind && kind.errorId !== 0 ? (byKind[id] as number) : 0), 0);
    let refusedBefore = 0;
    const Buckets: TrailSummary['Buckets'] = [];
    let done = from;
    let at = first;
    for (let time = start; time <= end; time += width) {
      at = columns.firstAt(time + width, at);
      const next = time + width > end ? to : Math.min(to, selection.sequences.lowerBound(at + 1));
      this.#count(selection, done, next, byKind);
      const refusedNow = refused();
      Buckets.push({ Start: new Date(time), Count: next - done, Refused: refusedNow - refusedBefore });
      done = next;
      refusedBefore = refusedNow;
    }
    const names = new Map<string, number>();
    columns.kinds.forEach((kind, id) => {
      const count = byKind[id] ?? 0;
      if (kind && count > 0) names.set(kind.name, (names.get(kind.name) ?? 0) + count);
    });
    const EventNames = [...names]
      .map(([Name, Count]) => ({ Name, Count }))
      .sort((a, b) => b.Count - a.Count || (a.Name < b.Name ? -1 : 1));
    return { Buckets, Total: to - from, EventNames, ...Days };
  }

  /** Who made the calls that fit, the most active first, and when each did last. */
  callers(filter: TrailFilter, most: number): { PrincipalArn: string; Count: number; LastTime: Date }[] {
    const selection = this.#selectionOf(filter);
    atOnce(this.#selected(selection));
    const columns = this.#columns;
    const byKind = new Float64Array(columns.kinds.length);
    const lastOf = new Float64Array(columns.kinds.length);
    this.#count(selection, ...this.#period(selection, filter), byKind, lastOf);
    const callers = new Map<string, { count: number; last: number }>();
    columns.kinds.forEach((kind, id) => {
      const count = byKind[id] ?? 0;
      if (!kind || count === 0) return;
      const before = callers.get(kind.principal);
      callers.set(kind.principal, {
        count: count + (before?.count ?? 0),
        last: Math.max(lastOf[id] ?? 0, before?.last ?? 0),
      });
    });
    return [...callers]
      .sort(([a, of], [b, other]) => other.count - of.count || (a < b ? -1 : 1))
      .slice(0, most)
      .map(([PrincipalArn, { count, last }]) => ({
        PrincipalArn,
        Count: count,
        LastTime: new Date(columns.timeAt(last - 1)),
      }));
  }

  #selectionOf(filter: TrailFilter): Selection {
    const criteria: Criteria = criteriaOf(filter);
    const name = JSON.stringify(criteria);
    const selection = this.#selections.get(name) ?? new Selection(this.#columns, criteria);
    this.#selections.delete(name);
    this.#selections.set(name, selection);
    const [oldest] = this.#selections.keys();
    if (this.#selections.size > KEPT && oldest !== undefined) this.#selections.delete(oldest);
    return selection;
  }

  *#followed(): Steps {
    yield* this.#columns.follow(this.#db, this.#durable());
  }

  *#selected(selection: Selection): Steps {
    yield* this.#followed();
    yield* selection.extend(this.#db);
  }

  async #inTurns(steps: Steps): Promise<void> {
    const mine = {};
    this.#asked.push(mine);
    try {
      await inTurns(steps, async () => {
        // Whoever asks last is looked at now; who asked before them may have gone elsewhere.
        do {
          await breathe();
          if (this.#closed) throw new CofferError('VaultLocked', 'The vault is locked.');
        } while (this.#asked.at(-1) !== mine);
      });
    } finally {
      this.#asked.splice(this.#asked.indexOf(mine), 1);
    }
  }

  /** The part of a selection that a period leaves: from the first place to before the second. */
  #period({ sequences }: Selection, { StartTime, EndTime, AfterSequence }: TrailFilter): [from: number, to: number] {
    const columns = this.#columns;
    const first = Math.max(StartTime ? columns.firstAt(StartTime.getTime()) : 0, AfterSequence ?? 0);
    const from = sequences.lowerBound(first + 1);
    if (!EndTime) return [from, sequences.length];
    return [from, Math.max(from, sequences.lowerBound(columns.firstAt(EndTime.getTime()) + 1))];
  }

  /** Adds the records of a part of a selection to `byKind`, and the sequence of each kind's last one to `lastOf`. */
  #count({ sequences }: Selection, from: number, to: number, byKind: Float64Array, lastOf?: Float64Array): void {
    const { chunks } = this.#columns;
    const part = sequences.part(from, to);
    for (let i = 0; i < part.length; ) {
      const number = Math.floor(((part[i] as number) - 1) / CHUNK);
      const { kind } = chunks[number] as Chunk;
      const base = number * CHUNK + 1;
      for (; i < part.length && (part[i] as number) < base + CHUNK; i++) {
        const id = kind[(part[i] as number) - base] as number;
        byKind[id] = (byKind[id] as number) + 1;
        if (lastOf) lastOf[id] = part[i] as number;
      }
    }
  }

  #days({ sequences }: Selection, from: number, to: number): { Start: Date; Count: number }[] {
    const days: { Start: Date; Count: number }[] = [];
    for (let end = to; end > from; ) {
      const Start = new Date(this.#columns.timeAt(sequences.at(end - 1) - 1));
      Start.setHours(0, 0, 0, 0);
      const begin = Math.max(from, sequences.lowerBound(this.#columns.firstAt(Start.getTime()) + 1));
      days.push({ Start, Count: end - begin });
      end = begin;
    }
    return days;
  }
}

/** Whether the newest records are among the first that one looks at. */
const isPlain = (filter: TrailFilter): boolean =>
  Object.keys(criteriaOf(filter)).every((name) => name === 'ExceptWindowReadings') && !filter.EndTime;
