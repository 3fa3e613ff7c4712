import { Checkbox, Text, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type Dispatch,
  type KeyboardEvent,
  memo,
  type SetStateAction,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Identifier } from '../../components/Identifier.tsx';
import { KeyStateBadge } from '../../components/KeyStateBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useRem } from '../../lib/appearance.ts';
import { formatDate, formatNumber } from '../../lib/format.ts';
import { keyPath, navigate } from '../../lib/route.ts';
import classes from './key-table.module.css';
import { type Column, columns, type Group, type KeyRow, keyName, type Sort, specWord, usageWord } from './model.ts';

const titles: Readonly<Record<Column, string>> = {
  alias: 'Alias',
  keyId: 'Key id',
  spec: 'Spec',
  usage: 'Usage',
  state: 'State',
  rotation: 'Rotation',
  lastUsed: 'Last used',
};
const ROW_REM = 2.75;

interface Props {
  /** Without grouping one group that has no title. */
  readonly groups: readonly Group[];
  readonly sort: Sort | null;
  readonly onSort: (sort: Sort) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: Dispatch<SetStateAction<ReadonlySet<string>>>;
}

/** One line of the grid: a key, or the title of the group that follows. */
type Line =
  | { readonly row: KeyRow; readonly title?: undefined }
  | { readonly row?: undefined; readonly title: string; readonly count: number };

function linesOf(groups: readonly Group[]): Line[] {
  return groups.flatMap(({ title, keys }): Line[] => [
    ...(title === '' ? [] : [{ title, count: keys.length }]),
    ...keys.map((row) => ({ row })),
  ]);
}

/** The line at `index`, or the next one in a direction that holds a key. */
function nearestRow(lines: readonly Line[], index: number, step: 1 | -1): number {
  if (lines[index]?.row) return index;
  const next = index + step;
  return lines[next]?.row ? next : index - step;
}

/**
 * The list as a grid of which only the visible rows exist. One row is in the tab order; the arrows, Home, End and the page
 * keys move along, Enter opens, Space selects.
 */
