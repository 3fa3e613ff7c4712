import { Badge } from '@mantine/core';
import type { IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';

/** How a state is shown: a word, an icon and a colour, in that order of importance. */
export interface StateLook {
  readonly word: string;
  readonly icon: ComponentType<IconProps>;
  readonly color: string;
}

/** A state of something; `live` says it aloud when it changes. */
export function StateBadge({ look: { word, icon: Icon, color }, live = false }: { look: StateLook; live?: boolean }) {
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
