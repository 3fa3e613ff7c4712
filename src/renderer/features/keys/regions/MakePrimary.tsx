import { Button, Modal, Stack, Text } from '@mantine/core';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import type { KeyDetail } from '../model.ts';
import { undoMakePrimary } from '../undo.ts';

interface Props {
  readonly detail: KeyDetail;
  readonly primary: string;
  /** The Region whose replica becomes the primary key; undefined closes the dialog. */
  readonly to: string | undefined;
  readonly onClose: () => void;
}

/** Asks before the primary key moves to another Region. */
export function MakePrimary({ detail, primary, to, onClose }: Props) {
  const input = { KeyId: detail.KeyId, PrimaryRegion: to ?? '' };
  const move = useAction(async () => {
    const answer = await kms('UpdatePrimaryRegion', input, primary);
    notifySuccess(`The primary key is in ${input.PrimaryRegion} now; the one in ${primary} is a replica.`, undefined, {
      answer,
      undo: undoMakePrimary(detail, primary, input.PrimaryRegion),
    });
    onClose();
  }, to !== undefined);
  return (
    <Modal opened={to !== undefined} onClose={onClose} title={`Make ${to ?? ''} the primary Region`}>
      <Stack>
        <Text>
          The primary key manages rotation and new replicas. Encrypting and decrypting go on in every Region; the key in{' '}
          {primary} becomes a replica.
        </Text>
        {move.error ? <ErrorNotice error={move.error} /> : null}
        <DialogFoot aside={<ShowAs operation="UpdatePrimaryRegion" input={input} region={primary} />}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={move.busy} onClick={() => void move.run()} data-autofocus>
            Make primary
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
