import { Alert, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { DAY_MS } from '../../../shared/time.ts';
import { ConfirmDestructive } from '../../components/ConfirmDestructive.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatDate, plural } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { WaitingPeriodField, waitingDays } from './days.tsx';
import { deedsOf } from './deeds.ts';
import { Dependents } from './dependents/Dependents.tsx';
import { materialFacts } from './dependents/facts.ts';
import { type KeyDetail, keyName } from './model.ts';
import { undoDeletion } from './undo.ts';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly detail: KeyDetail;
  readonly region: string;
}

/** Asks before a deletion is scheduled, naming what will stop working. */
export function ScheduleDeletion({ opened, onClose, detail, region }: Props) {
  const [days, setDays] = useState<string | number>(limits.deletionWindow.default);
  const window = waitingDays(days);
  const input = { KeyId: detail.KeyId, PendingWindowInDays: window ?? limits.deletionWindow.default };

  async function schedule(): Promise<void> {
    if (window === null) return;
    const answer = await kms('ScheduleKeyDeletion', input, region);
    // Without a date while replicas in other Regions hold the deletion up.
    const when = answer.DeletionDate ? `on ${formatDate(answer.DeletionDate)}` : 'after its replicas';
    notifySuccess(`The key will be deleted ${when}.`, 'Deletion scheduled', {
      answer,
      undo: undoDeletion(detail, region),
    });
    onClose();
  }
  return (
    <ConfirmDestructive
      opened={opened}
      onClose={onClose}
      title="Schedule the key's deletion"
      confirmText="Schedule deletion"
      typed={keyName(detail)}
      onConfirm={schedule}
      showAs={<ShowAs operation="ScheduleKeyDeletion" input={input} region={region} />}
    >
      <Stack>
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="What will stop working">
          {opened ? (
            <Dependents
              detail={detail}
              act="delete"
              lead={[
                `From now on the key ${deedsOf(detail).nothing}.`,
                `After the deletion ${deedsOf(detail).lost}.`,
                ...materialFacts(detail),
              ]}
            />
          ) : null}
        </Alert>
        <WaitingPeriodField value={days} onChange={setDays} />
        {window ? (
          <Text>
            Deleted on {formatDate(Date.now() + window * DAY_MS)}, for good
            {detail.MultiRegion ? `; while it has replicas, ${plural(window, 'day')} after the last of them` : ''}.
          </Text>
        ) : null}
      </Stack>
    </ConfirmDestructive>
  );
}
