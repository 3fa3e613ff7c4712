import { Alert, Button, Group, Text } from '@mantine/core';
import { IconBan, IconClockExclamation, IconDownload, IconLoader, IconUnlink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { DAY_MS } from '../../../shared/time.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatDateTime } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { keyPath, navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-call.ts';
import type { KeyDetail } from './model.ts';
import { undoEnable } from './undo.ts';

/** So long before it expires, imported material is spoken of on every part of the key's page. */
const EXPIRES_SOON_MS = 30 * DAY_MS;

/** Says when the key cannot be used or soon cannot, until when that can be undone, and holds the button that undoes it. */
export function KeyNotice({ detail, region }: { detail: KeyDetail; region: string }) {
  const enable = useAction(async () => {
    const answer = await kms('EnableKey', { KeyId: detail.KeyId }, region);
    notifySuccess('The key can be used again.', 'Key enabled', { answer, undo: undoEnable(detail, region) });
  });
  if (detail.KeyState === 'PendingDeletion' && detail.DeletionDate)
    return (
      <DeletionNotice title="This key will be deleted" detail={detail} region={region}>
        On {formatDateTime(detail.DeletionDate)}, <RelativeTime value={detail.DeletionDate} plain />.
      </DeletionNotice>
    );
  if (detail.KeyState === 'PendingReplicaDeletion')
    return (
      <DeletionNotice title="This key will be deleted after its replicas" detail={detail} region={region}>
        Its waiting period
        {detail.PendingDeletionWindowInDays ? ` of ${detail.PendingDeletionWindowInDays} days` : ''} begins once the
        last replica is deleted.
      </DeletionNotice>
    );
  if (detail.KeyState === 'PendingImport')
    return (
      <Alert color="yellow" mb="md" icon={<IconDownload size={18} aria-hidden />} title="This key has no material">
        <Group justify="space-between">
          <Text>It waits for the material you import, and can be used from then on.</Text>
          <Button variant="default" size="compact-sm" onClick={() => navigate(keyPath(detail.KeyId, 'import'))}>
            Import material
          </Button>
        </Group>
      </Alert>
    );
  if (detail.KeyState === 'Creating' || detail.KeyState === 'Updating')
    return (
      <Alert
        color="petrol"
        mb="md"
        icon={<IconLoader size={18} aria-hidden />}
        title={detail.KeyState === 'Creating' ? 'This key is being made' : 'This key is being updated'}
      >
        <Text>A few seconds, as at AWS.</Text>
      </Alert>
    );
  if (detail.KeyState === 'Unavailable')
    return (
      <Alert color="yellow" mb="md" icon={<IconUnlink size={18} aria-hidden />} title="This key cannot be reached">
        <Group justify="space-between">
          <Text>Its custom key store is not connected. It can be used again once the key store is.</Text>
          <Button variant="default" size="compact-sm" onClick={() => navigate('/key-stores')}>
            Key stores
          </Button>
        </Group>
      </Alert>
    );
  if (detail.KeyState === 'Disabled')
    return (
      <Alert color="gray" mb="md" icon={<IconBan size={18} aria-hidden />} title="This key is disabled">
        <Group justify="space-between">
          <Text>It cannot be used until it is enabled. Nothing is lost.</Text>
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
  const expires = detail.MaterialExpirationDate;
  if (detail.KeyState === 'Enabled' && expires && expires.getTime() - Date.now() < EXPIRES_SOON_MS)
    return (
      <Alert
        color="yellow"
        mb="md"
        icon={<IconClockExclamation size={18} aria-hidden />}
        title="The material of this key expires"
      >
        <Group justify="space-between">
          <Text component="div">
            On {formatDateTime(expires)}, <RelativeTime value={expires} plain />. From then on the key cannot be used
            until the same material is imported again.
          </Text>
          <Button variant="default" size="compact-sm" onClick={() => navigate(keyPath(detail.KeyId, 'import'))}>
            Import it again
          </Button>
        </Group>
      </Alert>
    );
  return null;
}

interface DeletionNoticeProps {
  readonly title: string;
  readonly detail: KeyDetail;
  readonly region: string;
  /** When it will be. */
  readonly children: ReactNode;
}

/** A key on its way out, and the button that keeps it. */
function DeletionNotice({ title, detail, region, children }: DeletionNoticeProps) {
  const cancel = useAction(async () => {
    const answer = await kms('CancelKeyDeletion', { KeyId: detail.KeyId }, region);
    notifySuccess('The key stays. It is disabled; enable it to use it again.', 'Deletion cancelled', { answer });
  });
  return (
    <Alert color="red" mb="md" icon={<IconClockExclamation size={18} aria-hidden />} title={title}>
      <Group justify="space-between">
        <Text component="div">
          {children} Until then the deletion can be cancelled; meanwhile the key cannot be used.
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
}
