import type { KMS } from '@aws-sdk/client-kms';
import { expect, it } from 'vitest';
import { type KeySpec, type KeyUsage, keySpecs } from '../../../src/shared/kms/enums.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { newKey, utf8 } from '../rows/common.ts';
import { refusal, type served } from './suite.ts';

const Message = utf8('a message');
const another = utf8('another message');

/** What a usage does with each algorithm a spec has, and back. */
const uses: Readonly<Record<KeyUsage, (kms: KMS, spec: KeySpec, KeyId: string) => Promise<number>>> = {
  async ENCRYPT_DECRYPT(kms, spec, KeyId) {
    const { encryption = [] } = specs[spec];
    for (const EncryptionAlgorithm of encryption) {
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Message, EncryptionAlgorithm });
      const opened = await kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm });
      expect([opened.Plaintext, opened.EncryptionAlgorithm]).toEqual([Message, EncryptionAlgorithm]);
    }
    return encryption.length;
  },
  async SIGN_VERIFY(kms, spec, KeyId) {
    const { signing = [] } = specs[spec];
    for (const SigningAlgorithm of signing) {
      const prehashed = SigningAlgorithm === 'ED25519_PH_SHA_512';
      const input = prehashed
        ? { KeyId, Message: new Uint8Array(64).fill(1), MessageType: 'DIGEST' as const, SigningAlgorithm }
        : { KeyId, Message, SigningAlgorithm };
      const { Signature } = await kms.sign(input);
      expect((await kms.verify({ ...input, Signature })).SignatureValid).toBe(true);
      const wrong = { ...input, Message: prehashed ? new Uint8Array(64) : another, Signature };
      expect((await refusal(kms.verify(wrong))).name).toBe('KMSInvalidSignatureException');
    }
    return signing.length;
  },
  async GENERATE_VERIFY_MAC(kms, spec, KeyId) {
    const { mac = [] } = specs[spec];
    for (const MacAlgorithm of mac) {
      const { Mac } = await kms.generateMac({ KeyId, Message, MacAlgorithm });
      expect((await kms.verifyMac({ KeyId, Message, MacAlgorithm, Mac })).MacValid).toBe(true);
      const wrong = { KeyId, Message: another, MacAlgorithm, Mac };
      expect((await refusal(kms.verifyMac(wrong))).name).toBe('KMSInvalidMacException');
    }
    return mac.length;
  },
  async KEY_AGREEMENT(kms, spec, KeyId) {
    const { agreement = [] } = specs[spec];
    const other = await newKey({ kms }, { KeySpec: spec, KeyUsage: 'KEY_AGREEMENT' });
    for (const KeyAgreementAlgorithm of agreement) {
      const [mine, theirs] = await Promise.all([kms.getPublicKey({ KeyId }), kms.getPublicKey({ KeyId: other })]);
      const agreed = await kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm, PublicKey: theirs.PublicKey });
      const same = await kms.deriveSharedSecret({ KeyId: other, KeyAgreementAlgorithm, PublicKey: mine.PublicKey });
      expect(agreed.SharedSecret).toEqual(same.SharedSecret);
      expect(agreed.SharedSecret?.length).toBeGreaterThanOrEqual(32);
    }
    return agreement.length;
  },
  async ENCAPSULATE_DECAPSULATE(kms, spec, KeyId) {
    const { encapsulation = [] } = specs[spec];
    for (const EncapsulationAlgorithm of encapsulation) {
      const { SharedSecret, SharedSecretCiphertextBlob } = await kms.encapsulate({ KeyId, EncapsulationAlgorithm });
      const input = { KeyId, EncapsulationAlgorithm, SharedSecretCiphertextBlob };
      expect((await kms.decapsulate(input)).SharedSecret).toEqual(SharedSecret);
    }
    return encapsulation.length;
  },
};

/** Every spec with each of its usages, and every algorithm it has for it. */
export function testSpecs({ kms }: ReturnType<typeof served>): void {
  const cases = keySpecs.flatMap((spec) => specs[spec].usages.map((usage) => [spec, usage] as const));
  it.each(cases)('%s, %s', async (KeySpec, KeyUsage) => {
    const KeyId = await newKey({ kms: kms() }, { KeySpec, KeyUsage });
    expect(await uses[KeyUsage](kms(), KeySpec, KeyId)).toBeGreaterThan(0);
  });
}
