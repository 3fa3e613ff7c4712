import { Button, Modal, Select, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useSession } from '../../../lib/session.ts';
import { useAction } from '../../../lib/use-call.ts';
import { type KeyDetail, keyName } from '../model.ts';

interface Props {
  readonly detail: KeyDetail;
  /** The Region of the primary key, which is what is replicated. */
  readonly primary: string;
  /** The Region that was chosen already, or `null`. */
  readonly to: string | null;
  /** Regions the key is in already. */
  readonly taken: readonly string[];
  readonly onClose: () => void;
}

/** Makes a replica in another Region. */
export function Replicate({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={props.onClose} title={`Replicate ${keyName(props.detail)}`} keepMounted={false}>
      <Form {...props} />
    </Modal>
  );
}

function Form({ detail, primary, to, taken, onClose }: Props) {
  const status = useSession((session) => session.status);
  const free = (status?.state === 'open' ? status.regions : []).filter((region) => !taken.includes(region));
  const [target, setTarget] = useState(to);
  const [description, setDescription] = useState(detail.Description);
  const input = {
    KeyId: detail.KeyId,
    ReplicaRegion: target ?? '',
    ...(description ? { Description: description } : {}),
  };
  const replicate = useAction(async () => {
    const answer = await kms('ReplicateKey', input, primary);
    notifySuccess(`The key is in ${target} too. Aliases and tags are its own there.`, 'Key replicated', { answer });
    onClose();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (target !== null) void replicate.run();
      }}
    >
      <Stack>
        <Select
          label="Region for the replica"
          placeholder="Choose a Region"
          data={free}
          value={target}
          onChange={setTarget}
          searchable
          nothingFoundMessage="No Region matches"
          data-autofocus={to === null || undefined}
        />
        <Textarea
          label="Description"
          value={description}
          maxLength={limits.description}
          autosize
          minRows={2}
          maxRows={6}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Text c="dimmed">
          {detail.Origin === 'EXTERNAL'
            ? 'The replica waits for its material: the same has to be imported there. It gets the default policy.'
            : 'The replica gets the default policy; aliases, tags and grants are given to it there.'}
        </Text>
        {replicate.error ? <ErrorNotice error={replicate.error} /> : null}
        <DialogFoot aside={<ShowAs operation="ReplicateKey" input={input} region={primary} />}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={replicate.busy}
            disabled={target === null}
            data-autofocus={to !== null || undefined}
          >
            Replicate
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
