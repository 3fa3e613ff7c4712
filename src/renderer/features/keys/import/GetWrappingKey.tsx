import { Button, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { WrappingAlgorithm, WrappingKeySpec } from '../../../../shared/kms/enums.ts';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { PathField } from '../../../components/PathField.tsx';
import { SavedFile } from '../../../components/SavedFile.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { invoke } from '../../../lib/api.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { useSession } from '../../../lib/session.ts';
import { useAction } from '../../../lib/use-call.ts';
import { refusal } from '../model.ts';
import type { PanelProps } from '../panel.tsx';
import { type ImportWork, startedImport } from './imports-store.ts';
import { StepPaper } from './StepPaper.tsx';
import { algorithmLines, algorithmsFor, usualWrapping, wrappingKeysFor } from './wrapping.ts';

/** First step: a key to wrap the material with, and the token that goes back with it. */
export function GetWrappingKey({ detail, region, work }: PanelProps & { work: ImportWork | undefined }) {
  const home = useSession((session) => session.info?.homePath ?? '');
  const spec = detail.KeySpec;
  const [wrapping, setWrapping] = useState(work?.wrapping ?? usualWrapping(spec));
  const [folder, setFolder] = useState(home);
  const { algorithm, wrappingKey } = wrapping;
  const wrappingKeys = wrappingKeysFor(spec, algorithm);
  const says = refusal('GetParametersForImport', detail.KeyState);
  const input = { KeyId: detail.KeyId, WrappingAlgorithm: algorithm, WrappingKeySpec: wrappingKey };
  const write = useAction(async () => {
    const written = await invoke('keys.saveImportParameters', {
      keyId: detail.KeyId,
      region,
      algorithm,
      wrappingKey,
      folder,
    });
    startedImport(detail.Arn, { wrapping, ...written });
  });
  function choose(next: WrappingAlgorithm): void {
    const possible = wrappingKeysFor(spec, next);
    const kept = possible.includes(wrappingKey) ? wrappingKey : possible.at(-1);
    if (kept) setWrapping({ algorithm: next, wrappingKey: kept });
  }
  return (
    <StepPaper
      title="1. Get a wrapping key"
      lead="The material travels encrypted: under a public key made for this import only. A token belongs to it. Both are good for 24 hours."
      aside={<ShowAs operation="GetParametersForImport" input={input} region={region} />}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (folder !== '' && says === null) void write.run();
        }}
      >
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label="Wrapping algorithm"
              description={algorithmLines[algorithm]}
              data={[...algorithmsFor(spec)]}
              value={algorithm}
              allowDeselect={false}
              onChange={(next) => next && choose(next as WrappingAlgorithm)}
            />
            <Select
              label="Wrapping key"
              description="The longest is the safest, and takes a second to make."
              data={[...wrappingKeys]}
              value={wrappingKey}
              allowDeselect={false}
              onChange={(next) => next && setWrapping({ algorithm, wrappingKey: next as WrappingKeySpec })}
            />
          </SimpleGrid>
          <PathField
            label="Folder for the two files"
            value={folder}
            onChange={setFolder}
            pick="folder"
            pickTitle="Where should the wrapping key go?"
          />
          {says ? <Text c="dimmed">{says} Nothing can be imported meanwhile.</Text> : null}
          {write.error ? <ErrorNotice error={write.error} /> : null}
          {work ? (
            <SavedFile title="The wrapping key and its token are written" paths={[work.publicKey, work.importToken]}>
              <Text c="dimmed">Good until {formatDateTime(work.validTo)}.</Text>
            </SavedFile>
          ) : null}
          <Group>
            <Button
              type="submit"
              variant={work ? 'default' : 'filled'}
              loading={write.busy}
              disabled={folder === '' || says !== null}
            >
              {work ? 'Write new ones' : 'Write wrapping key and token'}
            </Button>
          </Group>
        </Stack>
      </form>
    </StepPaper>
  );
}
