import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { NewPassphrase } from '../../components/NewPassphrase.tsx';
import { PathField } from '../../components/PathField.tsx';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { formatBytes } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { useAction } from '../../lib/use-call.ts';
import { lockAndRestore } from '../lock/index.ts';

/** Writes a backup; leads to restoring one. */
export function Backup() {
  const home = useSession((session) => session.info?.homePath ?? '');
  const [folder, setFolder] = useState(home);
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const [written, setWritten] = useState<CallOutput<'vault.backup'>>();
  const [round, setRound] = useState(0);
  const backup = useAction(async () => {
    if (passphrase === null) return;
    setWritten(undefined);
    setWritten(await invoke('vault.backup', { folder, passphrase }));
    setPassphrase(null);
    setRound((count) => count + 1);
  });
  return (
    <>
      <Section
        title="Back up now"
        lead="One sealed file with the whole vault: keys, settings and the record. It is read back and checked after writing. Its passphrase need not be the vault's."
      >
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void backup.run();
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
            {backup.error ? <ErrorNotice error={backup.error} /> : null}
            {written ? (
              <Alert
                role="status"
                color="green"
                icon={<IconCheck size={18} aria-hidden />}
                title="The backup is written and checked"
              >
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
              <Button type="submit" disabled={folder === '' || passphrase === null} loading={backup.busy}>
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
