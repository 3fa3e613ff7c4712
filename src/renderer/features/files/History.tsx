import { Anchor, Button, Group, Paper, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconLock, IconLockOpen } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { plural } from '../../lib/format.ts';
import { recordPath, useRoute } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { useKms } from '../../lib/use-call.ts';
import { type FileUse, historyByKey, type KeyHistory } from './history.ts';
import { KeyLink } from './KeyLink.tsx';
import { type KeyName, useKeyNames } from './key-names.ts';
import { useAnyJob } from './store.ts';

const RECORDS = 500;
const SHOWN = 20;

/** What the record holds of files, key by key. Names of files are not recorded; their encryption context is. */
export function History() {
  const keyNames = useKeyNames();
  const region = useSession((session) => session.region);
  // The key that past files are looked for by: its uses alone.
  const wanted = useRoute().query.get('key');
  // Thousands of files are as many records: the page reads them when the work is over.
  const busy = useAnyJob('running', 'waiting');
  const { data, error, reload } = useKms(
    'LookupEvents',
    {
      EventNames: ['GenerateDataKey', 'Decrypt'],
      Text: '(files)',
      MaxResults: RECORDS,
      ...(wanted ? { KeyArn: wanted } : {}),
    },
    busy ? [] : ['audit.appended'],
  );
  const keys = useMemo(() => historyByKey(data?.Events ?? []), [data]);
  if (error) return <ErrorNotice error={error} onRetry={reload} />;
  if (keys.length === 0) return null;
  return (
    <Paper withBorder p="md" component="section" aria-label="History by key">
      <Group justify="space-between">
        <Title order={2} size="h4">
          History by key
        </Title>
        <ShowAs
          compact
          service="cloudtrail"
          operation="LookupEvents"
          input={{
            LookupAttributes: [
              wanted
                ? { AttributeKey: 'ResourceName', AttributeValue: wanted }
                : { AttributeKey: 'EventName', AttributeValue: 'GenerateDataKey' },
            ],
          }}
          region={region}
          note="The nearest that AWS has: CloudTrail looks for one attribute at a time, and at what every program called."
        />
      </Group>
      <Text size="xs" c="dimmed" mb="xs">
        Counted from the trail{data?.NextToken ? `, its last ${RECORDS} uses` : ''}: when a key encrypted or decrypted a
        file, and the file's context. File names are not in it.
      </Text>
      {keys.map((each) => (
        <OneKey key={each.keyArn} history={each} keyNames={keyNames} />
      ))}
    </Paper>
  );
}

function OneKey({ history, keyNames }: { history: KeyHistory; keyNames: ReadonlyMap<string, KeyName> }) {
  const { keyArn, uses } = history;
  const [open, setOpen] = useState(false);
  const count = (action: FileUse['action']) =>
    uses.filter((use) => use.action === action && use.refused === undefined).length;
  const refused = uses.filter((use) => use.refused !== undefined).length;
  const words = [
    count('encrypt') > 0 ? `${plural(count('encrypt'), 'file')} encrypted` : '',
    count('decrypt') > 0 ? `${plural(count('decrypt'), 'file')} opened` : '',
    refused > 0 ? `${plural(refused, 'use')} refused` : '',
  ].filter(Boolean);
  const name = keyNames.get(keyArn)?.name ?? keyArn;
  return (
    <>
      <Group gap="sm" py={6} wrap="nowrap">
        <Text component="div" fw={550} truncate flex="0 1 auto" miw="4rem">
          <KeyLink arn={keyArn} names={keyNames} />
        </Text>
        <Text size="xs" c="dimmed" flex={1} component="div">
          {words.join(', ')}, last {uses[0] ? <RelativeTime value={uses[0].time} /> : null}
        </Text>
        <Button
          size="compact-xs"
          variant="default"
          aria-expanded={open}
          aria-label={`${open ? 'Hide' : 'Show'} the file history of ${name}`}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Hide' : 'Show'}
        </Button>
      </Group>
      {open ? <Uses uses={uses} name={name} /> : null}
    </>
  );
}

function Uses({ uses, name }: { uses: readonly FileUse[]; name: string }) {
  const [shown, setShown] = useState(SHOWN);
  return (
    <>
      <Table aria-label={`File history of ${name}`} verticalSpacing={4} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="9rem">When</Table.Th>
            <Table.Th w="9rem">What</Table.Th>
            <Table.Th>Context</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {uses.slice(0, shown).map((use) => (
            <Table.Tr key={use.eventId}>
              <Table.Td>
                <RelativeTime value={use.time} />
              </Table.Td>
              <Table.Td>
                <Anchor href={`#${recordPath(use.eventId)}`} size="sm">
                  <Action use={use} />
                </Anchor>
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {Object.entries(use.context)
                  .map(([key, value]) => `${key}=${value}`)
                  .join(', ') || 'none'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {uses.length > shown ? (
        <Button mt="xs" size="compact-xs" variant="default" onClick={() => setShown(shown + 5 * SHOWN)}>
          Show older
        </Button>
      ) : null}
    </>
  );
}

function Action({ use }: { use: FileUse }) {
  const Icon = use.refused ? IconAlertTriangle : use.action === 'encrypt' ? IconLock : IconLockOpen;
  const words = use.action === 'encrypt' ? 'Encrypted' : 'Opened';
  return (
    <Group gap={6} wrap="nowrap" component="span" title={use.refused}>
      <Icon size={14} aria-hidden /> {use.refused ? 'Refused' : words}
    </Group>
  );
}
