import { expect, it } from 'vitest';
import {
  dayOf,
  daysLater,
  endOf,
  monthOf,
  startOf,
  weeksOf,
} from '../../../src/renderer/features/keys/calendar/dates.ts';
import {
  byDay,
  comingBetween,
  countsOf,
  nextBetween,
  type Planned,
} from '../../../src/renderer/features/keys/calendar/events.ts';
import { countWords } from '../../../src/renderer/features/keys/calendar/looks.ts';

const DAY = 86_400_000;
const FROM = new Date(2026, 0, 10).getTime();

const planned = (changes: Partial<Planned> = {}): Planned => ({
  KeyState: 'Enabled',
  RotationEnabled: false,
  ...changes,
});
const rotating = (changes: Partial<Planned> = {}) =>
  planned({
    RotationEnabled: true,
    RotationPeriodInDays: 100,
    NextRotationDate: new Date(FROM + 5 * DAY),
    ...changes,
  });
const kinds = (key: Planned, days: number) =>
  comingBetween(key, FROM, FROM + days * DAY).map(({ kind, time, later }) => [
    kind,
    Math.round((time.getTime() - FROM) / DAY),
    later,
  ]);

it('repeats a rotation by its period, also when one looks far ahead', () => {
  expect(kinds(rotating(), 206)).toEqual([
    ['rotation', 5, false],
    ['rotation', 105, true],
    ['rotation', 205, true],
  ]);
  expect(comingBetween(rotating(), FROM + 1000 * DAY, FROM + 1010 * DAY).map(({ time }) => time.getTime())).toEqual([
    FROM + 1005 * DAY,
  ]);
  expect(kinds(rotating(), 5)).toEqual([]);
  expect(kinds(planned({ RotationPeriodInDays: 100 }), 1000)).toEqual([]);
});

it('a key that waits for its deletion rotates no more, and nothing comes after the deletion', () => {
  const leaving = { KeyState: 'PendingDeletion', DeletionDate: new Date(FROM + 20 * DAY) } as const;
  expect(kinds(rotating(leaving), 300)).toEqual([['deletion', 20, false]]);
  const late = { ...leaving, MaterialExpirationDate: new Date(FROM + 30 * DAY) };
  expect(kinds(planned(late), 300)).toEqual([['deletion', 20, false]]);
  const soon = { ...leaving, MaterialExpirationDate: new Date(FROM + 3 * DAY) };
  expect(kinds(planned(soon), 300)).toEqual([
    ['expiry', 3, false],
    ['deletion', 20, false],
  ]);
  expect(kinds(rotating({ KeyState: 'PendingReplicaDeletion' }), 300)).toEqual([]);
});

it('lays a month out in whole weeks from Monday', () => {
  const weeks = weeksOf({ year: 2026, month: 1 });
  expect(weeks.length).toBe(5);
  expect(weeks[0]).toEqual([
    '2026-01-26',
    '2026-01-27',
    '2026-01-28',
    '2026-01-29',
    '2026-01-30',
    '2026-01-31',
    '2026-02-01',
  ]);
  expect(weeks.at(-1)?.at(-1)).toBe('2026-03-01');
  for (let month = 0; month < 36; month++) {
    const days = weeksOf(monthOf(new Date(2026, month, 1))).flat();
    expect(new Set(days).size).toBe(days.length);
    expect(days).toContain(dayOf(endOf(monthOf(new Date(2026, month, 1))) - 1));
    expect(days.length % 7).toBe(0);
  }
});

it('goes from day to day over the ends of months and years', () => {
  expect(daysLater('2026-12-31', 1)).toBe('2027-01-01');
  expect(daysLater('2028-03-01', -1)).toBe('2028-02-29');
  expect(monthOf(startOf({ year: 2026, month: 12 }))).toEqual({ year: 2027, month: 0 });
});

it('counts by day and says so', () => {
  const events = comingBetween(
    rotating({ MaterialExpirationDate: new Date(FROM + 5 * DAY + 1000) }),
    FROM,
    FROM + 120 * DAY,
  );
  const days = byDay(events.sort((a, b) => a.time.getTime() - b.time.getTime()));
  expect(days.map(([, of]) => countWords(countsOf(of)))).toEqual([
    '1 rotation, 1 expiry of imported material',
    '1 rotation',
  ]);
  expect(countWords(countsOf([]))).toBe('nothing');
});

it('finds what comes next for any key, of one kind if asked', () => {
  const keys = [
    rotating({ NextRotationDate: new Date(FROM + 50 * DAY) }),
    planned({ MaterialExpirationDate: new Date(FROM + 20 * DAY) }),
    planned({ KeyState: 'PendingDeletion', DeletionDate: new Date(FROM + 30 * DAY) }),
  ];
  const next = (days: number, kind?: 'rotation' | 'expiry' | 'deletion') => {
    const found = nextBetween(keys, FROM, FROM + days * DAY, kind);
    return found && [keys.indexOf(found.key), found.kind, Math.round((found.time.getTime() - FROM) / DAY)];
  };
  expect(next(400)).toEqual([1, 'expiry', 20]);
  expect(next(400, 'rotation')).toEqual([0, 'rotation', 50]);
  expect(next(400, 'deletion')).toEqual([2, 'deletion', 30]);
  expect(next(20)).toBeUndefined();
  expect(nextBetween([], FROM, FROM + DAY)).toBeUndefined();
});
