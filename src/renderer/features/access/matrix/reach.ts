import { IconCheck, IconCircleHalf2, type IconProps, IconX } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Reach } from '../../../../shared/kms/schemas/access.ts';

interface ReachFacts {
  readonly word: string;
  readonly means: string;
  readonly Icon: ComponentType<IconProps>;
}

/** How far somebody gets with an action, as a word, a sign and what it means. */
export const reachFacts: Readonly<Record<Reach, ReachFacts>> = {
  always: { word: 'Always', means: 'whatever the request says', Icon: IconCheck },
  conditional: { word: 'Depends', means: 'only when the conditions hold', Icon: IconCircleHalf2 },
  never: { word: 'Never', means: 'denied', Icon: IconX },
};
