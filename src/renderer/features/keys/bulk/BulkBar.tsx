import { Button, CloseButton, Group, Menu, Paper, Progress, Text } from '@mantine/core';
import {
  IconBan,
  IconChevronDown,
  IconCircleCheck,
  IconClockX,
  IconRefresh,
  IconTag,
  IconTrash,
} from '@tabler/icons-react';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import { useCommands } from '../../../lib/commands.ts';
import { formatNumber, plural } from '../../../lib/format.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { type KeyRow, refusal, rotatesHere } from '../model.ts';
import { undoDisable, undoEnable } from '../undo.ts';
import { BulkDeletion } from './BulkDeletion.tsx';
import { BulkReport } from './BulkReport.tsx';
import { BulkRotation } from './BulkRotation.tsx';
import { BulkTags } from './BulkTags.tsx';
import { type BulkDialogProps, type Outcome, type Run, runAll } from './run-all.ts';
import { ShowBulk } from './ShowBulk.tsx';
import { undoTogether } from './undo-together.ts';

const own = (key: KeyRow): boolean => key.KeyManager === 'CUSTOMER';
const isLeaving = ({ KeyState }: KeyRow): boolean =>
  KeyState === 'PendingDeletion' || KeyState === 'PendingReplicaDeletion';

/** Which keys each of them fits. */
const fits = {
  enable: (key: KeyRow) => own(key) && key.KeyState === 'Disabled',
  disable: (key: KeyRow) => own(key) && key.KeyState === 'Enabled',
  tag: (key: KeyRow) => own(key) && refusal('TagResource', key.KeyState) === null,
  rotation: (key: KeyRow) =>
    own(key) && key.Origin === 'AWS_KMS' && rotatesHere(key) && refusal('EnableKeyRotation', key.KeyState) === null,
  deletion: (key: KeyRow) => own(key) && !isLeaving(key) && refusal('ScheduleKeyDeletion', key.KeyState) === null,
  keep: isLeaving,
} as const;
type Act = keyof typeof fits;

const dialogs: Readonly<Record<'tag' | 'rotation' | 'deletion', ComponentType<BulkDialogProps>>> = {
  tag: BulkTags,
  rotation: BulkRotation,
  deletion: BulkDeletion,
};

interface Props {
  readonly keys: readonly KeyRow[];
  /** How many of them the filter hides. */
  readonly hidden: number;
  readonly region: string;
  readonly onSelect: (keyIds: ReadonlySet<string>) => void;
}

