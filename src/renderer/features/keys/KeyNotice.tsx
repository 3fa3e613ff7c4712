import { Alert, Button, Group, Text } from '@mantine/core';
import { IconBan, IconClockExclamation } from '@tabler/icons-react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatDateTime } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useAction } from '../../lib/use-call.ts';
import type { KeyDetail } from './model.ts';

/** Says when the key cannot be used, until when that can be undone, and holds the button that undoes it. */
export function KeyNotice({ detail, region }: { detail: KeyDetail; region: string }) {
  const cancel = useAction(async () => {
    await kms('CancelKeyDeletion', { KeyId: detail.KeyId }, region);
    notifySuccess('The key stays. It is disabled; enable it to use it again.', 'Deletion cancelled');
  });
  const enable = useAction(async () => {
    await kms('EnableKey', { KeyId: detail.KeyId }, region);
    notifySuccess('The key can be used again.', 'Key enabled');
  });
  if (detail.KeyState === 'PendingDeletion' && detail.DeletionDate)
    return (
      <Alert color="red" mb="md" icon={<IconClockExclamation size={18} aria-hidden />} title="This key will be deleted">
        <Group justify="space-between">
          <Text component="div">
            <RelativeTime value={detail.DeletionDate} />, on {formatDateTime(detail.DeletionDate)}. Until then it can be
            kept; it cannot be used meanwhile.
          </Text>
          <Group gap="xs">
            <ShowAs operation="CancelKeyDeletion" input={{ KeyId: detail.KeyId }} region={region} />
            <Button variant="default" size="compact-sm" loading={cancel.busy} onClick={() => void cancel.run()}>
              Cancel deletion
            </Button>
          </Group>
        </Group>
        {cancel.error ? <ErrorNotice error={cancel.error} /> : null}
      </Alert>
    );
  if (detail.KeyState === 'Disabled')
    return (
      <Alert color="gray" mb="md" icon={<IconBan size={18} aria-hidden />} title="This key is disabled">
        <Group justify="space-between">
          <Text>It opens and encrypts nothing until it is enabled. Nothing is lost.</Text>
          <Group gap="xs">
            <ShowAs operation="EnableKey" input={{ KeyId: detail.KeyId }} region={region} />
            <Button variant="default" size="compact-sm" loading={enable.busy} onClick={() => void enable.run()}>
              Enable
            </Button>
          </Group>
        </Group>
        {enable.error ? <ErrorNotice error={enable.error} /> : null}
      </Alert>
    );
  return null;
}
