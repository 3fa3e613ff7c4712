import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import classes from './files.module.css';

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

/** A list of thousands of rows, of which those in sight are made. */
export function VirtualList<T>({ items, keyOf, label, maxHeight, rowHeight, children }: Props<T>) {
  const scroll = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => {
      const item = items[index];
      return item === undefined ? index : keyOf(item);
    },
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section ref={scroll} className={classes.scroll} style={{ maxHeight }} tabIndex={0} aria-label={label}>
      <ul className={classes.rows} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => {
          const item = items[row.index];
          return item === undefined ? null : (
            <li
              key={row.key}
              ref={rows.measureElement}
              data-index={row.index}
              className={classes.virtual}
              style={{ transform: `translateY(${row.start}px)` }}
            >
              {children(item, row.index)}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
