import { Modal, PasswordInput, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { FormActions } from '../../../components/FormActions.tsx';
import { invoke } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import { deviceName } from '../looks.ts';

type Kind = 'passphrase' | 'recovery';

/** Removes a lost device of the vault's owner, against one of the vault's ways in. */
export function RecoverDevice({ serial, onClose }: { serial: string | null; onClose: () => void }) {
  return (
    <Modal opened={serial !== null} onClose={onClose} title="The MFA device is lost">
      {serial === null ? null : <Body serial={serial} onClose={onClose} />}
    </Modal>
  );
}

const wrong = new Set(['WrongPassphrase', 'WrongRecoveryCode', 'RecoveryCodeTypo', 'NoSuchSlot']);

function Body({ serial, onClose }: { serial: string; onClose: () => void }) {
  const [kind, setKind] = useState<Kind>('passphrase');
  const [secret, setSecret] = useState('');
  const recover = useAction(async () => {
    const answer = await invoke('people.recoverMfa', { serialNumber: serial, proof: { kind, secret } });
    notifySuccess('Its codes prove nothing any more. Add the device you have now.', 'Lost device removed', { answer });
    onClose();
  });
  const { error } = recover;
  const says = error && wrong.has(error.code) ? error.message : undefined;
  const field = {
    value: secret,
    error: says,
    'data-autofocus': true,
    onChange: (event: { currentTarget: { value: string } }) => {
      setSecret(event.currentTarget.value);
      recover.clear();
    },
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (secret !== '') void recover.run();
      }}
    >
      <Stack>
        <Text>
          You opened this vault, so you can do without {deviceName(serial)}: prove it once more by a way in of the
          vault, and the device is removed.
        </Text>
        <SegmentedControl
          aria-label="Way in"
          value={kind}
          onChange={(next) => {
            setKind(next as Kind);
            setSecret('');
            recover.clear();
          }}
          data={[
            { value: 'passphrase', label: 'Passphrase' },
            { value: 'recovery', label: 'Recovery code' },
          ]}
        />
        {kind === 'passphrase' ? (
          <PasswordInput label="Passphrase of the vault" autoComplete="current-password" {...field} />
        ) : (
          <TextInput
            label="Recovery code"
            autoComplete="off"
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            {...field}
          />
        )}
        {error && !says ? <ErrorNotice error={error} /> : null}
        <FormActions
          text="Remove the device"
          onCancel={onClose}
          disabled={secret === ''}
          busy={recover.busy}
          destroys
        />
      </Stack>
    </form>
  );
}
