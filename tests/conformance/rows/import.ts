import { createPublicKey } from 'node:crypto';
import {
  DeleteImportedKeyMaterialCommand,
  GetParametersForImportCommand,
  ImportKeyMaterialCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { wrapped } from '../../support/importing.ts';
import { ACCOUNT, REGION } from '../support/service.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import { changing, DAY, groundsOwn, hold, inside, managing, newKey, settle, stateOf, utf8 } from './common.ts';

const THERE = 'us-east-1';
const MATERIAL = new Uint8Array(32).fill(0x5a);
const arnOf = (KeyId: string | undefined) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}`;
const external = (ground: Ground) => newKey(ground, { Origin: 'EXTERNAL' });
const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;

/** What imports `MATERIAL` into a key. */
async function inputFor({ kms }: Pick<Ground, 'kms'>, KeyId: string | undefined) {
  const { ImportToken, PublicKey } = await kms.getParametersForImport({ KeyId, ...wrapping });
  const EncryptedKeyMaterial = wrapped(wrapping.WrappingAlgorithm, PublicKey ?? new Uint8Array(), MATERIAL);
  return { KeyId, ImportToken, EncryptedKeyMaterial, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const };
}
const ready = async (ground: Ground) => inputFor(ground, await external(ground));
/** A key with `MATERIAL` in it. */
async function imported(ground: Ground) {
  const input = await ready(ground);
  await ground.kms.importKeyMaterial(input);
  return { KeyId: input.KeyId };
}
const foreignToken: Provoke = async (ground) => ({ ImportToken: (await ready(ground)).ImportToken });

export const rows = [
  row(GetParametersForImportCommand, {
    good: async (ground) => ({ KeyId: await external(ground), ...wrapping }),
    check(output, _ground, { KeyId }) {
      expect(output.KeyId).toBe(arnOf(KeyId));
      const key = Buffer.from(output.PublicKey ?? []);
      const { asymmetricKeyDetails } = createPublicKey({ key, format: 'der', type: 'spki' });
      expect(asymmetricKeyDetails?.modulusLength).toBe(2048);
      const valid = (output.ParametersValidTo?.getTime() ?? 0) - (output.$metadata ? Date.now() : 0);
      expect(valid).toBeGreaterThan(DAY - 600_000);
    },
    refused: {
      ...changing,
      UnsupportedOperationException: () => ({ WrappingAlgorithm: 'RSAES_PKCS1_V1_5' }),
    },
    uncovered: inside,
  }),
  row(ImportKeyMaterialCommand, {
    good: ready,
    async check(output, ground, { KeyId }) {
      const { kms, service } = ground;
      expect(output.KeyId).toBe(arnOf(KeyId));
      expect(output.KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: utf8('mine') });
      expect((await kms.decrypt({ CiphertextBlob })).KeyMaterialId).toBe(output.KeyMaterialId);
      // The same material again, this time for a day.
      const ValidTo = new Date((await kms.describeKey({ KeyId })).KeyMetadata?.CreationDate?.getTime() ?? 0);
      ValidTo.setMilliseconds(0);
      ValidTo.setTime(ValidTo.getTime() + DAY);
      const again = await inputFor(ground, KeyId);
      await kms.importKeyMaterial({ ...again, ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
      expect((await kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({
        ExpirationModel: 'KEY_MATERIAL_EXPIRES',
        Origin: 'EXTERNAL',
        ValidTo,
      });
      service.later(DAY + 1000);
      await expect.poll(() => stateOf(ground, KeyId), { timeout: 30_000 }).toBe('PendingImport');
    },
    refused: {
      ...managing,
      ExpiredImportTokenException({ service }) {
        service.later(DAY);
        return undefined;
      },
      IncorrectKeyMaterialException: () => ({ ImportType: 'EXISTING_KEY_MATERIAL' }),
      InvalidCiphertextException: () => ({ EncryptedKeyMaterial: new Uint8Array(256) }),
      InvalidImportTokenException: foreignToken,
      KMSInvalidStateException: changing.KMSInvalidStateException,
      UnsupportedOperationException: groundsOwn,
    },
    uncovered: inside,
  }),
  row(DeleteImportedKeyMaterialCommand, {
    good: imported,
    async check(output, ground, { KeyId }) {
      expect(output.KeyId).toBe(arnOf(KeyId));
      expect(await stateOf(ground, KeyId)).toBe('PendingImport');
    },
    refused: {
      ...managing,
      async KMSInvalidStateException(ground) {
        // A key that is just becoming a replica, for which both must have the material.
        const { kms, service } = ground;
        const KeyId = await newKey(ground, { Origin: 'EXTERNAL', MultiRegion: true });
        await kms.importKeyMaterial(await inputFor(ground, KeyId));
        await kms.replicateKey({ KeyId, ReplicaRegion: THERE });
        settle(ground);
        const there = service.client('root', { region: THERE });
        await there.importKeyMaterial(await inputFor({ kms: there }, KeyId));
        await kms.updatePrimaryRegion({ KeyId, PrimaryRegion: THERE });
        hold(ground);
        return { KeyId };
      },
      UnsupportedOperationException: groundsOwn,
    },
    uncovered: inside,
  }),
];
