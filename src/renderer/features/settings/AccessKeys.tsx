import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useState } from 'react';
import { parseArn } from '../../../shared/iam/arn.ts';
import { AccessKeyList, type KeyOwner, type MadeAccessKey, NewAccessKey } from '../../components/AccessKeyList.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Section } from '../../components/Section.tsx';
import { ShowIam } from '../../components/ShowIam.tsx';
import { invoke } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { principalWords } from '../../lib/principals.ts';
import { useSession } from '../../lib/session.ts';
import { rememberUndo } from '../../lib/undo.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';

/** How IAM names the owner of an access key. AWS gives a role none; a seed can. */
function keyOwner(principalArn: string): KeyOwner | null {
  const [kind, ...path] = parseArn(principalArn)?.resource.split('/') ?? [];
  if (kind === 'root') return {};
  const UserName = path.at(-1);
  return kind === 'user' && UserName !== undefined ? { UserName } : null;
}

/** The access keys: listed, made, switched, deleted. */
export function AccessKeys() {
  const principalArn = useSession((session) => session.principalArn);
  const owner = useSession((session) => session.acting?.owner ?? true);
  const isRole = useSession((session) => session.acting?.kind === 'role');
  const loaded = useLoad(`access-keys ${principalArn}`, () => invoke('accessKeys.list', {}), ['audit.appended']);
  const [made, setMade] = useState<MadeAccessKey | null>(null);
  const make = useAction(async () => {
    const answer = await invoke('accessKeys.create', {});
    setMade({ ...answer, answer });
    rememberUndo(null);
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
            ownerOf={({ principalArn: owner = '' }) => keyOwner(owner)}
            onSetActive={async (accessKeyId, active) => {
              const answer = await invoke('accessKeys.setActive', { accessKeyId, active });
              loaded.reload();
              return answer;
            }}
            onDelete={async (accessKeyId) => {
              const answer = await invoke('accessKeys.delete', { accessKeyId });
              loaded.reload();
              return answer;
            }}
          />
        ) : null}
        {loaded.data || loaded.error ? null : <Skeleton height={60} />}
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <Group justify="space-between">
          <Button variant="default" loading={make.busy} onClick={() => void make.run()}>
            Create access key
          </Button>
          {isRole ? null : <ShowIam operation="CreateAccessKey" input={{}} />}
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
