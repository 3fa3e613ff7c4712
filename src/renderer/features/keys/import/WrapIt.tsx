import { Stack, Text } from '@mantine/core';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { baseName, folderOf } from '../../../lib/paths.ts';
import { shellQuote } from '../../../lib/show-as.ts';
import type { KeyDetail } from '../model.ts';
import type { ImportWork } from './imports-store.ts';
import { StepPaper } from './StepPaper.tsx';
import { makeCommand, materialLine, materialName, wrapCommands } from './wrapping.ts';

/** What the commands of the second step call the wrapped material. */
export const WRAPPED = 'wrapped.bin';

/** Second step, done outside: the commands that wrap the material. */
export function WrapIt({ detail, work }: { detail: KeyDetail; work: ImportWork }) {
  const folder = folderOf(work.publicKey);
  const material = materialName(detail.KeySpec);
  return (
    <StepPaper
      title="2. Wrap the material"
      lead={`On a computer you trust with it, with openssl 3. ${materialLine(detail.KeySpec)}`}
    >
      <Stack gap={4}>
        <Text fw={500}>If you have none yet</Text>
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
    </StepPaper>
  );
}
