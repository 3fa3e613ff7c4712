import { Button, Checkbox, Group, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconFilePlus, IconKey, IconUpload, IconX } from '@tabler/icons-react';
import type { FormEvent } from 'react';
import type { SigningAlgorithm } from '../../../shared/kms/enums.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PathField } from '../../components/PathField.tsx';
import { RowAction } from '../../components/RowAction.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { VirtualList } from '../../components/VirtualList.tsx';
import { invoke } from '../../lib/api.ts';
import { formatBytes, formatNumber, plural } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { navigate } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { blobInFile } from '../../lib/show-as.ts';
import { useAction } from '../../lib/use-call.ts';
import { visibleName } from '../files/index.ts';
import { AlgorithmSelect, KeySelect, refusal, toUtf8, useKeys } from '../keys/index.ts';
import { Either, isSignable, Note, Part, SignedText } from './fields.tsx';
import { JobList } from './JobList.tsx';
import classes from './sign.module.css';
import { isSigningKey, useSigningKey } from './signing-key.ts';
import { addFiles, changeSign, type Item, removeFiles, type SignDraft, startSigning, useSigning } from './store.ts';
import { messageNote, messageTypeFor, signs, sizeProblem } from './words.ts';

/** What is signed, with which key, and where the signatures go; what came of it beside. */
export function SignTab() {
  const { keys, loading } = useKeys();
  return (
    <Paper withBorder p="md">
      <div className={classes.columns}>
        {keys === null && loading ? (
          <Skeleton height={320} />
        ) : keys && !keys.some(isSigningKey) ? (
          <NoSigningKey />
        ) : (
          <SignForm />
        )}
        <JobList
          action="sign"
          title="Signatures"
          waiting="Signatures appear here: as a file to hand out, as text to copy, with the public key and the openssl command that verifies the same."
        />
      </div>
    </Paper>
  );
}

function NoSigningKey() {
  const region = useSession((session) => session.region);
  return (
    <EmptyState
      icon={IconKey}
      title={`There is no signing key in ${region}`}
      action={<Button onClick={() => navigate('/keys?new=1')}>Create a key</Button>}
    >
      Choose “Sign and verify” in its first step. Whoever has its public key can check what it signs.
    </EmptyState>
  );
}

function SignForm() {
  const draft = useSigning((state) => state.sign);
  const region = useSession((session) => session.region);
  const { key, algorithms, algorithm } = useSigningKey(draft);
  const text = toUtf8(draft.text);
  const size = draft.from === 'text' ? text.length : (draft.files[0]?.size ?? 0);
  const says = key ? refusal('Sign', key.KeyState) : null;
  const textProblem = algorithm && draft.from === 'text' && draft.text ? sizeProblem(algorithm, size) : null;
  const sizes = draft.from === 'text' ? [size] : draft.files.map((item) => item.size);
  const fits = (each: SigningAlgorithm) => sizes.every((bytes) => sizeProblem(each, bytes) === null);
  /** Offered where the chosen one does not take what is to be signed. */
  const instead = algorithm && !fits(algorithm) ? algorithms.find(fits) : undefined;
  const filled =
    draft.from === 'text'
      ? isSignable(draft.text) && textProblem === null
      : draft.files.length > 0 &&
        draft.files.every((item) => !item.problem && !(algorithm && sizeProblem(algorithm, item.size)));
  const ready = filled && key !== undefined && algorithm !== undefined && says === null;
  const start = useAction(async () => {
    if (key && algorithm) await startSigning(key.KeyId, region, algorithm);
  });
  const type = algorithm ? messageTypeFor(algorithm, size) : 'DIGEST';
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (ready) void start.run();
  }
  return (
    <form onSubmit={onSubmit} aria-label="Sign">
      <Stack gap="md">
        <Part title="What to sign">
          <Either
            label="What to sign"
            value={draft.from}
            onChange={(from) => changeSign({ from })}
            data={[
              { value: 'file', label: 'Files' },
              { value: 'text', label: 'Text' },
            ]}
          />
          {draft.from === 'file' ? (
            <Files draft={draft} problemOf={(bytes) => (algorithm ? sizeProblem(algorithm, bytes) : null)} />
          ) : (
            <SignedText label="Text to sign" value={draft.text} onChange={(next) => changeSign({ text: next })} />
          )}
          {textProblem ? <Text c="var(--mantine-color-error)">{textProblem}</Text> : null}
        </Part>
        <KeySelect
          label="Key"
          value={key?.KeyId ?? null}
          onChange={(keyId) => changeSign({ keyId, algorithm: null })}
          accepts={isSigningKey}
        />
        {says ? <Text c="var(--mantine-color-error)">{says}</Text> : null}
        {algorithm ? (
          <div>
            <AlgorithmSelect
              value={algorithm}
              onChange={(next) => changeSign({ algorithm: next })}
              algorithms={algorithms}
            />
            <Note>{signs(algorithm)}</Note>
            {instead ? (
              <Button variant="default" size="compact-sm" mt="xs" onClick={() => changeSign({ algorithm: instead })}>
                Sign with {instead} instead
              </Button>
            ) : null}
          </div>
        ) : null}
        <Where draft={draft} />
        {start.error ? <ErrorNotice error={start.error} /> : null}
        <Group justify="space-between">
          <Button type="submit" disabled={!ready} loading={start.busy}>
            {draft.from === 'file' && draft.files.length > 1
              ? `Sign ${formatNumber(draft.files.length)} files`
              : 'Sign'}
          </Button>
          {key && algorithm ? (
            <ShowAs
              operation="Sign"
              input={{
                KeyId: key.KeyId,
                Message: type === 'RAW' && draft.from === 'text' ? text : blobInFile,
                MessageType: type,
                SigningAlgorithm: algorithm,
              }}
              region={region}
              note={messageNote(algorithm, type)}
            />
          ) : null}
        </Group>
      </Stack>
    </form>
  );
}

