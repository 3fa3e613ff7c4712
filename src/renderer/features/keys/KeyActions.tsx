import { Button, Menu, Modal, Stack, Text, Textarea } from '@mantine/core';
import {
  IconBan,
  IconChevronDown,
  IconCircleCheck,
  IconClockX,
  IconFiles,
  IconPencil,
  IconRefresh,
  IconShare,
  IconTable,
  IconTestPipe,
  IconTrash,
} from '@tabler/icons-react';
import { useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FormActions } from '../../components/FormActions.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { formatNumber } from '../../lib/format.ts';
import { notifyError, notifySuccess } from '../../lib/notify.tsx';
import { simulatorPath } from '../../lib/question.ts';
import { filesPath, keyPath, navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-call.ts';
import { DisableKey } from './DisableKey.tsx';
import { deedsOf } from './deeds.ts';
import { type KeyDetail, keyName, refusal, rotatesHere } from './model.ts';
import { RotateNow } from './RotateNow.tsx';
import { ScheduleDeletion } from './ScheduleDeletion.tsx';
import { ShareDialog } from './share/ShareDialog.tsx';
import { undoDescription, undoEnable } from './undo.ts';

interface Props {
  readonly detail: KeyDetail;
  readonly region: string;
}

/** What can be done with the whole key; what its state does not allow is off, the reason on hover. */
export function KeyActions({ detail, region }: Props) {
  const [dialog, setDialog] = useState<'describe' | 'rotate' | 'delete' | 'disable' | 'share'>();
  const close = () => setDialog(undefined);
  const name = keyName(detail);
  const state = detail.KeyState;

  async function act(operation: 'EnableKey' | 'CancelKeyDeletion', says: string): Promise<void> {
    try {
      const answer = await kms(operation, { KeyId: detail.KeyId }, region);
      notifySuccess(says, undefined, {
        answer,
        ...(operation === 'EnableKey' ? { undo: undoEnable(detail, region) } : {}),
      });
    } catch (error) {
      notifyError(error);
    }
  }
  const actions = [
    state === 'Disabled'
      ? {
          title: 'Enable key',
          icon: IconCircleCheck,
          off: refusal('EnableKey', state),
          run: () => void act('EnableKey', 'The key can be used again.'),
        }
      : {
          title: 'Disable key',
          icon: IconBan,
          off: refusal('DisableKey', state),
          run: () => setDialog('disable'),
        },
    {
      title: 'Edit description',
      icon: IconPencil,
      off: refusal('UpdateKeyDescription', state),
      run: () => setDialog('describe'),
    },
    ...(rotatesHere(detail)
      ? [
          {
            title: 'Rotate now',
            icon: IconRefresh,
            off:
              refusal('RotateKeyOnDemand', state) ??
              (detail.OnDemandRotationsLeft === 0 ? 'Its on-demand rotations are used up.' : null),
            run: () => setDialog('rotate'),
          },
        ]
      : []),
    ...(detail.KeySpec === 'SYMMETRIC_DEFAULT'
      ? [
          { title: 'Files under this key', icon: IconFiles, off: null, run: () => navigate(filesPath(detail.Arn)) },
          { title: 'Share…', icon: IconShare, off: refusal('PutKeyPolicy', state), run: () => setDialog('share') },
        ]
      : []),
    {
      title: 'Who can use this key?',
      icon: IconTable,
      off: null,
      run: () => navigate(`/access/key?key=${detail.KeyId}`),
    },
    {
      title: 'Simulate a call',
      icon: IconTestPipe,
      off: null,
      run: () => navigate(simulatorPath({ keyId: detail.KeyId })),
    },
    state === 'PendingDeletion' || state === 'PendingReplicaDeletion'
      ? {
          title: 'Cancel deletion',
          icon: IconClockX,
          off: null,
          run: () => void act('CancelKeyDeletion', 'The key stays. It is disabled; enable it to use it again.'),
        }
      : {
          title: 'Schedule deletion',
          icon: IconTrash,
          off: refusal('ScheduleKeyDeletion', state),
          run: () => setDialog('delete'),
          red: true,
        },
  ];
  useCommands(
    actions
      .filter((action) => action.off === null)
      .map((action) => ({
        id: `key.${action.title.toLowerCase().replaceAll(' ', '-')}`,
        title: `${action.title}: ${name}`,
        group: 'This key',
        run: action.run,
      })),
  );

  return (
    <>
      {state !== 'Enabled' ? null : (
        <Button variant="default" onClick={() => navigate(keyPath(detail.KeyId, 'use'))}>
          {deedsOf(detail).use}
        </Button>
      )}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button rightSection={<IconChevronDown size={16} aria-hidden />}>Actions</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {actions.map(({ title, icon: Icon, off, run, ...rest }) => (
            <Menu.Item
              key={title}
              leftSection={<Icon size={16} aria-hidden />}
              disabled={off !== null}
              onClick={run}
              {...('red' in rest ? { c: 'var(--mantine-color-red-text)' } : {})}
            >
              {title}
              {off === null ? null : (
                <Text size="xs" c="dimmed">
                  {off}
                </Text>
              )}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={dialog === 'describe'} onClose={close} title="Edit description">
        <Describe detail={detail} region={region} onClose={close} />
      </Modal>
      <DisableKey opened={dialog === 'disable'} onClose={close} detail={detail} region={region} />
      <RotateNow opened={dialog === 'rotate'} onClose={close} detail={detail} region={region} />
      {dialog === 'share' ? <ShareDialog keyArn={detail.Arn} onClose={close} /> : null}
      <ScheduleDeletion opened={dialog === 'delete'} onClose={close} detail={detail} region={region} />
    </>
  );
}

function Describe({ detail, region, onClose }: Props & { onClose: () => void }) {
  const [text, setText] = useState(detail.Description);
  const input = { KeyId: detail.KeyId, Description: text };
  const save = useAction(async () => {
    const answer = await kms('UpdateKeyDescription', input, region);
    notifySuccess('The description is saved.', undefined, { answer, undo: undoDescription(detail, text, region) });
    onClose();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save.run();
      }}
    >
      <Stack>
        <Textarea
          label="Description"
          description={`${formatNumber(text.length)} of ${formatNumber(limits.description)} characters`}
          value={text}
          maxLength={limits.description}
          autosize
          minRows={3}
          maxRows={10}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <FormActions text="Save" onCancel={onClose} busy={save.busy}>
          <ShowAs operation="UpdateKeyDescription" input={input} region={region} />
        </FormActions>
      </Stack>
    </form>
  );
}
