import { expect, it } from 'vitest';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { flipped } from '../../support/crypto.ts';
import { type Ground, type Input, managing, type Provoke, type Row, testDocumented, using } from './documented.ts';

const Message = new Uint8Array(8);
const newKey = async ({ key }: Ground, KeySpec: string, KeyUsage: string) =>
  (await key({ KeySpec, KeyUsage } as Parameters<Ground['key']>[0])).id;

/** A key of its own kind, for operations that take no symmetric one. */
type Good = (ground: Ground) => Promise<Input & { readonly KeyId: string }>;
const signing: Good = async (ground) => ({
  KeyId: await newKey(ground, 'ECC_NIST_P256', 'SIGN_VERIFY'),
  Message,
  SigningAlgorithm: 'ECDSA_SHA_256',
});
const verifying: Good = async (ground) => {
  const input = await signing(ground);
  return { ...input, Signature: (await ground.call('Sign', input as never)).Signature };
};
const authenticating: Good = async (ground) => ({
  KeyId: await newKey(ground, 'HMAC_256', 'GENERATE_VERIFY_MAC'),
  Message,
  MacAlgorithm: 'HMAC_SHA_256',
});
const verifyingMac: Good = async (ground) => {
  const input = await authenticating(ground);
  return { ...input, Mac: (await ground.call('GenerateMac', input as never)).Mac };
};
const agreeing: Good = async (ground) => {
  const KeyId = await newKey(ground, 'ECC_NIST_P256', 'KEY_AGREEMENT');
  return { KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: (await ground.call('GetPublicKey', { KeyId })).PublicKey };
};
const encapsulating: Good = async (ground) => ({
  KeyId: await newKey(ground, 'ML_KEM_512', 'ENCAPSULATE_DECAPSULATE'),
  EncapsulationAlgorithm: 'ML_KEM',
});
const decapsulating: Good = async (ground) => {
  const input = await encapsulating(ground);
  const { SharedSecretCiphertextBlob } = await ground.call('Encapsulate', input as never);
  return { ...input, SharedSecretCiphertextBlob };
};
const publicKey: Good = async (ground) => ({ KeyId: await newKey(ground, 'ECC_NIST_P256', 'SIGN_VERIFY') });

/** Puts every key into a state, as the one in the request is not the ground's own. */
const inState =
  (state: string): Provoke =>
  async ({ store }) => {
    await store.transact((tx) => tx.run('UPDATE keys SET state = ?', [state]));
    return {};
  };
/** What `using` provokes, by a request that names another key than the ground's. */
const usingAny = {
  ...using,
  KMSInvalidStateException: inState('PendingDeletion'),
  DisabledException: inState('Disabled'),
  InvalidKeyUsageException: ({ KeyId }: Ground) => ({ KeyId }),
};
/** Puts the key into a key store: its row alone, as it is refused before anything is asked of the store. */
const custom: Provoke = async ({ store, KeyId }) => {
  await store.transact((tx) => {
    tx.run(
      `INSERT INTO key_stores SELECT 'cks-1', account_id, region, 'Store', 'AWS_CLOUDHSM', '{}', x'', 'CONNECTED', NULL, 0
       FROM keys WHERE key_id = ?`,
      [KeyId],
    );
    tx.run(`UPDATE keys SET key_store = 'cks-1' WHERE key_id = ?`, [KeyId]);
  });
  return {};
};
const pair = { KeyPairSpec: 'ECC_NIST_P256' };

const rows: Partial<Record<OperationName, Row>> = {
  Sign: { good: signing, keyed: false, answers: ['KeyId', 'Signature', 'SigningAlgorithm'], refused: usingAny },
  Verify: {
    good: verifying,
    keyed: false,
    answers: ['KeyId', 'SignatureValid', 'SigningAlgorithm'],
    refused: { ...usingAny, KMSInvalidSignatureException: () => ({ Message: flipped(Message) }) },
  },
  GetPublicKey: {
    good: publicKey,
    keyed: false,
    answers: ['CustomerMasterKeySpec', 'KeyId', 'KeySpec', 'KeyUsage', 'PublicKey', 'SigningAlgorithms'],
    refused: {
      ...managing,
      DisabledException: inState('Disabled'),
      InvalidGrantTokenException: () => ({ GrantTokens: ['x'] }),
      KMSInvalidStateException: inState('PendingDeletion'),
      UnsupportedOperationException: ({ KeyId }) => ({ KeyId }),
    },
    // Every usage of a key pair has a public key to hand out.
    absent: ['InvalidKeyUsageException'],
  },
  DeriveSharedSecret: {
    good: agreeing,
    keyed: false,
    answers: ['KeyAgreementAlgorithm', 'KeyId', 'KeyOrigin', 'SharedSecret'],
    refused: usingAny,
  },
  Encapsulate: {
    good: encapsulating,
    keyed: false,
    answers: ['EncapsulationAlgorithm', 'KeyId', 'SharedSecret', 'SharedSecretCiphertextBlob'],
    refused: usingAny,
  },
  Decapsulate: {
    good: decapsulating,
    keyed: false,
    answers: ['EncapsulationAlgorithm', 'KeyId', 'SharedSecret'],
    refused: {
      ...usingAny,
      InvalidCiphertextException: () => ({ SharedSecretCiphertextBlob: new Uint8Array(767) }),
    },
  },
  GenerateMac: { good: authenticating, keyed: false, answers: ['KeyId', 'Mac', 'MacAlgorithm'], refused: usingAny },
  VerifyMac: {
    good: verifyingMac,
    keyed: false,
    answers: ['KeyId', 'MacAlgorithm', 'MacValid'],
    refused: { ...usingAny, KMSInvalidMacException: () => ({ Message: flipped(Message) }) },
  },
  GenerateDataKeyPair: {
    good: () => pair,
    answers: ['KeyId', 'KeyMaterialId', 'KeyPairSpec', 'PrivateKeyCiphertextBlob', 'PrivateKeyPlaintext', 'PublicKey'],
    refused: { ...using, UnsupportedOperationException: () => ({ Recipient: {} }) },
  },
  GenerateDataKeyPairWithoutPlaintext: {
    good: () => pair,
    answers: ['KeyId', 'KeyMaterialId', 'KeyPairSpec', 'PrivateKeyCiphertextBlob', 'PublicKey'],
    refused: { ...using, UnsupportedOperationException: custom },
  },
};

it('covers what is done with key pairs and HMAC keys', () => {
  expect(Object.keys(rows).length).toBe(10);
});

testDocumented(rows);
