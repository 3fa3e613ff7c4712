import { Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { fromPem } from '../../../../shared/pem.ts';
import { kms } from '../../../lib/api.ts';
import { base64 } from '../../../lib/show-as.ts';
import { useAction } from '../../../lib/use-call.ts';
import { refusal } from '../model.ts';
import { PanelFrame, type PanelProps } from '../panel.tsx';
import { HiddenSecret } from './HiddenSecret.tsx';

/** Someone's public key in, the secret that both can derive out. */
export function DerivePanel({ detail, region }: PanelProps) {
  const [text, setText] = useState('');
  const [secret, setSecret] = useState<{ text: string }>();
  const peer = fromPem('PUBLIC KEY', text) ?? new Uint8Array();
  const problem =
    text.trim() === ''
      ? null
      : peer.length === 0
        ? 'This is no public key: it begins with -----BEGIN PUBLIC KEY-----, or is its DER as base64.'
        : peer.length > limits.publicKeyBytes
          ? 'This is longer than any public key.'
          : null;
  const input = { KeyId: detail.KeyId, KeyAgreementAlgorithm: 'ECDH' as const, PublicKey: peer };
  const derive = useAction(async () => {
    const { SharedSecret } = await kms('DeriveSharedSecret', input, region);
    setSecret({ text: base64(SharedSecret) });
  });
  return (
    <PanelFrame
      title="Derive a shared secret"
      verb="Derive"
      operation="DeriveSharedSecret"
      input={input}
      region={region}
      ready={peer.length > 0 && problem === null && refusal('DeriveSharedSecret', detail.KeyState) === null}
      action={derive}
      waiting="The raw secret of ECDH appears here. Keys are made from it by a key derivation function, never used as it is."
      result={
        secret ? (
          <Stack gap="xs">
            <HiddenSecret
              key={secret.text}
              label="Shared secret"
              text={secret.text}
              why="Hidden. Whoever reads it can make every key that is derived from it."
            />
          </Stack>
        ) : null
      }
    >
      <Textarea
        label="Public key of the other side"
        description={`PEM or base64 DER, on the same curve (${detail.KeySpec})`}
        value={text}
        error={problem}
        onChange={(event) => setText(event.currentTarget.value)}
        autosize
        minRows={6}
        maxRows={12}
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
    </PanelFrame>
  );
}
