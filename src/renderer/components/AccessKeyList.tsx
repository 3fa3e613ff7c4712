import { Alert, Badge, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import { notifyError, notifySuccess } from '../lib/notify.tsx';
import { ConfirmRemoval } from './ConfirmRemoval.tsx';
import { Identifier } from './Identifier.tsx';
import classes from './list.module.css';
import { RelativeTime } from './RelativeTime.tsx';
import { CopyBlock } from './ShowAs.tsx';

export interface ShownAccessKey {
  readonly accessKeyId: string;
  /** Whose it is, where keys of several are listed. */
  readonly principalArn?: string;
  readonly active: boolean;
  /** Milliseconds since the epoch; `null` when it was never used. */
  readonly createdAt: number;
  readonly lastUsed: number | null;
}

export interface MadeAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface Props {
  readonly keys: readonly ShownAccessKey[];
  /** What is said when there is none. */
  readonly none: string;
  readonly onSetActive: (accessKeyId: string, active: boolean) => Promise<unknown>;
  readonly onDelete: (accessKeyId: string) => Promise<unknown>;
}

/** Access keys with what can be done to each; a deletion asks first. */
export function AccessKeyList({ keys, none, onSetActive, onDelete }: Props) {
  const [leaving, setLeaving] = useState<string | null>(null);
  return (
    <>
      {keys.length === 0 ? (
        <Text c="dimmed">{none}</Text>
      ) : (
        <ul className={classes.list} aria-label="Access keys">
          {keys.map((key) => (
            <KeyRow key={key.accessKeyId} accessKey={key} onSetActive={onSetActive} onLeave={setLeaving} />
          ))}
        </ul>
      )}
      <DeleteKey accessKeyId={leaving} onClose={() => setLeaving(null)} onDelete={onDelete} />
    </>
  );
}

function KeyRow({
  accessKey,
  onSetActive,
  onLeave,
}: {
  accessKey: ShownAccessKey;
  onSetActive: Props['onSetActive'];
  onLeave: (accessKeyId: string) => void;
}) {
  const { accessKeyId, active, principalArn, createdAt, lastUsed } = accessKey;
  return (
    <li className={classes.row}>
      <IconKey size={20} stroke={1.7} aria-hidden />
      <div className={classes.words}>
        <Group gap="xs">
          <Identifier value={accessKeyId} whole />
          {active ? null : (
            <Badge color="gray" variant="light">
              Inactive
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" component="div">
          {principalArn === undefined ? 'Made' : `${principalArn}. Made`} <RelativeTime value={createdAt} />,{' '}
          {lastUsed === null ? (
            'never used'
          ) : (
            <>
              last used <RelativeTime value={lastUsed} />
            </>
          )}
        </Text>
      </div>
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          aria-label={`${active ? 'Deactivate' : 'Activate'}: ${accessKeyId}`}
          onClick={() => void onSetActive(accessKeyId, !active).catch(notifyError)}
        >
          {active ? 'Deactivate' : 'Activate'}
        </Button>
        <Button
          size="xs"
          variant="subtle"
          color="red"
          aria-label={`Delete: ${accessKeyId}`}
          onClick={() => onLeave(accessKeyId)}
        >
          Delete
        </Button>
      </Group>
    </li>
  );
}

function DeleteKey({
  accessKeyId,
  onClose,
  onDelete,
}: {
  accessKeyId: string | null;
  onClose: () => void;
  onDelete: Props['onDelete'];
}) {
  const remove = async () => {
    if (accessKeyId === null) return;
    await onDelete(accessKeyId);
    notifySuccess('The access key is deleted.');
  };
  return (
    <ConfirmRemoval opened={accessKeyId !== null} onClose={onClose} title="Delete the access key" onConfirm={remove}>
      Programs that use {accessKeyId} are refused from now on. It cannot be taken back; an inactive key can be activated
      again.
    </ConfirmRemoval>
  );
}

/** Shows the secret of an access key, the one time it is told. */
export function NewAccessKey({
  made,
  can,
  onClose,
}: {
  made: MadeAccessKey | null;
  /** What whoever has it can do while the endpoint answers. */
  can: string;
  onClose: () => void;
}) {
  return (
    <Modal
      opened={made !== null}
      onClose={onClose}
      title="The new access key"
      size="lg"
      // A click beside the dialog must not throw away a secret that is shown this once.
      closeOnClickOutside={false}
    >
      {made ? (
        <Stack>
          <Alert
            color="yellow"
            icon={<IconAlertTriangle size={18} aria-hidden />}
            title="The secret is shown this once"
          >
            Copy it now. Whoever has it can {can} while the endpoint answers.
          </Alert>
          <dl className={classes.facts}>
            <dt>Access key ID</dt>
            <dd>
              <Identifier value={made.accessKeyId} whole />
            </dd>
            <dt>Secret access key</dt>
            <dd>
              <Identifier value={made.secretAccessKey} whole />
            </dd>
          </dl>
          <CopyBlock
            text={`export AWS_ACCESS_KEY_ID=${made.accessKeyId}\nexport AWS_SECRET_ACCESS_KEY=${made.secretAccessKey}`}
            label="lines for a shell"
          />
          <Group justify="flex-end">
            <Button onClick={onClose}>I have it</Button>
          </Group>
        </Stack>
      ) : null}
    </Modal>
  );
}
