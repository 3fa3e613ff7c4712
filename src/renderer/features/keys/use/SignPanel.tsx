import { useState } from 'react';
import { kms } from '../../../lib/api.ts';
import { useAction } from '../../../lib/use-call.ts';
import { Fact } from '../Facts.tsx';
import { refusal } from '../model.ts';
import { PanelFrame, type PanelProps } from '../panel.tsx';
import { Made } from './Made.tsx';
import { MessageFields } from './MessageFields.tsx';
import { useMessage } from './use-message.ts';

/** Text or digest in, signature out. */
export function SignPanel({ detail, region }: PanelProps) {
  const message = useMessage(detail.KeySpec);
  const [result, setResult] = useState<{ bytes: Uint8Array; algorithm: string }>();
  const { algorithm } = message;
  const input = {
    KeyId: detail.KeyId,
    Message: message.bytes ?? new Uint8Array(),
    MessageType: message.type,
    SigningAlgorithm: algorithm,
  };
  const sign = useAction(async () => {
    const { Signature } = await kms('Sign', input, region);
    setResult({ bytes: Signature, algorithm });
  });
  return (
    <PanelFrame
      title="Sign text"
      verb="Sign"
      operation="Sign"
      input={input}
      region={region}
      ready={message.bytes !== null && refusal('Sign', detail.KeyState) === null}
      action={sign}
      waiting="The signature appears here. Whoever has the public key can check it against the same text."
      result={
        result ? (
          <Made label="Signature" bytes={result.bytes}>
            <Fact name="Algorithm">{result.algorithm}, needed to verify</Fact>
          </Made>
        ) : null
      }
    >
      <MessageFields message={message} textLabel="Text to sign" digestLabel="Digest to sign" change={message.change} />
    </PanelFrame>
  );
}
