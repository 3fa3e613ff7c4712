import {
  IconBan,
  IconCircleCheck,
  IconClockExclamation,
  IconDownload,
  IconLoader,
  IconUnlink,
} from '@tabler/icons-react';
import type { KeyState } from '../../shared/kms/enums.ts';
import { StateBadge, type StateLook } from './StateBadge.tsx';

/** How each key state is shown. */
export const keyStateLooks: Readonly<Record<KeyState, StateLook>> = {
  Enabled: { word: 'Enabled', icon: IconCircleCheck, color: 'green' },
  Disabled: { word: 'Disabled', icon: IconBan, color: 'gray' },
  PendingDeletion: { word: 'Pending deletion', icon: IconClockExclamation, color: 'red' },
  PendingReplicaDeletion: { word: 'Pending replica deletion', icon: IconClockExclamation, color: 'red' },
  PendingImport: { word: 'Pending import', icon: IconDownload, color: 'yellow' },
  Creating: { word: 'Creating', icon: IconLoader, color: 'petrol' },
  Updating: { word: 'Updating', icon: IconLoader, color: 'petrol' },
  Unavailable: { word: 'Unavailable', icon: IconUnlink, color: 'yellow' },
};

/** The state of a key; `plain` for a row of a long list. */
export function KeyStateBadge({ state, plain = false }: { state: KeyState; plain?: boolean }) {
  return <StateBadge look={keyStateLooks[state]} plain={plain} />;
}
