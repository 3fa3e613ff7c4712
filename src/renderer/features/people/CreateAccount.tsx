import { Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FormActions } from '../../components/FormActions.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { iam } from '../../lib/api.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useAction } from '../../lib/use-call.ts';

/** Makes another account in the vault, with a root and keys of its own. */
export function CreateAccount({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create an account">
      <Body onClose={onClose} />
    </Modal>
  );
}

function Body({ onClose }: { onClose: () => void }) {
  const [number, setNumber] = useState('');
  const problem = number === '' || /^\d{12}$/.test(number) ? null : 'An account has 12 digits.';
  const create = useAction(async () => {
    const answer = await iam('CreateAccount', number === '' ? {} : { AccountId: number });
    notifySuccess(`Account ${answer.AccountId} has a root of its own and no keys yet.`, 'Account created', { answer });
    onClose();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) void create.run();
      }}
    >
      <Stack>
        <Text>
          A second account shows what crosses accounts and what does not: its keys, users and roles are apart from
          yours, and each side has to allow what they share.
        </Text>
        <TextInput
          label="Account number"
          description="12 digits; left empty, one is chosen."
          value={number}
          error={problem}
          onChange={(event) => setNumber(event.currentTarget.value.trim())}
          inputMode="numeric"
          data-autofocus
        />
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <FormActions text="Create account" onCancel={onClose} disabled={problem !== null} busy={create.busy}>
          <ShowAs
            service="organizations"
            operation="CreateAccount"
            input={{ Email: 'NAME@example.com', AccountName: 'NAME' }}
            region=""
            note="The nearest that AWS has, for who runs an organization: it chooses the number, and its root is whoever has the address."
          />
        </FormActions>
      </Stack>
    </form>
  );
}
