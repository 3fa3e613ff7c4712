import { IconAlertTriangle, IconLoader, IconPlugConnected, IconPlugX } from '@tabler/icons-react';
import type { ConnectionState } from '../../../../shared/kms/enums.ts';
import { StateBadge, type StateLook } from '../../../components/StateBadge.tsx';

const looks: Readonly<Record<ConnectionState, StateLook>> = {
  CONNECTED: { word: 'Connected', icon: IconPlugConnected, color: 'green' },
  CONNECTING: { word: 'Connecting', icon: IconLoader, color: 'petrol' },
  FAILED: { word: 'Failed', icon: IconAlertTriangle, color: 'red' },
  DISCONNECTED: { word: 'Disconnected', icon: IconPlugX, color: 'gray' },
  DISCONNECTING: { word: 'Disconnecting', icon: IconLoader, color: 'petrol' },
};

/** The state of a key store's connection, said aloud when it changes. */
export function ConnectionBadge({ state }: { state: ConnectionState }) {
  return <StateBadge look={looks[state]} live />;
}
