import { Alert, Badge, Button, Group, Paper, Stack, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ActionsHeading } from '../../../components/ActionsHeading.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { KeyStateBadge } from '../../../components/KeyStateBadge.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { useSession } from '../../../lib/session.ts';
import { useLoad } from '../../../lib/use-call.ts';
import { type KeyDetail, keyName, refusal } from '../model.ts';
import { MakePrimary } from './MakePrimary.tsx';
import { placesOf } from './places.ts';
import { RegionMap } from './RegionMap.tsx';
import { Replicate } from './Replicate.tsx';

interface Props {
  readonly detail: KeyDetail;
  readonly region: string;
}

/** Where the key is: its primary and its replicas, and making more of them. */
export function RegionsTab({ detail, region }: Props) {
  const { data, error, reload } = useLoad(`places ${region} ${detail.KeyId}`, () => placesOf(detail.KeyId, region), [
    'kms.changed',
  ]);
  const setRegion = useSession((session) => session.setRegion);
  const status = useSession((session) => session.status);
  const [dialog, setDialog] = useState<{ replicate: string | null } | { primary: string }>();
  const primary = data?.find(({ role }) => role === 'PRIMARY');
  const says = primary?.state ? refusal('ReplicateKey', primary.state) : null;
  return (
    <Paper withBorder p="md" component="section" aria-label="Regions of the key">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Text c="dimmed" maw="34rem">
            The same id and material in every Region: each does what the others do. Policy, aliases, tags, grants and
            state are each Region's own.
          </Text>
          <Group gap="xs">
            <ShowAs operation="DescribeKey" input={{ KeyId: detail.KeyId }} region={region} />
            <Button disabled={!primary || says !== null} onClick={() => setDialog({ replicate: null })}>
              Replicate to a Region
            </Button>
          </Group>
        </Group>
        {says ? <Text c="dimmed">{says} It cannot be replicated until that is over.</Text> : null}
        {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
        {data && status?.state === 'open' ? (
          <RegionMap
            places={data}
            regions={status.regions}
            here={region}
            says={primary ? says : ''}
            onOpen={setRegion}
            onMakePrimary={(to) => setDialog({ primary: to })}
            onReplicate={(to) => setDialog({ replicate: to })}
          />
        ) : null}
        {data ? (
          <Table.ScrollContainer minWidth={520}>
            <Table aria-label="Regions of the key" verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Region</Table.Th>
                  <Table.Th>Role</Table.Th>
                  <Table.Th>State</Table.Th>
                  <ActionsHeading />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.map((place) => (
                  <Table.Tr key={place.region}>
                    <Table.Td>{place.region}</Table.Td>
                    <Table.Td>{place.role === 'PRIMARY' ? <Badge variant="light">Primary</Badge> : 'Replica'}</Table.Td>
                    <Table.Td>
                      {place.state ? <KeyStateBadge state={place.state} /> : <Text c="dimmed">Not shown to you</Text>}
                    </Table.Td>
                    <Table.Td>
                      <Group gap="xs" justify="flex-end">
                        {place.role === 'REPLICA' ? (
                          <Button
                            size="compact-sm"
                            variant="default"
                            disabled={place.state !== null && refusal('UpdatePrimaryRegion', place.state) !== null}
                            aria-label={`Make ${place.region} the primary Region`}
                            onClick={() => setDialog({ primary: place.region })}
                          >
                            Make primary
                          </Button>
                        ) : null}
                        {place.region === region ? (
                          <Text c="dimmed">You are here</Text>
                        ) : (
                          <Button
                            size="compact-sm"
                            variant="default"
                            aria-label={`Open it in ${place.region}`}
                            onClick={() => setRegion(place.region)}
                          >
                            Open
                          </Button>
                        )}
                      </Group>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        ) : null}
        {data?.length === 1 ? (
          <Alert color="petrol" title="It has no replica yet">
            <Text>Replicate {keyName(detail)} to use it in another Region, too.</Text>
          </Alert>
        ) : null}
      </Stack>
      {data && primary ? (
        <>
          <Replicate
            opened={dialog !== undefined && 'replicate' in dialog}
            to={dialog !== undefined && 'replicate' in dialog ? dialog.replicate : null}
            onClose={() => setDialog(undefined)}
            detail={detail}
            primary={primary.region}
            taken={data.map((place) => place.region)}
          />
          <MakePrimary
            to={dialog !== undefined && 'primary' in dialog ? dialog.primary : undefined}
            onClose={() => setDialog(undefined)}
            detail={detail}
            primary={primary.region}
          />
        </>
      ) : null}
    </Paper>
  );
}
