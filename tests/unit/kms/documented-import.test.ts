import { expect, it } from 'vitest';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { importer } from '../../support/importing.ts';
import { type Ground, managing, type Row, testDocumented } from './documented.ts';

const MATERIAL = new Uint8Array(32).fill(7);

const external = (ground: Ground) => importer(ground).external();
/** SM2's wrapping keys are made at once. */
const WRAP = { WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' } as const;
/** An input that imports `MATERIAL` into a new key. */
const ready = async (ground: Ground) => importer(ground).input(await external(ground), MATERIAL, WRAP);
const inState = (state: string) => async (ground: Ground) => {
  await ground.store.transact((tx) => tx.run('UPDATE keys SET state = ?', [state]));
  return {};
};
const ofCoffer = ({ KeyId }: Ground) => ({ KeyId });

const rows: Partial<Record<OperationName, Row>> = {
  GetParametersForImport: {
    good: async (ground) => ({
      KeyId: await external(ground),
      ...WRAP,
    }),
    keyed: false,
    answers: ['ImportToken', 'KeyId', 'ParametersValidTo', 'PublicKey'],
    refused: {
      ...managing,
      KMSInvalidStateException: inState('PendingDeletion'),
      UnsupportedOperationException: () => ({ WrappingAlgorithm: 'RSAES_PKCS1_V1_5' }),
    },
  },
  ImportKeyMaterial: {
    good: ready,
    keyed: false,
    answers: ['KeyId', 'KeyMaterialId'],
    refused: {
      ...managing,
      ExpiredImportTokenException: ({ clock }) => {
        clock.time += 86_400_000;
        return {};
      },
      IncorrectKeyMaterialException: () => ({ ImportType: 'EXISTING_KEY_MATERIAL' }),
      InvalidCiphertextException: () => ({ EncryptedKeyMaterial: new Uint8Array(256) }),
      InvalidImportTokenException: () => ({ ImportToken: new Uint8Array(100) }),
      KMSInvalidStateException: inState('Creating'),
      UnsupportedOperationException: ofCoffer,
    },
  },
  DeleteImportedKeyMaterial: {
    async good(ground) {
      const input = await ready(ground);
      await ground.call('ImportKeyMaterial', input);
      return { KeyId: input.KeyId };
    },
    keyed: false,
    answers: ['KeyId', 'KeyMaterialId'],
    refused: {
      ...managing,
      KMSInvalidStateException: inState('Updating'),
      UnsupportedOperationException: ofCoffer,
    },
  },
};

it('covers imported material', () => {
  expect(Object.keys(rows).length).toBe(3);
});

testDocumented(rows);
