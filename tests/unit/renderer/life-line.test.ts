import { expect, it } from 'vitest';
import { lifeLine } from '../../../src/renderer/features/keys/life-line.ts';

const DAY = 86_400_000;
const NOW = new Date(Date.UTC(2026, 5, 1));
const after = (days: number) => new Date(NOW.getTime() + days * DAY);

const key = (changes: Partial<Parameters<typeof lifeLine>[0]> = {}) => ({
  CreationDate: after(-100),
  Materials: [{ KeyMaterialId: 'a'.repeat(64), CreationDate: after(-100), Kind: 'CREATED', Current: true } as const],
  ...changes,
});
const ahead = (changes: Parameters<typeof key>[0]) =>
  lifeLine(key(changes), NOW)
    .marks.slice(2)
    .map(({ kind, time }) => [kind, Math.round((time.getTime() - NOW.getTime()) / DAY)]);

it('ends at now when nothing comes', () => {
  const { marks, stretches } = lifeLine(key(), NOW);
  expect(marks.map(({ kind, at }) => [kind, at])).toEqual([
    ['created', 0],
    ['now', 1],
  ]);
  expect(stretches).toMatchObject([{ number: 1, from: 0, to: 1 }]);
});

it('goes on to the next rotation, to the end of imported material, or to the deletion before all', () => {
  expect(ahead({ NextRotationDate: after(9) })).toEqual([['rotation', 9]]);
  expect(ahead({ MaterialExpirationDate: after(4) })).toEqual([['expiry', 4]]);
  expect(ahead({ MaterialExpirationDate: after(4), DeletionDate: after(20) })).toEqual([['deletion', 20]]);
  // What has expired is no longer to come.
  expect(ahead({ MaterialExpirationDate: after(-1) })).toEqual([]);
});