async function pickFiles(): Promise<void> {
  try {
    await addFiles((await invoke('app.pick', { kind: 'files', title: 'Files to sign' })).paths);
  } catch (error) {
    notifyError(error);
  }
}

function Files({ draft, problemOf }: { draft: SignDraft; problemOf: (size: number) => string | null }) {
  const { files } = draft;
  return (
    <Stack gap="xs">
      <div className={classes.drop}>
        <IconUpload size={22} stroke={1.5} aria-hidden />
        <Text flex={1} miw="8rem">
          Drop files here
        </Text>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconFilePlus size={15} aria-hidden />}
          onClick={() => void pickFiles()}
        >
          Choose files…
        </Button>
      </div>
      {files.length > 0 ? (
        <VirtualList
          items={files}
          keyOf={(item) => item.path}
          label={`${plural(files.length, 'file')} to sign`}
          maxHeight="14rem"
          rowHeight={48}
        >
          {(item) => <FileRow item={item} problem={item.problem?.message ?? problemOf(item.size)} />}
        </VirtualList>
      ) : null}
    </Stack>
  );
}

function FileRow({ item: { path, name, size }, problem }: { item: Item; problem: string | null }) {
  return (
    <div className={classes.row}>
      <div className={classes.words}>
        <div className="coffer-truncate" title={path}>
          {visibleName(name)}
        </div>
        <div className={classes.note} data-problem={problem !== null || undefined}>
          {problem ?? formatBytes(size)}
        </div>
      </div>
      <RowAction icon={IconX} label={`Remove ${visibleName(name)}`} onClick={() => removeFiles([path])} />
    </div>
  );
}

function Where({ draft: { from, folder, withPublicKey } }: { draft: SignDraft }) {
  return (
    <Stack gap="xs">
      <PathField
        label={from === 'file' ? 'Folder for the signatures' : 'Folder for the text and its signature'}
        description={
          from === 'file' ? 'Empty: NAME.sig beside each file.' : 'Empty: nothing is saved, and the signature is shown.'
        }
        value={folder}
        onChange={(next) => changeSign({ folder: next })}
        pick="folder"
        pickTitle="Where should the signatures go?"
        required={false}
      />
      <Checkbox
        label="With the public key (PEM), for those who verify"
        checked={withPublicKey}
        onChange={(event) => changeSign({ withPublicKey: event.currentTarget.checked })}
      />
    </Stack>
  );
}
