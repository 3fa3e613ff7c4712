import { IconClockX, type IconProps, IconRefresh, IconTrash } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { plural } from '../../../lib/format.ts';
import type { Counts, EventKind } from './events.ts';
import { eventKinds } from './events.ts';

/** How each kind of event is shown: a sign and words, and a colour that says no more than they. */
export const eventLooks: Readonly<
  Record<
    EventKind,
    { icon: ComponentType<IconProps>; color: string; title: string; one: string; many: string; says: string }
  >
> = {
  rotation: {
    icon: IconRefresh,
    color: 'petrol',
    title: 'Rotations',
    one: 'rotation',
    many: 'rotations',
    says: 'Rotates',
  },
  expiry: {
    icon: IconClockX,
    color: 'yellow',
    title: 'Expiries',
    one: 'expiry of imported material',
    many: 'expiries of imported material',
    says: 'Its imported material expires',
  },
  deletion: {
    icon: IconTrash,
    color: 'red',
    title: 'Deletions',
    one: 'deletion',
    many: 'deletions',
    says: 'Is deleted for good',
  },
};

/** `2 rotations, 1 deletion`, or that nothing comes. */
export function countWords(counts: Counts): string {
  const words = eventKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => plural(counts[kind], eventLooks[kind].one, eventLooks[kind].many));
  return words.length === 0 ? 'nothing' : words.join(', ');
}
