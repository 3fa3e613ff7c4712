import { Alert, List, NumberInput, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { trackedOperations } from '../../../shared/kms/enums.ts';
import { limits } from '../../../shared/kms/limits.ts';
import { ConfirmDestructive } from '../../components/ConfirmDestructive.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatDate, formatNumber, plural, shorten } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useKms } from '../../lib/use-call.ts';
import { deedsOf } from './deeds.ts';
import { type KeyDetail, keyName } from './model.ts';
import { undoDeletion } from './undo.ts';

const DAY_MS = 86_400_000;
const LOOK_BACK_DAYS = 30;
/** What counts as using the key. */
const uses = [...trackedOperations];
const ALIASES_SHOWN = 8;
const { min, max } = limits.deletionWindow;

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly detail: KeyDetail;
  readonly region: string;
}

/** Asks before a deletion is scheduled, naming what will stop working. */
export function ScheduleDeletion({ opened, onClose, detail, region }: Props) {
  const [days, setDays] = useState<string | number>(limits.deletionWindow.default);
  const window = Number(days);
  const valid = Number.isInteger(window) && window >= min && window <= max;
  const input = { KeyId: detail.KeyId, PendingWindowInDays: valid ? window : limits.deletionWindow.default };

  async function schedule(): Promise<void> {
    if (!valid) return;
    const answer = await kms('ScheduleKeyDeletion', input, region);
    // Without a date while replicas in other Regions hold the deletion up.
    const when = answer.DeletionDate ? `on ${formatDate(answer.DeletionDate)}` : 'after its replicas';
    notifySuccess(`The key will be deleted ${when}.`, 'Deletion scheduled', {
      answer,
      undo: undoDeletion(detail, region),
    });
    onClose();
  }
  return (
    <ConfirmDestructive
      opened={opened}
      onClose={onClose}
      title="Schedule the key's deletion"
      confirmText="Schedule deletion"
      typed={keyName(detail)}
      onConfirm={schedule}
    >
      <Stack>
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="What will stop working">
          {opened ? <Losses detail={detail} /> : null}
        </Alert>
        <NumberInput
          label="Waiting period in days"
          description={`From ${min} to ${max}. Until its end the deletion can be cancelled.`}
          value={days}
          onChange={setDays}
          min={min}
          max={max}
          allowDecimal={false}
          clampBehavior="none"
          maw="18rem"
          error={valid ? null : `A whole number from ${min} to ${max}.`}
        />
        {valid ? <Text>Deleted on {formatDate(Date.now() + window * DAY_MS)}, for good.</Text> : null}
        <div>
          <ShowAs operation="ScheduleKeyDeletion" input={input} region={region} />
        </div>
      </Stack>
    </ConfirmDestructive>
  );
}

function Losses({ detail }: { detail: KeyDetail }) {
  // Fixed while the dialog is open: a moving start would ask anew at every render.
  const since = useMemo(() => new Date(Date.now() - LOOK_BACK_DAYS * DAY_MS), []);
  const calls = useKms(
    'SummarizeEvents',
    { KeyArn: detail.Arn, EventNames: uses, Outcome: 'ok', StartTime: since, BucketCount: 1 },
    [],
  );
  const files = useKms(
    'SummarizeEvents',
    { KeyArn: detail.Arn, EventNames: ['GenerateDataKey'], Outcome: 'ok', Text: '(files)', BucketCount: 1 },
    [],
  );
  const shown = detail.Aliases.slice(0, ALIASES_SHOWN).map((alias) => shorten(alias, 20));
  const rest = detail.Aliases.length - shown.length;
  return (
    <List size="sm" spacing={4}>
      <List.Item>From now on the key {deedsOf(detail).nothing}.</List.Item>
      <List.Item>After the deletion {deedsOf(detail).lost}.</List.Item>
      {files.data && files.data.Total > 0 ? (
        <List.Item>
          {plural(files.data.Total, 'file was', 'files were')} encrypted with it on the Files screen.
        </List.Item>
      ) : null}
      {detail.Aliases.length > 0 ? (
        <List.Item style={{ overflowWrap: 'anywhere' }}>
          {plural(detail.Aliases.length, 'alias goes', 'aliases go')} with it: {shown.join(', ')}
          {rest > 0 ? ` and ${formatNumber(rest)} more` : ''}.
        </List.Item>
      ) : null}
      <List.Item>
        {calls.data
          ? calls.data.Total === 0
            ? `No call used it in the last ${LOOK_BACK_DAYS} days.`
            : `${plural(calls.data.Total, 'call')} used it in the last ${LOOK_BACK_DAYS} days: ${calls.data.EventNames.map(
                ({ Name, Count }) => `${formatNumber(Count)} ${Name}`,
              ).join(', ')}.`
          : calls.error
            ? `How often it was used could not be read: ${calls.error.message}`
            : `Counting the calls of the last ${LOOK_BACK_DAYS} days…`}
      </List.Item>
    </List>
  );
}
