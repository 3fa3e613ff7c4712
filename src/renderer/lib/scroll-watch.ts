/** The scrollbar stops it a tenth of a second after the last scrolling; what still runs after this was forgotten. */
const STILL_MS = 500;

/**
 * Tells `onScroll` when an element has scrolled, looked at once a frame, until it is stopped or nothing has moved for a while. It stands
 * in for Mantine's own (`electron.vite.config.ts`), which looks for ever, and so keeps the element, when a list closes while it scrolls.
 */
export function addUnlinkedScrollListener(element: Element, onScroll: () => void = () => undefined): () => void {
  let { scrollLeft, scrollTop } = element;
  let moved = performance.now();
  let frame = 0;
  const look = () => {
    if (element.scrollLeft !== scrollLeft || element.scrollTop !== scrollTop) {
      ({ scrollLeft, scrollTop } = element);
      moved = performance.now();
      onScroll();
    } else if (performance.now() - moved > STILL_MS) return;
    frame = requestAnimationFrame(look);
  };
  look();
  return () => cancelAnimationFrame(frame);
}
