import { Stack, Switch } from '@mantine/core';
import { useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { ContextEditor } from '../../components/ContextEditor.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { base64 } from '../../lib/show-as.ts';
import { useAction } from '../../lib/use-call.ts';
import { Fact, Facts } from './Facts.tsx';
import { KeySelect } from './KeySelect.tsx';
import type { KeyRow } from './model.ts';
import { Base64Field, base64Problem, PanelFrame, type PanelProps } from './panel.tsx';
import { fromBase64 } from './text.ts';

const canEncrypt = (key: KeyRow): boolean => key.KeyState === 'Enabled' && key.KeyUsage === 'ENCRYPT_DECRYPT';

/** Moves a ciphertext under another key, or under this key's current material, without the text coming to light. */
export function ReEncryptPanel({ detail, region }: PanelProps) {
  const [ciphertext, setCiphertext] = useState('');
  const [target, setTarget] = useState<string | null>(null);
  const [context, setContext] = useState<Record<string, string>>({});
  const [keepsContext, setKeepsContext] = useState(true);
  const [newContext, setNewContext] = useState<Record<string, string>>({});
  const [result, setResult] = useState<OperationOutput<'ReEncrypt'>>();
  const blob = fromBase64(ciphertext) ?? new Uint8Array();
  const after = keepsContext ? context : newContext;
  const input = {
    CiphertextBlob: blob,
    DestinationKeyId: target ?? '',
    ...(Object.keys(context).length > 0 ? { SourceEncryptionContext: context } : {}),
    ...(Object.keys(after).length > 0 ? { DestinationEncryptionContext: after } : {}),
  };
  const reEncrypt = useAction(async () => setResult(await kms('ReEncrypt', input, region)));
  return (
    <PanelFrame
      title="Re-encrypt"
      verb="Re-encrypt"
      operation="ReEncrypt"
      input={input}
      region={region}
      ready={blob.length > 0 && target !== null && base64Problem(ciphertext, limits.ciphertextBytes) === null}
      action={reEncrypt}
      waiting="The new ciphertext appears here. The text itself is shown nowhere."
      result={
        result ? (
          <Stack gap="xs">
            <CopyBlock text={base64(result.CiphertextBlob)} label="New ciphertext" />
            <Facts>
              <Fact name="From key">
                <Identifier value={result.SourceKeyId} keep={16} />
              </Fact>
              <Fact name="To key">
                <Identifier value={result.KeyId} keep={16} />
              </Fact>
              {result.DestinationKeyMaterialId ? (
                <Fact name="To material">
                  <Identifier value={result.DestinationKeyMaterialId} keep={8} />
                </Fact>
              ) : null}
            </Facts>
          </Stack>
        ) : null
      }
    >
      <Base64Field
        label="Ciphertext to re-encrypt"
        value={ciphertext}
        onChange={setCiphertext}
        max={limits.ciphertextBytes}
      />
      <ContextEditor value={context} onChange={setContext} />
      <KeySelect
        label="New key"
        description={`Choose ${detail.KeyId.slice(0, 8)}…, this key, to move to its current material.`}
        value={target}
        onChange={setTarget}
        accepts={canEncrypt}
      />
      <Switch
        label="Keep the encryption context"
        checked={keepsContext}
        onChange={(event) => setKeepsContext(event.currentTarget.checked)}
      />
      {keepsContext ? null : <ContextEditor value={newContext} onChange={setNewContext} />}
    </PanelFrame>
  );
}
