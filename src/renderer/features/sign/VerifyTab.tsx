import { Button, Group, Paper, Stack, Text, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { toPem } from '../../../shared/pem.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { blobInFile } from '../../lib/show-as.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';
import { useFileDrop } from '../../lib/use-file-drop.ts';
import {
  AlgorithmSelect,
  Base64Field,
  base64Problem,
  fromBase64,
  KeySelect,
  refusal,
  specWords,
  toUtf8,
} from '../keys/index.ts';
import { Either, isSignable, Note, Part, SignedText } from './fields.tsx';
import { JobList } from './JobList.tsx';
import classes from './sign.module.css';
import { isSigningKey, useSigningKey } from './signing-key.ts';
import { changeFile, changeVerify, findSignature, startVerifying, useSigning, type VerifyDraft } from './store.ts';
import { messageNote, messageTypeFor } from './words.ts';

/** A text or file, its signature and a key; whether they belong together beside. */
export function VerifyTab() {
  return (
    <Paper withBorder p="md">
      <div className={classes.columns}>
        <VerifyForm />
        <JobList
          action="verify"
          title="Verified"
          waiting="Whether the signature is valid appears here. Drop a file anywhere on this page; its signature is found when it lies beside it."
        />
      </div>
    </Paper>
  );
}

type Verification = Parameters<typeof startVerifying>[0];

const whatOf = (draft: VerifyDraft): Verification['what'] | null => {
  if (draft.from === 'text') return isSignable(draft.text) ? { text: draft.text } : null;
  return draft.file === '' ? null : { path: draft.file };
};

const signatureOf = (draft: VerifyDraft): Verification['signature'] | null => {
  if (draft.signatureFrom === 'file') return draft.signatureFile === '' ? null : { path: draft.signatureFile };
  const bytes = fromBase64(draft.signatureText);
  const fits = bytes && bytes.length > 0 && base64Problem(draft.signatureText, limits.signatureBytes) === null;
  return fits ? { bytes } : null;
};

/** The public key that was pasted, once the typing rests: what it is, or why it is none. */
function usePublicKey({ by, publicKey }: VerifyDraft) {
  const [text] = useDebouncedValue(publicKey.trim(), 250);
  const { data, error } = useLoad(by === 'outside' && text !== '' ? text : null, () =>
    invoke('sign.readPublicKey', { text }),
  );
  // What was read of an earlier text is not this one's.
  const current = text === publicKey.trim();
  return { outside: current ? data : undefined, error: current ? error : undefined };
}

function VerifyForm() {
  const draft = useSigning((state) => state.verify);
  const region = useSession((session) => session.region);
  const own = useSigningKey(draft);
  const { outside, error } = usePublicKey(draft);
  const inVault = draft.by === 'vault';
  const algorithms = inVault ? own.algorithms : (outside?.algorithms ?? []);
  const algorithm = algorithms.find((each) => each === draft.algorithm) ?? algorithms[0];
  const key = inVault ? own.key && { keyId: own.key.KeyId, region } : outside && { publicKey: outside.publicKey };
  const says = inVault && own.key ? refusal('Verify', own.key.KeyState) : null;
  const what = whatOf(draft);
  const signature = signatureOf(draft);
  const wish = what && signature && key && algorithm && !says ? { what, signature, key, algorithm } : null;
  const start = useAction(async () => {
    if (wish) await startVerifying(wish);
  });
  const type = algorithm ? messageTypeFor(algorithm, draft.from === 'text' ? toUtf8(draft.text).length : 0) : 'DIGEST';
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (wish) void start.run();
  }
  return (
    <form onSubmit={onSubmit} aria-label="Verify">
      <Stack gap="md">
        <Signed draft={draft} />
        <Signature draft={draft} />
        <Part title="Whose signature">
          <Either
            label="Whose key"
            value={draft.by}
            onChange={(by) => changeVerify({ by, algorithm: null })}
            data={[
              { value: 'vault', label: 'A key of this vault' },
              { value: 'outside', label: "Someone else's public key" },
            ]}
          />
          {inVault ? (
            <KeySelect
              label="Key"
              value={own.key?.KeyId ?? null}
              onChange={(keyId) => changeVerify({ keyId, algorithm: null })}
              accepts={isSigningKey}
            />
          ) : (
            <Outside draft={draft} outside={outside} error={error} />
          )}
          {says ? <Text c="var(--mantine-color-error)">{says}</Text> : null}
        </Part>
        {algorithm ? (
          <AlgorithmSelect
            value={algorithm}
            onChange={(next) => changeVerify({ algorithm: next })}
            algorithms={algorithms}
          />
        ) : null}
        {start.error ? <ErrorNotice error={start.error} /> : null}
        <Group justify="space-between">
          <Button type="submit" disabled={wish === null} loading={start.busy}>
            Verify
          </Button>
          {inVault && own.key && algorithm ? (
            <ShowAs
              operation="Verify"
              input={{
                KeyId: own.key.KeyId,
                Message: type === 'RAW' && draft.from === 'text' ? toUtf8(draft.text) : blobInFile,
                MessageType: type,
                Signature: signature && 'bytes' in signature ? signature.bytes : blobInFile,
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

function Signed({ draft }: { draft: VerifyDraft }) {
  return (
    <Part title="What was signed">
      <Either
        label="What was signed"
        value={draft.from}
        onChange={(from) => changeVerify({ from, ...(from === 'text' ? { signatureFrom: 'text' } : {}) })}
        data={[
          { value: 'file', label: 'File' },
          { value: 'text', label: 'Text' },
        ]}
      />
      {draft.from === 'file' ? (
        <PathField
          label="File"
          value={draft.file}
          onChange={(file) => {
            changeFile(file);
            // A path that is only half typed is no absolute one yet, and has nothing beside it.
            findSignature(file).catch(() => undefined);
          }}
          pick="files"
          pickTitle="The file that was signed"
        />
      ) : (
        <SignedText label="Text that was signed" value={draft.text} onChange={(text) => changeVerify({ text })} />
      )}
    </Part>
  );
}

function Signature({ draft }: { draft: VerifyDraft }) {
  return (
    <Part title="Its signature">
      <Either
        label="The signature"
        value={draft.signatureFrom}
        onChange={(signatureFrom) => changeVerify({ signatureFrom })}
        data={[
          { value: 'file', label: 'File' },
          { value: 'text', label: 'Base64' },
        ]}
      />
      {draft.signatureFrom === 'file' ? (
        <PathField
          label="Signature file"
          value={draft.signatureFile}
          onChange={(signatureFile) => changeVerify({ signatureFile, signatureOf: '' })}
          pick="files"
          pickTitle="The signature"
        />
      ) : (
        <Base64Field
          label="Signature"
          value={draft.signatureText}
          onChange={(signatureText) => changeVerify({ signatureText })}
          max={limits.signatureBytes}
        />
      )}
    </Part>
  );
}

interface OutsideProps extends ReturnType<typeof usePublicKey> {
  readonly draft: VerifyDraft;
}

async function pickPublicKey(): Promise<void> {
  try {
    const { paths } = await invoke('app.pick', { kind: 'files', title: 'A public key (PEM or DER)' });
    const [path] = paths;
    if (path !== undefined) await readPublicKeyFile(path);
  } catch (error) {
    notifyError(error);
  }
}

async function readPublicKeyFile(path: string): Promise<void> {
  const { publicKey } = await invoke('sign.readPublicKey', { path });
  changeVerify({ publicKey: toPem('PUBLIC KEY', publicKey), algorithm: null });
}

const PRIVATE = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

function Outside({ draft, outside, error }: OutsideProps) {
  const [wasPrivate, setWasPrivate] = useState(false);
  // What was pasted by mistake goes no further than this field.
  const change = (publicKey: string) => {
    const isPrivate = PRIVATE.test(publicKey);
    setWasPrivate(isPrivate);
    changeVerify({ publicKey: isPrivate ? '' : publicKey, algorithm: null });
  };
  const { handlers } = useFileDrop(async ([path]) => {
    if (path !== undefined) await readPublicKeyFile(path);
  });
  return (
    <Stack gap="xs" {...handlers}>
      <Textarea
        label="Public key"
        description="PEM, pasted or from a file. Verified here; no key of the vault is asked, and nothing is recorded."
        value={draft.publicKey}
        error={
          wasPrivate
            ? 'This is a private key. It was not kept. Verifying takes the public one: openssl pkey -in KEY -pubout'
            : error?.message
        }
        onChange={(event) => change(event.currentTarget.value)}
        autosize
        minRows={4}
        maxRows={10}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Group justify="space-between" gap="xs">
        <Button size="xs" variant="default" onClick={() => void pickPublicKey()}>
          Choose a file…
        </Button>
        {outside ? (
          <Note>
            {specWords[outside.spec].name}, SHA-256 <Identifier value={outside.fingerprint} keep={8} />
          </Note>
        ) : null}
      </Group>
    </Stack>
  );
}
