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

function keyBytesOf(material: NodeEncryptionMaterial): Uint8Array {
  const key = material.getUnencryptedDataKey();
  return key instanceof Uint8Array ? key : new Uint8Array(key.export());
}

/** A keyring of the AWS Encryption SDK that asks the engine in this process, as its KMS keyring asks AWS. */
export class EngineKeyring extends KeyringNode {
  readonly #engine: TestEngine;
  readonly #arn: string;

  constructor(engine: TestEngine, arn: string) {
    super();
    this.#engine = engine;
    this.#arn = arn;
  }

  /** The generator's data key, or, for one of its children, the same data key encrypted once more. */
  async #sealed(material: NodeEncryptionMaterial) {
    const common = { KeyId: this.#arn, EncryptionContext: { ...material.encryptionContext } };
    if (material.hasUnencryptedDataKey)
      return this.#engine.call('Encrypt', { ...common, Plaintext: keyBytesOf(material) });
    const { Plaintext, ...sealed } = await this.#engine.call('GenerateDataKey', {
      ...common,
      NumberOfBytes: material.suite.keyLengthBytes,
    });
    if (!Plaintext) throw new Error('no data key');
    material.setUnencryptedDataKey(
      new Uint8Array(Plaintext),
      trace(this.#arn, KeyringTraceFlag.WRAPPING_KEY_GENERATED_DATA_KEY),
    );
    return sealed;
  }

  async _onEncrypt(material: NodeEncryptionMaterial): Promise<NodeEncryptionMaterial> {
    const { CiphertextBlob, KeyId = '' } = await this.#sealed(material);
    if (!CiphertextBlob) throw new Error('no encrypted data key');
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
