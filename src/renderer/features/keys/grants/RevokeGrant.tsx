import { Button, Code, Modal, Stack, Text } from '@mantine/core';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import type { KeyDetail } from '../model.ts';
import { type Grant, granteeOf } from './grants.ts';

interface Props {
  readonly grant: Grant | undefined;
  readonly onClose: () => void;
  readonly detail: KeyDetail;
  readonly region: string;
}

/** Asks before a grant is taken back. */
export function RevokeGrant({ grant, onClose, detail, region }: Props) {
  const input = { KeyId: detail.KeyId, GrantId: grant?.GrantId ?? '' };
  const revoke = useAction(async () => {
    const answer = await kms('RevokeGrant', input, region);
    notifySuccess('What only this grant allowed is refused from now on.', 'Grant revoked', { answer });
    onClose();
  }, grant !== undefined);
  return (
    <Modal opened={grant !== undefined} onClose={onClose} title="Revoke the grant">
      <Stack>
        {grant ? (
          <Text component="div" style={{ overflowWrap: 'anywhere' }}>
            <Code>{granteeOf(grant)}</Code> may then no longer call {grant.Operations.join(', ')} with this key, unless
            its policy or another grant allows it.
          </Text>
        ) : null}
        {revoke.error ? <ErrorNotice error={revoke.error} /> : null}
        <DialogFoot aside={<ShowAs operation="RevokeGrant" input={input} region={region} />}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={revoke.busy} onClick={() => void revoke.run()}>
            Revoke grant
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
