import { Anchor, Button, Group, Paper, Skeleton, Stack, Table, Text, Title } from '@mantine/core';
import { IconBan, IconCheck, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { shorten } from '../../lib/format.ts';
import { recordPath } from '../../lib/route.ts';
import { useAction, useKms } from '../../lib/use-call.ts';
import type { KeyDetail } from './model.ts';

type Event = OperationOutput<'LookupEvents'>['Events'][number];
const PAGE = 50;

/** What was done with the key, newest first; a record opens in Activity. */
export function ActivityTab({ detail, region }: { detail: KeyDetail; region: string }) {
  // The window's own readings of the key would bury what was done with it.
  const input = { KeyArn: detail.Arn, ExceptWindowReadings: true, MaxResults: PAGE };
  // Not at every new record: reading the trail is itself recorded.
  const first = useKms('LookupEvents', input, ['kms.changed']);
  const [more, setMore] = useState<{ after: unknown; events: readonly Event[]; token: string | undefined }>();
  // Older pages belong to the first page they follow.
  const rest = more && more.after === first.data ? more : undefined;
  const token = rest ? rest.token : first.data?.NextToken;
  const older = useAction(async () => {
    if (token === undefined) return;
    const page = await kms('LookupEvents', { ...input, NextToken: token }, region);
    setMore({ after: first.data, events: [...(rest?.events ?? []), ...page.Events], token: page.NextToken });
  });
  const events = [...(first.data?.Events ?? []), ...(rest?.events ?? [])];
  return (
    <Paper withBorder p="md" component="section" aria-label="Activity of the key">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Activity
        </Title>
        <Group gap="xs">
          <ShowAs
            service="cloudtrail"
            operation="LookupEvents"
            input={{
              LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: detail.Arn }],
              MaxResults: PAGE,
            }}
            region={region}
          />
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconRefresh size={14} aria-hidden />}
            loading={first.loading && first.data !== undefined}
            onClick={first.reload}
          >
            Refresh
          </Button>
        </Group>
      </Group>
      <Text size="xs" c="dimmed" mb="xs">
        Without what the window read to draw its screens;{' '}
        <Anchor href="#/activity" size="xs" underline="always">
          Activity
        </Anchor>{' '}
        can show that too.
      </Text>
      {first.error ? <ErrorNotice error={first.error} onRetry={first.reload} /> : null}
      {first.data === undefined ? (
        first.error ? null : (
          <Stack gap="xs" role="status" aria-label="Loading the activity">
            <Skeleton height={32} />
            <Skeleton height={32} />
            <Skeleton height={32} />
          </Stack>
        )
      ) : events.length === 0 ? (
        <Text c="dimmed">Nothing is recorded about this key yet.</Text>
      ) : (
        <EventTable events={events} />
      )}
      {older.error ? <ErrorNotice error={older.error} /> : null}
      {token === undefined ? null : (
        <Group justify="center" mt="sm">
          <Button variant="default" size="compact-sm" loading={older.busy} onClick={() => void older.run()}>
            Show older records
          </Button>
        </Group>
      )}
    </Paper>
  );
}

function EventTable({ events }: { events: readonly Event[] }) {
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table aria-label="Records of the key" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>When</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Who</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <Table.Tr key={event.EventId}>
              <Table.Td>
                <RelativeTime value={event.EventTime} />
              </Table.Td>
              <Table.Td>
                <Anchor href={`#${recordPath(event.EventId)}`} size="sm">
                  {event.EventName}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <Group gap={6} wrap="nowrap" title={event.ErrorMessage}>
                  {event.ErrorCode ? (
                    <>
                      <IconBan size={14} aria-hidden /> {event.ErrorCode}
                    </>
                  ) : (
                    <>
                      <IconCheck size={14} aria-hidden /> Allowed
                    </>
                  )}
                </Group>
              </Table.Td>
              <Table.Td title={event.PrincipalArn}>{shorten(event.PrincipalArn, 18)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
