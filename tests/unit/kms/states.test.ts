import { afterEach, beforeEach, expect, it } from 'vitest';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { keyStates } from '../../../src/shared/kms/enums.ts';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { operationStates, type StateRule } from '../../../src/shared/kms/states.ts';
import { ACCOUNT, openTestEngine, ROOT } from '../../support/engine.ts';
import { importer } from '../../support/importing.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(() => t.close());

/**
 * The developer guide's table "Key states of AWS KMS keys", typed in: for each operation the states Enabled, Disabled,
 * PendingDeletion and PendingReplicaDeletion, PendingImport, Unavailable, Creating, Updating, as `y` or the number of the
 * guide's footnote that names the refusal.
 */
const guide: Partial<Record<OperationName, string>> = {
  CancelKeyDeletion: '4 4 y 4 4 4 4',
  CreateAlias: 'y y 3 y y y y',
  CreateGrant: 'y 1 3 5 y 14 y',
  Decrypt: 'y 1 3 5 11 14 y',
  DeleteImportedKeyMaterial: 'y y y y 9 14 15',
  DeleteAlias: 'y y y y y y y',
  DescribeKey: 'y y y y y y y',
  DisableKey: 'y y 3 5 y 14 15',
  DisableKeyRotation: 'y 1 3 6 7 14 y',
  EnableKey: 'y y 3 5 y 14 15',
  EnableKeyRotation: 'y 1 3 6 7 14 y',
  DeriveSharedSecret: 'y 1 3 5 11 14 y',
  Encrypt: 'y 1 3 5 11 14 y',
  GenerateDataKey: 'y 1 3 5 11 14 y',
  GenerateDataKeyWithoutPlaintext: 'y 1 3 5 11 14 y',
  GenerateDataKeyPair: 'y 1 3 5 11 14 y',
  GenerateDataKeyPairWithoutPlaintext: 'y 1 3 5 11 14 y',
  GenerateMac: 'y 1 3 5 11 14 y',
  GetKeyPolicy: 'y y y y y y y',
  GetKeyRotationStatus: 'y y y 6 7 y y',
  GetPublicKey: 'y 1 3 5 11 14 y',
  GetParametersForImport: 'y y 8 y 9 14 15',
  ImportKeyMaterial: 'y y 8 y 9 14 y',
  ListAliases: 'y y y y y y y',
  ListGrants: 'y y y y y y y',
  ListKeyPolicies: 'y y y y y y y',
  ListResourceTags: 'y y y y y y y',
  PutKeyPolicy: 'y y y y y y y',
  ReEncrypt: 'y 1 3 5 11 14 y',
  RetireGrant: 'y y y y y y y',
  RevokeGrant: 'y y y y y y y',
  ReplicateKey: 'y 1 3 5 y 14 15',
  ScheduleKeyDeletion: 'y y 3 y y y 15',
  Sign: 'y 1 3 5 11 14 y',
  TagResource: 'y y 3 y y y y',
  UntagResource: 'y y 3 y y y y',
  UpdateAlias: 'y y 3 y y y y',
  UpdateKeyDescription: 'y y 3 y y y y',
  UpdatePrimaryRegion: 'y 1 3 5 y 14 y',
  Verify: 'y 1 3 5 11 14 y',
  VerifyMac: 'y 1 3 5 11 14 y',
};
const codes: Record<string, string> = {
  1: 'DisabledException',
  3: 'KMSInvalidStateException',
  4: 'KMSInvalidStateException',
  5: 'KMSInvalidStateException',
  6: 'UnsupportedOperationException',
  7: 'UnsupportedOperationException',
  8: 'KMSInvalidStateException',
  9: 'UnsupportedOperationException',
  11: 'KMSInvalidStateException',
  14: 'KMSInvalidStateException',
  15: 'KMSInvalidStateException',
};

it('has the guide’s table', () => {
  const table: Partial<Record<OperationName, StateRule>> = operationStates;
  for (const [name, row] of Object.entries(guide)) {
    const cells = row.split(' ');
    const columns = [
      'Enabled',
      'Disabled',
      'PendingDeletion',
      'PendingImport',
      'Unavailable',
      'Creating',
      'Updating',
    ] as const;
    const rule = table[name as OperationName];
    columns.forEach((state, column) => {
      expect([name, state, rule?.[state]?.code ?? 'allowed']).toEqual([
        name,
        state,
        codes[cells[column] ?? ''] ?? 'allowed',
      ]);
    });
    expect(rule?.PendingReplicaDeletion?.code).toBe(rule?.PendingDeletion?.code);
  }
  // What the guide does not list: operations newer than it, and Coffer's own.
  const rest = Object.keys(operationStates).filter((name) => !(name in guide));
  expect(rest).toEqual([
    'GetKeyLastUsage',
    'Encapsulate',
    'Decapsulate',
    'RotateKeyOnDemand',
    'ListKeyRotations',
    'GetKeyOverview',
    'GetKeyDependents',
  ]);
});

