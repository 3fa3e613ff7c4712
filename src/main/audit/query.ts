import { KmsError } from '../../shared/kms/errors.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { eventIdOf } from './chain.ts';
import { EVENT_COLUMNS, RecordReader, type StoredRecord } from './read.ts';
import { WINDOW_READING, windowReadingParams } from './window-readings.ts';

/** What narrows a reading of the trail. Everything given must hold. */
export interface TrailFilter {
  readonly StartTime?: Date | undefined;
  /** Exclusive. */
  readonly EndTime?: Date | undefined;
  readonly EventNames?: readonly string[] | undefined;
  readonly KeyArn?: string | undefined;
  readonly PrincipalArn?: string | undefined;
  readonly Outcome?: 'ok' | 'refused' | undefined;
  readonly ReadOnly?: boolean | undefined;
  /** Leaves out what the window read to draw itself. */
  readonly ExceptWindowReadings?: boolean | undefined;
  /** Part of the event's name, caller, parameters, key or error, in any case. */
  readonly Text?: string | undefined;
  /** Only records after this one: what a live tail asks for. */
  readonly AfterSequence?: number | undefined;
}

export interface LookupInput extends TrailFilter {
  readonly NextToken?: string | undefined;
  readonly MaxResults?: number | undefined;
}

/** The sequence of the newest record; 0 when there is none. */
export const lastSequence = (db: ReadDatabase) =>
  db.get<{ last: number | null }>('SELECT max(sequence) AS last FROM audit_events')?.last ?? 0;

/** The first sequence from `from` whose time is not before `time`, by halving: time never runs backward along the sequence. */
function firstAt(db: ReadDatabase, time: number, last: number, from = 1): number {
  let low = from;
  let high = last + 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = db.get<{ time: number }>('SELECT time FROM audit_events WHERE sequence = ?', [middle])?.time ?? 0;
    if (at < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Compiled {
  readonly first: number;
  readonly last: number;
  /** SQL that further narrows, '' when nothing does. */
  readonly where: string;
  readonly params: (string | number)[];
}

const escapeLike = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

function compile(db: ReadDatabase, filter: TrailFilter): Compiled {
  const end = lastSequence(db);
  const first = Math.max(
    filter.StartTime ? firstAt(db, filter.StartTime.getTime(), end) : 1,
    (filter.AfterSequence ?? 0) + 1,
  );
  const last = filter.EndTime ? firstAt(db, filter.EndTime.getTime(), end) - 1 : end;
  const where: string[] = [];
  const params: (string | number)[] = [];
  const narrow = (sql: string, ...values: (string | number)[]) => {
    where.push(sql);
    params.push(...values);
  };
  if (filter.EventNames?.length) {
    narrow(
      `name IN (SELECT id FROM audit_strings WHERE text IN (${filter.EventNames.map(() => '?').join(', ')}))`,
      ...filter.EventNames,
    );
  }
  if (filter.KeyArn !== undefined) {
    const id = db.get<{ id: number }>('SELECT id FROM audit_strings WHERE text = ?', [filter.KeyArn])?.id ?? -1;
    narrow('(key = ? OR sequence IN (SELECT sequence FROM audit_more_keys WHERE key = ?))', id, id);
  }
  if (filter.PrincipalArn !== undefined)
    narrow('caller IN (SELECT id FROM audit_callers WHERE principal = ?)', filter.PrincipalArn);
  if (filter.Outcome === 'ok') narrow('error IS NULL');
  if (filter.Outcome === 'refused') narrow('error IS NOT NULL');
  if (filter.ReadOnly !== undefined) narrow('read_only = ?', filter.ReadOnly ? 1 : 0);
  if (filter.ExceptWindowReadings) narrow(`NOT ${WINDOW_READING}`, ...windowReadingParams);
  if (filter.Text) {
    const like = escapeLike(filter.Text);
    // The texts that match are found once; records are then compared by number.
    const strings = "SELECT id FROM audit_strings WHERE text LIKE ? ESCAPE '\\'";
    narrow(
      `(name IN (${strings}) OR key IN (${strings}) OR error IN (${strings}) OR message LIKE ? ESCAPE '\\'
        OR (typeof(request) = 'text' AND request LIKE ? ESCAPE '\\') OR (typeof(request) = 'integer' AND request IN (${strings}))
        OR (typeof(response) = 'text' AND response LIKE ? ESCAPE '\\') OR (typeof(response) = 'integer' AND response IN (${strings}))
        OR caller IN (SELECT id FROM audit_callers WHERE principal LIKE ? ESCAPE '\\' OR agent LIKE ? ESCAPE '\\' OR ip LIKE ? ESCAPE '\\'))`,
      ...Array.from({ length: 11 }, () => like),
    );
  }
  return { first, last, where: where.map((each) => ` AND ${each}`).join(''), params };
}

export interface TrailEvent {
  readonly EventId: string;
  readonly Sequence: number;
  readonly EventTime: Date;
  readonly EventName: string;
  readonly EventSource: string;
  readonly PrincipalArn: string;
  readonly Region: string;
  readonly SourceIp: string;
  readonly UserAgent: string;
  readonly ReadOnly: boolean;
  readonly Resources: string[];
  readonly RequestParameters: Record<string, unknown> | null;
  readonly ResponseElements: Record<string, unknown> | null;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

/** Records of a page unless a number is asked for. */
export const PAGE = 50;

export function toEvent(record: StoredRecord): TrailEvent {
  return {
    EventId: eventIdOf(record.sequence, record.hash),
    Sequence: record.sequence,
    EventTime: new Date(record.time),
    EventName: record.name,
    EventSource: record.source,
    PrincipalArn: record.principal,
    Region: record.region,
    SourceIp: record.ip,
    UserAgent: record.agent,
    ReadOnly: record.readOnly,
    Resources: [...record.resources],
    RequestParameters: record.request === null ? null : JSON.parse(record.request),
    ResponseElements: record.response === null ? null : JSON.parse(record.response),
    ...(record.error === null ? {} : { ErrorCode: record.error }),
    ...(record.message === null ? {} : { ErrorMessage: record.message }),
  };
}

/** The sequence that a token says to go on below. @throws KmsError `InvalidNextTokenException`. */
export function belowOf(token: string): number {
  if (!/^\d{1,15}$/.test(token))
    throw new KmsError('InvalidNextTokenException', 'The token is not one that was given out.');
  return Number(token);
}

/**
 * Records newest first, a page at a time, by SQL alone: for what looks at few records, or only now and then. The token is the sequence
 * to go on below, so pages do not shift while records are appended.
 * @throws KmsError `InvalidNextTokenException`.
 */
export function lookupEvents(db: ReadDatabase, input: LookupInput): { Events: TrailEvent[]; NextToken?: string } {
  const { first, last, where, params } = compile(db, input);
  const limit = input.MaxResults ?? PAGE;
  const below = input.NextToken === undefined ? last : Math.min(last, belowOf(input.NextToken) - 1);
  const records = new RecordReader(db).select(
    `SELECT ${EVENT_COLUMNS} FROM audit_events WHERE sequence BETWEEN ? AND ?${where} ORDER BY sequence DESC LIMIT ?`,
    [first, below, ...params, limit + 1],
  );
  const page = records.slice(0, limit);
  const oldest = page.at(-1);
  return {
    Events: page.map(toEvent),
    ...(records.length > limit && oldest ? { NextToken: String(oldest.sequence) } : {}),
  };
}
