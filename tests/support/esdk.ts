import {
  buildClient,
  CommitmentPolicy,
  EncryptedDataKey as Edk,
  type EncryptedDataKey,
  KeyringNode,
  KeyringTraceFlag,
  type NodeDecryptionMaterial,
  type NodeEncryptionMaterial,
} from '@aws-crypto/client-node';
import type { openTestEngine } from './engine.ts';

type TestEngine = Awaited<ReturnType<typeof openTestEngine>>;

const trace = (keyName: string, flags: number) => ({ keyNamespace: 'aws-kms', keyName, flags });

/** A keyring of the AWS Encryption SDK that asks the engine in this process, as its KMS keyring asks AWS. */
export class EngineKeyring extends KeyringNode {
  readonly #engine: TestEngine;
  readonly #arn: string;

  constructor(engine: TestEngine, arn: string) {
    super();
    this.#engine = engine;
    this.#arn = arn;
  }

  async _onEncrypt(material: NodeEncryptionMaterial): Promise<NodeEncryptionMaterial> {
    const {
      Plaintext,
      CiphertextBlob,
      KeyId = '',
    } = await this.#engine.call('GenerateDataKey', {
      KeyId: this.#arn,
      NumberOfBytes: material.suite.keyLengthBytes,
      EncryptionContext: { ...material.encryptionContext },
    });
    if (!Plaintext || !CiphertextBlob) throw new Error('no data key');
    material.setUnencryptedDataKey(
      new Uint8Array(Plaintext),
      trace(KeyId, KeyringTraceFlag.WRAPPING_KEY_GENERATED_DATA_KEY),
    );
    const edk = new Edk({ providerId: 'aws-kms', providerInfo: KeyId, encryptedDataKey: CiphertextBlob });
    return material.addEncryptedDataKey(
      edk,
      KeyringTraceFlag.WRAPPING_KEY_ENCRYPTED_DATA_KEY | KeyringTraceFlag.WRAPPING_KEY_SIGNED_ENC_CTX,
    );
  }

  async _onDecrypt(material: NodeDecryptionMaterial, keys: EncryptedDataKey[]): Promise<NodeDecryptionMaterial> {
    for (const key of keys) {
      if (key.providerId !== 'aws-kms') continue;
      const { Plaintext, KeyId = '' } = await this.#engine.call('Decrypt', {
        KeyId: key.providerInfo,
        CiphertextBlob: key.encryptedDataKey,
        EncryptionContext: { ...material.encryptionContext },
      });
      if (Plaintext) {
        return material.setUnencryptedDataKey(
          new Uint8Array(Plaintext),
          trace(
            KeyId,
            KeyringTraceFlag.WRAPPING_KEY_DECRYPTED_DATA_KEY | KeyringTraceFlag.WRAPPING_KEY_VERIFIED_ENC_CTX,
          ),
        );
      }
    }
    return material;
  }
}

/** The AWS Encryption SDK as it comes, demanding key commitment. */
export const esdk = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
