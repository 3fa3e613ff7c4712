import { Button, Code, Modal, Stack, Text } from '@mantine/core';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import { type Grant, granteeOf } from './grants.ts';

interface Props {
  readonly grant: Grant | undefined;
  readonly onClose: () => void;
  readonly region: string;
}

/** Asks before a grant is ended by whom the grant itself lets end it. */
export function RetireGrant({ grant, onClose, region }: Props) {
  const input = { KeyId: grant?.KeyId ?? '', GrantId: grant?.GrantId ?? '' };
  const retire = useAction(async () => {
    const answer = await kms('RetireGrant', input, region);
    notifySuccess('What only this grant allowed is refused from now on.', 'Grant retired', { answer });
    onClose();
  }, grant !== undefined);
  return (
    <Modal opened={grant !== undefined} onClose={onClose} title="Retire the grant">
      <Stack>
        {grant ? (
          <Text component="div" style={{ overflowWrap: 'anywhere' }}>
            <Code>{granteeOf(grant)}</Code> may then no longer call {grant.Operations.join(', ')} with the key, unless
            its policy or another grant allows it. The grant itself says who may retire it; the key policy is not asked.
          </Text>
        ) : null}
        {retire.error ? <ErrorNotice error={retire.error} /> : null}
        <DialogFoot aside={<ShowAs operation="RetireGrant" input={input} region={region} />}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep it
          </Button>
          <Button color="red" loading={retire.busy} onClick={() => void retire.run()}>
            Retire grant
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
