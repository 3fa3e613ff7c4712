import { DAY_MS } from '../../../../shared/time.ts';
import type { KeyRow } from '../model.ts';
import { dayOf } from './dates.ts';

/** What can come for a key. */
export const eventKinds = ['rotation', 'expiry', 'deletion'] as const;
export type EventKind = (typeof eventKinds)[number];

export type Planned = Pick<
  KeyRow,
  | 'KeyState'
  | 'RotationEnabled'
  | 'RotationPeriodInDays'
  | 'NextRotationDate'
  | 'DeletionDate'
  | 'MaterialExpirationDate'
>;

export interface Coming {
  readonly kind: EventKind;
  readonly time: Date;
  /** A rotation after the next one: planned as long as nobody changes the period. */
  readonly later: boolean;
}

/** What comes for a key from `from` until before `to`, both in ms. Nothing comes after a deletion; a key that waits for one does not rotate. */
export function comingBetween(key: Planned, from: number, to: number): Coming[] {
  const coming: Coming[] = [];
  const within = (time: number) => time >= from && time < to;
  const { NextRotationDate, RotationPeriodInDays, MaterialExpirationDate, DeletionDate } = key;
  const leaving = key.KeyState === 'PendingDeletion' || key.KeyState === 'PendingReplicaDeletion';
  if (key.RotationEnabled && NextRotationDate && RotationPeriodInDays && !leaving) {
    const next = NextRotationDate.getTime();
    const period = RotationPeriodInDays * DAY_MS;
    const skipped = Math.max(0, Math.ceil((from - next) / period));
    for (let time = next + skipped * period; time < to; time += period)
      coming.push({ kind: 'rotation', time: new Date(time), later: time > next });
  }
  if (MaterialExpirationDate && within(MaterialExpirationDate.getTime()))
    if (!DeletionDate || MaterialExpirationDate < DeletionDate)
      coming.push({ kind: 'expiry', time: MaterialExpirationDate, later: false });
  if (DeletionDate && within(DeletionDate.getTime()))
    coming.push({ kind: 'deletion', time: DeletionDate, later: false });
  return coming;
}

export interface KeyEvent extends Coming {
  readonly key: KeyRow;
}

/** What comes for any of the keys, the soonest first; at one time in the keys' order. */
export const eventsBetween = (keys: readonly KeyRow[], from: number, to: number): KeyEvent[] =>
  keys
    .flatMap((key) => comingBetween(key, from, to).map((coming) => ({ ...coming, key })))
    .sort((a, b) => a.time.getTime() - b.time.getTime());

/** The first thing that comes for any of the keys from `from` until before `to`; with `kind`, the first of that kind. */
export function nextBetween<K extends Planned>(
  keys: readonly K[],
  from: number,
  to: number,
  kind?: EventKind,
): (Coming & { readonly key: K }) | undefined {
  let next: (Coming & { readonly key: K }) | undefined;
  for (const key of keys) {
    for (const coming of comingBetween(key, from, next?.time.getTime() ?? to))
      if ((kind === undefined || coming.kind === kind) && (!next || coming.time < next.time)) next = { ...coming, key };
  }
  return next;
}

/** Events by their day, in their order. */
export function byDay<E extends Coming>(events: readonly E[]): [day: string, of: E[]][] {
  const days = new Map<string, E[]>();
  for (const event of events) {
    const day = dayOf(event.time);
    const of = days.get(day);
    if (of) of.push(event);
    else days.set(day, [event]);
  }
  return [...days];
}

export type Counts = Readonly<Record<EventKind, number>>;

export const countsOf = (events: readonly Coming[]): Counts => {
  const counts = { rotation: 0, expiry: 0, deletion: 0 };
  for (const { kind } of events) counts[kind]++;
  return counts;
};
