import { useState } from 'react';
import type { MacAlgorithm } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { specs } from '../../../../shared/kms/specs.ts';
import { kms } from '../../../lib/api.ts';
import { useAction } from '../../../lib/use-call.ts';
import { refusal } from '../model.ts';
import { Base64Field, base64Problem, PanelFrame, type PanelProps } from '../panel.tsx';
import { fromBase64, toUtf8 } from '../text.ts';
import { AlgorithmSelect, TextField } from './fields.tsx';
import { Holds } from './Holds.tsx';
import { Made } from './Made.tsx';
import { useVerification } from './use-verification.ts';

const TOO_LONG = 'Too long for a MAC of this service. Make the MAC over its digest.';

/** Text in, its MAC out. */
export function MacPanel({ detail, region }: PanelProps) {
  const algorithms = specs[detail.KeySpec].mac ?? [];
  const [algorithm, setAlgorithm] = useState<MacAlgorithm>(algorithms[0] ?? 'HMAC_SHA_256');
  const [text, setText] = useState('');
  const [result, setResult] = useState<Uint8Array>();
  const message = toUtf8(text);
  const input = { KeyId: detail.KeyId, Message: message, MacAlgorithm: algorithm };
  const make = useAction(async () => {
    setResult((await kms('GenerateMac', input, region)).Mac);
  });
  return (
    <PanelFrame
      title="Make a MAC"
      verb="Make MAC"
      operation="GenerateMac"
      input={input}
      region={region}
      ready={
        message.length > 0 && message.length <= limits.messageBytes && refusal('GenerateMac', detail.KeyState) === null
      }
      action={make}
      waiting="The MAC appears here. Only this key can make or check it."
      result={result ? <Made label="MAC" bytes={result} /> : null}
    >
      <TextField label="Text" value={text} onChange={setText} max={limits.messageBytes} tooLong={TOO_LONG} />
      <AlgorithmSelect value={algorithm} onChange={setAlgorithm} algorithms={algorithms} />
    </PanelFrame>
  );
}

/** Text and MAC in; whether they belong together. */
export function VerifyMacPanel({ detail, region }: PanelProps) {
  const algorithms = specs[detail.KeySpec].mac ?? [];
  const [algorithm, setAlgorithm] = useState<MacAlgorithm>(algorithms[0] ?? 'HMAC_SHA_256');
  const [text, setText] = useState('');
  const [mac, setMac] = useState('');
  const message = toUtf8(text);
  const blob = fromBase64(mac) ?? new Uint8Array();
  const input = { KeyId: detail.KeyId, Message: message, Mac: blob, MacAlgorithm: algorithm };
  const { valid, action, changing } = useVerification(async () => (await kms('VerifyMac', input, region)).MacValid);
  return (
    <PanelFrame
      title="Verify a MAC"
      verb="Verify"
      operation="VerifyMac"
      input={input}
      region={region}
      ready={
        message.length > 0 &&
        message.length <= limits.messageBytes &&
        blob.length > 0 &&
        base64Problem(mac, limits.signatureBytes) === null &&
        refusal('VerifyMac', detail.KeyState) === null
      }
      action={action}
      waiting="Whether the text is the one the MAC was made for appears here."
      result={valid ? <Holds title="The MAC is valid">This key made it, for exactly this text.</Holds> : null}
    >
      <TextField label="Text" value={text} onChange={changing(setText)} max={limits.messageBytes} tooLong={TOO_LONG} />
      <Base64Field label="MAC" value={mac} onChange={changing(setMac)} max={limits.signatureBytes} />
      <AlgorithmSelect value={algorithm} onChange={setAlgorithm} algorithms={algorithms} />
    </PanelFrame>
  );
}
