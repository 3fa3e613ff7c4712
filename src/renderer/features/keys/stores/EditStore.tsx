import { Button, Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useAction } from '../../../lib/use-call.ts';
import { draftOf, isComplete, type StoreDraft, updateInput, withoutSecrets } from './draft.ts';
import { StoreFields } from './StoreFields.tsx';
import type { KeyStore } from './stores.ts';
import type { Token } from './use-token-module.ts';

interface Props {
  readonly region: string;
  readonly tokens: readonly Token[];
  readonly onClose: () => void;
}

/** Changes a key store's name and what it reaches its backing by. */
export function EditStore({ store, ...props }: Props & { store: KeyStore | undefined }) {
  return (
    <Modal
      opened={store !== undefined}
      onClose={props.onClose}
      title={`Edit ${store?.CustomKeyStoreName ?? ''}`}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {store ? <Form store={store} {...props} /> : null}
    </Modal>
  );
}

/** Made when the dialog opens and dropped when it closes, with the secrets that were typed into it. */
function Form({ store, region, tokens, onClose }: Props & { store: KeyStore }) {
  const [draft, setDraft] = useState(() => draftOf(store));
  const input = updateInput(store, draft);
  const changed = Object.keys(input).length > 1;
  const ready = changed && isComplete(draft, store);
  const update = useAction(async () => {
    const answer = await kms('UpdateCustomKeyStore', input, region);
    notifySuccess('The key store is changed.', undefined, { answer });
    onClose();
  });
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void update.run();
      }}
    >
      <Stack>
        <StoreFields
          draft={draft}
          change={(changes: Partial<StoreDraft>) => setDraft((old) => ({ ...old, ...changes }))}
          store={store}
          tokens={tokens}
        />
        {update.error ? <ErrorNotice error={update.error} /> : null}
        <DialogFoot
          aside={
            <ShowAs
              operation="UpdateCustomKeyStore"
              input={updateInput(store, withoutSecrets(draft))}
              region={region}
            />
          }
        >
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={update.busy} disabled={!ready}>
            Save
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
