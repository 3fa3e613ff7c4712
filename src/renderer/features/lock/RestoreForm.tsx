import { Button, Group, PasswordInput, Stack } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PathField } from '../../components/PathField.tsx';
import { VaultProgress } from '../../components/VaultProgress.tsx';
import { invoke } from '../../lib/api.ts';
import { codeOf } from '../../lib/errors.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { inNewFolder } from '../../lib/paths.ts';
import { unlessCancelled } from '../../lib/progress.ts';
import { useAction } from '../../lib/use-call.ts';
import { showLockView } from './lock-vault.ts';

/** Restores a backup file into a new folder, which is then the chosen vault. */
export function RestoreForm({ onBack }: { onBack: () => void }) {
  const [file, setFile] = useState('');
  const [path, setPath] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const restore = useAction(async () => {
    if (!(await unlessCancelled(invoke('vault.restore', { file, passphrase, path })))) return;
    setPassphrase('');
    showLockView('unlock');
    notifySuccess(
      'The passphrase of the backup opens it, and nothing else yet. Make a recovery code for it in Settings.',
      'The backup was restored',
    );
  });
  const wrong = codeOf(restore.error) === 'WrongPassphrase';
  const complete = file !== '' && path !== '' && passphrase !== '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void restore.run();
      }}
    >
      <Stack>
        <PathField
          label="Backup file"
          value={file}
          onChange={setFile}
          pick="files"
          pickTitle="Choose a backup of a vault"
        />
        <PasswordInput
          label="Passphrase of the backup"
          description="The one given when the backup was made. It will open the restored vault; the old passphrase and recovery code will not."
          value={passphrase}
          error={wrong ? restore.error?.message : undefined}
          autoComplete="off"
          onChange={(event) => {
            setPassphrase(event.currentTarget.value);
            restore.clear();
          }}
        />
        <PathField
          label="New folder for the vault"
          description="A new or empty folder"
          value={path}
          onChange={setPath}
          pick="folder"
          pickTitle="Where should the restored vault live?"
          fromPicked={(picked) => inNewFolder(picked, 'coffer-vault')}
        />
        {restore.error && !wrong ? <ErrorNotice error={restore.error} /> : null}
        {restore.busy ? <VaultProgress job="restore" /> : null}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack} disabled={restore.busy}>
            Back
          </Button>
          <Button type="submit" disabled={!complete} loading={restore.busy}>
            Restore
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