export function KeyTable({ groups, sort, onSort, selected, onSelect }: Props) {
  const lines = useMemo(() => linesOf(groups), [groups]);
  const keys = useMemo(() => groups.flatMap((group) => group.keys), [groups]);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const current = nearestRow(lines, Math.min(active, lines.length - 1), 1);
  const rowHeight = ROW_REM * useRem();
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 6,
    scrollPaddingStart: rowHeight,
    getItemKey: (index) => {
      const line = lines[index];
      return line?.row?.KeyId ?? line?.title ?? index;
    },
  });
  useEffect(() => {
    if (rowHeight > 0) virtual.measure();
  }, [virtual, rowHeight]);

  const toggle = useCallback(
    (keyId: string) =>
      onSelect((old) => {
        const next = new Set(old);
        if (!next.delete(keyId)) next.add(keyId);
        return next;
      }),
    [onSelect],
  );
  const here = keys.reduce((count, key) => count + Number(selected.has(key.KeyId)), 0);

  function moveTo(index: number): void {
    const target = nearestRow(lines, Math.max(0, Math.min(lines.length - 1, index)), index < current ? -1 : 1);
    setActive(target);
    virtual.scrollToIndex(target);
    // The row may only exist after the scroll.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        scroller.current?.querySelector<HTMLElement>(`tr[aria-rowindex="${target + 2}"]`)?.focus(),
      ),
    );
  }

  function onKeyDown(event: KeyboardEvent<HTMLTableSectionElement>): void {
    if (!(event.target instanceof HTMLElement) || event.target.tagName !== 'TR') return;
    const key = lines[current]?.row;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      PageDown: current + page,
      PageUp: current - page,
      Home: 0,
      End: lines.length - 1,
    };
    const target = moves[event.key];
    if (!key || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target !== undefined) moveTo(target);
    else if (event.key === 'Enter') navigate(keyPath(key.KeyId));
    else if (event.key === ' ') toggle(key.KeyId);
    else return;
    event.preventDefault();
  }

  return (
    <div ref={scroller} className={classes.scroller}>
      <table
        // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose rows are walked by arrow keys is a grid
        role="grid"
        className={classes.table}
        aria-label="Keys"
        aria-rowcount={lines.length + 1}
        aria-multiselectable
      >
        <thead className={classes.head}>
          <tr className={classes.row} aria-rowindex={1}>
            <th scope="col" className={classes.check}>
              <Checkbox
                aria-label="Select all shown keys"
                checked={here > 0 && here === keys.length}
                indeterminate={here > 0 && here < keys.length}
                onChange={() => onSelect(here === keys.length ? new Set() : new Set(keys.map((key) => key.KeyId)))}
              />
            </th>
            {columns.map((column) => (
              <HeadCell key={column} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody className={classes.body} style={{ height: virtual.getTotalSize() }} onKeyDown={onKeyDown}>
          {virtual.getVirtualItems().map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return line.row ? (
              <Row
                key={item.key}
                row={line.row}
                index={item.index}
                top={item.start}
                reached={item.index === current}
                selected={selected.has(line.row.KeyId)}
                onReach={setActive}
                onToggle={toggle}
              />
            ) : (
              <tr
                key={item.key}
                className={classes.group}
                style={{ height: item.size, transform: `translateY(${item.start}px)` }}
                aria-rowindex={item.index + 2}
              >
                <th colSpan={columns.length + 1} scope="rowgroup">
                  {line.title} <span className={classes.count}>{formatNumber(line.count)}</span>
                </th>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function HeadCell({ column, sort, onSort }: { column: Column } & Pick<Props, 'sort' | 'onSort'>) {
  const sorted = sort?.column === column ? sort : null;
  const Arrow = sorted?.descending ? IconArrowDown : IconArrowUp;
  return (
    <th scope="col" data-column={column} aria-sort={sorted ? (sorted.descending ? 'descending' : 'ascending') : 'none'}>
      <UnstyledButton
        className={classes.sort}
        onClick={() => onSort({ column, descending: sorted ? !sorted.descending : column === 'lastUsed' })}
      >
        {titles[column]}
        {sorted ? <Arrow size={14} aria-hidden /> : null}
      </UnstyledButton>
    </th>
  );
}

interface RowProps {
  readonly row: KeyRow;
  readonly index: number;
  readonly top: number;
  readonly reached: boolean;
  readonly selected: boolean;
  readonly onReach: (index: number) => void;
  readonly onToggle: (keyId: string) => void;
}

/** Rendered again only when it changes itself: a scroll through thousands of rows renders just the new ones. */
const Row = memo(function Row({ row, index, top, reached, selected, onReach, onToggle }: RowProps) {
  const name = keyName(row);
  const more = row.Aliases.length - 1;
  return (
    <tr
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={reached ? 0 : -1}
      onFocus={() => onReach(index)}
      onDoubleClick={() => navigate(keyPath(row.KeyId))}
    >
      <td className={classes.check}>
        <Checkbox tabIndex={-1} aria-label={`Select ${name}`} checked={selected} onChange={() => onToggle(row.KeyId)} />
      </td>
      <td data-column="alias" className={classes.alias}>
        <a className={classes.link} href={`#${keyPath(row.KeyId)}`} tabIndex={-1} title={name}>
          {row.Aliases.length === 0 ? <span className={classes.unnamed}>no alias</span> : name}
        </a>
        {more > 0 ? (
          <Text span size="xs" c="dimmed" className={classes.more} title={row.Aliases.slice(1).join('\n')}>
            +{more} more
          </Text>
        ) : null}
      </td>
      <td data-column="keyId">
        <Identifier value={row.KeyId} keep={6} plain />
      </td>
      <td data-column="spec" title={row.KeySpec}>
        {specWord(row.KeySpec)}
      </td>
      <td data-column="usage" title={row.KeyUsage}>
        {usageWord(row.KeyUsage)}
      </td>
      <td data-column="state">
        <KeyStateBadge state={row.KeyState} />
      </td>
      <td
        data-column="rotation"
        title={row.NextRotationDate ? `Next rotation ${formatDate(row.NextRotationDate)}` : undefined}
      >
        {row.RotationEnabled ? `Every ${row.RotationPeriodInDays} days` : 'Off'}
      </td>
      <td data-column="lastUsed">{row.LastUsedDate ? <RelativeTime value={row.LastUsedDate} plain /> : 'Never'}</td>
    </tr>
  );
});
