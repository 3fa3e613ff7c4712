import { Button, CloseButton, Group, Paper, Progress, Text } from '@mantine/core';
import { IconBan, IconCircleCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { kms } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { formatNumber, plural } from '../../lib/format.ts';
import { notifyError, notifySuccess } from '../../lib/notify.tsx';
import type { KeyRow } from './model.ts';
import { undoTogether } from './undo.ts';

type Switch = 'EnableKey' | 'DisableKey';
const wanted: Readonly<Record<Switch, KeyRow['KeyState']>> = { EnableKey: 'Disabled', DisableKey: 'Enabled' };
const done: Readonly<Record<Switch, string>> = { EnableKey: 'enabled', DisableKey: 'disabled' };

/** What can be done with the selected keys. A key that a switch does not fit is left out, and the button says how many fit. */
export function BulkBar({ keys, region, onClear }: { keys: readonly KeyRow[]; region: string; onClear: () => void }) {
  const [progress, setProgress] = useState<{ done: number; total: number }>();
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);

  const fitting = (operation: Switch) => keys.filter((key) => key.KeyState === wanted[operation]);
  async function run(operation: Switch): Promise<void> {
    const targets = fitting(operation);
    stopped.current = false;
    let changed = 0;
    const after = () => {
      const undo = undoTogether(operation, targets.slice(0, changed), region);
      return undo ? { undo } : {};
    };
    try {
      for (const key of targets) {
        if (stopped.current) break;
        setProgress({ done: changed, total: targets.length });
        await kms(operation, { KeyId: key.KeyId }, region);
        changed++;
      }
      if (changed > 0) notifySuccess(`${plural(changed, 'key')} ${done[operation]}.`, undefined, after());
    } catch (error) {
      if (changed > 0)
        notifySuccess(`${plural(changed, 'key')} of ${targets.length} ${done[operation]}.`, undefined, after());
      notifyError(error);
    } finally {
      setProgress(undefined);
    }
  }

  const able = (['EnableKey', 'DisableKey'] as const).filter((operation) => fitting(operation).length > 0 && !progress);
  useCommands([
    ...able.map((operation) => ({
      id: operation === 'EnableKey' ? 'keys.enable' : 'keys.disable',
      title: `${operation === 'EnableKey' ? 'Enable' : 'Disable'} ${plural(fitting(operation).length, 'selected key')}`,
      group: 'Selected keys',
      run: () => void run(operation),
    })),
    { id: 'keys.clear-selection', title: 'Clear the selection', group: 'Selected keys', run: onClear },
  ]);

  return (
    <Paper withBorder px="sm" py={6} role="group" aria-label="Selected keys">
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {formatNumber(keys.length)} selected
        </Text>
        {progress ? (
          <>
            <Progress
              flex={1}
              value={(progress.done / progress.total) * 100}
              aria-label={`${progress.done} of ${progress.total} keys`}
            />
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                stopped.current = true;
              }}
            >
              Stop
            </Button>
          </>
        ) : (
          <>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconCircleCheck size={14} aria-hidden />}
              disabled={fitting('EnableKey').length === 0}
              onClick={() => void run('EnableKey')}
            >
              Enable {formatNumber(fitting('EnableKey').length)}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconBan size={14} aria-hidden />}
              disabled={fitting('DisableKey').length === 0}
              onClick={() => void run('DisableKey')}
            >
              Disable {formatNumber(fitting('DisableKey').length)}
            </Button>
            <CloseButton ml="auto" aria-label="Clear the selection" onClick={onClear} />
          </>
        )}
      </Group>
    </Paper>
  );
}
