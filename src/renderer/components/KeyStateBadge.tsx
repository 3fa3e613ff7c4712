import { Badge } from '@mantine/core';
import {
  IconBan,
  IconCircleCheck,
  IconClockExclamation,
  IconDownload,
  IconLoader,
  type IconProps,
  IconUnlink,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { KeyState } from '../../shared/kms/enums.ts';

/** How each key state is shown: a word, an icon and a colour, in that order of importance. */
export const keyStateLooks: Readonly<
  Record<KeyState, { readonly word: string; readonly icon: ComponentType<IconProps>; readonly color: string }>
> = {
  Enabled: { word: 'Enabled', icon: IconCircleCheck, color: 'green' },
  Disabled: { word: 'Disabled', icon: IconBan, color: 'gray' },
  PendingDeletion: { word: 'Pending deletion', icon: IconClockExclamation, color: 'red' },
  PendingReplicaDeletion: { word: 'Pending replica deletion', icon: IconClockExclamation, color: 'red' },
  PendingImport: { word: 'Pending import', icon: IconDownload, color: 'yellow' },
  Creating: { word: 'Creating', icon: IconLoader, color: 'petrol' },
  Updating: { word: 'Updating', icon: IconLoader, color: 'petrol' },
  Unavailable: { word: 'Unavailable', icon: IconUnlink, color: 'yellow' },
};

export function KeyStateBadge({ state }: { state: KeyState }) {
  const { word, icon: Icon, color } = keyStateLooks[state];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={13} aria-hidden />}>
      {word}
    </Badge>
  );
}
