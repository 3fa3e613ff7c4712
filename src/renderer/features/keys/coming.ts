import type { KeyRow } from './model.ts';

const DAY_MS = 86_400_000;
/** As far ahead as the desktop's notices look. */
const AHEAD_MS = 7 * DAY_MS;

/** A key to which something will happen by itself. */
export interface ComingToKey {
  readonly what: 'deletion' | 'rotation';
  readonly key: KeyRow;
  readonly at: Date;
}

/** What will happen by itself within a week to keys of the list, the soonest first. */
export function comingTo(keys: readonly KeyRow[], now: number): ComingToKey[] {
  const within = (at: Date | undefined): at is Date =>
    at !== undefined && at.getTime() > now && at.getTime() <= now + AHEAD_MS;
  return keys
    .flatMap((key): ComingToKey[] => [
      ...(key.KeyState === 'PendingDeletion' && within(key.DeletionDate)
        ? [{ what: 'deletion' as const, key, at: key.DeletionDate }]
        : []),
      ...(key.KeyState === 'Enabled' && key.RotationEnabled && within(key.NextRotationDate)
        ? [{ what: 'rotation' as const, key, at: key.NextRotationDate }]
        : []),
    ])
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
