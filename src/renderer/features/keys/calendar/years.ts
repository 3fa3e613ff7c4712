import { DAY_MS } from '../../../../shared/time.ts';
import type { KeyDetail } from '../model.ts';
import { comingBetween, type EventKind } from './events.ts';

/** What happened to a key or will: on one day. */
export interface Milestone {
  readonly kind: 'created' | 'imported' | 'rotated' | EventKind;
  readonly time: Date;
  /** A rotation that somebody asked for. */
  readonly onDemand?: boolean;
  /** Planned as long as nobody changes the period. */
  readonly later?: boolean;
}

/** Rotations after the next one that are shown. */
const LATER = 2;
const FAR_MS = 30 * 366 * DAY_MS;

/** The key's past and what is planned, the oldest first. */
export function milestonesOf(key: KeyDetail, now: number): Milestone[] {
  const past = key.Materials.map(
    ({ CreationDate, Kind }, index): Milestone =>
      index === 0
        ? { kind: key.Origin === 'EXTERNAL' ? 'imported' : 'created', time: CreationDate }
        : { kind: 'rotated', time: CreationDate, onDemand: Kind === 'ON_DEMAND' },
  );
  // Older than its material: made without any, which was imported afterwards.
  if (key.Origin === 'EXTERNAL' || past.length === 0) past.unshift({ kind: 'created', time: key.CreationDate });
  let rotations = 0;
  const coming = comingBetween(key, now, now + FAR_MS)
    .filter(({ kind }) => kind !== 'rotation' || rotations++ <= LATER)
    .sort((a, b) => a.time.getTime() - b.time.getTime());
  return [...past, ...coming];
}

export interface Year {
  readonly year: number;
  /** By the number of the month, January being 0. */
  readonly months: readonly (readonly Milestone[])[];
}

/** The years of the milestones and the one of `now`, without gaps, each with its months. */
export function yearsOf(milestones: readonly Milestone[], now: number): Year[] {
  const all = [...milestones.map(({ time }) => time.getFullYear()), new Date(now).getFullYear()];
  const first = Math.min(...all);
  return Array.from({ length: Math.max(...all) - first + 1 }, (_, index) => {
    const year = first + index;
    const months = Array.from({ length: 12 }, (_month, month) =>
      milestones.filter(({ time }) => time.getFullYear() === year && time.getMonth() === month),
    );
    return { year, months };
  });
}
