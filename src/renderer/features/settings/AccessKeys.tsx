import { Alert, Badge, Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconKey } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError, notifySuccess } from '../../lib/notify.tsx';
import { useAction, useLoad } from '../../lib/use-call.ts';
import { Section } from './Section.tsx';
import classes from './settings.module.css';

type AccessKey = CallOutput<'accessKeys.list'>['accessKeys'][number];
type Made = CallOutput<'accessKeys.create'>;

/** The access keys: listed, made, switched, deleted. */
export function AccessKeys() {
  const loaded = useLoad('access-keys', () => invoke('accessKeys.list', {}), ['audit.appended']);
  const [made, setMade] = useState<Made | null>(null);
  const [leaving, setLeaving] = useState<AccessKey | null>(null);
  const make = useAction(async () => {
    setMade(await invoke('accessKeys.create', {}));
    loaded.reload();
  });
  return (
    <Section
      title="Access keys"
      lead="What programs sign their calls with. Each acts as whom it was made for, and its calls are in the activity under that name."
    >
      <Stack>
        {loaded.error ? <ErrorNotice error={loaded.error} onRetry={loaded.reload} /> : null}
        {loaded.data ? <KeyList keys={loaded.data.accessKeys} onChanged={loaded.reload} onDelete={setLeaving} /> : null}
        {loaded.data || loaded.error ? null : <Skeleton height={60} />}
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <Group>
          <Button variant="default" loading={make.busy} onClick={() => void make.run()}>
            Make an access key
          </Button>
        </Group>
      </Stack>
      <NewKey made={made} onClose={() => setMade(null)} />
      <DeleteKey accessKey={leaving} onClose={() => setLeaving(null)} onDeleted={loaded.reload} />
    </Section>
  );
}

function KeyList({
  keys,
  onChanged,
  onDelete,
}: {
  keys: readonly AccessKey[];
  onChanged: () => void;
  onDelete: (key: AccessKey) => void;
}) {
  if (keys.length === 0) return <Text c="dimmed">There is none yet: no program can call.</Text>;
  const setActive = async ({ accessKeyId }: AccessKey, active: boolean) => {
    try {
      await invoke('accessKeys.setActive', { accessKeyId, active });
      onChanged();
    } catch (error) {
      notifyError(error);
    }
  };
  return (
    <ul className={classes.list} aria-label="Access keys">
      {keys.map((key) => (
        <li key={key.accessKeyId} className={classes.row}>
          <IconKey size={20} stroke={1.7} aria-hidden />
          <div className={classes.words}>
            <Group gap="xs">
              <Identifier value={key.accessKeyId} whole />
              {key.active ? null : (
                <Badge color="gray" variant="light">
                  Inactive
                </Badge>
              )}
            </Group>
            <Text size="xs" c="dimmed" component="div">
              {key.principalArn}. Made <RelativeTime value={key.createdAt} />,{' '}
              {key.lastUsed === null ? (
                'never used'
              ) : (
                <>
                  last used <RelativeTime value={key.lastUsed} />
                </>
              )}
            </Text>
          </div>
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              aria-label={`${key.active ? 'Deactivate' : 'Activate'}: ${key.accessKeyId}`}
              onClick={() => void setActive(key, !key.active)}
            >
              {key.active ? 'Deactivate' : 'Activate'}
            </Button>
            <Button
              size="xs"
              variant="subtle"
              color="red"
              aria-label={`Delete: ${key.accessKeyId}`}
              onClick={() => onDelete(key)}
            >
              Delete
            </Button>
          </Group>
        </li>
      ))}
    </ul>
  );
}

function NewKey({ made, onClose }: { made: Made | null; onClose: () => void }) {
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
            Copy it now. Whoever has it can use every key of this vault while the endpoint answers.
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

function DeleteKey({
  accessKey,
  onClose,
  onDeleted,
}: {
  accessKey: AccessKey | null;
  onClose: () => void;
  onDeleted: () => void;
}) {
  const remove = useAction(async () => {
    if (!accessKey) return;
    await invoke('accessKeys.delete', { accessKeyId: accessKey.accessKeyId });
    notifySuccess('The access key is deleted.');
    onDeleted();
    onClose();
  });
  return (
    <Modal
      opened={accessKey !== null}
      onClose={() => {
        remove.clear();
        onClose();
      }}
      title="Delete the access key"
    >
      <Stack>
        <Text>
          Programs that use {accessKey?.accessKeyId} are refused from now on. It cannot be taken back; an inactive key
          can be activated again.
        </Text>
        {remove.error ? <ErrorNotice error={remove.error} /> : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Keep it
          </Button>
          <Button color="red" loading={remove.busy} onClick={() => void remove.run()}>
            Delete
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
