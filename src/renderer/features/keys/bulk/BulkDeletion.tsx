import { Alert, List, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { ConfirmDestructive } from '../../../components/ConfirmDestructive.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowForEach } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { formatNumber, plural } from '../../../lib/format.ts';
import { useLoad } from '../../../lib/use-call.ts';
import { useMounted } from '../../../lib/use-mounted.ts';
import { WaitingPeriodField, waitingDays } from '../days.tsx';
import { dependentFacts, NOT_KNOWN } from '../dependents/facts.ts';
import { type KeyRow, keyName } from '../model.ts';
import { undoDeletion } from '../undo.ts';
import type { BulkDialogProps } from './run-all.ts';

/** Keys whose dependents are looked up at once, and before the dialog says that it does not name all. */
const TOGETHER = 8;
const LOOKED_AT = 500;

interface Found {
  readonly key: KeyRow;
  readonly facts: readonly string[];
}

/** What depends on each of the first keys; those on which something does. Goes on while it is wanted: each is a call. */
async function lookAt(
  keys: readonly KeyRow[],
  region: string,
  onProgress: (done: number) => void,
  isWanted: () => boolean,
): Promise<Found[]> {
  const found: Found[] = [];
  const now = Date.now();
  for (let start = 0; start < keys.length && isWanted(); start += TOGETHER) {
    const some = await Promise.all(
      keys.slice(start, start + TOGETHER).map(async (key) => ({
        key,
        facts: dependentFacts(await kms('GetKeyDependents', { KeyId: key.KeyId }, region), 'delete', now),
      })),
    );
    found.push(...some.filter(({ facts }) => facts.length > 0));
    onProgress(Math.min(keys.length, start + TOGETHER));
  }
  return found;
}

/** Asks before the deletion of several keys is scheduled, naming what each takes with it. */
export function BulkDeletion({ keys, region, onClose, onRun }: BulkDialogProps) {
  const [days, setDays] = useState<string | number>(limits.deletionWindow.default);
  const window = waitingDays(days);
  const input = { PendingWindowInDays: window ?? limits.deletionWindow.default };
  return (
    <ConfirmDestructive
      opened
      onClose={onClose}
      title={`Schedule the deletion of ${plural(keys.length, 'key')}`}
      confirmText="Schedule deletion"
      typed={`delete ${plural(keys.length, 'key')}`}
      onConfirm={() => {
        if (window === null) return;
        onRun(keys, {
          word: 'scheduled for deletion',
          call: ({ KeyId }) => ({ operation: 'ScheduleKeyDeletion', input: { KeyId, ...input } }),
          undo: ['Keep', (key) => undoDeletion(key, region)],
        });
      }}
      showAs={
        <ShowForEach
          operation="ScheduleKeyDeletion"
          keyIds={keys.map(({ KeyId }) => KeyId)}
          input={input}
          region={region}
        />
      }
    >
      <Stack>
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="What will stop working">
          <Text>
            From now on none of them can be used. After the deletion nothing that they encrypted opens, and nothing more
            can be signed, verified by a MAC or derived with them.
          </Text>
          <Losses keys={keys} region={region} />
        </Alert>
        <WaitingPeriodField value={days} onChange={setDays} />
      </Stack>
    </ConfirmDestructive>
  );
}

function Losses({ keys, region }: { keys: readonly KeyRow[]; region: string }) {
  const looked = keys.slice(0, LOOKED_AT);
  const [progress, setProgress] = useState(0);
  const isHere = useMounted();
  const { data, error, reload } = useLoad(`dependents ${region} ${keys.map(({ KeyId }) => KeyId).join(' ')}`, () =>
    lookAt(looked, region, setProgress, isHere),
  );
  if (error) return <ErrorNotice error={error} onRetry={reload} />;
  if (!data)
    return (
      <Stack gap={4} mt="xs">
        <Text>Looking for what depends on them…</Text>
        <Progress
          color="red"
          value={(progress / looked.length) * 100}
          aria-label={`${progress} of ${looked.length} keys looked at`}
        />
      </Stack>
    );
  const none = looked.length - data.length;
  return (
    <Stack
      gap={6}
      mt="xs"
      mah="14rem"
      style={{ overflow: 'auto' }}
      tabIndex={0}
      role="group"
      aria-label="What depends on them"
    >
      {data.map(({ key, facts }) => (
        <div key={key.KeyId}>
          <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
            {keyName(key)}
          </Text>
          <List size="sm" style={{ overflowWrap: 'anywhere' }}>
            {facts.map((fact) => (
              <List.Item key={fact}>{fact}</List.Item>
            ))}
          </List>
        </div>
      ))}
      {none > 0 ? (
        <Text>
          Nothing was found that depends on {data.length === 0 ? 'any of them' : `the other ${plural(none, 'key')}`}.
        </Text>
      ) : null}
      {keys.length > looked.length ? (
        <Text>The other {formatNumber(keys.length - looked.length)} were not looked at.</Text>
      ) : null}
      <Text size="xs">{NOT_KNOWN}</Text>
    </Stack>
  );
}
