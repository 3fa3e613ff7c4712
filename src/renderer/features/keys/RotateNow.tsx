import { Button, Modal, Stack, Text } from '@mantine/core';
import { DialogFoot } from '../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { plural } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useAction } from '../../lib/use-call.ts';
import { type KeyDetail, keyName } from './model.ts';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly detail: KeyDetail;
  readonly region: string;
}

/** Asks before a rotation on demand: of these a key has only so many. */
export function RotateNow({ opened, onClose, detail, region }: Props) {
  const input = { KeyId: detail.KeyId };
  const rotate = useAction(async () => {
    const answer = await kms('RotateKeyOnDemand', input, region);
    notifySuccess('From now on the key encrypts with its new material.', 'Key rotated', { answer });
    onClose();
  }, opened);
  return (
    <Modal opened={opened} onClose={onClose} title={`Rotate ${keyName(detail)} now`}>
      <Stack>
        <Text>
          The key gets new material and encrypts with it from now on. Everything encrypted before still opens, and no
          program has to change.
        </Text>
        <Text>
          This key has {plural(detail.OnDemandRotationsLeft, 'on-demand rotation')} left. Automatic rotations do not
          count.
        </Text>
        {rotate.error ? <ErrorNotice error={rotate.error} /> : null}
        <DialogFoot aside={<ShowAs operation="RotateKeyOnDemand" input={input} region={region} />}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={rotate.busy} onClick={() => void rotate.run()} data-autofocus>
            Rotate now
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
