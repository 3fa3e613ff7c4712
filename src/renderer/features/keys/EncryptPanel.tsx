import { Stack } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { ContextEditor } from '../../components/ContextEditor.tsx';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatNumber, plural } from '../../lib/format.ts';
import { base64 } from '../../lib/show-as.ts';
import { useAction } from '../../lib/use-call.ts';
import { Fact, Facts } from './Facts.tsx';
import { refusal } from './model.ts';
import { PanelFrame, type PanelProps } from './panel.tsx';
import { toUtf8 } from './text.ts';
import { TextField } from './use/fields.tsx';

/** Text in, base64 ciphertext out. */
export function EncryptPanel({ detail, region }: PanelProps) {
  const [text, setText] = useState('');
  const [context, setContext] = useState<Record<string, string>>({});
  const [result, setResult] = useState<{ ciphertext: string; bytes: number; bound: number }>();
  const plaintext = toUtf8(text);
  const tooLong = plaintext.length > limits.plaintextBytes;
  const input = {
    KeyId: detail.KeyId,
    Plaintext: plaintext,
    ...(Object.keys(context).length > 0 ? { EncryptionContext: context } : {}),
  };
  const encrypt = useAction(async () => {
    const { CiphertextBlob } = await kms('Encrypt', input, region);
    setResult({
      ciphertext: base64(CiphertextBlob),
      bytes: CiphertextBlob.length,
      bound: Object.keys(context).length,
    });
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
          <Stack gap="xs">
            <CopyBlock text={result.ciphertext} label="Ciphertext" />
            <Facts>
              <Fact name="Size">{formatNumber(result.bytes)} bytes</Fact>
              <Fact name="Context">
                {result.bound === 0 ? 'none' : `${plural(result.bound, 'pair')}, needed to decrypt`}
              </Fact>
            </Facts>
          </Stack>
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
