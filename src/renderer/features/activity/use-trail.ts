import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from 'react';
import type { CofferError } from '../../../shared/kms/errors.ts';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { kms } from '../../lib/api.ts';
import { asCofferError } from '../../lib/errors.ts';
import { useSession } from '../../lib/session.ts';
import { useKms } from '../../lib/use-call.ts';
import type { TrailEvent } from './sentence.ts';
import type { toQuery } from './store.ts';
import { type DayLines, linesOf, PAGE, TrailPages } from './trail-pages.ts';

/** Records that are on the screen before it is known how many there are. */
const NEWEST = 50;
const BUCKETS = 60;

type Summary = OperationOutput<'SummarizeEvents'>;

export interface Trail {
  /** Counts over time; undefined before the first answer. */
  readonly summary: Summary | undefined;
  /** The lines of the list; undefined before the first answer. */
  readonly lines: DayLines | undefined;
  readonly error: CofferError | undefined;
  /** Whether what is on the screen is not yet the answer to the filters. */
  readonly busy: boolean;
  /** Records that came since and are not shown, because the reader has scrolled down. */
  readonly waiting: number;
  /** The record of a place, when it is here. */
  at(place: number): TrailEvent | undefined;
  /** Has the records of two places and those between them read. */
  want(first: number, last: number): void;
  showNew(): void;
  retry(): void;
}

/** Days of records that are all there is so far, newest first. */
function daysOf(events: readonly TrailEvent[]): { Start: Date; Count: number }[] {
  const days: { Start: Date; Count: number }[] = [];
  for (const { EventTime } of events) {
    const Start = new Date(EventTime);
    Start.setHours(0, 0, 0, 0);
    const day = days.at(-1);
    if (day?.Start.getTime() === Start.getTime()) day.Count++;
    else days.push({ Start, Count: 1 });
  }
  return days;
}

/** The trail newest first: what is scrolled to, and what is appended while it is on the screen. */
export function useTrail(query: ReturnType<typeof toQuery>, region: string, atTop: () => boolean): Trail {
  const principalArn = useSession((session) => session.principalArn);
  const key = JSON.stringify([region, principalArn, query]);
  const newest = useKms('LookupEvents', { ...query, MaxResults: NEWEST }, []);
  const summed = useKms('SummarizeEvents', { ...query, BucketCount: BUCKETS, ByDay: true }, ['audit.appended']);
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const latest = useRef({ atTop });
  useEffect(() => {
    latest.current = { atTop };
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: the query is in the key, by its value
  const pages = useMemo(
    () =>
      new TrailPages(
        async (Position) => (await kms('LookupEvents', { ...query, Position, MaxResults: PAGE }, region)).Events,
        redraw,
      ),
    [key],
  );

  const summary = summed.data;
  /** What the list shows of the sums: the newest ones while one is at its top. */
  const [pinned, setPinned] = useState<{ key: string; summary: Summary }>();
  const mine = pinned?.key === key ? pinned.summary : undefined;
  useEffect(() => {
    if (summary && (!mine || latest.current.atTop())) setPinned({ key, summary });
  }, [summary, mine, key]);

  const shown = mine ?? summary;
  const first = newest.data?.Events;
  const lines = useMemo(() => {
    if (shown) return linesOf(shown.Days ?? []);
    return first ? linesOf(daysOf(first)) : undefined;
  }, [shown, first]);
  const total = shown?.Total;
  const answered = newest.data !== undefined;
  const failure = pages.error === undefined ? undefined : asCofferError(pages.error);
  return {
    summary,
    lines,
    error: newest.error ?? summed.error ?? failure,
    busy: !summary || !newest.data,
    waiting: Math.max(0, (summary?.Total ?? 0) - (total ?? 0)),
    at: (place) => pages.at(place) ?? seenFirst(newest.data, total, place),
    want: useCallback(
      (from, to) => {
        // What the first answer brings is not asked for twice.
        if (total !== undefined && answered) pages.want(from, to, total);
      },
      [pages, total, answered],
    ),
    showNew: useCallback(() => summary && setPinned({ key, summary }), [key, summary]),
    retry: useCallback(() => {
      newest.reload();
      summed.reload();
      pages.retry();
    }, [newest.reload, summed.reload, pages]),
  };
}

/** A record of the first answer, which came without places when the trail was still being read. */
function seenFirst(
  answer: OperationOutput<'LookupEvents'> | undefined,
  total: number | undefined,
  place: number,
): TrailEvent | undefined {
  if (!answer) return undefined;
  const all = total === undefined ? answer.Events.length : answer.Total;
  return all === undefined ? undefined : answer.Events[all - 1 - place];
}
