import { Button, Group, Text } from '@mantine/core';
import { type KeyboardEvent, memo, type PointerEvent, useId, useRef, useState } from 'react';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { formatDateTime, plural } from '../../lib/format.ts';
import classes from './activity.module.css';

type Bucket = OperationOutput<'SummarizeEvents'>['Buckets'][number];

interface Props {
  /** Undefined before the first answer. */
  readonly buckets: readonly Bucket[] | undefined;
  readonly total: number;
  /** Whether a period is chosen. */
  readonly narrowed: boolean;
  readonly onPeriod: (from: number, to: number) => void;
  readonly onReset: () => void;
}

const WIDTH = 1000;
const HEIGHT = 96;
const none: readonly Bucket[] = [];
const moves: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Bars that are marked, from where one began to where one is now. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Calls over time, refused ones on top; a period is chosen by dragging, or with the arrow keys, Shift and Enter. */
export const Histogram = memo(function Histogram({ buckets = none, total, narrowed, onPeriod, onReset }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const id = useId();
  const [drag, setDrag] = useState<Span | null>(null);
  const [cursor, setCursor] = useState<Span | null>(null);
  const most = Math.max(1, ...buckets.map((bucket) => bucket.Count));
  const step = WIDTH / Math.max(1, buckets.length);
  const startOf = (index: number) => buckets[index]?.Start.getTime() ?? 0;
  const width = buckets.length > 1 ? startOf(1) - startOf(0) : 60_000;
  const within = (index: number) => Math.min(buckets.length - 1, Math.max(0, index));
  const at = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return 0;
    return within(Math.floor(((event.clientX - box.left) / box.width) * buckets.length));
  };
  // Where one begins: at the newest bar that has calls.
  const newest = within(buckets.findLastIndex((bucket) => bucket.Count > 0));
  const here: Span = cursor ? { from: within(cursor.from), to: within(cursor.to) } : { from: newest, to: newest };
  const marked = drag ?? here;
  const [low, high] = [Math.min(marked.from, marked.to), Math.max(marked.from, marked.to)];
  const choose = () => {
    if (buckets.length === 0) return;
    setCursor(null);
    onPeriod(startOf(low), startOf(high) + width);
  };
  function onKeyDown(event: KeyboardEvent): void {
    const move = moves[event.key];
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'Enter' || event.key === ' ') choose();
    else if (event.key === 'Escape' && low !== high) setCursor({ from: here.to, to: here.to });
    else if (move !== undefined) {
      const to = within(here.to + move);
      setCursor({ from: event.shiftKey ? here.from : to, to });
    } else return;
    event.preventDefault();
  }
  const first = buckets[0];
  return (
    <figure className={classes.histogram} aria-label="Calls over time">
      <svg
        ref={svg}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes.bars}
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: the bars of a picture are its options
        role="listbox"
        aria-label={`${plural(total, 'call')} over time; arrow keys go from bar to bar, with Shift they mark a period, Enter looks closer`}
        aria-orientation="horizontal"
        aria-multiselectable
        aria-activedescendant={buckets.length > 0 ? `${id}-${here.to}` : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        // Marks that were not used do not stay.
        onBlur={() => setCursor({ from: here.to, to: here.to })}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const index = at(event);
          setDrag({ from: index, to: index });
        }}
        onPointerMove={(event) => setDrag((now) => (now ? { ...now, to: at(event) } : now))}
        onPointerUp={() => {
          if (drag) choose();
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
      >
        {buckets.map((bucket, index) => {
          const height = (HEIGHT - 4) * (bucket.Count / most);
          const refused = (HEIGHT - 4) * (bucket.Refused / most);
          const label = `${formatDateTime(bucket.Start)}: ${plural(bucket.Count, 'call')}${bucket.Refused ? `, ${bucket.Refused} refused` : ''}`;
          return (
            <g
              key={bucket.Start.getTime()}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index >= low && index <= high}
              aria-label={label}
              className={classes.bar}
              data-here={index === here.to || undefined}
            >
              <title>{label}</title>
              <rect x={index * step} y={0} width={step} height={HEIGHT} fill="transparent" className={classes.back} />
              <rect
                x={index * step + step * 0.1}
                y={HEIGHT - height}
                width={step * 0.8}
                height={height}
                className={classes.ok}
              />
              <rect
                x={index * step + step * 0.1}
                y={HEIGHT - refused}
                width={step * 0.8}
                height={refused}
                className={classes.refused}
              />
            </g>
          );
        })}
        {drag || low !== high ? (
          <rect x={low * step} y={0} width={(high - low + 1) * step} height={HEIGHT} className={classes.brush} />
        ) : null}
      </svg>
      <Group justify="space-between" component="figcaption">
        <Text size="xs" c="dimmed">
          {first ? formatDateTime(first.Start) : ''}
        </Text>
        {narrowed ? (
          <Button size="compact-xs" variant="subtle" onClick={onReset}>
            Show all time
          </Button>
        ) : (
          <Text size="xs" c="dimmed">
            <span className={classes.byPointer}>Drag over a period to look closer</span>
            <span className={classes.byKeys}>Mark with Shift and the arrows, then Enter</span>
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {buckets.length > 0 ? formatDateTime(startOf(buckets.length - 1) + width) : ''}
        </Text>
      </Group>
    </figure>
  );
});
