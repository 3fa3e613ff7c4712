import { Select, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { ContextEditor } from '../../components/ContextEditor.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { base64 } from '../../lib/show-as.ts';
import { useAction } from '../../lib/use-call.ts';
import { Fact, Facts } from './Facts.tsx';
import { refusal } from './model.ts';
import { PanelFrame, type PanelProps } from './panel.tsx';
import { HiddenSecret } from './use/HiddenSecret.tsx';

const sizes = [
  { value: 'AES_256', label: 'AES_256: 32 bytes' },
  { value: 'AES_128', label: 'AES_128: 16 bytes' },
  { value: '64', label: '64 bytes: encryption and MAC' },
];

/** How much key the choice asks for: by AWS's name of a size, else in bytes. */
const amount = (size: string) =>
  size === 'AES_256' || size === 'AES_128' ? ({ KeySpec: size } as const) : { NumberOfBytes: Number(size) };

interface DataKey {
  readonly ciphertext: string;
  readonly plaintext?: string;
  readonly materialId: string;
}

/** A data key: encrypted under this key, and in the clear only when asked for. */
export function DataKeyPanel({ detail, region }: PanelProps) {
  const [size, setSize] = useState<string>('AES_256');
  const [inClear, setInClear] = useState(true);
  const [context, setContext] = useState<Record<string, string>>({});
  const [result, setResult] = useState<DataKey>();
  const operation = inClear ? 'GenerateDataKey' : 'GenerateDataKeyWithoutPlaintext';
  const input = {
    KeyId: detail.KeyId,
    ...amount(size),
    ...(Object.keys(context).length > 0 ? { EncryptionContext: context } : {}),
  };
  const generate = useAction(async () => {
    const answer = await kms(operation, input, region);
    setResult({
      ciphertext: base64(answer.CiphertextBlob),
      materialId: answer.KeyMaterialId,
      ...('Plaintext' in answer ? { plaintext: base64(answer.Plaintext) } : {}),
    });
  });
  return (
    <PanelFrame
      title="Data key"
      verb="Generate data key"
      operation={operation}
      input={input}
      region={region}
      ready={refusal('GenerateDataKey', detail.KeyState) === null}
      action={generate}
      waiting="A program encrypts its data with the data key, keeps the encrypted data key beside it and forgets the other. That is envelope encryption."
      result={
        result ? (
          <Stack gap="xs">
            <Text fw={500}>Encrypted data key</Text>
            <CopyBlock text={result.ciphertext} label="Encrypted data key" />
            {result.plaintext ? (
              <HiddenSecret key={result.ciphertext} label="Plaintext data key" text={result.plaintext} />
            ) : null}
            <Facts>
              <Fact name="Material">
                <Identifier value={result.materialId} keep={8} />
              </Fact>
            </Facts>
          </Stack>
        ) : null
      }
    >
      <Select
        label="Size"
        data={sizes}
        value={size}
        allowDeselect={false}
        onChange={(value) => setSize(value ?? 'AES_256')}
      />
      <Switch
        label="With the plaintext data key"
        description="Without it, the key can be made in one place and opened in another that may decrypt."
        checked={inClear}
        onChange={(event) => setInClear(event.currentTarget.checked)}
      />
      <ContextEditor value={context} onChange={setContext} />
    </PanelFrame>
  );
}
