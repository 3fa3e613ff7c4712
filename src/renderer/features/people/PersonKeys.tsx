import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { iamLimits } from '../../../shared/iam/limits.ts';
import { AccessKeyList, type MadeAccessKey, NewAccessKey } from '../../components/AccessKeyList.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowIam } from '../../components/ShowIam.tsx';
import { iam } from '../../lib/api.ts';
import { plural } from '../../lib/format.ts';
import { rememberUndo } from '../../lib/undo.ts';
import { useAction, useIam } from '../../lib/use-call.ts';
import { asRootOf, ownerInput, type PartProps, type Person } from './model.ts';

/** What programs call as somebody with. */
export function PersonKeys({ person }: PartProps) {
  if (person.kind === 'role')
    return (
      <Text maw="42rem">
        A role has no access keys of its own: whoever takes it on gets keys for a session, by sts:AssumeRole.
        {person.accessKeys > 0
          ? ` A seed gave this one ${plural(person.accessKeys, 'access key')} all the same; they are in Settings, Local endpoint.`
          : ''}
      </Text>
    );
  return <Keys person={person} />;
}

function Keys({ person }: { person: Person }) {
  const account = asRootOf(person.accountId);
  const whose = ownerInput(person);
  const loaded = useIam('ListAccessKeys', whose, account);
  const [made, setMade] = useState<MadeAccessKey | null>(null);
  const make = useAction(async () => {
    const answer = await iam('CreateAccessKey', whose, account);
    const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = answer.AccessKey;
    rememberUndo(null);
    setMade({ accessKeyId, secretAccessKey, answer });
    loaded.reload();
  });
  const keys = loaded.data?.AccessKeyMetadata ?? [];
  const full = person.kind === 'user' && keys.length >= iamLimits.accessKeysPerUser;
  return (
    <Stack>
      <Text c="dimmed" maw="42rem">
        Programs sign their calls at the local endpoint with them, and are then {person.name ?? 'the root'} in every
        decision and on every record.
      </Text>
      {loaded.error ? <ErrorNotice error={loaded.error} onRetry={loaded.reload} /> : null}
      {loaded.data ? (
        <AccessKeyList
          keys={keys.map(({ AccessKeyId, Status, CreateDate, LastUsedDate }) => ({
            accessKeyId: AccessKeyId,
            active: Status === 'Active',
            createdAt: CreateDate.getTime(),
            lastUsed: LastUsedDate?.getTime() ?? null,
          }))}
          none="There is none: no program can call as this one."
          onSetActive={async (AccessKeyId, active) => {
            const Status = active ? 'Active' : 'Inactive';
            const answer = await iam('UpdateAccessKey', { ...whose, AccessKeyId, Status }, account);
            loaded.reload();
            return answer;
          }}
          onDelete={async (AccessKeyId) => {
            const answer = await iam('DeleteAccessKey', { ...whose, AccessKeyId }, account);
            loaded.reload();
            return answer;
          }}
          ownerOf={() => whose}
        />
      ) : loaded.error ? null : (
        <Skeleton height={60} />
      )}
      {make.error ? <ErrorNotice error={make.error} /> : null}
      {loaded.data ? (
        <Group justify="space-between">
          <Group gap="sm">
            <Button variant="default" loading={make.busy} disabled={full} onClick={() => void make.run()}>
              Create access key
            </Button>
            {full ? (
              <Text size="sm" c="dimmed">
                A user has at most {iamLimits.accessKeysPerUser}.
              </Text>
            ) : null}
          </Group>
          <ShowIam operation="CreateAccessKey" input={whose} />
        </Group>
      ) : null}
      <NewAccessKey
        made={made}
        can={person.kind === 'root' ? 'use every key of the account' : `do what ${person.name} may do`}
        onClose={() => setMade(null)}
      />
    </Stack>
  );
}
