import { Badge, Button, Loader, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useMemo } from 'react';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { formatDate, plural } from '../../lib/format.ts';
import classes from './activity.module.css';
import { sentenceOf, type TrailEvent } from './sentence.ts';
import type { TrailPages } from './use-trail.ts';

type Line = { readonly day: string } | { readonly event: TrailEvent };

interface Props {
  readonly trail: TrailPages;
  readonly scroll: RefObject<HTMLElement | null>;
  readonly selected: string | undefined;
  readonly keyNames: ReadonlyMap<string, string>;
}

/** The records by day, as long as there are more. */
export function TrailList({ trail, scroll, selected, keyNames }: Props) {
  const { events, more } = trail;
  const lines = useMemo(() => {
    const out: Line[] = [];
    let day = '';
    for (const event of events) {
      const its = formatDate(event.EventTime);
      if (its !== day) out.push({ day: its });
      day = its;
      out.push({ event });
    }
    return out;
  }, [events]);
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: (index) => ('day' in (lines[index] ?? {}) ? 36 : 46),
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= lines.length - 20) more();
  }, [last, lines.length, more]);
  return (
    <>
      {trail.waiting > 0 ? (
        <div className={classes.waiting}>
          <Button
            size="compact-sm"
            onClick={() => {
              trail.showNew();
              scroll.current?.scrollTo({ top: 0 });
            }}
          >
            {plural(trail.waiting, 'new record')}
          </Button>
        </div>
      ) : null}
      <ol className={classes.records} style={{ height: rows.getTotalSize() }} aria-label="Records, newest first">
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          return (
            <li
              key={'day' in line ? line.day : line.event.EventId}
              className={classes.line}
              style={{ height: item.size, transform: `translateY(${item.start}px)` }}
            >
              {'day' in line ? (
                <Text fw={600} size="xs" c="dimmed" className={classes.day}>
                  {line.day}
                </Text>
              ) : (
                <RecordRow event={line.event} selected={line.event.EventId === selected} keyNames={keyNames} />
              )}
            </li>
          );
        })}
      </ol>
      {trail.loading ? <Loader size="sm" m="sm" aria-label="Reading the activity" /> : null}
    </>
  );
}

function RecordRow({
  event,
  selected,
  keyNames,
}: {
  event: TrailEvent;
  selected: boolean;
  keyNames: ReadonlyMap<string, string>;
}) {
  const [resource] = event.Resources;
  const on = resource ? (keyNames.get(resource) ?? resource.split('/').at(-1)) : undefined;
  return (
    <a
      href={`#/activity/${event.EventId}`}
      className={classes.record}
      data-selected={selected || undefined}
      aria-current={selected ? 'true' : undefined}
    >
      <Badge
        variant="light"
        size="sm"
        color={event.ErrorCode ? 'red' : 'gray'}
        leftSection={
          event.ErrorCode ? <IconAlertTriangle size={12} aria-hidden /> : <IconCheck size={12} aria-hidden />
        }
        className={classes.outcome}
      >
        {event.ErrorCode ? 'Refused' : 'Allowed'}
      </Badge>
      <Text component="span" truncate className={classes.what}>
        {sentenceOf(event)}
        {on ? (
          <Text component="span" c="dimmed">
            {' '}
            on {on}
          </Text>
        ) : null}
      </Text>
      <Text component="span" size="xs" c="dimmed" ff="monospace" className={classes.name}>
        {event.EventName}
      </Text>
      <Text component="span" size="xs" c="dimmed" className={classes.when}>
        <RelativeTime value={event.EventTime} plain />
      </Text>
    </a>
  );
}
