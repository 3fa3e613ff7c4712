import { describe, expect, it } from 'vitest';
import { recycle, type Slot } from '../../../src/renderer/lib/recycled-rows.ts';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const shown = (slots: readonly Slot[]) => slots.map(({ index }) => index);
const byIndex = (slots: readonly Slot[]) => new Map(slots.map(({ index, slot }) => [index, slot]));

describe('recycle', () => {
  const first = recycle([], range(0, 10), -1, true);

  it('shows each index once, and in order when asked', () => {
    expect(shown(first)).toEqual(range(0, 10));
    const scrolled = recycle(first, range(4, 14), -1, false);
    expect([...shown(scrolled)].sort((a, b) => a - b)).toEqual(range(4, 14));
    expect(shown(recycle(scrolled, range(4, 14), -1, true))).toEqual(range(4, 14));
  });

  it('keeps the element of what stays, and has those of what went show what came, in their place', () => {
    const scrolled = recycle(first, range(4, 14), -1, false);
    for (const index of range(4, 10)) expect(byIndex(scrolled).get(index)).toBe(byIndex(first).get(index));
    expect(new Set(byIndex(scrolled).values())).toEqual(new Set(range(0, 10)));
    expect(scrolled.map(({ slot }) => slot)).toEqual(first.map(({ slot }) => slot));
  });

  it('makes no new element however far one jumps, and drops those that are too many', () => {
    const far = recycle(first, range(5000, 5010), -1, false);
    expect(far.map(({ slot }) => slot)).toEqual(first.map(({ slot }) => slot));
    expect(recycle(far, range(5000, 5003), -1, false)).toHaveLength(3);
    expect(recycle(far, [], -1, false)).toEqual([]);
  });

  it('gives the element that has the focus nothing else to show', () => {
    const scrolled = recycle(first, range(4, 14), 2, false);
    expect(scrolled.map(({ slot }) => slot)).not.toContain(byIndex(first).get(2));
    expect(new Set(shown(scrolled))).toEqual(new Set(range(4, 14)));
    expect(new Set(scrolled.map(({ slot }) => slot)).size).toBe(10);
  });
});
