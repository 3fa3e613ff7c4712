import { Stack } from '@mantine/core';
import { AliasesPanel } from './AliasesPanel.tsx';
import type { KeyDetail } from './model.ts';
import { TagsPanel } from './TagsPanel.tsx';

/** The names people and programs give the key. */
export function NamesTab({ detail, region }: { detail: KeyDetail; region: string }) {
  return (
    <Stack>
      <AliasesPanel detail={detail} region={region} />
      <TagsPanel detail={detail} region={region} />
    </Stack>
  );
}
