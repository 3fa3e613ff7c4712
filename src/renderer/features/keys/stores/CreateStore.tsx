import { Button, Modal, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { customKeyStoreTypes } from '../../../../shared/kms/enums.ts';
import { Choices } from '../../../components/Choices.tsx';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import { createInput, emptyDraft, isComplete, type StoreDraft, withoutSecrets } from './draft.ts';
import { StoreFields } from './StoreFields.tsx';
import { typeWords } from './stores.ts';
import { TokenModule } from './TokenModule.tsx';
import type { TokenModuleState } from './use-token-module.ts';

interface Props {
  readonly region: string;
  readonly module: TokenModuleState;
  readonly onClose: () => void;
}

/** Makes a key store of either type. */
export function CreateStore({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={props.onClose}
      title="Create a key store"
      size="xl"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Form {...props} />
    </Modal>
  );
}

/** Made when the dialog opens and dropped when it closes, with the secrets that were typed into it. */
function Form({ region, module, onClose }: Props) {
  const [draft, setDraft] = useState(emptyDraft);
  const create = useAction(async () => {
    const answer = await kms('CreateCustomKeyStore', createInput(draft), region);
    notifySuccess('Connect it, and keys can be made in it.', 'Key store created', { answer });
    onClose();
  });
  const change = (changes: Partial<StoreDraft>) => setDraft((old) => ({ ...old, ...changes }));
  const ready = isComplete(draft);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void create.run();
      }}
    >
      <Stack>
        <Choices
          label="What is behind it"
          value={draft.type}
          onChange={(type) => {
            create.clear();
            change({ type, pin: '', secret: '' });
          }}
          choices={customKeyStoreTypes.map((type) => ({
            value: type,
            title: typeWords[type].name,
            code: type,
            line: typeWords[type].line,
          }))}
        />
        {draft.type === 'AWS_CLOUDHSM' ? (
          <Paper withBorder p="sm" component="section" aria-label="PKCS#11 module">
            <TokenModule state={module} />
          </Paper>
        ) : null}
        <StoreFields draft={draft} change={change} tokens={module.tokens.data ?? []} />
        <Text size="xs" c="dimmed">
          {draft.type === 'AWS_CLOUDHSM'
            ? 'Coffer looks for the token now, and tries the PIN when the key store is connected.'
            : 'Coffer asks the proxy now whether it works.'}{' '}
          Keys in it open nothing without what is behind it: back that up, too.
        </Text>
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <DialogFoot
          aside={<ShowAs operation="CreateCustomKeyStore" input={createInput(withoutSecrets(draft))} region={region} />}
        >
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.busy} disabled={!ready}>
            Create key store
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
