import { Button, Group, Paper, SegmentedControl, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { CallInput } from '../../../shared/contract/index.ts';
import { toPem } from '../../../shared/pem.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { PathField } from '../../components/PathField.tsx';
import { SavedFile } from '../../components/SavedFile.tsx';
import { CopyBlock, ShowAs } from '../../components/ShowAs.tsx';
import { invoke, kms } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { useSession } from '../../lib/session.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';
import { deedsOf } from './deeds.ts';
import { Fact, Facts } from './Facts.tsx';
import { specWords } from './kinds.ts';
import { refusal } from './model.ts';
import type { PanelProps } from './panel.tsx';

type Format = CallInput<'keys.savePublicKey'>['format'];

/** The public key and its fingerprint: SHA-256 of its DER, as hexadecimal. */
async function read(keyId: string, region: string) {
  const { PublicKey } = await kms('GetPublicKey', { KeyId: keyId }, region);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', PublicKey.slice()));
  return {
    pem: toPem('PUBLIC KEY', PublicKey),
    bytes: PublicKey.length,
    fingerprint: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}

/** The half of the key that anyone may have. */
export function PublicKeyTab({ detail, region }: PanelProps) {
  const says = refusal('GetPublicKey', detail.KeyState);
  const { data, error, reload } = useLoad(
    says === null ? `public key ${region} ${detail.KeyId} ${detail.Materials.at(-1)?.KeyMaterialId}` : null,
    () => read(detail.KeyId, region),
  );
  return (
    <Stack>
      <Paper withBorder p="md" component="section" aria-label="Public key">
        <Stack gap="sm">
          <Group justify="space-between" align="flex-start">
            <Text c="dimmed" maw="40rem">
              {deedsOf(detail).others} It is no secret, and needs no Coffer; the private key never leaves the vault.
            </Text>
            <ShowAs operation="GetPublicKey" input={{ KeyId: detail.KeyId }} region={region} />
          </Group>
          {says ? <Text>{says} Its public key cannot be read until that is over.</Text> : null}
          {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
          {data ? (
            <>
              <CopyBlock text={data.pem} label="Public key (PEM)" />
              <Facts>
                <Fact name="Fingerprint (SHA-256)">
                  <Identifier value={data.fingerprint} whole />
                </Fact>
                <Fact name="Spec">
                  {specWords[detail.KeySpec].name}, {formatNumber(data.bytes)} bytes as DER (SubjectPublicKeyInfo)
                </Fact>
              </Facts>
            </>
          ) : says === null && !error ? (
            <Skeleton height={180} />
          ) : null}
        </Stack>
      </Paper>
      {data ? <Save keyId={detail.KeyId} region={region} /> : null}
    </Stack>
  );
}

function Save({ keyId, region }: { keyId: string; region: string }) {
  const home = useSession((session) => session.info?.homePath ?? '');
  const [folder, setFolder] = useState(home);
  const [format, setFormat] = useState<Format>('pem');
  const [path, setPath] = useState<string>();
  const save = useAction(async () => {
    setPath(undefined);
    setPath((await invoke('keys.savePublicKey', { keyId, region, format, folder })).path);
  });
  return (
    <Paper withBorder p="md" component="section" aria-label="Download the public key">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (folder !== '') void save.run();
        }}
      >
        <Stack gap="sm">
          <Title order={3} size="h4">
            Download
          </Title>
          <SegmentedControl
            aria-label="Format"
            value={format}
            onChange={(value) => setFormat(value as Format)}
            data={[
              { value: 'pem', label: 'PEM (text)' },
              { value: 'der', label: 'DER (binary)' },
            ]}
            style={{ alignSelf: 'flex-start' }}
          />
          <PathField
            label="Folder"
            value={folder}
            onChange={setFolder}
            pick="folder"
            pickTitle="Where should the public key go?"
          />
          {save.error ? <ErrorNotice error={save.error} /> : null}
          {path ? <SavedFile title="The public key is written" paths={[path]} /> : null}
          <Group>
            <Button type="submit" loading={save.busy} disabled={folder === ''}>
              Download public key
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
