import { Anchor, Button, Group, Stack, TextInput } from '@mantine/core';
import { useRef, useState } from 'react';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowCalls } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { shorten } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { keyPath, navigate } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { useAction } from '../../lib/use-call.ts';

/** The first key: an alias and, if one likes, what it is for. */
export function KeyStep({ onDone }: { onDone: () => void }) {
  const region = useSession((session) => session.region);
  const [alias, setAlias] = useState('files');
  const [description, setDescription] = useState('');
  const made = useRef<OperationOutput<'CreateKey'>>(undefined);
  const make = useAction(async (then: 'key' | 'files') => {
    // A refused alias must not make a second key when it is tried again.
    made.current ??= await kms('CreateKey', description ? { Description: description } : {}, region);
    const answer = made.current;
    const { KeyId } = answer.KeyMetadata;
    await kms('CreateAlias', { AliasName: `alias/${alias.trim()}`, TargetKeyId: KeyId }, region);
    notifySuccess(`${shorten(alias.trim(), 20)} is ready to use.`, 'Key created', { answer });
    navigate(then === 'key' ? keyPath(KeyId) : '/files', { replace: true });
    onDone();
  });
  const complete = alias.trim() !== '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void make.run('key');
      }}
    >
      <Stack>
        <TextInput
          label="Alias"
          description="The name by which you and your programs call the key"
          leftSection="alias/"
          leftSectionWidth="3.6rem"
          value={alias}
          maxLength={250}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => setAlias(event.currentTarget.value)}
        />
        <TextInput
          label="Description"
          placeholder="What it protects (may stay empty)"
          value={description}
          maxLength={8192}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <div>
          <ShowCalls
            calls={[
              { operation: 'CreateKey', input: description ? { Description: description } : {} },
              { operation: 'CreateAlias', input: { AliasName: `alias/${alias.trim()}`, TargetKeyId: 'KEY_ID' } },
            ]}
            region={region}
          />
        </div>
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <Group justify="space-between">
          <Anchor
            component="button"
            type="button"
            onClick={() => {
              navigate('/keys', { replace: true });
              onDone();
            }}
          >
            Skip for now
          </Anchor>
          <Group gap="xs">
            <Button variant="default" disabled={!complete || make.busy} onClick={() => void make.run('files')}>
              Create and encrypt files
            </Button>
            <Button type="submit" disabled={!complete} loading={make.busy}>
              Create and open the key
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
