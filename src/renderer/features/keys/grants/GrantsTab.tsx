import { Button, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { ActionsHeading } from '../../../components/ActionsHeading.tsx';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { Identifier } from '../../../components/Identifier.tsx';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { useCommands } from '../../../lib/commands.ts';
import { useSession } from '../../../lib/session.ts';
import { useLoad } from '../../../lib/use-call.ts';
import { type KeyDetail, keyName, refusal } from '../model.ts';
import { CreateGrant } from './CreateGrant.tsx';
import { GrantOperations } from './GrantOperations.tsx';
import { allGrants, conditionsOf, type Grant, granteeLabel, granteeOf, mayRetire } from './grants.ts';
import { RetireGrant } from './RetireGrant.tsx';
import { RevokeGrant } from './RevokeGrant.tsx';

interface Props {
  readonly detail: KeyDetail;
  readonly region: string;
}

/** Permissions on the key apart from its policy. */
export function GrantsTab({ detail, region }: Props) {
  const { data, error, reload } = useLoad(`grants ${region} ${detail.KeyId}`, () => allGrants(detail.KeyId, region), [
    'kms.changed',
  ]);
  const [creating, setCreating] = useState(false);
  const [leaving, setLeaving] = useState<Grant>();
  const [retiring, setRetiring] = useState<Grant>();
  const principalArn = useSession((session) => session.principalArn);
  const says = refusal('CreateGrant', detail.KeyState);
  useCommands(
    says === null
      ? [
          {
            id: 'grant.create',
            title: `Create a grant: ${keyName(detail)}`,
            keywords: 'permission CreateGrant',
            group: 'This key',
            run: () => setCreating(true),
          },
        ]
      : [],
  );
  const create = (
    <Button disabled={says !== null} onClick={() => setCreating(true)}>
      Create grant
    </Button>
  );
  return (
    <Paper withBorder p="md" component="section" aria-label="Grants of the key">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Text c="dimmed" maw="40rem">
            A grant lets one principal use this key for some operations, apart from the key policy. Programs make them
            for the services that work for them.
          </Text>
          <Group gap="xs">
            <ShowAs operation="ListGrants" input={{ KeyId: detail.KeyId }} region={region} />
            {data?.length ? create : null}
          </Group>
        </Group>
        {says ? <Text c="dimmed">{says} It can get no grant.</Text> : null}
        {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
        {data?.length === 0 ? (
          <EmptyState icon={IconUserCheck} title="No grants on this key" action={create}>
            Policies alone decide who may use it: the key's own and, where it lets them, those of users and roles.
          </EmptyState>
        ) : null}
        {data?.length ? (
          <Table.ScrollContainer minWidth={560}>
            <Table aria-label="Grants" verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>For</Table.Th>
                  <Table.Th>Operations</Table.Th>
                  <Table.Th>Only when</Table.Th>
                  <Table.Th>Since</Table.Th>
                  <ActionsHeading />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((grant) => (
                  <Row
                    key={grant.GrantId}
                    grant={grant}
                    onRevoke={() => setLeaving(grant)}
                    onRetire={mayRetire(grant, principalArn) ? () => setRetiring(grant) : undefined}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        ) : null}
      </Stack>
      <CreateGrant opened={creating} onClose={() => setCreating(false)} detail={detail} region={region} known={data} />
      <RevokeGrant grant={leaving} onClose={() => setLeaving(undefined)} detail={detail} region={region} />
      <RetireGrant grant={retiring} onClose={() => setRetiring(undefined)} region={region} />
    </Paper>
  );
}

interface RowProps {
  readonly grant: Grant;
  readonly onRevoke: () => void;
  /** Not there where whoever acts may not. */
  readonly onRetire: (() => void) | undefined;
}

function Row({ grant, onRevoke, onRetire }: RowProps) {
  const label = granteeLabel(grant);
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Identifier value={granteeOf(grant)} label={label} whole />
        {grant.Name ? (
          <Text size="xs" c="dimmed">
            {grant.Name}
          </Text>
        ) : null}
      </Table.Td>
      <Table.Td>
        <GrantOperations grant={grant} />
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{conditionsOf(grant)}</Table.Td>
      <Table.Td>
        <RelativeTime value={grant.CreationDate} />
      </Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          {onRetire ? (
            <Button size="compact-sm" variant="subtle" aria-label={`Retire the grant for ${label}`} onClick={onRetire}>
              Retire
            </Button>
          ) : null}
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            aria-label={`Revoke the grant for ${label}`}
            onClick={onRevoke}
          >
            Revoke
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
