import { useState } from 'react';
import type { EncryptionAlgorithm, KeySpec } from '../../../../shared/kms/enums.ts';
import { specs } from '../../../../shared/kms/specs.ts';
import { kms } from '../../../lib/api.ts';
import { useAction } from '../../../lib/use-call.ts';
import { Fact } from '../Facts.tsx';
import { refusal } from '../model.ts';
import { PanelFrame, type PanelProps } from '../panel.tsx';
import { toUtf8 } from '../text.ts';
import { AlgorithmSelect, TextField } from './fields.tsx';
import { Made } from './Made.tsx';

const SM2_MAX = 1024;

/** Most bytes that one encryption takes (API reference, Encrypt): the modulus less OAEP's padding (RFC 8017, 7.1.1). */
export function plaintextMax(spec: KeySpec, algorithm: EncryptionAlgorithm): number {
  if (algorithm === 'SM2PKE') return SM2_MAX;
  const hash = algorithm === 'RSAES_OAEP_SHA_1' ? 20 : 32;
  return Number(spec.replace('RSA_', '')) / 8 - 2 * hash - 2;
}

/** Text in, ciphertext under the public key out: what anyone who has the public key can do. */
export function PublicEncryptPanel({ detail, region }: PanelProps) {
  const algorithms = specs[detail.KeySpec].encryption ?? [];
  const [algorithm, setAlgorithm] = useState<EncryptionAlgorithm>(algorithms.at(-1) ?? 'RSAES_OAEP_SHA_256');
  const [text, setText] = useState('');
  const [result, setResult] = useState<{ bytes: Uint8Array; algorithm: string }>();
  const plaintext = toUtf8(text);
  const max = plaintextMax(detail.KeySpec, algorithm);
  const input = { KeyId: detail.KeyId, Plaintext: plaintext, EncryptionAlgorithm: algorithm };
  const encrypt = useAction(async () => {
    const { CiphertextBlob } = await kms('Encrypt', input, region);
    setResult({ bytes: CiphertextBlob, algorithm });
  });
  return (
    <PanelFrame
      title="Encrypt text"
      verb="Encrypt"
      operation="Encrypt"
      input={input}
      region={region}
      ready={plaintext.length > 0 && plaintext.length <= max && refusal('Encrypt', detail.KeyState) === null}
      action={encrypt}
      waiting="The ciphertext appears here. It does not name its key: decrypting needs this key and the same algorithm."
      result={
        result ? (
          <Made label="Ciphertext" bytes={result.bytes}>
            <Fact name="Algorithm">{result.algorithm}, needed to decrypt</Fact>
          </Made>
        ) : null
      }
    >
      <TextField
        label="Text to encrypt"
        value={text}
        onChange={setText}
        max={max}
        tooLong="Too long for one encryption. Encrypt a data key with it, or use a symmetric key."
      />
      <AlgorithmSelect value={algorithm} onChange={setAlgorithm} algorithms={algorithms} />
    </PanelFrame>
  );
}
