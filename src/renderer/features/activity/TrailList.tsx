import { Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { memo, type RefObject, useEffect } from 'react';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { RowBadge } from '../../components/RowBadge.tsx';
import { useRem } from '../../lib/appearance.ts';
import { formatDate, plural } from '../../lib/format.ts';
import { useLongList } from '../../lib/long-list.ts';
import { recordPath } from '../../lib/route.ts';
import classes from './activity.module.css';
import { sentenceOf, type TrailEvent } from './sentence.ts';
import { type DayLines, lineAt } from './trail-pages.ts';
import type { Trail } from './use-trail.ts';

const ROW_REM = 2.875;

interface Props {
  readonly trail: Trail;
  readonly lines: DayLines;
  readonly scroll: RefObject<HTMLElement | null>;
  readonly selected: string | undefined;
  readonly keyNames: ReadonlyMap<string, string>;
}

/** The records by day; only the lines one sees exist, and only the records near them are here. */
export function TrailList({ trail, lines, scroll, selected, keyNames }: Props) {
  const rowHeight = ROW_REM * useRem();
  const list = useLongList(lines.count, rowHeight, scroll);
  const rows = list.rows.map((row) => {
    const line = lineAt(lines, row.index);
    return { ...row, line, event: line && 'place' in line ? trail.at(line.place) : undefined };
  });
  const missing = rows.flatMap(({ line, event }) => (line && 'place' in line && !event ? [line.place] : []));
  const [newest = -1, oldest = -1] = [missing[0], missing.at(-1)];
  const { want } = trail;
  useEffect(() => {
    if (newest >= 0) want(oldest, newest);
  }, [oldest, newest, want]);
  return (
    <>
      {trail.waiting > 0 ? (
        <div className={classes.waiting}>
          <Button
            size="compact-sm"
            onClick={() => {
              trail.showNew();
              list.scrollToTop();
            }}
          >
            {plural(trail.waiting, 'new record')}
          </Button>
        </div>
      ) : null}
      <ol
        className={`coffer-rows ${classes.records}`}
        style={{ height: list.height }}
        aria-label="Records, newest first"
      >
        {rows.map(({ index, top, line, event }) => {
          if (!line) return null;
          const place = { height: rowHeight, transform: `translateY(${top}px)` };
          if ('day' in line)
            return (
              <li key={index} className={classes.line} style={place}>
                <Text fw={600} size="xs" c="dimmed" className={classes.day}>
                  {formatDate(line.day)}
                </Text>
              </li>
            );
          return (
            <li
              key={index}
              className={classes.line}
              style={place}
              aria-setsize={lines.total}
              aria-posinset={lines.total - line.place}
            >
              {event ? (
                <RecordRow
                  event={event}
                  selected={event.EventId === selected}
                  on={event.Resources[0] === undefined ? undefined : keyNames.get(event.Resources[0])}
                />
              ) : (
                <div className={classes.coming} aria-hidden />
              )}
            </li>
          );
        })}
      </ol>
    </>
  );
}

interface RowProps {
  readonly event: TrailEvent;
  readonly selected: boolean;
  /** The name of its key, when that is known. */
  readonly on: string | undefined;
}

const RecordRow = memo(function RecordRow({ event, selected, on }: RowProps) {
  const key = on ?? event.Resources[0]?.split('/').at(-1);
  return (
    <a
      href={`#${recordPath(event.EventId)}`}
      className={classes.record}
      data-selected={selected || undefined}
      aria-current={selected ? 'true' : undefined}
    >
      <RowBadge
        small
        color={event.ErrorCode ? 'red' : 'gray'}
        icon={event.ErrorCode ? <IconAlertTriangle size={12} aria-hidden /> : <IconCheck size={12} aria-hidden />}
        className={classes.outcome}
      >
        {event.ErrorCode ? 'Refused' : 'Allowed'}
      </RowBadge>
      <span className={classes.what}>
        {sentenceOf(event)}
        {key ? <span className={classes.key}> on {key}</span> : null}
      </span>
      <span className={classes.name}>{event.EventName}</span>
      <span className={classes.when}>
        <RelativeTime value={event.EventTime} plain />
      </span>
    </a>
  );
});
