import { expect, it } from 'vitest';
import { land, onRaster, rows } from '../../../src/renderer/features/keys/regions/land.ts';
import { mapLayout, neighbour, spread } from '../../../src/renderer/features/keys/regions/map-layout.ts';
import { whereIs } from '../../../src/renderer/features/keys/regions/where.ts';
import { regions } from '../../../src/shared/kms/regions.ts';

it('every Region is on or beside land', () => {
  for (const region of regions) {
    const { x, y } = onRaster(whereIs[region].latitude, whereIs[region].longitude);
    const near = [-1, 0, 1].some((dy) =>
      [-1, 0, 1].some((dx) => land[Math.floor(y) + dy]?.[Math.floor(x) + dx] === '#'),
    );
    expect([region, near]).toEqual([region, true]);
    expect(y).toBeLessThan(rows);
  }
});

it.each([
  [620, 24],
  [850, 24],
  [1100, 24],
  [620, 48],
])('on a map %i wide no two Regions are nearer than %i', (width, apart) => {
  const { spots, height } = mapLayout(regions, width, apart);
  expect(spots.length).toBe(regions.length);
  for (const [index, a] of spots.entries()) {
    for (const b of spots.slice(index + 1))
      expect(Math.hypot(a.button.x - b.button.x, a.button.y - b.button.y)).toBeGreaterThan(apart - 2);
    expect(a.button.x).toBeGreaterThanOrEqual(apart / 2);
    expect(a.button.x).toBeLessThanOrEqual(width - apart / 2);
    expect(a.button.y).toBeGreaterThanOrEqual(apart / 2);
    expect(a.button.y).toBeLessThanOrEqual(height - apart / 2);
  }
});

it('leaves alone what is far enough apart, and parts what is on one spot', () => {
  const far = [
    { x: 50, y: 50 },
    { x: 100, y: 50 },
  ];
  expect(spread(far, 24, 200, 100)).toEqual(far);
  const same = spread(
    [far[0], far[0]].flatMap((point) => point ?? []),
    24,
    200,
    100,
  );
  expect(Math.hypot((same[1]?.x ?? 0) - (same[0]?.x ?? 0), (same[1]?.y ?? 0) - (same[0]?.y ?? 0))).toBeGreaterThan(23);
});

it('arrow keys reach every Region from any other', () => {
  const { spots } = mapLayout(regions, 850, 24);
  for (const start of spots) {
    const seen = new Set([start]);
    const next = [start];
    for (let spot = next.pop(); spot; spot = next.pop())
      for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'] as const) {
        const to = neighbour(spots, spot, key);
        if (!to || seen.has(to)) continue;
        seen.add(to);
        next.push(to);
      }
    expect([start.region, seen.size]).toEqual([start.region, spots.length]);
  }
});
