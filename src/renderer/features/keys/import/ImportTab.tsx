import { Stack } from '@mantine/core';
import type { PanelProps } from '../panel.tsx';
import { GetWrappingKey } from './GetWrappingKey.tsx';
import { ImportedMaterials } from './ImportedMaterials.tsx';
import { ImportMaterial } from './ImportMaterial.tsx';
import { useImports } from './imports-store.ts';
import { WrapIt } from './WrapIt.tsx';

/** Bringing one's own material into a key, in three steps, and what is in it. */
export function ImportTab({ detail, region }: PanelProps) {
  const work = useImports((imports) => imports[detail.Arn]);
  return (
    <Stack>
      <ImportedMaterials detail={detail} region={region} />
      <GetWrappingKey detail={detail} region={region} work={work} />
      <WrapIt detail={detail} region={region} work={work} />
      <ImportMaterial key={`${work?.importToken} ${work?.made?.wrapped}`} detail={detail} region={region} work={work} />
    </Stack>
  );
}
