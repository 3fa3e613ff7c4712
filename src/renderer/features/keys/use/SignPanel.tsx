import { useState } from 'react';
import type { KeySpec, SigningAlgorithm } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { specs } from '../../../../shared/kms/specs.ts';
import { kms } from '../../../lib/api.ts';
import { useAction } from '../../../lib/use-call.ts';
import { Fact } from '../Facts.tsx';
import { refusal } from '../model.ts';
import { PanelFrame, type PanelProps } from '../panel.tsx';
import { toUtf8 } from '../text.ts';
import { AlgorithmSelect, TextField } from './fields.tsx';
import { Made } from './Made.tsx';

/** The algorithms that sign a message as it is. Ed25519ph signs digests only. */
export const rawAlgorithms = (spec: KeySpec): readonly SigningAlgorithm[] =>
  (specs[spec].signing ?? []).filter((algorithm) => algorithm !== 'ED25519_PH_SHA_512');

/** What to do with a message that Sign and Verify do not take whole. */
export const MESSAGE_TOO_LONG = 'Too long to be sent as it is. A longer message is signed by its digest.';

/** Text in, signature out. */
export function SignPanel({ detail, region }: PanelProps) {
  const algorithms = rawAlgorithms(detail.KeySpec);
  const [algorithm, setAlgorithm] = useState<SigningAlgorithm>(algorithms[0] ?? 'ECDSA_SHA_256');
  const [text, setText] = useState('');
  const [result, setResult] = useState<{ bytes: Uint8Array; algorithm: string }>();
  const message = toUtf8(text);
  const input = {
    KeyId: detail.KeyId,
    Message: message,
    MessageType: 'RAW' as const,
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
      ready={message.length > 0 && message.length <= limits.messageBytes && refusal('Sign', detail.KeyState) === null}
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
      <TextField
        label="Text to sign"
        value={text}
        onChange={setText}
        max={limits.messageBytes}
        tooLong={MESSAGE_TOO_LONG}
      />
      <AlgorithmSelect value={algorithm} onChange={setAlgorithm} algorithms={algorithms} />
    </PanelFrame>
  );
}
