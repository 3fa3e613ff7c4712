import { Badge } from '@mantine/core';
import type { IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { RowBadge } from './RowBadge.tsx';

/** How a state is shown: a word, an icon and a colour, in that order of importance. */
export interface StateLook {
  readonly word: string;
  readonly icon: ComponentType<IconProps>;
  readonly color: string;
}

interface Props {
  readonly look: StateLook;
  /** Says it aloud when it changes. */
  readonly live?: boolean;
  /** For a row of a long list. */
  readonly plain?: boolean;
}

/** A state of something. */
export function StateBadge({ look: { word, icon: Icon, color }, live = false, plain = false }: Props) {
  if (plain)
    return (
      <RowBadge color={color} icon={<Icon size={13} aria-hidden />}>
        {word}
      </RowBadge>
    );
  return (
    <Badge
      variant="light"
      color={color}
      leftSection={<Icon size={13} aria-hidden />}
      {...(live ? { role: 'status' } : {})}
    >
      {word}
    </Badge>
  );
}
