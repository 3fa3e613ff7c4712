import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { EncryptionAlgorithm } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { specs } from '../../../../shared/kms/specs.ts';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { base64 } from '../../../lib/show-as.ts';
import { useAction } from '../../../lib/use-call.ts';
import { refusal } from '../model.ts';
import { Base64Field, base64Problem, PanelFrame, type PanelProps } from '../panel.tsx';
import { fromBase64, fromUtf8 } from '../text.ts';
import { AlgorithmSelect } from './fields.tsx';

/** What was encrypted with the public key, opened. */
export function PublicDecryptPanel({ detail, region }: PanelProps) {
  const algorithms = specs[detail.KeySpec].encryption ?? [];
  const [algorithm, setAlgorithm] = useState<EncryptionAlgorithm>(algorithms.at(-1) ?? 'RSAES_OAEP_SHA_256');
  const [ciphertext, setCiphertext] = useState('');
  const [plaintext, setPlaintext] = useState<Uint8Array>();
  const blob = fromBase64(ciphertext) ?? new Uint8Array();
  const input = { KeyId: detail.KeyId, CiphertextBlob: blob, EncryptionAlgorithm: algorithm };
  const decrypt = useAction(async () => setPlaintext((await kms('Decrypt', input, region)).Plaintext));
  const text = plaintext === undefined ? null : fromUtf8(plaintext);
  return (
    <PanelFrame
      title="Decrypt text"
      verb="Decrypt"
      operation="Decrypt"
      input={input}
      region={region}
      ready={
        blob.length > 0 &&
        base64Problem(ciphertext, limits.ciphertextBytes) === null &&
        refusal('Decrypt', detail.KeyState) === null
      }
      action={decrypt}
      waiting="The text appears here."
      result={
        plaintext ? (
          <Stack gap="xs">
            {text === null ? <Text c="dimmed">These bytes are not text. They are shown as base64.</Text> : null}
            <CopyBlock text={text ?? base64(plaintext)} label="Plaintext" />
          </Stack>
        ) : null
      }
    >
      <Base64Field
        label="Ciphertext to decrypt"
        value={ciphertext}
        onChange={setCiphertext}
        max={limits.ciphertextBytes}
      />
      <AlgorithmSelect value={algorithm} onChange={setAlgorithm} algorithms={algorithms} />
    </PanelFrame>
  );
}
