import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { NewPassphrase } from '../../components/NewPassphrase.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Section } from '../../components/Section.tsx';
import { VaultProgress } from '../../components/VaultProgress.tsx';
import { invoke } from '../../lib/api.ts';
import { formatBytes } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { lockAndRestore } from '../lock/index.ts';
import { backUp, useShownBackup, WRITTEN } from './backup-store.ts';

/** Writes a backup; leads to restoring one. */
export function Backup() {
  const home = useSession((session) => session.info?.homePath ?? '');
  const [folder, setFolder] = useState(home);
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const [round, setRound] = useState(0);
  const { busy, written, error } = useShownBackup();
  const start = async () => {
    if (busy || passphrase === null || !(await backUp(folder, passphrase))) return;
    setPassphrase(null);
    setRound((count) => count + 1);
  };
  return (
    <>
      <Section
        title="Back up now"
        lead="One sealed file with the whole vault: keys, settings and the trail. It is read back and checked after writing. Its passphrase need not be the vault's."
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void start();
          }}
        >
          <Stack>
            <PathField
              label="Folder for the backup"
              description="Best on another disk"
              value={folder}
              onChange={setFolder}
              pick="folder"
              pickTitle="Where should the backup go?"
            />
            <NewPassphrase key={round} label="Passphrase for the backup" onChange={setPassphrase} />
            {busy ? <VaultProgress job="backup" /> : null}
            {error ? <ErrorNotice error={error} /> : null}
            {written ? (
              <Alert role="status" color="green" icon={<IconCheck size={18} aria-hidden />} title={WRITTEN}>
                <div style={{ overflowWrap: 'anywhere' }}>
                  {written.path} ({formatBytes(written.bytes)})
                </div>
                <Button
                  mt="xs"
                  size="compact-sm"
                  variant="default"
                  onClick={() => void invoke('app.reveal', { path: written.path }).catch(notifyError)}
                >
                  Show in the file manager
                </Button>
              </Alert>
            ) : null}
            <Group>
              <Button type="submit" disabled={folder === '' || passphrase === null} loading={busy}>
                Back up now
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      <Section
        title="Restore"
        lead="A backup is restored into a new folder, never over a vault that exists. This vault is locked first and stays where it is."
      >
        <Button variant="default" onClick={() => void lockAndRestore()}>
          Lock and restore a backup
        </Button>
      </Section>
    </>
  );
}
