import { ActionIcon, Button, Collapse, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconFolderOpen } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { toPem } from '../../../shared/pem.ts';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { baseName } from '../../lib/paths.ts';
import { base64 } from '../../lib/show-as.ts';
import { visibleName } from '../files/index.ts';
import { Note } from './fields.tsx';
import { opensslCannot, opensslVerify } from './openssl.ts';
import type { Job } from './store.ts';
import { KeyOf } from './Verdict.tsx';

interface Props {
  readonly job: Job;
  readonly signature: Uint8Array;
  /** Whether all of it is shown. */
  readonly open: boolean;
  readonly onOpen: (id: string, open: boolean) => void;
}

/** A signature that was made: where it lies, as text, and how others verify it. */
export function SignatureMade({ job, signature, open, onOpen }: Props) {
  const id = useId();
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <Stack gap={6}>
      <Text size="xs" c="dimmed" component="div">
        by <KeyOf job={job} /> with {job.algorithm}
      </Text>
      {job.signaturePath ? <Written label="Signature" path={job.signaturePath} /> : null}
      {job.publicKeyPath ? <Written label="Public key" path={job.publicKeyPath} /> : null}
      <Group>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Chevron size={14} aria-hidden />}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => onOpen(job.id, !open)}
        >
          Base64, public key and openssl
        </Button>
      </Group>
      <Collapse expanded={open} id={id}>
        {open ? <Details job={job} signature={signature} /> : null}
      </Collapse>
    </Stack>
  );
}

function Written({ label, path }: { label: string; path: string }) {
  const name = visibleName(baseName(path));
  return (
    <Group gap={6} wrap="nowrap">
      <Text truncate title={path} flex="0 1 auto" miw={0}>
        {label}: {name}
      </Text>
      <Tooltip label={`Show ${name} in the file manager`}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Show ${name} in the file manager`}
          onClick={() => void invoke('app.reveal', { path }).catch(notifyError)}
        >
          <IconFolderOpen size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}

function Details({ job, signature }: { job: Job; signature: Uint8Array }) {
  const files = {
    file: job.path ?? 'message.txt',
    signature: job.signaturePath ?? 'message.txt.sig',
    publicKey: job.publicKeyPath ?? 'public-key.pem',
  };
  const command = opensslVerify(job.algorithm, files);
  const missing = [
    job.path === undefined ? 'the text as message.txt, with no line break at its end' : '',
    job.signaturePath === undefined ? `the signature's bytes as ${files.signature}` : '',
    job.publicKeyPath === undefined ? 'the public key as public-key.pem' : '',
  ].filter(Boolean);
  return (
    <Stack gap="sm" pt="xs">
      <Labelled title="Signature (base64)">
        <CopyBlock text={base64(signature)} label="Signature (base64)" />
      </Labelled>
      {job.publicKey ? (
        <Labelled title="Public key to hand out (PEM)">
          <CopyBlock text={toPem('PUBLIC KEY', job.publicKey)} label="Public key (PEM)" />
        </Labelled>
      ) : null}
      <Labelled title="Verify with OpenSSL">
        {command ? <CopyBlock text={command} label="openssl command" /> : null}
        <Note>{opensslCannot(job.algorithm) ?? (missing.length > 0 ? `Save ${missing.join(', ')} first.` : null)}</Note>
      </Labelled>
    </Stack>
  );
}

function Labelled({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" fw={550} mb={4}>
        {title}
      </Text>
      {children}
    </div>
  );
}
