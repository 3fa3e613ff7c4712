import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { base64 } from '../../../lib/show-as.ts';
import { useAction } from '../../../lib/use-call.ts';
import { refusal } from '../model.ts';
import { Base64Field, base64Problem, PanelFrame, type PanelProps } from '../panel.tsx';
import { fromBase64 } from '../text.ts';
import { HiddenSecret } from './HiddenSecret.tsx';

const algorithm = { EncapsulationAlgorithm: 'ML_KEM' } as const;
const WHY = 'Hidden. Whoever reads it shares the secret.';

/** A new secret, and its encapsulation for whoever has the private key. */
export function EncapsulatePanel({ detail, region }: PanelProps) {
  const [result, setResult] = useState<{ ciphertext: string; secret: string }>();
  const input = { KeyId: detail.KeyId, ...algorithm };
  const encapsulate = useAction(async () => {
    const { SharedSecret, SharedSecretCiphertextBlob } = await kms('Encapsulate', input, region);
    setResult({ ciphertext: base64(SharedSecretCiphertextBlob), secret: base64(SharedSecret) });
  });
  return (
    <PanelFrame
      title="Encapsulate"
      verb="Encapsulate"
      operation="Encapsulate"
      input={input}
      region={region}
      ready={refusal('Encapsulate', detail.KeyState) === null}
      action={encapsulate}
      waiting="A new 32-byte secret and its ciphertext appear here."
      result={
        result ? (
          <Stack gap="xs">
            <Text fw={500}>Ciphertext of the secret</Text>
            <CopyBlock text={result.ciphertext} label="Ciphertext of the secret" />
            <HiddenSecret key={result.ciphertext} label="Shared secret" text={result.secret} why={WHY} />
          </Stack>
        ) : null
      }
    >
      <Text>
        Makes a secret and encloses it with the public key. The ciphertext goes to the other side, who gets the same
        secret out of it.
      </Text>
    </PanelFrame>
  );
}

/** An encapsulation in, the secret out. */
export function DecapsulatePanel({ detail, region }: PanelProps) {
  const [ciphertext, setCiphertext] = useState('');
  const [secret, setSecret] = useState<{ text: string }>();
  const blob = fromBase64(ciphertext) ?? new Uint8Array();
  const input = { KeyId: detail.KeyId, SharedSecretCiphertextBlob: blob, ...algorithm };
  const decapsulate = useAction(async () => {
    const { SharedSecret } = await kms('Decapsulate', input, region);
    setSecret({ text: base64(SharedSecret) });
  });
  return (
    <PanelFrame
      title="Decapsulate"
      verb="Decapsulate"
      operation="Decapsulate"
      input={input}
      region={region}
      ready={
        blob.length > 0 &&
        base64Problem(ciphertext, limits.ciphertextBytes) === null &&
        refusal('Decapsulate', detail.KeyState) === null
      }
      action={decapsulate}
      waiting="The secret appears here. ML-KEM answers a wrong ciphertext with a secret nobody else has, not with an error."
      result={secret ? <HiddenSecret key={secret.text} label="Shared secret" text={secret.text} why={WHY} /> : null}
    >
      <Base64Field
        label="Ciphertext of the secret"
        value={ciphertext}
        onChange={setCiphertext}
        max={limits.ciphertextBytes}
      />
    </PanelFrame>
  );
}
