import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import type { TrailEvent } from '../../../src/renderer/features/activity/sentence.ts';
import { lineAt, linesOf, PAGE, TrailPages } from '../../../src/renderer/features/activity/trail-pages.ts';

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** A trail of numbered records that is asked as the main process is. */
function trailOf(total: number) {
  const trail = { total, asked: [] as number[], fails: false };
  const read = async (position: number) => {
    trail.asked.push(position);
    if (trail.fails) throw new Error('not now');
    return Array.from(
      { length: Math.max(0, Math.min(PAGE, trail.total - position)) },
      (_, i) => ({ Sequence: position + i }) as TrailEvent,
    ).reverse();
  };
  const onChange = vi.fn();
  return { trail, onChange, pages: new TrailPages(read, onChange) };
}

it('reads what is wanted, once, and keeps a bounded number of pages', async () => {
  const { trail, pages, onChange } = trailOf(100_000);
  expect(pages.at(250)).toBeUndefined();
  pages.want(250, 320, trail.total);
  pages.want(250, 320, trail.total);
  await settled();
  expect([pages.at(250)?.Sequence, pages.at(320)?.Sequence]).toEqual([250, 320]);
  expect(trail.asked).toEqual([200, 300]);
  expect(onChange).toHaveBeenCalledTimes(2);
  for (let place = 0; place < 100_000; place += 1000) {
    pages.want(place, place + 10, trail.total);
    await settled();
  }
  const here = Array.from({ length: trail.total }, (_, place) => place).filter((place) => pages.at(place));
  expect(here.length).toBeLessThanOrEqual(30 * PAGE);
  expect(pages.at(99_000)?.Sequence).toBe(99_000);
});

it('reads what is wanted last, and not all that was scrolled past', async () => {
  const { trail, pages } = trailOf(1_000_000);
  for (let place = 0; place < 900_000; place += 10_000) pages.want(place, place + 20, trail.total);
  await settled();
  expect(trail.asked).toEqual([0, 890_000]);
});

it('reads the newest page again when the trail grew, and does not ask without end', async () => {
  const { trail, pages } = trailOf(120);
  pages.want(100, 119, trail.total);
  await settled();
  expect(pages.at(119)?.Sequence).toBe(119);
  trail.total = 130;
  pages.want(120, 129, trail.total);
  await settled();
  expect([pages.at(129)?.Sequence, pages.at(105)?.Sequence]).toEqual([129, 105]);
  // More are promised than come.
  pages.want(130, 140, 141);
  await settled();
  expect(trail.asked).toEqual([100, 100, 100]);
});

it('says what went wrong and tries again when asked', async () => {
  const { trail, pages } = trailOf(500);
  trail.fails = true;
  pages.want(0, 10, trail.total);
  await settled();
  expect(pages.error).toMatchObject({ message: 'not now' });
  pages.want(0, 12, trail.total);
  await settled();
  expect(trail.asked).toEqual([0]);
  trail.fails = false;
  pages.retry();
  await settled();
  expect([pages.error, pages.at(0)?.Sequence]).toEqual([undefined, 0]);
});

it('gives each day a line, and each record one under its day, newest first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 8 }), (counts) => {
      const days = counts.map((Count, i) => ({ Start: new Date(2026, 0, 30 - i), Count }));
      const lines = linesOf(days);
      const all = Array.from({ length: lines.count }, (_, index) => lineAt(lines, index));
      let place = lines.total - 1;
      expect(all).toEqual(
        days.flatMap(({ Start, Count }) => [
          { day: Start },
          ...Array.from({ length: Count }, () => ({ place: place-- })),
        ]),
      );
      expect([place, lines.total]).toEqual([-1, counts.reduce((sum, count) => sum + count, 0)]);
    }),
  );
});
