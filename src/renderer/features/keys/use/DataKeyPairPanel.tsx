import { Select, Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import { dataKeyPairSpecs } from '../../../../shared/kms/enums.ts';
import { toPem } from '../../../../shared/pem.ts';
import { ContextEditor } from '../../../components/ContextEditor.tsx';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { base64 } from '../../../lib/show-as.ts';
import { useAction } from '../../../lib/use-call.ts';
import { specWords } from '../kinds.ts';
import { refusal } from '../model.ts';
import { PanelFrame, type PanelProps } from '../panel.tsx';
import { HiddenSecret } from './HiddenSecret.tsx';

type PairSpec = (typeof dataKeyPairSpecs)[number];

interface Pair {
  readonly ciphertext: string;
  readonly publicKey: string;
  readonly privateKey?: string;
}

/** A key pair for use outside: its private key encrypted under this key, and in the clear only when asked for. */
export function DataKeyPairPanel({ detail, region }: PanelProps) {
  const [spec, setSpec] = useState<PairSpec>('ECC_NIST_P256');
  const [inClear, setInClear] = useState(false);
  const [context, setContext] = useState<Record<string, string>>({});
  const [result, setResult] = useState<Pair>();
  const operation = inClear ? 'GenerateDataKeyPair' : 'GenerateDataKeyPairWithoutPlaintext';
  const input = {
    KeyId: detail.KeyId,
    KeyPairSpec: spec,
    ...(Object.keys(context).length > 0 ? { EncryptionContext: context } : {}),
  };
  const generate = useAction(async () => {
    const answer = await kms(operation, input, region);
    setResult({
      ciphertext: base64(answer.PrivateKeyCiphertextBlob),
      publicKey: toPem('PUBLIC KEY', answer.PublicKey),
      ...('PrivateKeyPlaintext' in answer ? { privateKey: toPem('PRIVATE KEY', answer.PrivateKeyPlaintext) } : {}),
    });
  });
  return (
    <PanelFrame
      title="Data key pair"
      verb="Generate key pair"
      operation={operation}
      input={input}
      region={region}
      ready={refusal('GenerateDataKeyPair', detail.KeyState) === null}
      action={generate}
      waiting="A program uses the pair itself; this key only keeps its private half encrypted."
      result={
        result ? (
          <Stack gap="xs">
            <Text fw={500}>Public key</Text>
            <CopyBlock text={result.publicKey} label="Public key of the pair" />
            <Text fw={500}>Encrypted private key</Text>
            <CopyBlock text={result.ciphertext} label="Encrypted private key" />
            {result.privateKey ? (
              <HiddenSecret
                key={result.ciphertext}
                label="Private key"
                text={result.privateKey}
                why="Hidden. Whoever reads it can sign and decrypt with it."
              />
            ) : null}
          </Stack>
        ) : null
      }
    >
      <Select
        label="Spec of the pair"
        data={dataKeyPairSpecs.map((value) => ({ value, label: specWords[value].name }))}
        value={spec}
        allowDeselect={false}
        onChange={(value) => value && setSpec(value as PairSpec)}
      />
      <Switch
        label="With the plaintext private key"
        description="Without it, Decrypt gives the private key when it is first needed."
        checked={inClear}
        onChange={(event) => setInClear(event.currentTarget.checked)}
      />
      <ContextEditor value={context} onChange={setContext} />
    </PanelFrame>
  );
}
