import { Badge, Button, Group, Modal, NativeSelect, SegmentedControl, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconCircleMinus } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PathField } from '../../components/PathField.tsx';
import { SavedFile } from '../../components/SavedFile.tsx';
import { invoke } from '../../lib/api.ts';
import { formatNumber, plural } from '../../lib/format.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';
import { KeyLink } from './KeyLink.tsx';
import type { KeyName } from './key-names.ts';
import { countWords, type FileOutcome, type FileResult, originalWords, outcomeLabel, outcomes } from './results.ts';
import type { Job } from './store.ts';
import { visibleName } from './visible-name.ts';

const PAGE = 100;

interface Props {
  readonly job: Job;
  readonly keyNames: ReadonlyMap<string, KeyName>;
  readonly onClose: () => void;
}

/** What became of each file of a folder: filtered by key and outcome, and saved as a file. */
export function ResultsDialog({ job, keyNames, onClose }: Props) {
  const [keyArn, setKeyArn] = useState('');
  const [outcome, setOutcome] = useState('');
  const [limit, setLimit] = useState(PAGE);
  const filter = {
    id: job.id,
    ...(keyArn ? { keyArn } : {}),
    ...(outcome ? { outcome: outcome as FileOutcome } : {}),
  };
  const { data, error, reload } = useLoad(JSON.stringify([filter, limit, job.finishedAt]), () =>
    invoke('files.results', { ...filter, offset: 0, limit }),
  );
  return (
    <Modal opened onClose={onClose} size="xl" title={`Report on ${visibleName(job.name)}`}>
      <Stack gap="sm">
        <Text role="status">{[countWords(job), originalWords(job)].filter(Boolean).join('; ')}.</Text>
        {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
        {data ? (
          <Group gap="sm" align="flex-end">
            <NativeSelect
              label="Result"
              value={outcome}
              onChange={(event) => setOutcome(event.currentTarget.value)}
              data={[
                { value: '', label: 'All' },
                ...Object.entries(data.outcomes).map(([value, count]) => ({
                  value,
                  label: `${outcomeLabel(value as FileOutcome, job.action)} (${formatNumber(count ?? 0)})`,
                })),
              ]}
            />
            {data.keys.length > 0 ? (
              <NativeSelect
                label="Key"
                maw="20rem"
                value={keyArn}
                onChange={(event) => setKeyArn(event.currentTarget.value)}
                data={[
                  { value: '', label: 'All keys' },
                  ...data.keys.map((arn) => ({ value: arn, label: keyNames.get(arn)?.name ?? arn })),
                ]}
              />
            ) : null}
          </Group>
        ) : null}
        {data ? <Results results={data.results} action={job.action} keyNames={keyNames} /> : null}
        {data && data.matching > data.results.length && limit < 5 * PAGE ? (
          <Button variant="default" size="compact-sm" onClick={() => setLimit(5 * PAGE)}>
            Show more
          </Button>
        ) : null}
        {data && data.matching > data.results.length && limit >= 5 * PAGE ? (
          <Text size="xs" c="dimmed">
            The first {data.results.length} of {formatNumber(data.matching)}. The saved report has all.
          </Text>
        ) : null}
        {data && data.matching > 0 ? <Save filter={filter} count={data.matching} /> : null}
      </Stack>
    </Modal>
  );
}

function Results({
  results,
  action,
  keyNames,
}: {
  results: readonly FileResult[];
  action: Job['action'];
  keyNames: Props['keyNames'];
}) {
  if (results.length === 0) return <Text c="dimmed">There is no such file.</Text>;
  return (
    <Table.ScrollContainer minWidth={480} maxHeight="22rem" scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label="Files" verticalSpacing={4} layout="fixed" stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th w="13rem">Result</Table.Th>
            <Table.Th w="9rem">Key</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {results.map(({ name, outcome, keyArn, problem }) => (
            <Table.Tr key={`${name} ${outcome}`}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                {visibleName(name)}
                {problem ? (
                  <Text size="xs" c="dimmed">
                    {problem.message}
                  </Text>
                ) : null}
              </Table.Td>
              <Table.Td>
                <Outcome outcome={outcome} label={outcomeLabel(outcome, action)} />
              </Table.Td>
              <Table.Td>{keyArn ? <KeyLink arn={keyArn} names={keyNames} /> : null}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Outcome({ outcome, label }: { outcome: FileOutcome; label: string }) {
  const { color } = outcomes[outcome];
  const Icon = outcome === 'done' ? IconCheck : outcome === 'skipped' ? IconCircleMinus : IconAlertTriangle;
  return (
    <Badge variant="light" color={color} leftSection={<Icon size={12} aria-hidden />} maw="100%">
      {label}
    </Badge>
  );
}

type Filter = { readonly id: string; readonly keyArn?: string; readonly outcome?: FileOutcome };

function Save({ filter, count }: { filter: Filter; count: number }) {
  const [format, setFormat] = useState<'csv' | 'text'>('csv');
  const [folder, setFolder] = useState('');
  const [saved, setSaved] = useState<{ path: string; results: number }>();
  const { run, busy, error } = useAction(async () =>
    setSaved(await invoke('files.saveResults', { ...filter, folder, format })),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Format"
          value={format}
          onChange={(value) => setFormat(value as 'csv' | 'text')}
          data={[
            { value: 'csv', label: 'CSV' },
            { value: 'text', label: 'Text' },
          ]}
        />
        <PathField
          label="Folder for the report"
          value={folder}
          onChange={setFolder}
          pick="folder"
          pickTitle="Folder for the report"
        />
        {error ? <ErrorNotice error={error} /> : null}
        {saved ? <SavedFile title={`${plural(saved.results, 'line')} saved`} paths={[saved.path]} /> : null}
        <Group>
          <Button type="submit" loading={busy} disabled={folder === ''}>
            Save {plural(count, 'line')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
