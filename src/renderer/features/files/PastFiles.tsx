import { Button, Group, Paper, Select, Table, Text, TextInput, Title } from '@mantine/core';
import { IconFileCheck, IconFolderOpen, IconRefresh, IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { ActionsHeading } from '../../components/ActionsHeading.tsx';
import { ConfirmRemoval } from '../../components/ConfirmRemoval.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { RowAction } from '../../components/RowAction.tsx';
import { invoke } from '../../lib/api.ts';
import { codeOf } from '../../lib/errors.ts';
import { formatNumber, plural } from '../../lib/format.ts';
import { notifyError, notifyInfo } from '../../lib/notify.tsx';
import { filesPath, navigate, useRoute } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { useLoad } from '../../lib/use-call.ts';
import { KeyLink } from './KeyLink.tsx';
import { type KeyName, useKeyNames } from './key-names.ts';
import { review, setOpening } from './store.ts';
import { visibleName } from './visible-name.ts';

type Entry = CallOutput<'files.history'>['entries'][number];

const SHOWN = 20;
/** One question's answers at most. */
const PAGE = 500;

const deeds: Readonly<Record<Entry['action'], string>> = {
  encrypt: 'Encrypted',
  decrypt: 'Decrypted',
  verify: 'Checked',
  reencrypt: 'Re-encrypted',
};

const isSealed = ({ action, there }: Entry) => there && (action === 'encrypt' || action === 'reencrypt');

async function reencrypt(entries: readonly Entry[]): Promise<void> {
  setOpening('reencrypt');
  await review(entries.flatMap(({ output }) => output ?? []));
  window.scrollTo({ top: 0 });
}

/** Puts what is still encrypted under a key on the list, as far as the history knows of it. */
async function reencryptAll(keyArn: string): Promise<void> {
  try {
    const { entries, matching } = await invoke('files.history', { keyArn, offset: 0, limit: PAGE });
    const sealed = entries.filter(isSealed);
    if (sealed.length === 0) notifyInfo('None of them is where it was.');
    else await reencrypt(sealed);
    if (matching > PAGE) notifyInfo(`The last ${PAGE} were looked at. Drop the folders the others are in.`);
  } catch (error) {
    notifyError(error);
  }
}

/** Checks whether what is still encrypted under a key opens, in one job with one report. */
async function checkAll(keyArn: string, region: string, keyName: string): Promise<void> {
  try {
    await invoke('files.checkKey', { keyArn, region, name: `Files under ${keyName}` });
    window.scrollTo({ top: 0 });
  } catch (error) {
    if (codeOf(error) === 'NothingToCheck') notifyInfo('None of them was encrypted under this key here.');
    else notifyError(error);
  }
}

/** What was done with which files, found by name, path and key; the vault remembers it. */
export function PastFiles() {
  const keyNames = useKeyNames();
  const region = useSession((session) => session.region);
  const keyArn = useRoute().query.get('key') ?? '';
  const [text, setText] = useState('');
  const [limit, setLimit] = useState(SHOWN);
  const [forgetting, setForgetting] = useState(false);
  const filter = { ...(keyArn ? { keyArn } : {}), ...(text.trim() ? { text: text.trim() } : {}) };
  const { data, error, reload } = useLoad(
    JSON.stringify([filter, limit]),
    () => invoke('files.history', { ...filter, offset: 0, limit }),
    ['files.remembered'],
  );
  // What was found stays in sight while the next is looked for.
  const last = useRef(data);
  if (data) last.current = data;
  const found = data ?? last.current;
  if (error) return <ErrorNotice error={error} onRetry={reload} />;
  if (!found || (found.keys.length === 0 && found.matching === 0 && keyArn === '' && text === '')) return null;
  const keys = [...new Set([...found.keys, ...(keyArn ? [keyArn] : [])])];
  return (
    <Paper withBorder p="md" component="section" aria-label="Past files">
      <Group justify="space-between" mb={4}>
        <Title order={2} size="h4">
          Past files
        </Title>
        <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setForgetting(true)}>
          Forget all…
        </Button>
      </Group>
      <Group gap="sm" mb="xs" align="flex-end">
        <TextInput
          flex="1 1 14rem"
          label="Name or path"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text}
          maxLength={256}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          flex="1 1 12rem"
          label="Key"
          placeholder="All keys"
          clearable
          searchable
          value={keyArn || null}
          onChange={(arn) => navigate(filesPath(arn ?? ''), { replace: true })}
          data={keys.map((arn) => ({ value: arn, label: keyNames.get(arn)?.name ?? arn }))}
        />
        {keyArn ? (
          <>
            <Button
              variant="default"
              leftSection={<IconFileCheck size={16} aria-hidden />}
              onClick={() => void checkAll(keyArn, region, keyNames.get(keyArn)?.name ?? keyArn)}
            >
              Check these files
            </Button>
            <Button
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              onClick={() => void reencryptAll(keyArn)}
            >
              Re-encrypt these files…
            </Button>
          </>
        ) : null}
      </Group>
      <Text size="xs" c="dimmed" role="status">
        {found.matching === 0
          ? 'There is no such file.'
          : `${plural(found.matching, 'entry', 'entries')}, the newest first.`}
      </Text>
      {found.entries.length > 0 ? <Entries entries={found.entries} keyNames={keyNames} /> : null}
      {found.matching > found.entries.length && limit < PAGE ? (
        <Button mt="xs" size="compact-xs" variant="default" onClick={() => setLimit(Math.min(PAGE, limit + 5 * SHOWN))}>
          Show older
        </Button>
      ) : null}
      <ConfirmRemoval
        opened={forgetting}
        onClose={() => setForgetting(false)}
        title="Forget all past files?"
        confirmText="Forget all"
        onConfirm={() => invoke('files.forgetHistory', {})}
      >
        Names and paths go from this list for good. Files, and what the trail says of keys, stay as they are.
      </ConfirmRemoval>
    </Paper>
  );
}

