import { SegmentedControl, Stack } from '@mantine/core';
import { type ComponentType, useState } from 'react';
import { DataKeyPanel } from './DataKeyPanel.tsx';
import { DecryptPanel } from './DecryptPanel.tsx';
import { EncryptPanel } from './EncryptPanel.tsx';
import type { PanelProps } from './panel.tsx';
import { ReEncryptPanel } from './ReEncryptPanel.tsx';

const panels = [
  ['encrypt', 'Encrypt', EncryptPanel],
  ['decrypt', 'Decrypt', DecryptPanel],
  ['re-encrypt', 'Re-encrypt', ReEncryptPanel],
  ['data-key', 'Data key', DataKeyPanel],
] as const satisfies readonly (readonly [string, string, ComponentType<PanelProps>])[];
type PanelName = (typeof panels)[number][0];

/** Using the key by hand. What is typed in one panel stays while one looks at another. */
export function UseTab({ detail, region }: PanelProps) {
  const [shown, setShown] = useState<PanelName>('encrypt');
  return (
    <Stack gap="md">
      <SegmentedControl
        aria-label="What to do"
        value={shown}
        onChange={(value) => setShown(value as PanelName)}
        data={panels.map(([value, label]) => ({ value, label }))}
        style={{ alignSelf: 'flex-start', maxWidth: '100%' }}
      />
      {panels.map(([name, , Panel]) => (
        <div key={name} hidden={name !== shown}>
          <Panel detail={detail} region={region} />
        </div>
      ))}
    </Stack>
  );
}
