import { useState } from 'react';
import { limits } from '../../../../shared/kms/limits.ts';
import { kms } from '../../../lib/api.ts';
import { refusal } from '../model.ts';
import { Base64Field, base64Problem, PanelFrame, type PanelProps } from '../panel.tsx';
import { fromBase64 } from '../text.ts';
import { Holds } from './Holds.tsx';
import { MessageFields } from './MessageFields.tsx';
import { useMessage } from './use-message.ts';
import { useVerification } from './use-verification.ts';

/** Text or digest, and signature in; whether they belong together. */
export function VerifyPanel({ detail, region }: PanelProps) {
  const message = useMessage(detail.KeySpec);
  const [signature, setSignature] = useState('');
  const blob = fromBase64(signature) ?? new Uint8Array();
  const input = {
    KeyId: detail.KeyId,
    Message: message.bytes ?? new Uint8Array(),
    MessageType: message.type,
    Signature: blob,
    SigningAlgorithm: message.algorithm,
  };
  const { valid, action, changing } = useVerification(async () => (await kms('Verify', input, region)).SignatureValid);
  return (
    <PanelFrame
      title="Verify text"
      verb="Verify"
      operation="Verify"
      input={input}
      region={region}
      ready={
        message.bytes !== null &&
        blob.length > 0 &&
        base64Problem(signature, limits.signatureBytes) === null &&
        refusal('Verify', detail.KeyState) === null
      }
      action={action}
      waiting="Whether this key signed this text appears here."
      result={
        valid ? (
          <Holds title="The signature is valid">
            {`This key signed exactly this ${message.form === 'given' ? 'digest' : 'text'} with this algorithm.`}
          </Holds>
        ) : null
      }
    >
      <MessageFields
        message={message}
        textLabel="Text that was signed"
        digestLabel="Digest that was signed"
        change={changing(message.change)}
      />
      <Base64Field label="Signature" value={signature} onChange={changing(setSignature)} max={limits.signatureBytes} />
    </PanelFrame>
  );
}