/** What can be done with the selected keys. A key that an act does not fit is left out, and the button says how many fit. */
export function BulkBar({ keys, hidden, region, onSelect }: Props) {
  const [progress, setProgress] = useState<{ done: number; total: number }>();
  const [dialog, setDialog] = useState<keyof typeof dialogs>();
  const [report, setReport] = useState<{ word: string; outcome: Outcome }>();
  const stop = useRef(new AbortController());
  useEffect(() => {
    stop.current = new AbortController();
    return () => stop.current.abort();
  }, []);

  const fitting = (act: Act) => keys.filter(fits[act]);
  const run: Run = async (targets, act) => {
    const { word, undo: inverse } = act;
    setDialog(undefined);
    stop.current = new AbortController();
    const { signal } = stop.current;
    const total = targets.length;
    setProgress({ done: 0, total });
    const outcome = await runAll(targets, region, act, {
      signal,
      onProgress: (done) => setProgress({ done, total }),
    });
    setProgress(undefined);
    const undo = inverse && undoTogether(inverse[0], outcome.done);
    if (outcome.done.length > 0)
      notifySuccess(
        outcome.done.length === total
          ? `${plural(total, 'key')} ${word}.`
          : `${plural(outcome.done.length, 'key')} of ${formatNumber(total)} ${word}.`,
        undefined,
        { answer: outcome.done.at(-1)?.answer, ...(undo ? { undo } : {}) },
      );
    if (outcome.failed.length > 0) {
      onSelect(new Set(outcome.failed.map(({ key }) => key.KeyId)));
      setReport({ word, outcome });
    }
  };
  const enable = () =>
    void run(fitting('enable'), {
      word: 'enabled',
      call: ({ KeyId }) => ({ operation: 'EnableKey', input: { KeyId } }),
      undo: ['Disable again', (key) => undoEnable(key, region)],
    });
  const disable = () =>
    void run(fitting('disable'), {
      word: 'disabled',
      call: ({ KeyId }) => ({ operation: 'DisableKey', input: { KeyId } }),
      undo: ['Enable again', (key) => undoDisable(key, region)],
    });
  const Dialog = dialog && dialogs[dialog];
  const more = [
    { act: 'tag', title: 'Tag', icon: IconTag, run: () => setDialog('tag') },
    { act: 'rotation', title: 'Set the rotation of', icon: IconRefresh, run: () => setDialog('rotation') },
    {
      act: 'deletion',
      title: 'Schedule the deletion of',
      icon: IconTrash,
      run: () => setDialog('deletion'),
      red: true,
    },
    {
      act: 'keep',
      title: 'Cancel the deletion of',
      icon: IconClockX,
      run: () =>
        void run(fitting('keep'), {
          word: 'kept, and disabled',
          call: ({ KeyId }) => ({ operation: 'CancelKeyDeletion', input: { KeyId } }),
        }),
    },
  ] as const;
  useCommands([
    ...[
      { act: 'enable', title: 'Enable', run: enable } as const,
      { act: 'disable', title: 'Disable', run: disable } as const,
      ...more,
    ]
      .filter(({ act }) => !progress && fitting(act).length > 0)
      .map(({ act, title, run: start }) => ({
        id: `keys.${act}`,
        title: `${title} ${plural(fitting(act).length, 'selected key')}`,
        group: 'Selected keys',
        run: start,
      })),
    {
      id: 'keys.clear-selection',
      title: 'Clear the selection',
      group: 'Selected keys',
      run: () => onSelect(new Set()),
    },
  ]);
  return (
    <Paper withBorder px="sm" py={6} role="group" aria-label="Selected keys">
      <Group gap="sm">
        <Text size="sm" fw={600} role="status">
          {formatNumber(keys.length)} selected{hidden > 0 ? `, ${formatNumber(hidden)} of them not shown` : ''}
        </Text>
        {progress ? (
          <>
            <Progress
              flex={1}
              value={(progress.done / progress.total) * 100}
              aria-label={`${progress.done} of ${progress.total} keys`}
            />
            <Button size="compact-sm" variant="default" onClick={() => stop.current.abort()}>
              Stop
            </Button>
          </>
        ) : (
          <>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconCircleCheck size={14} aria-hidden />}
              disabled={fitting('enable').length === 0}
              onClick={enable}
            >
              Enable {formatNumber(fitting('enable').length)}
            </Button>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconBan size={14} aria-hidden />}
              disabled={fitting('disable').length === 0}
              onClick={disable}
            >
              Disable {formatNumber(fitting('disable').length)}
            </Button>
            <Menu position="bottom-start" withinPortal>
              <Menu.Target>
                <Button size="compact-sm" variant="default" rightSection={<IconChevronDown size={14} aria-hidden />}>
                  More
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {more.map(({ act, title, icon: Icon, run: choose, ...rest }) => (
                  <Menu.Item
                    key={act}
                    leftSection={<Icon size={16} aria-hidden />}
                    disabled={fitting(act).length === 0}
                    onClick={choose}
                    {...('red' in rest ? { c: 'var(--mantine-color-red-text)' } : {})}
                  >
                    {title} {plural(fitting(act).length, 'key')}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
            <Group gap="xs" ml="auto">
              <ShowBulk
                region={region}
                acts={[
                  { title: 'Enable', operation: 'EnableKey', keys: fitting('enable') },
                  { title: 'Disable', operation: 'DisableKey', keys: fitting('disable') },
                  { title: 'Cancel the deletion of', operation: 'CancelKeyDeletion', keys: fitting('keep') },
                ]}
              />
              <CloseButton aria-label="Clear the selection" onClick={() => onSelect(new Set())} />
            </Group>
          </>
        )}
      </Group>
      {Dialog ? (
        <Dialog keys={fitting(dialog)} region={region} onClose={() => setDialog(undefined)} onRun={run} />
      ) : null}
      <BulkReport report={report} onClose={() => setReport(undefined)} />
    </Paper>
  );
}
