import { Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { FormActions } from '../../../components/FormActions.tsx';
import { iam } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import { asRootOf, ownerInput, type Person } from '../model.ts';
import { ShowTwoCodes } from './ShowTwoCodes.tsx';
import { type Codes, complete, TwoCodes } from './TwoCodes.tsx';

interface Props {
  readonly person: Person;
  readonly onClose: () => void;
}

/** Learns how far a device's clock is off. */
export function ResyncDevice({ serial, ...props }: Props & { serial: string | null }) {
  return (
    <Modal opened={serial !== null} onClose={props.onClose} title="Its codes are not taken">
      {serial === null ? null : <Body {...props} serial={serial} />}
    </Modal>
  );
}

function Body({ person, serial, onClose }: Props & { serial: string }) {
  const [codes, setCodes] = useState<Codes>(['', '']);
  const [AuthenticationCode1, AuthenticationCode2] = codes;
  const input = { ...ownerInput(person), SerialNumber: serial, AuthenticationCode1, AuthenticationCode2 };
  const resync = useAction(async () => {
    const answer = await iam('ResyncMFADevice', input, asRootOf(person.accountId));
    notifySuccess('Its codes are taken again.', 'MFA device synchronised', { answer });
    onClose();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete(codes)) void resync.run();
      }}
    >
      <Stack>
        <Text>
          When the clocks of the phone and this computer differ, its codes belong to another moment. Two codes that
          follow each other say by how much.
        </Text>
        <TwoCodes value={codes} onChange={setCodes} />
        {resync.error ? <ErrorNotice error={resync.error} /> : null}
        <FormActions text="Synchronise" onCancel={onClose} disabled={!complete(codes)} busy={resync.busy}>
          <ShowTwoCodes operation="ResyncMFADevice" input={input} />
        </FormActions>
      </Stack>
    </form>
  );
}
