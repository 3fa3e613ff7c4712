import { Alert, Button, Modal, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconShieldCheck } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { DialogFoot } from '../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { PathField } from '../../components/PathField.tsx';
import { invoke } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { formatBytes, formatNumber, plural } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useProgress } from '../../lib/progress.ts';
import { useAction } from '../../lib/use-call.ts';
import { clearFilters, useFilters } from './store.ts';

type TrailJob = 'verify' | 'export';

/** The long jobs over the whole trail: proving it, and taking it elsewhere. */
export function TrailActions() {
  const [open, setOpen] = useState<TrailJob | null>(null);
  const close = () => setOpen(null);
  // Nobody sees the end of a job whose dialog is gone.
  useEffect(() => {
    if (open) return () => void invoke('audit.cancel', { job: open }).catch(notifyError);
  }, [open]);
  useCommands([
    { id: 'activity.verify', title: 'Verify the whole trail', group: 'Activity', run: () => setOpen('verify') },
    { id: 'activity.export', title: 'Export the trail', group: 'Activity', run: () => setOpen('export') },
    {
      id: 'activity.clear',
      title: 'Show every record',
      keywords: 'clear filter',
      group: 'Activity',
      run: clearFilters,
    },
  ]);
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconShieldCheck size={16} aria-hidden />}
        onClick={() => setOpen('verify')}
      >
        Verify the trail
      </Button>
      <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={() => setOpen('export')}>
        Export…
      </Button>
      <Modal opened={open === 'verify'} onClose={close} title="Verify the whole trail" keepMounted={false}>
        <Verify onClose={close} />
      </Modal>
      <Modal opened={open === 'export'} onClose={close} title="Export the trail" keepMounted={false}>
        <Export onClose={close} />
      </Modal>
    </>
  );
}

function Verify({ onClose }: { onClose: () => void }) {
  const share = useProgress('audit.progress', 'verify');
  const [result, setResult] = useState<Awaited<ReturnType<typeof verify>>>();
  const verify = () => invoke('audit.verify', {});
  const { run, busy, error } = useAction(async () => setResult(await verify()));
  useEffect(() => {
    void run();
  }, [run]);
  return (
    <Stack gap="sm" aria-live="polite">
      <Text>
        Every record is hashed with the one before it, and signed digests cover them in order. An edited, removed or
        reordered record breaks the chain.
      </Text>
      {busy ? <Progress value={100 * share} aria-label="Verification progress" animated /> : null}
      {error ? <ErrorNotice error={error} onRetry={() => void run()} /> : null}
      {result?.ok ? (
        <Alert color="green" icon={<IconShieldCheck size={18} aria-hidden />} title="The trail is whole">
          <Stack gap={4}>
            <Text>
              {plural(result.records, 'record')} and {plural(result.digests, 'digest')} verify.
            </Text>
            {result.head ? (
              <Text component="div">
                Head {formatNumber(result.head.sequence)}: <Identifier value={result.head.hash} keep={12} />
                <Text size="xs" c="dimmed">
                  Write it down somewhere else: with it you can later prove that nothing was cut off the end.
                </Text>
              </Text>
            ) : null}
          </Stack>
        </Alert>
      ) : null}
      {result && !result.ok ? (
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="The trail does not verify">
          <Text>
            Record {result.firstBad?.sequence} is the first that does not hold: {result.firstBad?.reason}. The{' '}
            {plural(result.records, 'record')} before it do.
          </Text>
        </Alert>
      ) : null}
      <DialogFoot>
        <Button variant="default" onClick={onClose}>
          {busy ? 'Cancel' : 'Close'}
        </Button>
      </DialogFoot>
    </Stack>
  );
}

function Export({ onClose }: { onClose: () => void }) {
  const share = useProgress('audit.progress', 'export');
  const { from, to } = useFilters();
  const [format, setFormat] = useState<'cloudtrail' | 'csv'>('cloudtrail');
  const [folder, setFolder] = useState('');
  const [done, setDone] = useState<{ path: string; records: number; bytes: number }>();
  const { run, busy, error } = useAction(async () =>
    setDone(
      await invoke('audit.export', {
        format,
        folder,
        ...(from !== null ? { from } : {}),
        ...(to !== null ? { to: to - 1 } : {}),
      }),
    ),
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
          onChange={(value) => setFormat(value as 'cloudtrail' | 'csv')}
          data={[
            { value: 'cloudtrail', label: 'CloudTrail JSON (gzip)' },
            { value: 'csv', label: 'CSV' },
          ]}
        />
        <PathField label="Folder" value={folder} onChange={setFolder} pick="folder" pickTitle="Folder for the export" />
        {from !== null ? <Text c="dimmed">Only the period chosen in the histogram is exported.</Text> : null}
        {busy ? <Progress value={100 * share} aria-label="Export progress" animated /> : null}
        {error ? <ErrorNotice error={error} /> : null}
        {done ? (
          <Alert color="green" title={`${plural(done.records, 'record')} exported`}>
            <Stack gap={4} align="flex-start">
              <Text style={{ overflowWrap: 'anywhere' }}>
                {done.path} ({formatBytes(done.bytes)})
              </Text>
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => void invoke('app.reveal', { path: done.path }).catch(notifyError)}
              >
                Show in the file manager
              </Button>
            </Stack>
          </Alert>
        ) : null}
        <DialogFoot>
          <Button variant="default" onClick={onClose}>
            {done && !busy ? 'Close' : 'Cancel'}
          </Button>
          <Button type="submit" loading={busy} disabled={!folder}>
            Export
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
