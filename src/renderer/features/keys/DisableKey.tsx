import { Button, Modal, Stack, Text } from '@mantine/core';
import { DialogFoot } from '../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useAction } from '../../lib/use-call.ts';
import { deedsOf } from './deeds.ts';
import { Dependents } from './dependents/Dependents.tsx';
import { type KeyDetail, keyName } from './model.ts';
import { undoDisable } from './undo.ts';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly detail: KeyDetail;
  readonly region: string;
}

/** Asks before a key is disabled: programs that use it are refused from then on. */
export function DisableKey({ opened, onClose, detail, region }: Props) {
  const input = { KeyId: detail.KeyId };
  const disable = useAction(async () => {
    const answer = await kms('DisableKey', input, region);
    notifySuccess('It cannot be used until it is enabled again.', 'Key disabled', {
      answer,
      undo: undoDisable(detail, region),
    });
    onClose();
  }, opened);
  return (
    <Modal opened={opened} onClose={onClose} title="Disable the key" size="lg">
      <Stack>
        <Text style={{ overflowWrap: 'anywhere' }}>
          From then on <b>{keyName(detail)}</b> {deedsOf(detail).nothing}. Nothing is lost, and enabling it takes a
          click.
        </Text>
        {opened ? <Dependents detail={detail} act="pause" /> : null}
        {disable.error ? <ErrorNotice error={disable.error} /> : null}
        <DialogFoot aside={<ShowAs operation="DisableKey" input={input} region={region} />}>
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button loading={disable.busy} onClick={() => void disable.run()} data-autofocus>
            Disable key
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
