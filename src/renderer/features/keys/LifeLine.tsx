import { Group, Paper, Text, Title } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import { Identifier } from '../../components/Identifier.tsx';
import { formatDate } from '../../lib/format.ts';
import classes from './life-line.module.css';
import { type LifeLine as Layout, lifeLine, type Mark } from './life-line.ts';
import { allOf, cameBy, markWords, sentenceOn, summary } from './life-line-words.ts';
import type { KeyDetail } from './model.ts';

const HEIGHT = 92;
const BAR = { y: 34, height: 22 };
const EDGE = 10;

/**
 * The key's life in one picture: created, each material, now, what comes. `brief` says what a material does only while one
 * points at it.
 */
export function LifeLine({ detail, brief = false }: { detail: KeyDetail; brief?: boolean }) {
  const { ref, width } = useElementSize();
  const layout = useMemo(() => lifeLine(detail, new Date()), [detail]);
  const last = layout.stretches.length - 1;
  const [chosen, setChosen] = useState<number>();
  const [hovered, setHovered] = useState<number>();
  const group = useRef<SVGGElement>(null);
  const reached = Math.min(chosen ?? last, last);
  const asked = hovered ?? chosen;
  const shown = brief && asked === undefined ? undefined : layout.stretches[Math.min(asked ?? last, last)];
  const x = (at: number) => EDGE + at * Math.max(0, width - 2 * EDGE);

  function onKeyDown(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: reached - 1,
      ArrowRight: reached + 1,
      Home: 0,
      End: last,
    };
    const target = moves[event.key];
    if (target === undefined) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(last, target));
    setChosen(index);
    group.current?.querySelectorAll<SVGGElement>('[role="option"]')[index]?.focus();
  }

  return (
    <Paper
      withBorder
      p="md"
      component="section"
      aria-label="Life line"
      className={classes.frame}
      data-brief={brief || undefined}
    >
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h4">
          Life line
        </Title>
        <Text size="xs" c="dimmed">
          {allOf(detail)}
        </Text>
      </Group>
      <div ref={ref} className={classes.picture}>
        {width > 0 ? (
          // biome-ignore lint/a11y/useSemanticElements: a group inside a picture has no element of its own
          <svg width={width} height={HEIGHT} role="group" aria-label={summary(layout)}>
            <Ahead layout={layout} x={x} />
            <g
              ref={group}
              role="listbox"
              aria-label="Key materials"
              aria-orientation="horizontal"
              tabIndex={-1}
              onKeyDown={onKeyDown}
            >
              {layout.stretches.map((stretch, index) => (
                <g
                  key={stretch.material.KeyMaterialId}
                  role="option"
                  aria-selected={index === reached}
                  aria-label={`Material ${stretch.number} of ${last + 1}: ${sentenceOn(stretch, detail)}`}
                  tabIndex={index === reached ? 0 : -1}
                  className={classes.material}
                  data-current={stretch.material.Current || undefined}
                  data-off={detail.KeyState !== 'Enabled' || undefined}
                  data-shown={stretch === shown || undefined}
                  onFocus={() => setChosen(index)}
                  onBlur={() => brief && setChosen(undefined)}
                  onClick={() => setChosen(index)}
                  onMouseEnter={() => setHovered(index)}
                  onMouseLeave={() => setHovered(undefined)}
                >
                  <rect
                    x={x(stretch.from) + 1}
                    y={BAR.y}
                    width={Math.max(3, x(stretch.to) - x(stretch.from) - 2)}
                    height={BAR.height}
                    rx={4}
                  />
                  {x(stretch.to) - x(stretch.from) > 26 ? (
                    <text
                      x={(x(stretch.from) + x(stretch.to)) / 2}
                      y={BAR.y + BAR.height / 2}
                      dominantBaseline="central"
                      textAnchor="middle"
                      aria-hidden
                    >
                      {stretch.number}
                    </text>
                  ) : null}
                </g>
              ))}
            </g>
            {layout.marks.map((mark) => (
              <MarkText key={mark.kind} mark={mark} x={x(mark.at)} />
            ))}
          </svg>
        ) : null}
      </div>
      {shown ? (
        <div className={classes.details} data-over={brief || undefined} aria-live="polite">
          <Group gap="sm">
            <Text fw={600}>
              Material {shown.number} of {last + 1}
              {shown.material.Current ? ', current' : ''}
            </Text>
            <Text c="dimmed">{cameBy(shown.material, detail)}</Text>
            <Identifier value={shown.material.KeyMaterialId} keep={8} />
          </Group>
          <Text>{sentenceOn(shown, detail)}</Text>
        </div>
      ) : null}
    </Paper>
  );
}

/** The way from now to what comes: dashed, for it may still change. */
function Ahead({ layout, x }: { layout: Layout; x: (at: number) => number }) {
  const now = layout.marks.find((mark) => mark.kind === 'now');
  const next = layout.marks.find(({ kind }) => kind === 'rotation' || kind === 'expiry' || kind === 'deletion');
  if (!now || !next) return null;
  const y = BAR.y + BAR.height / 2;
  return (
    <g aria-hidden data-kind={next.kind} className={classes.ahead}>
      <line x1={x(now.at)} x2={x(next.at)} y1={y} y2={y} />
      <circle cx={x(next.at) - 5} cy={y} r={6} />
    </g>
  );
}

function MarkText({ mark, x }: { mark: Mark; x: number }) {
  const above = mark.kind === 'now';
  const anchor = mark.at === 0 ? 'start' : mark.at === 1 ? 'end' : 'middle';
  const label = above ? markWords.now : `${markWords[mark.kind]} ${formatDate(mark.time)}`;
  return (
    <g className={classes.mark} data-kind={mark.kind}>
      <line x1={x} x2={x} y1={above ? 20 : BAR.y} y2={above ? BAR.y + BAR.height : BAR.y + BAR.height + 8} />
      <text x={x} y={above ? 14 : HEIGHT - 10} textAnchor={anchor}>
        {label}
      </text>
    </g>
  );
}
