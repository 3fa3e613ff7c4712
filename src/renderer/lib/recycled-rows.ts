import { useLayoutEffect, useRef } from 'react';

/** A row's element, by a number that stays its own, and what it shows. */
export interface Slot {
  readonly slot: number;
  readonly index: number;
}

/**
 * Which element shows which of the `indices`. Elements whose index is gone show those that are new, in the place they have: that
 * changes texts, where new elements would have to be styled from nothing. An element that shows `kept` shows nothing else.
 * @param ordered puts the elements in the order of what they show, as who hears the list read needs them.
 */
export function recycle(
  before: readonly Slot[],
  indices: readonly number[],
  kept: number,
  ordered: boolean,
): readonly Slot[] {
  const wanted = new Set(indices);
  const here = new Set(before.map(({ index }) => index));
  const coming = indices.filter((index) => !here.has(index));
  const slots: Slot[] = [];
  let next = 0;
  for (const each of before) {
    next = Math.max(next, each.slot + 1);
    if (wanted.has(each.index)) slots.push(each);
    else if (each.index !== kept) {
      const index = coming.shift();
      if (index !== undefined) slots.push({ slot: each.slot, index });
    }
  }
  for (const index of coming) slots.push({ slot: next++, index });
  if (ordered) slots.sort((a, b) => a.index - b.index);
  return slots;
}

/** `recycle` from one drawing to the next. */
export function useRecycledRows(indices: readonly number[], kept: number, ordered: boolean): readonly Slot[] {
  const latest = useRef<readonly Slot[]>([]);
  const slots = recycle(latest.current, indices, kept, ordered);
  useLayoutEffect(() => {
    latest.current = slots;
  });
  return slots;
}
