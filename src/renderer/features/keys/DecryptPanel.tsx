import { Anchor, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { ContextEditor } from '../../components/ContextEditor.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { keyPath } from '../../lib/route.ts';
import { base64 } from '../../lib/show-as.ts';
import { useAction } from '../../lib/use-call.ts';
import { Fact, Facts } from './Facts.tsx';
import { useKeys } from './keys-store.ts';
import { type KeyDetail, keyName } from './model.ts';
import { Base64Field, base64Problem, PanelFrame, type PanelProps } from './panel.tsx';
import { fromBase64, fromUtf8 } from './text.ts';

/** Base64 ciphertext in, text out, and which key and material opened it. */
export function DecryptPanel({ detail, region }: PanelProps) {
  const [ciphertext, setCiphertext] = useState('');
  const [context, setContext] = useState<Record<string, string>>({});
  const [result, setResult] = useState<OperationOutput<'Decrypt'>>();
  const blob = fromBase64(ciphertext) ?? new Uint8Array();
  const input = {
    CiphertextBlob: blob,
    ...(Object.keys(context).length > 0 ? { EncryptionContext: context } : {}),
  };
  const decrypt = useAction(async () => setResult(await kms('Decrypt', input, region)));
  return (
    <PanelFrame
      title="Decrypt text"
      verb="Decrypt"
      operation="Decrypt"
      input={input}
      region={region}
      ready={blob.length > 0 && base64Problem(ciphertext, limits.ciphertextBytes) === null}
      action={decrypt}
      waiting="The text appears here, with the key and the material that opened it."
      result={result ? <Opened answer={result} detail={detail} /> : null}
    >
      <Base64Field
        label="Ciphertext to decrypt"
        value={ciphertext}
        onChange={setCiphertext}
        max={limits.ciphertextBytes}
      />
      <ContextEditor value={context} onChange={setContext} />
    </PanelFrame>
  );
}

function Opened({ answer, detail }: { answer: OperationOutput<'Decrypt'>; detail: KeyDetail }) {
  const { keys } = useKeys();
  const text = fromUtf8(answer.Plaintext);
  const other = answer.KeyId === detail.Arn ? null : keys?.find((key) => key.Arn === answer.KeyId);
  const number = detail.Materials.findIndex((material) => material.KeyMaterialId === answer.KeyMaterialId) + 1;
  return (
    <Stack gap="xs">
      {text === null ? <Text c="dimmed">These bytes are not text. They are shown as base64.</Text> : null}
      <CopyBlock text={text ?? base64(answer.Plaintext)} label="Plaintext" />
      <Facts>
        <Fact name="Opened by">
          {answer.KeyId === detail.Arn ? (
            `${keyName(detail)}, this key`
          ) : other ? (
            <Anchor href={`#${keyPath(other.KeyId)}`} size="sm">
              {keyName(other)}, another key
            </Anchor>
          ) : (
            <Identifier value={answer.KeyId} keep={16} />
          )}
        </Fact>
        {answer.KeyMaterialId ? (
          <Fact name="Material">
            {number > 0 ? `${number} of ${detail.Materials.length} ` : ''}
            <Identifier value={answer.KeyMaterialId} keep={8} />
          </Fact>
        ) : null}
        <Fact name="Size">{formatNumber(answer.Plaintext.length)} bytes</Fact>
      </Facts>
    </Stack>
  );
}
