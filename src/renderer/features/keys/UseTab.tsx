import { SegmentedControl, Stack, Text } from '@mantine/core';
import { type ComponentType, useState } from 'react';
import { DataKeyPanel } from './DataKeyPanel.tsx';
import { DecryptPanel } from './DecryptPanel.tsx';
import { EncryptPanel } from './EncryptPanel.tsx';
import { type KindName, kindOf } from './kinds.ts';
import { isInKeyStore } from './model.ts';
import type { PanelProps } from './panel.tsx';
import { ReEncryptPanel } from './ReEncryptPanel.tsx';
import { DataKeyPairPanel } from './use/DataKeyPairPanel.tsx';
import { DerivePanel } from './use/DerivePanel.tsx';
import { DecapsulatePanel, EncapsulatePanel } from './use/EncapsulatePanels.tsx';
import { MacPanel, VerifyMacPanel } from './use/MacPanel.tsx';
import { PublicDecryptPanel } from './use/PublicDecryptPanel.tsx';
import { PublicEncryptPanel } from './use/PublicEncryptPanel.tsx';
import { SignPanel } from './use/SignPanel.tsx';
import { VerifyPanel } from './use/VerifyPanel.tsx';

type Panel = readonly [label: string, Panel: ComponentType<PanelProps>];

const panelsOf: Readonly<Record<KindName, readonly Panel[]>> = {
  symmetric: [
    ['Encrypt', EncryptPanel],
    ['Decrypt', DecryptPanel],
    ['Re-encrypt', ReEncryptPanel],
    ['Data key', DataKeyPanel],
    ['Data key pair', DataKeyPairPanel],
  ],
  'public-key': [
    ['Encrypt', PublicEncryptPanel],
    ['Decrypt', PublicDecryptPanel],
  ],
  sign: [
    ['Sign', SignPanel],
    ['Verify', VerifyPanel],
  ],
  mac: [
    ['Make MAC', MacPanel],
    ['Verify MAC', VerifyMacPanel],
  ],
  agreement: [['Derive', DerivePanel]],
  encapsulation: [
    ['Encapsulate', EncapsulatePanel],
    ['Decapsulate', DecapsulatePanel],
  ],
};

/** Using the key by hand. What is typed in one panel stays while one looks at another. */
export function UseTab({ detail, region }: PanelProps) {
  // A key in a custom key store keeps no private keys of pairs.
  const panels = panelsOf[kindOf(detail.KeySpec, detail.KeyUsage)].filter(
    ([, Panel]) => !(isInKeyStore(detail) && Panel === DataKeyPairPanel),
  );
  const [shown, setShown] = useState(panels[0]?.[0] ?? '');
  if (detail.KeyState === 'PendingImport')
    return <Text c="dimmed">The key has no material to work with. Import it first.</Text>;
  return (
    <Stack gap="md">
      {panels.length > 1 ? (
        <SegmentedControl
          aria-label="What to do"
          value={shown}
          onChange={setShown}
          data={panels.map(([label]) => label)}
          style={{ alignSelf: 'flex-start', maxWidth: '100%' }}
        />
      ) : null}
      {panels.map(([label, Panel]) => (
        <div key={label} hidden={label !== shown}>
          <Panel detail={detail} region={region} />
        </div>
      ))}
    </Stack>
  );
}
