import fc from 'fast-check';
import { expect, it } from 'vitest';
import { standAfter, standAt, TALLEST } from '../../../src/renderer/lib/long-list.ts';

const extent = fc.record({
  content: fc.integer({ min: 1000, max: 100_000_000 }),
  view: fc.integer({ min: 100, max: 1000 }),
});
const heightOf = (content: number) => Math.min(content, TALLEST);

it('shows every place of a list in an element that is never too high', () => {
  fc.assert(
    fc.property(extent, fc.double({ min: 0, max: 1, noNaN: true }), (extent, share) => {
      const y = share * (extent.content - extent.view);
      const { top, offset } = standAt(extent, y);
      expect(top + offset).toBeCloseTo(y, 3);
      expect(top).toBeGreaterThanOrEqual(-1);
      expect(top).toBeLessThanOrEqual(heightOf(extent.content) - extent.view + 1);
    }),
    // A list a pixel longer than a whole number of hundredths of the element.
    { examples: [[{ content: 80_400_001, view: 100 }, 1]] },
  );
});

it('the ends of the scrollbar are the ends of the list', () => {
  fc.assert(
    fc.property(extent, (extent) => {
      const bottom = heightOf(extent.content) - extent.view;
      const start = standAt(extent, 0);
      expect(start).toEqual({ top: 0, offset: 0 });
      const end = standAfter(extent, start, bottom);
      expect(Math.abs(end.top + end.offset - (extent.content - extent.view))).toBeLessThanOrEqual(1);
      const back = standAfter(extent, end, 0);
      expect(back.top + back.offset).toBe(0);
    }),
  );
});

it('a pixel that is scrolled is a pixel of the list, from the top to the end', () => {
  const extent = { content: 46_000_000, view: 600 };
  let stand = standAt(extent, 0);
  for (let y = 0; y < 400_000; y += 500) {
    stand = standAfter(extent, stand, stand.top + 500);
    expect(stand.top + stand.offset).toBe(y + 500);
  }
  stand = standAt(extent, extent.content - 300_000);
  for (let left = 300_000; left > 600; left -= 500) {
    stand = standAfter(extent, stand, stand.top + 500);
    expect(stand.top + stand.offset).toBe(Math.min(extent.content - left + 500, extent.content - extent.view));
  }
  expect(stand.top).toBe(TALLEST - extent.view);
});

it('a list that fits is not stretched', () => {
  const extent = { content: 5000, view: 600 };
  expect(standAt(extent, 3000)).toEqual({ top: 3000, offset: 0 });
  expect(standAt(extent, 9000)).toEqual({ top: 4400, offset: 0 });
  expect(standAfter(extent, { top: 0, offset: 0 }, 4000)).toEqual({ top: 4000, offset: 0 });
});
