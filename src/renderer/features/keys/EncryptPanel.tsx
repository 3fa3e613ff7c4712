import { useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { ContextEditor } from '../../components/ContextEditor.tsx';
import { kms } from '../../lib/api.ts';
import { plural } from '../../lib/format.ts';
import { useAction } from '../../lib/use-call.ts';
import { Fact } from './Facts.tsx';
import { refusal } from './model.ts';
import { PanelFrame, type PanelProps } from './panel.tsx';
import { toUtf8 } from './text.ts';
import { TextField } from './use/fields.tsx';
import { Made } from './use/Made.tsx';

/** Text in, base64 ciphertext out. */
export function EncryptPanel({ detail, region }: PanelProps) {
  const [text, setText] = useState('');
  const [context, setContext] = useState<Record<string, string>>({});
  const [result, setResult] = useState<{ bytes: Uint8Array; bound: number }>();
  const plaintext = toUtf8(text);
  const tooLong = plaintext.length > limits.plaintextBytes;
  const input = {
    KeyId: detail.KeyId,
    Plaintext: plaintext,
    ...(Object.keys(context).length > 0 ? { EncryptionContext: context } : {}),
  };
  const encrypt = useAction(async () => {
    const { CiphertextBlob } = await kms('Encrypt', input, region);
    setResult({ bytes: CiphertextBlob, bound: Object.keys(context).length });
  });
  return (
    <PanelFrame
      title="Encrypt text"
      verb="Encrypt"
      operation="Encrypt"
      input={input}
      region={region}
      ready={plaintext.length > 0 && !tooLong && refusal('Encrypt', detail.KeyState) === null}
      action={encrypt}
      waiting="The ciphertext appears here. It names its key, so decrypting needs only the ciphertext and the same context."
      result={
        result ? (
          <Made label="Ciphertext" bytes={result.bytes}>
            <Fact name="Context">
              {result.bound === 0 ? 'none' : `${plural(result.bound, 'pair')}, needed to decrypt`}
            </Fact>
          </Made>
        ) : null
      }
    >
      <TextField
        label="Text to encrypt"
        value={text}
        onChange={setText}
        max={limits.plaintextBytes}
        tooLong="Too long for Encrypt. Use a data key, or encrypt it as a file."
      />
      <ContextEditor value={context} onChange={setContext} />
    </PanelFrame>
  );
}
