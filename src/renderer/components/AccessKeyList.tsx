import { Alert, Badge, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import type { IamInput } from '../../shared/iam/operations.ts';
import { notifyError, notifySuccess } from '../lib/notify.tsx';
import { ConfirmRemoval } from './ConfirmRemoval.tsx';
import { DialogFoot } from './DialogFoot.tsx';
import { Identifier } from './Identifier.tsx';
import classes from './list.module.css';
import { RelativeTime } from './RelativeTime.tsx';
import { CopyBlock } from './ShowAs.tsx';
import { ShowIam } from './ShowIam.tsx';

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
  /** What the call answered. */
  readonly answer: unknown;
}

/** A user by name, a root by none. */
export type KeyOwner = Pick<IamInput<'UpdateAccessKey'>, 'UserName'>;

interface Props {
  readonly keys: readonly ShownAccessKey[];
  /** What is said when there is none. */
  readonly none: string;
  /** Each resolves to what the call answered. */
  readonly onSetActive: (accessKeyId: string, active: boolean) => Promise<unknown>;
  readonly onDelete: (accessKeyId: string) => Promise<unknown>;
  /** How IAM names whose a key is; null where AWS has no such key, as of a role. */
  readonly ownerOf: (key: ShownAccessKey) => KeyOwner | null;
}

/** Access keys with what can be done to each; a deletion asks first. */
export function AccessKeyList({ keys, none, onSetActive, onDelete, ownerOf }: Props) {
  const [leaving, setLeaving] = useState<string | null>(null);
  const gone = keys.find(({ accessKeyId }) => accessKeyId === leaving);
  const goneOf = gone ? ownerOf(gone) : null;
  return (
    <>
      {keys.length === 0 ? (
        <Text c="dimmed">{none}</Text>
      ) : (
        <ul className={classes.list} aria-label="Access keys">
          {keys.map((key) => (
            <KeyRow
              key={key.accessKeyId}
              accessKey={key}
              owner={ownerOf(key)}
              onSetActive={onSetActive}
              onLeave={setLeaving}
            />
          ))}
        </ul>
      )}
      <DeleteKey
        accessKeyId={leaving}
        onClose={() => setLeaving(null)}
        onDelete={onDelete}
        showAs={
          gone && goneOf ? (
            <ShowIam operation="DeleteAccessKey" input={{ ...goneOf, AccessKeyId: gone.accessKeyId }} />
          ) : null
        }
      />
    </>
  );
}

function KeyRow({
  accessKey,
  owner,
  onSetActive,
  onLeave,
}: {
  accessKey: ShownAccessKey;
  owner: KeyOwner | null;
  onSetActive: Props['onSetActive'];
  onLeave: (accessKeyId: string) => void;
}) {
  const { accessKeyId, active, principalArn, createdAt, lastUsed } = accessKey;
  const turn = async () => {
    const answer = await onSetActive(accessKeyId, !active);
    notifySuccess(
      active ? 'Calls signed with it are refused.' : 'It signs calls again.',
      `Access key ${active ? 'deactivated' : 'activated'}`,
      {
        answer,
        undo: {
          title: `${active ? 'Activate' : 'Deactivate'} ${accessKeyId} again`,
          run: () => onSetActive(accessKeyId, active),
        },
      },
    );
  };
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
          {principalArn === undefined ? 'Created' : `${principalArn}. Created`} <RelativeTime value={createdAt} />,{' '}
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
        {owner ? (
          <ShowIam
            compact
            about={accessKeyId}
            operation="UpdateAccessKey"
            input={{ ...owner, AccessKeyId: accessKeyId, Status: active ? 'Inactive' : 'Active' }}
          />
        ) : null}
        <Button
          size="xs"
          variant="default"
          aria-label={`${active ? 'Deactivate' : 'Activate'}: ${accessKeyId}`}
          onClick={() => void turn().catch(notifyError)}
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
  showAs,
}: {
  accessKeyId: string | null;
  onClose: () => void;
  onDelete: Props['onDelete'];
  showAs: ReactNode;
}) {
  const remove = async () => {
    if (accessKeyId === null) return;
    const answer = await onDelete(accessKeyId);
    notifySuccess('The access key is deleted.', undefined, { answer });
  };
  return (
    <ConfirmRemoval
      opened={accessKeyId !== null}
      onClose={onClose}
      title="Delete the access key"
      onConfirm={remove}
      showAs={showAs}
    >
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
  const close = () => {
    // While the dialog was there the notice would have been under it.
    if (made)
      notifySuccess(`Calls can be signed with ${made.accessKeyId}.`, 'Access key created', { answer: made.answer });
    onClose();
  };
  return (
    <Modal
      opened={made !== null}
      onClose={close}
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
          <DialogFoot>
            <Button onClick={close}>I have it</Button>
          </DialogFoot>
        </Stack>
      ) : null}
    </Modal>
  );
}
