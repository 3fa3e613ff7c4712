import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type FocusEvent, type ReactNode, useCallback, useRef, useState } from 'react';
import classes from './virtual-list.module.css';

interface Props<T> {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** What is read out for the part that scrolls. */
  readonly label: string;
  /** Its height at most. */
  readonly maxHeight: string;
  /** Pixels of a usual row. */
  readonly rowHeight: number;
  readonly children: (item: T, index: number) => ReactNode;
}

/** A list of thousands of rows, of which those in sight are made, and those round the one that has the keyboard. */
export function VirtualList<T>({ items, keyOf, label, maxHeight, rowHeight, children }: Props<T>) {
  const scroll = useRef<HTMLDivElement>(null);
  /** The row that has the focus: scrolled out of sight it stays, or the focus would be nobody's. */
  const [reached, setReached] = useState<string | null>(null);
  const at = reached === null ? -1 : items.findIndex((item) => keyOf(item) === reached);
  const count = items.length;
  const rangeExtractor = useCallback(
    (range: Range) => {
      const indices = new Set(defaultRangeExtractor(range));
      // Its neighbours, too: Tab goes on to the next row, not to the next that is in sight.
      if (at >= 0) for (const index of [at - 1, at, at + 1]) if (index >= 0 && index < count) indices.add(index);
      return [...indices].sort((a, b) => a - b);
    },
    [at, count],
  );
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 4,
    rangeExtractor,
    // Rows that are measured while they are drawn must not each have the list drawn anew at once.
    useFlushSync: false,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  const onBlur = ({ relatedTarget, currentTarget }: FocusEvent) => {
    // Into a dialog of the row is no leaving: the dialog would go with the row. Nor is it to another row, which must stay to get there.
    if (!currentTarget.contains(relatedTarget) && !relatedTarget?.closest('[role="dialog"]')) setReached(null);
  };
  function onFocus({ target }: FocusEvent): void {
    const index = target.closest<HTMLElement>('[data-index]')?.dataset.index;
    const item = index === undefined ? undefined : items[Number(index)];
    if (item !== undefined) setReached(keyOf(item));
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroll} className={classes.scroll} style={{ maxHeight }} tabIndex={0} aria-label={label}>
      <ul className={classes.rows} style={{ height: rows.getTotalSize() }} onFocus={onFocus} onBlur={onBlur}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index];
          return item === undefined ? null : (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              className={classes.row}
              style={{ transform: `translateY(${row.start}px)` }}
              // Of thousands only some are there to be counted.
              aria-setsize={count}
              aria-posinset={row.index + 1}
            >
              {children(item, row.index)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
