import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Choices } from '../../../components/Choices.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { SavedFile } from '../../../components/SavedFile.tsx';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { invoke } from '../../../lib/api.ts';
import { baseName, folderOf } from '../../../lib/paths.ts';
import { shellQuote } from '../../../lib/show-as.ts';
import { useAction } from '../../../lib/use-call.ts';
import type { KeyDetail } from '../model.ts';
import type { PanelProps } from '../panel.tsx';
import { type ImportWork, startedImport } from './imports-store.ts';
import { StepPaper } from './StepPaper.tsx';
import { makeCommand, materialLine, materialName, wrapCommands } from './wrapping.ts';

/** What the commands of the second step call the wrapped material. */
export const WRAPPED = 'wrapped.bin';

type Road = 'here' | 'openssl';

/** Second step: material that is made here, or the commands that wrap one's own elsewhere. */
export function WrapIt({ detail, region, work }: PanelProps & { work: ImportWork | undefined }) {
  const [road, setRoad] = useState<Road>('openssl');
  return (
    <StepPaper title="2. Wrap the material" lead={materialLine(detail.KeySpec)}>
      {work ? (
        <>
          <Choices
            label="Where the material comes from"
            value={road}
            onChange={(value) => setRoad(value as Road)}
            choices={[
              {
                value: 'openssl',
                title: 'From elsewhere, with openssl',
                line: 'You have it, or make it on a computer you trust, and wrap it there. Coffer sees it only wrapped.',
              },
              {
                value: 'here',
                title: 'Made here, now',
                line: 'Coffer makes it, writes it into a file for you to keep, and wraps it.',
              },
            ]}
          />
          {road === 'openssl' ? (
            <Commands detail={detail} work={work} />
          ) : (
            <MakeIt detail={detail} region={region} work={work} />
          )}
        </>
      ) : (
        <Text>This comes once the wrapping key is written.</Text>
      )}
    </StepPaper>
  );
}

/** The road without openssl: the files are written, and the last step has them. */
function MakeIt({ detail, region, work }: PanelProps & { work: ImportWork }) {
  const make = useAction(async () => {
    const made = await invoke('keys.makeMaterial', {
      keyId: detail.KeyId,
      region,
      algorithm: work.wrapping.algorithm,
      publicKey: work.publicKey,
      folder: folderOf(work.publicKey),
    });
    startedImport(detail.Arn, { ...work, made });
  });
  const { made } = work;
  return (
    <Stack gap="sm">
      {made ? (
        <SavedFile title="The material is made and wrapped" paths={[made.material, made.wrapped]}>
          <Text>
            The first is the material itself, not encrypted: move it to a safe place. Coffer never gives it back, and
            after an expiry the same has to be imported again.
          </Text>
        </SavedFile>
      ) : (
        <Text c="dimmed">
          Two new files go into {folderOf(work.publicKey)}: the material itself, readable by you only, and the wrapped
          one.
        </Text>
      )}
      {make.error ? <ErrorNotice error={make.error} /> : null}
      <Group>
        <Button variant={made ? 'default' : 'filled'} loading={make.busy} onClick={() => void make.run()}>
          {made ? 'Make another' : 'Make the material'}
        </Button>
      </Group>
    </Stack>
  );
}

function Commands({ detail, work }: { detail: KeyDetail; work: ImportWork }) {
  const folder = folderOf(work.publicKey);
  const material = materialName(detail.KeySpec);
  return (
    <>
      <Stack gap={4}>
        <Text fw={500}>If you have none yet, with openssl 3</Text>
        <CopyBlock
          text={`cd ${shellQuote(folder)}\n${makeCommand(detail.KeySpec)}`}
          label="Command that makes material"
        />
      </Stack>
      <Stack gap={4}>
        <Text fw={500}>Wrap it</Text>
        <CopyBlock
          text={`cd ${shellQuote(folder)}\n${wrapCommands(work.wrapping.algorithm, {
            wrappingKey: baseName(work.publicKey),
            material,
            wrapped: WRAPPED,
          })}`}
          label="Commands that wrap the material"
        />
      </Stack>
      <Text c="dimmed">
        Keep {material} in a safe place: Coffer never gives it back, and after an expiry the same has to be imported
        again.
      </Text>
    </>
  );
}
