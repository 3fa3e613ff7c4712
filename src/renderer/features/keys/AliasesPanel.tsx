import { ActionIcon, Button, Group, Modal, Paper, Select, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { ConfirmDestructive } from '../../components/ConfirmDestructive.tsx';
import { DialogFoot } from '../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { shorten } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useAction } from '../../lib/use-call.ts';
import { aliasTaken } from './create/create-key.ts';
import { useKeys } from './keys-store.ts';
import { aliasProblem, fullAlias, type KeyDetail, keyName, refusal, shortAlias } from './model.ts';
import { undoAliasAdded, undoAliasDeleted, undoAliasMoved } from './undo.ts';

interface Props {
  readonly detail: KeyDetail;
  readonly region: string;
}

/** The key's aliases: adding, deleting, and taking one over from another key. */
export function AliasesPanel({ detail, region }: Props) {
  const [leaving, setLeaving] = useState<string>();
  const says = refusal('CreateAlias', detail.KeyState);
  return (
    <Paper withBorder p="md" component="section" aria-label="Aliases">
      <Stack gap="sm">
        <Group justify="space-between">
          <div>
            <Title order={2} size="h4">
              Aliases
            </Title>
            <Text c="dimmed" size="xs">
              Names that can be used wherever a key id is asked for.
            </Text>
          </div>
          <ShowAs operation="ListAliases" input={{ KeyId: detail.KeyId }} region={region} />
        </Group>
        {detail.Aliases.length === 0 ? (
          <Text>This key has no alias. It can be used by its id.</Text>
        ) : (
          <Table aria-label="Aliases" layout="fixed">
            <Table.Tbody>
              {detail.Aliases.map((alias) => (
                <Table.Tr key={alias}>
                  <Table.Td title={alias}>
                    <Identifier value={alias} label={alias} />
                  </Table.Td>
                  <Table.Td w="3.5rem">
                    <ActionIcon
                      variant="subtle"
                      color="red"
                      aria-label={`Delete ${alias}`}
                      onClick={() => setLeaving(alias)}
                    >
                      <IconTrash size={16} aria-hidden />
                    </ActionIcon>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        {says ? (
          <Text c="dimmed">{says} It can get no alias.</Text>
        ) : (
          <>
            <AddAlias detail={detail} region={region} />
            <MoveAlias detail={detail} region={region} />
          </>
        )}
      </Stack>
      <DeleteAlias alias={leaving} detail={detail} region={region} onClose={() => setLeaving(undefined)} />
    </Paper>
  );
}

function AddAlias({ detail, region }: Props) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const alias = fullAlias(text);
  const input = { AliasName: alias, TargetKeyId: detail.KeyId };
  const add = useAction(async () => {
    const says =
      aliasProblem(alias) ??
      ((await aliasTaken(alias, region))
        ? 'A key of this Region has this alias already. An alias of another key can be moved here below.'
        : null);
    setProblem(says);
    if (says !== null) return;
    const answer = await kms('CreateAlias', input, region);
    notifySuccess(`${shorten(alias, 20)} names this key now.`, 'Alias added', {
      answer,
      undo: undoAliasAdded(alias, detail.KeyId, region),
    });
    setText('');
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void add.run();
      }}
    >
      <Stack gap="xs">
        <Group align="flex-start" gap="xs">
          <TextInput
            flex="1 1 16rem"
            label="New alias"
            placeholder="invoices"
            value={text}
            error={problem}
            maxLength={limits.aliasName}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              setText(event.currentTarget.value);
              setProblem(null);
            }}
          />
          <Button type="submit" mt="1.6rem" variant="default" loading={add.busy} disabled={text.trim() === ''}>
            Add alias
          </Button>
        </Group>
        {add.error ? <ErrorNotice error={add.error} /> : null}
        <div>
          <ShowAs operation="CreateAlias" input={input} region={region} />
        </div>
      </Stack>
    </form>
  );
}

/** Enough to choose from; typing finds the others. */
const SHOWN = 50;

function MoveAlias({ detail, region }: Props) {
  const { keys } = useKeys();
  const [alias, setAlias] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const owners = useMemo(
    () =>
      new Map(
        (keys ?? [])
          .filter((key) => key.KeyId !== detail.KeyId)
          .flatMap((key) => key.Aliases.map((name) => [name, key] as const)),
      ),
    [keys, detail.KeyId],
  );
  const names = useMemo(() => [...owners.keys()].sort(), [owners]);
  const owner = alias === null ? undefined : owners.get(alias);
  const input = { AliasName: alias ?? '', TargetKeyId: detail.KeyId };
  const move = useAction(async () => {
    const answer = await kms('UpdateAlias', input, region);
    notifySuccess(`${shorten(input.AliasName, 20)} names this key now.`, 'Alias moved', {
      answer,
      ...(owner ? { undo: undoAliasMoved(input.AliasName, owner.KeyId, detail.KeyId, region) } : {}),
    });
    setAsking(false);
    setAlias(null);
  }, asking);
  if (names.length === 0) return null;
  return (
    <>
      <Group align="flex-end" gap="xs">
        <Select
          flex="1 1 16rem"
          label="Alias of another key"
          placeholder="Choose an alias to move here"
          searchable
          limit={SHOWN}
          nothingFoundMessage="No alias matches"
          data={names}
          value={alias}
          onChange={setAlias}
        />
        <Button variant="default" disabled={!owner} onClick={() => setAsking(true)}>
          Move alias here
        </Button>
      </Group>
      <Modal opened={asking && owner !== undefined} onClose={() => setAsking(false)} title="Move the alias">
        <Stack>
          <Text style={{ overflowWrap: 'anywhere' }}>
            <b>{alias}</b> now names {owner ? keyName(owner) : ''} ({owner?.KeyId}). Moved, every program that uses the
            alias encrypts with this key instead.
          </Text>
          <Text>
            What is encrypted already still opens: a ciphertext remembers its key, not the alias. A program that names
            the alias when it decrypts is refused for ciphertext of the other key.
          </Text>
          {move.error ? <ErrorNotice error={move.error} /> : null}
          <DialogFoot aside={<ShowAs operation="UpdateAlias" input={input} region={region} />}>
            <Button variant="default" onClick={() => setAsking(false)}>
              Leave it
            </Button>
            <Button loading={move.busy} onClick={() => void move.run()} data-autofocus>
              Move alias
            </Button>
          </DialogFoot>
        </Stack>
      </Modal>
    </>
  );
}

function DeleteAlias({ alias, detail, region, onClose }: Props & { alias: string | undefined; onClose: () => void }) {
  const input = { AliasName: alias ?? '' };
  return (
    <ConfirmDestructive
      opened={alias !== undefined}
      onClose={onClose}
      title="Delete the alias"
      confirmText="Delete alias"
      typed={alias === undefined ? '' : shortAlias(alias)}
      onConfirm={async () => {
        const answer = await kms('DeleteAlias', input, region);
        notifySuccess('The key itself is as it was.', 'Alias deleted', {
          answer,
          undo: undoAliasDeleted(input.AliasName, detail.KeyId, region),
        });
        onClose();
      }}
      showAs={<ShowAs operation="DeleteAlias" input={input} region={region} />}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>
        Every program that calls {keyName(detail)} by {alias} is refused from then on, until the alias names a key
        again. The key stays, and everything it encrypted still opens.
      </Text>
    </ConfirmDestructive>
  );
}
