import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PathField } from '../../components/PathField.tsx';
import { invoke } from '../../lib/api.ts';
import { useAction } from '../../lib/use-call.ts';

/** Chooses the folder of another vault. */
export function ChooseForm({ onBack }: { onBack: () => void }) {
  const [path, setPath] = useState('');
  const choose = useAction(async () => {
    await invoke('vault.choose', { path });
    onBack();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (path !== '') void choose.run();
      }}
    >
      <Stack>
        <PathField label="Folder" value={path} onChange={setPath} pick="folder" pickTitle="Choose a vault's folder" />
        {choose.error ? <ErrorNotice error={choose.error} /> : null}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack}>
            Back
          </Button>
          <Button type="submit" disabled={path === ''} loading={choose.busy}>
            Open the folder
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