function Entries({ entries, keyNames }: { entries: readonly Entry[]; keyNames: ReadonlyMap<string, KeyName> }) {
  return (
    <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label="Past files" verticalSpacing={4} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th w="9rem">What and when</Table.Th>
            <Table.Th w="8rem">Key</Table.Th>
            <ActionsHeading width="5rem" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Row key={entry.id} entry={entry} keyNames={keyNames} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Row({ entry, keyNames }: { entry: Entry; keyNames: ReadonlyMap<string, KeyName> }) {
  const { action, files, finishedAt, keyArn, output, path, there } = entry;
  const name = visibleName(entry.name);
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={550} truncate title={path}>
          {name}
        </Text>
        <Text size="xs" c="dimmed" truncate title={output ?? path}>
          {output && !there ? 'The result is not where it was: ' : ''}
          {visibleName(output ?? path)}
        </Text>
      </Table.Td>
      <Table.Td>
        {deeds[action]}
        <Text size="xs" c="dimmed" component="div">
          {files > 1 ? `${formatNumber(files)} files, ` : ''}
          <RelativeTime value={finishedAt} plain />
        </Text>
      </Table.Td>
      <Table.Td>{keyArn ? <KeyLink arn={keyArn} names={keyNames} /> : null}</Table.Td>
      <Table.Td>
        <Group gap={2} wrap="nowrap" justify="flex-end">
          {isSealed(entry) ? (
            <RowAction
              icon={IconRefresh}
              label={`Re-encrypt ${name} under another key`}
              hint="Re-encrypt under another key"
              onClick={() => void reencrypt([entry])}
            />
          ) : null}
          {there && output ? (
            <RowAction
              icon={IconFolderOpen}
              label={`Show the result of ${name} in the file manager`}
              hint="Show in the file manager"
              onClick={() => void invoke('app.reveal', { path: output }).catch(notifyError)}
            />
          ) : null}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
