import type { KeyDetail, Material } from './model.ts';

/** A stretch of the line in which one material encrypted; `from` and `to` are places between 0 and 1. */
export interface Stretch {
  readonly material: Material;
  /** 1 for the material the key was made with. */
  readonly number: number;
  readonly from: number;
  readonly to: number;
  /** When the next material took over; absent for the current one. */
  readonly until?: Date;
}

export interface Mark {
  readonly kind: 'created' | 'now' | 'rotation' | 'expiry' | 'deletion';
  readonly at: number;
  readonly time: Date;
}

export interface LifeLine {
  readonly stretches: readonly Stretch[];
  readonly marks: readonly Mark[];
}

/** How much of the line is the past when there is something ahead. */
const PAST = 0.72;

/**
 * Lays a key's life out between 0 and 1. The past is half true to time and half evenly spaced, so that two rotations on one
 * day stay apart while a long year still looks long; the future is one step, because its true length would crush the past.
 */
export function lifeLine(
  key: Pick<KeyDetail, 'CreationDate' | 'DeletionDate' | 'NextRotationDate' | 'MaterialExpirationDate' | 'Materials'>,
  now: Date,
): LifeLine {
  const next: Mark | undefined = key.DeletionDate
    ? { kind: 'deletion', at: 1, time: key.DeletionDate }
    : key.NextRotationDate
      ? { kind: 'rotation', at: 1, time: key.NextRotationDate }
      : key.MaterialExpirationDate && key.MaterialExpirationDate > now
        ? { kind: 'expiry', at: 1, time: key.MaterialExpirationDate }
        : undefined;
  const past = next ? PAST : 1;
  const start = key.CreationDate.getTime();
  const span = Math.max(1, now.getTime() - start);
  const count = key.Materials.length;
  const place = (material: Material, index: number): number => {
    if (index === 0) return 0;
    const elapsed = Math.min(1, Math.max(0, (material.CreationDate.getTime() - start) / span));
    return past * (elapsed / 2 + index / count / 2);
  };
  const stretches = key.Materials.map((material, index): Stretch => {
    const following = key.Materials[index + 1];
    return {
      material,
      number: index + 1,
      from: place(material, index),
      to: following ? place(following, index + 1) : past,
      ...(following ? { until: following.CreationDate } : {}),
    };
  });
  return {
    stretches,
    marks: [
      { kind: 'created', at: 0, time: key.CreationDate },
      { kind: 'now', at: past, time: now },
      ...(next ? [next] : []),
    ],
  };
}
