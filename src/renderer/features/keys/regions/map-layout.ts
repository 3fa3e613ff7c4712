import { columns, onRaster, type Point, rows } from './land.ts';
import { whereIsNamed } from './where.ts';

/** A Region on the map: where it is, and where its button stands, which has to leave room for its neighbours'. */
export interface Spot {
  readonly region: string;
  readonly at: Point;
  readonly button: Point;
}

export interface MapLayout {
  readonly width: number;
  readonly height: number;
  readonly cell: number;
  readonly spots: readonly Spot[];
}

const STEPS = 200;

/**
 * Pushes points apart until any two are `apart` from each other, each little by little and half of what is missing, so that they stay
 * near where they were; all within `width` and `height`. The same points give the same answer.
 */
export function spread(points: readonly Point[], apart: number, width: number, height: number): Point[] {
  const moved = points.map(({ x, y }) => ({ x, y }));
  const margin = apart / 2;
  for (let step = 0; step < STEPS; step++) {
    let still = true;
    for (const [index, a] of moved.entries())
      for (const [other, b] of moved.slice(index + 1).entries()) {
        const [dx, dy] = [b.x - a.x, b.y - a.y];
        const distance = Math.hypot(dx, dy);
        // A thousandth less is no matter, and never ends.
        if (distance > apart - 0.1) continue;
        still = false;
        // Two on one spot go apart sideways, by their order.
        const [ux, uy] = distance === 0 ? [1, (other % 3) - 1] : [dx / distance, dy / distance];
        const push = (apart - distance) / 2;
        a.x -= ux * push;
        a.y -= uy * push;
        b.x += ux * push;
        b.y += uy * push;
      }
    for (const point of moved) {
      point.x = Math.min(width - margin, Math.max(margin, point.x));
      point.y = Math.min(height - margin, Math.max(margin, point.y));
    }
    if (still) break;
  }
  return moved;
}

/** The map at a width in pixels, with buttons that are at least `apart` from each other. Regions that it does not know are left out. */
export function mapLayout(regions: readonly string[], width: number, apart: number): MapLayout {
  const cell = width / columns;
  const height = rows * cell;
  const known = regions.flatMap((region) => {
    const where = whereIsNamed(region);
    if (!where) return [];
    const { x, y } = onRaster(where.latitude, where.longitude);
    return [{ region, at: { x: x * cell, y: y * cell } }];
  });
  const buttons = spread(
    known.map(({ at }) => at),
    apart,
    width,
    height,
  );
  return {
    width,
    height,
    cell,
    spots: known.map(({ region, at }, index) => ({ region, at, button: buttons[index] ?? at })),
  };
}

const quarter = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] } as const;
export type ArrowKey = keyof typeof quarter;
export const isArrow = (key: string): key is ArrowKey => Object.hasOwn(quarter, key);

/** The Region one comes to from `from` by an arrow key: the nearest in that direction, where sideways counts double. */
export function neighbour(spots: readonly Spot[], from: Spot, key: ArrowKey): Spot | undefined {
  const [ux, uy] = quarter[key];
  const ahead = spots.flatMap((spot) => {
    const [dx, dy] = [spot.button.x - from.button.x, spot.button.y - from.button.y];
    const along = dx * ux + dy * uy;
    const aside = Math.abs(dx * uy) + Math.abs(dy * ux);
    return spot !== from && along > 0 && aside <= 2 * along ? [{ spot, far: along + 2 * aside }] : [];
  });
  return ahead.sort((a, b) => a.far - b.far)[0]?.spot;
}

/** A line between two points that is bowed, as ways over the earth look on a flat map. */
export function bow(a: Point, b: Point): string {
  const lift = Math.hypot(b.x - a.x, b.y - a.y) / 5;
  return `M${a.x} ${a.y}Q${(a.x + b.x) / 2} ${(a.y + b.y) / 2 - lift} ${b.x} ${b.y}`;
}
