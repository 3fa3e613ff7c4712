import { Badge } from '@mantine/core';
import { IconAlertTriangle, IconLoader, IconPlugConnected, IconPlugX, type IconProps } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { ConnectionState } from '../../../../shared/kms/enums.ts';

const looks: Readonly<
  Record<ConnectionState, { readonly word: string; readonly icon: ComponentType<IconProps>; readonly color: string }>
> = {
  CONNECTED: { word: 'Connected', icon: IconPlugConnected, color: 'green' },
  CONNECTING: { word: 'Connecting', icon: IconLoader, color: 'petrol' },
  FAILED: { word: 'Failed', icon: IconAlertTriangle, color: 'red' },
  DISCONNECTED: { word: 'Disconnected', icon: IconPlugX, color: 'gray' },
  DISCONNECTING: { word: 'Disconnecting', icon: IconLoader, color: 'petrol' },
};

/** The state of a key store's connection: a word, an icon and a colour. */
export function ConnectionBadge({ state }: { state: ConnectionState }) {
  const { word, icon: Icon, color } = looks[state];
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={13} aria-hidden />} role="status">
      {word}
    </Badge>
  );
}
