import { useState } from 'react';
import type { SigningAlgorithm } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { kms } from '../../../lib/api.ts';
import { refusal } from '../model.ts';
import { Base64Field, base64Problem, PanelFrame, type PanelProps } from '../panel.tsx';
import { fromBase64, toUtf8 } from '../text.ts';
import { AlgorithmSelect, TextField } from './fields.tsx';
import { Holds } from './Holds.tsx';
import { MESSAGE_TOO_LONG, rawAlgorithms } from './SignPanel.tsx';
import { useVerification } from './use-verification.ts';

/** Text and signature in; whether they belong together. */
export function VerifyPanel({ detail, region }: PanelProps) {
  const algorithms = rawAlgorithms(detail.KeySpec);
  const [algorithm, setAlgorithm] = useState<SigningAlgorithm>(algorithms[0] ?? 'ECDSA_SHA_256');
  const [text, setText] = useState('');
  const [signature, setSignature] = useState('');
  const message = toUtf8(text);
  const blob = fromBase64(signature) ?? new Uint8Array();
  const input = {
    KeyId: detail.KeyId,
    Message: message,
    MessageType: 'RAW' as const,
    Signature: blob,
    SigningAlgorithm: algorithm,
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
        message.length > 0 &&
        message.length <= limits.messageBytes &&
        blob.length > 0 &&
        base64Problem(signature, limits.signatureBytes) === null &&
        refusal('Verify', detail.KeyState) === null
      }
      action={action}
      waiting="Whether this key signed this text appears here."
      result={
        valid ? (
          <Holds title="The signature is valid">This key signed exactly this text with this algorithm.</Holds>
        ) : null
      }
    >
      <TextField
        label="Text that was signed"
        value={text}
        onChange={changing(setText)}
        max={limits.messageBytes}
        tooLong={MESSAGE_TOO_LONG}
      />
      <Base64Field label="Signature" value={signature} onChange={changing(setSignature)} max={limits.signatureBytes} />
      <AlgorithmSelect value={algorithm} onChange={changing(setAlgorithm)} algorithms={algorithms} />
    </PanelFrame>
  );
}
