import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useState } from 'react';
import { AccessKeyList, type MadeAccessKey, NewAccessKey } from '../../components/AccessKeyList.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { principalWords } from '../../lib/principals.ts';
import { useSession } from '../../lib/session.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';

/** The access keys: listed, made, switched, deleted. */
export function AccessKeys() {
  const principalArn = useSession((session) => session.principalArn);
  const owner = useSession((session) => session.acting?.owner ?? true);
  const loaded = useLoad(`access-keys ${principalArn}`, () => invoke('accessKeys.list', {}), ['audit.appended']);
  const [made, setMade] = useState<MadeAccessKey | null>(null);
  const make = useAction(async () => {
    setMade(await invoke('accessKeys.create', {}));
    loaded.reload();
  });
  useCommands([
    {
      id: 'access-key.create',
      title: 'Create an access key',
      keywords: 'credentials program cli sdk new make',
      group: 'Actions',
      run: () => void make.run(),
    },
  ]);
  return (
    <Section
      title="Access keys"
      lead="What programs sign their calls with. Each acts as whom it was made for, and its calls are in the activity under that name."
    >
      <Stack>
        {loaded.error ? <ErrorNotice error={loaded.error} onRetry={loaded.reload} /> : null}
        {loaded.data ? (
          <AccessKeyList
            keys={loaded.data.accessKeys}
            none="There is none yet: no program can call."
            onSetActive={async (accessKeyId, active) => {
              await invoke('accessKeys.setActive', { accessKeyId, active });
              loaded.reload();
            }}
            onDelete={async (accessKeyId) => {
              await invoke('accessKeys.delete', { accessKeyId });
              loaded.reload();
            }}
          />
        ) : null}
        {loaded.data || loaded.error ? null : <Skeleton height={60} />}
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <Group>
          <Button variant="default" loading={make.busy} onClick={() => void make.run()}>
            Make an access key
          </Button>
        </Group>
      </Stack>
      <NewAccessKey
        made={made}
        can={owner ? 'use every key of this vault' : `do what ${principalWords(principalArn)} may do`}
        onClose={() => setMade(null)}
      />
    </Section>
  );
}
