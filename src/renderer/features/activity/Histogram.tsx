import { Button, Group, Text } from '@mantine/core';
import { memo, type PointerEvent, useRef, useState } from 'react';
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

/** Calls over time, refused ones on top; a period is chosen by dragging, or with the keyboard bar by bar. */
export const Histogram = memo(function Histogram({ buckets = none, total, narrowed, onPeriod, onReset }: Props) {
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const most = Math.max(1, ...buckets.map((bucket) => bucket.Count));
  const step = WIDTH / Math.max(1, buckets.length);
  const startOf = (index: number) => buckets[index]?.Start.getTime() ?? 0;
  const width = buckets.length > 1 ? startOf(1) - startOf(0) : 60_000;
  const at = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return 0;
    return Math.min(
      buckets.length - 1,
      Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * buckets.length)),
    );
  };
  const choose = (a: number, b: number) => {
    const [first, last] = a < b ? [a, b] : [b, a];
    onPeriod(startOf(first), startOf(last) + width);
  };
  const first = buckets[0];
  return (
    <figure className={classes.histogram} aria-label="Calls over time">
      {/* biome-ignore lint/a11y/useSemanticElements: a picture cannot be a fieldset */}
      <svg
        ref={svg}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className={classes.bars}
        role="group"
        aria-label={`${plural(total, 'call')} over time; choose a bar to see its period`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const index = at(event);
          setDrag({ from: index, to: index });
        }}
        onPointerMove={(event) => setDrag((now) => (now ? { ...now, to: at(event) } : now))}
        onPointerUp={() => {
          if (drag && buckets.length > 0) choose(drag.from, drag.to);
          setDrag(null);
        }}
        onPointerCancel={() => setDrag(null)}
      >
        {buckets.map((bucket, index) => {
          const height = (HEIGHT - 4) * (bucket.Count / most);
          const refused = (HEIGHT - 4) * (bucket.Refused / most);
          const label = `${formatDateTime(bucket.Start)}: ${plural(bucket.Count, 'call')}${bucket.Refused ? `, ${bucket.Refused} refused` : ''}`;
          return (
            // biome-ignore lint/a11y/useSemanticElements: a bar of an SVG cannot be a button element
            <g
              key={bucket.Start.getTime()}
              role="button"
              tabIndex={bucket.Count > 0 ? 0 : -1}
              aria-label={label}
              className={classes.bar}
              onKeyDown={(event) => {
                if (event.key === 'Enter' || event.key === ' ') choose(index, index);
              }}
            >
              <title>{label}</title>
              <rect x={index * step} y={0} width={step} height={HEIGHT} fill="transparent" />
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
        {drag ? (
          <rect
            x={Math.min(drag.from, drag.to) * step}
            y={0}
            width={(Math.abs(drag.to - drag.from) + 1) * step}
            height={HEIGHT}
            className={classes.brush}
          />
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
            Drag over a period to look closer
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {buckets.length > 0 ? formatDateTime(startOf(buckets.length - 1) + width) : ''}
        </Text>
      </Group>
    </figure>
  );
});
