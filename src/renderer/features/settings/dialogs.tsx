import { Button, Checkbox, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { ConfirmRecovery } from '../../components/ConfirmRecovery.tsx';
import { ConfirmRemoval } from '../../components/ConfirmRemoval.tsx';
import { DialogFoot } from '../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FormActions } from '../../components/FormActions.tsx';
import { NewPassphrase } from '../../components/NewPassphrase.tsx';
import { RecoveryCode } from '../../components/RecoveryCode.tsx';
import { invoke } from '../../lib/api.ts';
import { codeOf } from '../../lib/errors.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { useAction } from '../../lib/use-call.ts';

type Slot = CallOutput<'vault.slots'>['slots'][number];

/** Each dialog's body is made when it opens and dropped when it closes, with whatever was typed into it. */
export function AddPassphrase({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Add a passphrase">
      <AddPassphraseBody onClose={onClose} />
    </Modal>
  );
}

function AddPassphraseBody({ onClose }: { onClose: () => void }) {
  const [secret, setSecret] = useState<string | null>(null);
  const add = useAction(async () => {
    if (secret === null) return;
    await invoke('vault.addSlot', { kind: 'passphrase', secret });
    notifySuccess('The new passphrase opens the vault now.');
    onClose();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void add.run();
      }}
    >
      <Stack>
        <NewPassphrase label="New passphrase" onChange={setSecret} />
        {add.error ? <ErrorNotice error={add.error} /> : null}
        <FormActions onCancel={onClose} text="Add" disabled={secret === null} busy={add.busy} />
      </Stack>
    </form>
  );
}

export function ChangePassphrase({ slotId, onClose }: { slotId: string | null; onClose: () => void }) {
  return (
    <Modal opened={slotId !== null} onClose={onClose} title="Change the passphrase">
      {slotId === null ? null : <ChangePassphraseBody slotId={slotId} onClose={onClose} />}
    </Modal>
  );
}

function ChangePassphraseBody({ slotId, onClose }: { slotId: string; onClose: () => void }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState<string | null>(null);
  const change = useAction(async () => {
    if (next === null) return;
    await invoke('vault.changePassphrase', { slotId, current, next });
    notifySuccess('The passphrase was changed. The old one no longer opens the vault.');
    onClose();
  });
  const wrong = codeOf(change.error) === 'WrongPassphrase';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void change.run();
      }}
    >
      <Stack>
        <PasswordInput
          label="Current passphrase"
          value={current}
          autoComplete="current-password"
          error={wrong ? change.error?.message : undefined}
          data-autofocus
          onChange={(event) => {
            setCurrent(event.currentTarget.value);
            change.clear();
          }}
        />
        <NewPassphrase label="New passphrase" onChange={setNext} />
        <Text size="xs" c="dimmed">
          Backups that were made before keep the passphrase they were made with.
        </Text>
        {change.error && !wrong ? <ErrorNotice error={change.error} /> : null}
        <FormActions onCancel={onClose} text="Change" disabled={current === '' || next === null} busy={change.busy} />
      </Stack>
    </form>
  );
}

export function RemoveSlot({ slot, title, onClose }: { slot: Slot | null; title: string; onClose: () => void }) {
  const remove = async () => {
    if (!slot) return;
    await invoke('vault.removeSlot', { slotId: slot.id });
    notifySuccess(`${title} no longer opens the vault.`);
  };
  return (
    <ConfirmRemoval
      opened={slot !== null}
      onClose={onClose}
      title={`Remove: ${title}`}
      confirmText="Remove"
      onConfirm={remove}
    >
      It will no longer open this vault. Your keys and files stay as they are, and so do the other ways in.
    </ConfirmRemoval>
  );
}

interface RecoveryProps {
  readonly onClose: () => void;
  readonly slots: readonly Slot[];
}

export function NewRecoveryCode({ opened, ...props }: RecoveryProps & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      title="Make a recovery code"
      size="lg"
      // A click beside the dialog must not throw away a code that is shown this once.
      closeOnClickOutside={false}
    >
      <NewRecoveryCodeBody {...props} />
    </Modal>
  );
}

function NewRecoveryCodeBody({ onClose, slots }: RecoveryProps) {
  // The codes that were there before; a new one can take their place.
  const [older] = useState(() => slots.filter((slot) => slot.kind === 'recovery'));
  const [replace, setReplace] = useState(true);
  const [code, setCode] = useState<string>();
  const [asking, setAsking] = useState(false);
  const status = useSession((session) => session.status);
  const make = useAction(async () => {
    const { recoveryCode } = await invoke('vault.addSlot', { kind: 'recovery' });
    setCode(recoveryCode);
  });
  const finish = useAction(async () => {
    if (replace) for (const slot of older) await invoke('vault.removeSlot', { slotId: slot.id });
    notifySuccess('The new recovery code opens the vault.');
    onClose();
  });
  if (code === undefined)
    return (
      <Stack>
        <Text>
          A new code opens the vault when the passphrase is forgotten. It is shown once, to be printed or saved.
        </Text>
        {older.length > 0 ? (
          <Checkbox
            label="The old recovery code stops working once the new one is confirmed"
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
          />
        ) : null}
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <DialogFoot>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={make.busy} onClick={() => void make.run()}>
            Make the code
          </Button>
        </DialogFoot>
      </Stack>
    );
  if (asking)
    return (
      <Stack>
        <ConfirmRecovery
          groupCount={code.split('-').length}
          onConfirmed={() => void finish.run()}
          back={
            <Button variant="default" onClick={() => setAsking(false)}>
              Show the code again
            </Button>
          }
        />
        {finish.error ? <ErrorNotice error={finish.error} onRetry={() => void finish.run()} /> : null}
      </Stack>
    );
  return (
    <Stack>
      <RecoveryCode
        code={code}
        vaultName={status?.state === 'open' ? status.name : ''}
        vaultPath={status?.path ?? ''}
      />
      <DialogFoot>
        <Button onClick={() => setAsking(true)}>I have it</Button>
      </DialogFoot>
    </Stack>
  );
}
