import { Checkbox, UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type Dispatch,
  type KeyboardEvent,
  type SetStateAction,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { useRem } from '../../lib/appearance.ts';
import { formatNumber } from '../../lib/format.ts';
import { useRecycledRows } from '../../lib/recycled-rows.ts';
import { keyPath, navigate } from '../../lib/route.ts';
import { KeyLine } from './KeyLine.tsx';
import classes from './key-table.module.css';
import { type Column, columns, type Group, type KeyRow, type Sort } from './model.ts';

const titles: Readonly<Record<Column, string>> = {
  alias: 'Alias',
  keyId: 'Key id',
  spec: 'Spec',
  usage: 'Usage',
  state: 'State',
  rotation: 'Rotation',
  region: 'Region',
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
 * keys move along, Enter opens, Space selects. With Shift a movement or a click selects all rows on the way, with Ctrl a click adds one row and A
 * selects all; Escape selects none.
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
  });
  useEffect(() => {
    if (rowHeight > 0) virtual.measure();
  }, [virtual, rowHeight]);

  const items = virtual.getVirtualItems();
  const places = new Map(items.map((item) => [item.index, item]));
  const drawn = useRecycledRows([...places.keys()], current, !virtual.isScrolling);

  /** The row from which a range reaches. */
  const anchor = useRef<string>(undefined);
  const toggle = useCallback(
    (index: number, range: boolean) => {
      const keyId = lines[index]?.row?.KeyId;
      if (keyId === undefined) return;
      const from = range ? lines.findIndex(({ row }) => row?.KeyId === anchor.current) : -1;
      if (from === -1) anchor.current = keyId;
      onSelect((old) => {
        const next = new Set(old);
        if (from === -1) {
          if (!next.delete(keyId)) next.add(keyId);
          return next;
        }
        for (const { row } of lines.slice(Math.min(from, index), Math.max(from, index) + 1))
          if (row) next.add(row.KeyId);
        return next;
      });
    },
    [lines, onSelect],
  );
  const selectAll = () => onSelect(new Set(keys.map((key) => key.KeyId)));
  const here = keys.reduce((count, key) => count + Number(selected.has(key.KeyId)), 0);

  function moveTo(index: number, selecting: boolean): void {
    const target = nearestRow(lines, Math.max(0, Math.min(lines.length - 1, index)), index < current ? -1 : 1);
    if (selecting) {
      // A movement that begins a selection begins with the row it leaves.
      if (anchor.current === undefined || selected.size === 0) {
        anchor.current = lines[current]?.row?.KeyId;
      }
      toggle(target, true);
    }
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
    if (!key || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== 'a') return;
      selectAll();
    } else if (target !== undefined) moveTo(target, event.shiftKey);
    else if (event.key === 'Enter') navigate(keyPath(key.KeyId));
    else if (event.key === ' ') toggle(current, event.shiftKey);
    else if (event.key === 'Escape' && selected.size > 0) onSelect(new Set());
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
                onChange={() => (here === keys.length ? onSelect(new Set()) : selectAll())}
              />
            </th>
            {columns.map((column) => (
              <HeadCell key={column} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody
          className={`coffer-rows ${classes.body}`}
          style={{ height: virtual.getTotalSize() }}
          onKeyDown={onKeyDown}
        >
          {drawn.map(({ slot, index }) => {
            const line = lines[index];
            const place = places.get(index);
            if (!line || !place) return null;
            return line.row ? (
              <KeyLine
                key={slot}
                row={line.row}
                index={index}
                top={place.start}
                reached={index === current}
                selected={selected.has(line.row.KeyId)}
                onReach={setActive}
                onToggle={toggle}
              />
            ) : (
              <tr
                key={slot}
                className={classes.group}
                style={{ height: place.size, transform: `translateY(${place.start}px)` }}
                aria-rowindex={index + 2}
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
