import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { flushSync } from 'react-dom';

/** The height an element may have: browsers lay nothing out beyond some 33 million pixels. */
export const TALLEST = 8_000_000;
/** Parts the scrollbar of a longer list is divided into; within one, a pixel scrolled is a pixel of the list. */
const PARTS = 100;
/** Rows that exist above and below those one sees. */
const OVERSCAN = 8;

export interface Extent {
  /** Height of all rows, and of the element that stands for them. */
  readonly content: number;
  readonly view: number;
}

/** Where a list stands: `top` is the scrollbar's place in the element, and `top + offset` the list's own. */
export interface Stand {
  readonly top: number;
  readonly offset: number;
}

const heightOf = ({ content }: Extent) => Math.min(content, TALLEST);

/** The stand that shows the list from `y` on. At both ends of the scrollbar the list ends as well. */
export function standAt({ content, view }: Extent, y: number): Stand {
  const height = heightOf({ content, view });
  const at = Math.max(0, Math.min(y, content - view));
  if (content <= height) return { top: at, offset: 0 };
  // All of one size: a last one shorter than the view would never begin, and the element end before the list.
  const parts = Math.ceil((content / height) * PARTS);
  const part = Math.min(parts - 1, Math.floor((at / content) * parts));
  const offset = Math.round((part * (content - height)) / (parts - 1));
  return { top: at - offset, offset };
}

/** The stand after the scrollbar moved to `top`: a step of the list when it was a short way, else that share of the list. */
export function standAfter(extent: Extent, before: Stand, top: number): Stand {
  const { content, view } = extent;
  const height = heightOf(extent);
  if (content <= height) return { top, offset: 0 };
  if (Math.abs(top - before.top) < view) return standAt(extent, top + before.offset);
  // The list's own place for the scrollbar's; the scrollbar stays where it was put.
  const y = Math.round((top / Math.max(1, height - view)) * (content - view));
  return { top, offset: y - top };
}

interface Shown extends Stand {
  readonly first: number;
  readonly last: number;
}

interface Row {
  readonly index: number;
  /** Pixels from the top of the element. */
  readonly top: number;
}

export interface LongList {
  readonly rows: readonly Row[];
  /** Height of the element that holds the rows. */
  readonly height: number;
  scrollToTop(): void;
}

/** The rows to draw of a list of any length, all of one height, in an element that scrolls. */
export function useLongList(count: number, rowHeight: number, scroll: RefObject<HTMLElement | null>): LongList {
  const content = count * rowHeight;
  const [shown, setShown] = useState<Shown>({ top: 0, offset: 0, first: 0, last: 40 });
  const latest = useRef({ content, shown });
  useEffect(() => {
    latest.current.content = content;
  }, [content]);

  /** Takes a stand: moves the scrollbar when it is not there, and draws when other rows are seen. */
  const take = useCallback(
    (element: HTMLElement, stand: Stand, draw: (set: () => void) => void) => {
      const first = Math.floor((stand.top + stand.offset) / rowHeight) - OVERSCAN;
      const last = Math.ceil((stand.top + stand.offset + element.clientHeight) / rowHeight) + OVERSCAN;
      const before = latest.current.shown;
      const next = { ...stand, first: Math.max(0, first), last };
      latest.current.shown = next;
      if (before.first !== next.first || before.last !== next.last || before.offset !== next.offset)
        draw(() => setShown(next));
      // After the element has its height, or the browser would not go there.
      if (Math.abs(element.scrollTop - stand.top) >= 1) element.scrollTop = stand.top;
    },
    [rowHeight],
  );

  useEffect(() => {
    const element = scroll.current;
    if (!element) return;
    const onScroll = () => {
      const extent = { content: latest.current.content, view: element.clientHeight };
      // In the same picture as the scrolling, or a white gap would be seen.
      take(element, standAfter(extent, latest.current.shown, element.scrollTop), flushSync);
    };
    const observer = new ResizeObserver(onScroll);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [scroll, take]);

  // A list that became longer or shorter keeps its place.
  useLayoutEffect(() => {
    const element = scroll.current;
    const { top, offset } = latest.current.shown;
    if (element) take(element, standAt({ content, view: element.clientHeight }, top + offset), (set) => set());
  }, [content, scroll, take]);

  const rows: Row[] = [];
  for (let index = shown.first; index < Math.min(count, shown.last + 1); index++)
    rows.push({ index, top: index * rowHeight - shown.offset });
  return {
    rows,
    height: Math.min(content, TALLEST),
    scrollToTop: useCallback(() => {
      const element = scroll.current;
      if (element) take(element, { top: 0, offset: 0 }, (set) => set());
    }, [scroll, take]),
  };
}