/** Makes a grant on a key in whatever state. */
async function freshGrant(KeyId: string): Promise<string> {
  const state = t.store.db.get<{ state: string }>('SELECT state FROM keys WHERE key_id = ?', [KeyId])?.state ?? '';
  const put = (to: string) =>
    t.store.transact((tx) => tx.run('UPDATE keys SET state = ? WHERE key_id = ?', [to, KeyId]));
  await put('Enabled');
  const made = await t.call('CreateGrant', { KeyId, GranteePrincipal: ROOT, Operations: ['RetireGrant'] });
  await put(state);
  return made.GrantId;
}

/** Keys of the other kinds, for the operations that take no symmetric key. */
async function otherKeys() {
  const signing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
  const agreeing = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' } as const;
  const signer = await t.key(signing);
  const agreer = await t.key(agreeing);
  const kem = await t.key({ KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' });
  const hmac = await t.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const toSign = { KeyId: signer.id, Message: new Uint8Array(1), SigningAlgorithm: 'ECDSA_SHA_256' } as const;
  const toMac = { KeyId: hmac.id, Message: new Uint8Array(1), MacAlgorithm: 'HMAC_SHA_256' } as const;
  const toAgree = { KeyId: agreer.id, KeyAgreementAlgorithm: 'ECDH' } as const;
  const toEncapsulate = { KeyId: kem.id, EncapsulationAlgorithm: 'ML_KEM' } as const;
  const { Signature } = await t.call('Sign', toSign);
  const { Mac } = await t.call('GenerateMac', toMac);
  const { PublicKey } = await t.call('GetPublicKey', { KeyId: agreer.id });
  const { SharedSecretCiphertextBlob } = await t.call('Encapsulate', toEncapsulate);
  return {
    Sign: toSign,
    Verify: { ...toSign, Signature },
    GetPublicKey: { KeyId: signer.id },
    DeriveSharedSecret: { ...toAgree, PublicKey },
    Encapsulate: toEncapsulate,
    Decapsulate: { ...toEncapsulate, SharedSecretCiphertextBlob },
    GenerateMac: toMac,
    VerifyMac: { ...toMac, Mac },
  };
}

it('keeps to the table in every state', async () => {
  const { id, arn } = await t.key({ MultiRegion: true });
  const others = await otherKeys();
  const { id: external } = await t.key({ Origin: 'EXTERNAL' });
  const material = await importer(t).input(external, new Uint8Array(32));
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId: id, Plaintext: new Uint8Array(1) });
  const inputs: Partial<Record<OperationName, Record<string, unknown>>> = {
    UpdateKeyDescription: { Description: '' },
    PutKeyPolicy: { Policy: defaultKeyPolicy(ACCOUNT) },
    CreateAlias: { AliasName: 'alias/x', TargetKeyId: id },
    CreateGrant: { GranteePrincipal: ROOT, Operations: ['Decrypt', 'RetireGrant'] },
    ReplicateKey: { ReplicaRegion: 'us-east-1' },
    TagResource: { Tags: [] },
    UntagResource: { TagKeys: [] },
    Encrypt: { Plaintext: new Uint8Array(1) },
    Decrypt: { CiphertextBlob },
    ReEncrypt: { CiphertextBlob, DestinationKeyId: id },
    GenerateDataKey: { KeySpec: 'AES_256' },
    GenerateDataKeyWithoutPlaintext: { KeySpec: 'AES_256' },
    GenerateDataKeyPair: { KeyPairSpec: 'ECC_NIST_P256' },
    GenerateDataKeyPairWithoutPlaintext: { KeyPairSpec: 'ECC_NIST_P256' },
    ...others,
    GetParametersForImport: { KeyId: external, WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' },
    ImportKeyMaterial: material,
    DeleteImportedKeyMaterial: { KeyId: external },
  };
  // These name no key by KeyId; their own tests cover them.
  const skipped = new Set<string>(['UpdateAlias', 'DeleteAlias', 'ListAliases', 'UpdatePrimaryRegion']);
  for (const state of keyStates) {
    for (const [name, rule] of Object.entries(operationStates)) {
      if (skipped.has(name)) continue;
      await t.store.transact((tx) => {
        tx.run('DELETE FROM aliases');
        tx.run(`DELETE FROM keys WHERE region = 'us-east-1'`);
        tx.run('UPDATE keys SET state = ?', [state]);
      });
      const refusal = rule[state];
      const input: Record<string, unknown> & { KeyId: string } = { KeyId: id, ...inputs[name as OperationName] };
      if (name === 'RetireGrant' || name === 'RevokeGrant') Object.assign(input, { GrantId: await freshGrant(id) });
      if (refusal) {
        const error = await t.refused(name as OperationName, input);
        const refusedArn = arn.replace(id, input.KeyId);
        const says = `${refusedArn} ${refusal.says}`;
        expect([name, state, error.code, error.message]).toEqual([name, state, refusal.code, says]);
      } else await t.call(name as OperationName, input as never);
    }
  }
});
