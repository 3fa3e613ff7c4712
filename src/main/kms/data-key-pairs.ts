import { KmsError } from '../../shared/kms/errors.ts';
import { withSecret } from '../crypto/key-format.ts';
import { keyPairs } from '../crypto/key-pairs.ts';
import { isOutside } from './custom-keys.ts';
import { refuseRecipient } from './encryption.ts';
import { keyToUse } from './find.ts';
import { requireSymmetric, sealDataKey } from './generate.ts';
import type { KeyRecord } from './key-rows.ts';
import { generateMaterial } from './new-key.ts';
import { type Context, onKey, type Parsed } from './operation.ts';

type Input = Parsed<'GenerateDataKeyPair' | 'GenerateDataKeyPairWithoutPlaintext'>;

/**
 * Makes the pair outside of the transaction, as RSA takes seconds.
 * @throws KmsError `InvalidKeyUsageException`, `UnsupportedOperationException` for keys that keep no private keys of pairs.
 */
function plan({ random }: Context, { KeyPairSpec }: Input, key: KeyRecord): () => Promise<Uint8Array> {
  requireSymmetric(key);
  if (isOutside(key))
    throw new KmsError(
      'UnsupportedOperationException',
      `${key.arn} is in a custom key store, which does not support data key pairs.`,
    );
  return () => generateMaterial(KeyPairSpec, random);
}

/** The answer, but for the private key in plaintext. */
function answer(context: Context, { KeyPairSpec, EncryptionContext }: Input, key: KeyRecord, privateKey: Uint8Array) {
  return {
    PrivateKeyCiphertextBlob: sealDataKey(context, key, privateKey, EncryptionContext),
    PublicKey: keyPairs[KeyPairSpec].publicKey(privateKey),
    KeyId: key.arn,
    KeyPairSpec,
    KeyMaterialId: key.currentMaterial,
  };
}

const generateDataKeyPair = onKey<'GenerateDataKeyPair', Uint8Array>({
  name: 'GenerateDataKeyPair',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find(context, input) {
    refuseRecipient(input);
    return keyToUse(context, input);
  },
  plan,
  run: (context, input, key, privateKey) => ({
    ...answer(context, input, key, privateKey),
    PrivateKeyPlaintext: privateKey,
  }),
  audit: { request: ['KeyId', 'KeyPairSpec', 'EncryptionContext', 'DryRun'] },
});

const generateDataKeyPairWithoutPlaintext = onKey<'GenerateDataKeyPairWithoutPlaintext', Uint8Array>({
  name: 'GenerateDataKeyPairWithoutPlaintext',
  readOnly: true,
  usage: 'ENCRYPT_DECRYPT',
  find: keyToUse,
  plan,
  run: (context, input, key, privateKey) => withSecret(privateKey, () => answer(context, input, key, privateKey)),
  audit: { request: ['KeyId', 'KeyPairSpec', 'EncryptionContext', 'DryRun'] },
});

export const dataKeyPairOperations = [generateDataKeyPair, generateDataKeyPairWithoutPlaintext];
