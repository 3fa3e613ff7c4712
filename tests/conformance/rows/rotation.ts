import {
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { type Ground, row } from '../support/table.ts';
import { changing, DAY, disabled, everyState, foreignMarker, inside, managing, signing, utf8 } from './common.ts';

const rotating = { ...changing, DisabledException: disabled, UnsupportedOperationException: signing };
const enabled = async ({ kms, KeyId }: Ground) => {
  await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
  return { KeyId };
};

export const rows = [
  row(EnableKeyRotationCommand, {
    good: ({ KeyId }) => ({ KeyId, RotationPeriodInDays: 90 }),
    async check(_output, ground) {
      const { kms, KeyId, service } = ground;
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: utf8('before') });
      service.later(91 * DAY);
      // What is due is looked for every few seconds; a call does not wait for that.
      await expect
        .poll(async () => (await kms.listKeyRotations({ KeyId })).Rotations, { timeout: 30_000 })
        .toMatchObject([{ KeyId, KeyMaterialState: 'CURRENT', RotationType: 'AUTOMATIC' }]);
      const before = await kms.decrypt({ CiphertextBlob });
      const { CiphertextBlob: after } = await kms.encrypt({ KeyId, Plaintext: utf8('after') });
      expect(before.Plaintext).toEqual(utf8('before'));
      expect((await kms.decrypt({ CiphertextBlob: after })).KeyMaterialId).not.toBe(before.KeyMaterialId);
    },
    refused: rotating,
    uncovered: inside,
  }),
  row(DisableKeyRotationCommand, {
    good: enabled,
    check: async (_output, { kms, KeyId }) =>
      expect(await kms.getKeyRotationStatus({ KeyId })).toMatchObject({ KeyRotationEnabled: false }),
    refused: rotating,
    uncovered: inside,
  }),
  row(GetKeyRotationStatusCommand, {
    good: enabled,
    check(output, { KeyId }) {
      expect(output).toMatchObject({ KeyId, KeyRotationEnabled: true, RotationPeriodInDays: 90 });
      expect(output.NextRotationDate).toBeInstanceOf(Date);
    },
    refused: { ...managing, UnsupportedOperationException: signing },
    uncovered: { ...inside, ...everyState },
  }),
  row(RotateKeyOnDemandCommand, {
    good: ({ KeyId }) => ({ KeyId }),
    async check(output, { kms, KeyId }) {
      expect(output.KeyId).toBe(KeyId);
      const { Rotations = [] } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      expect(Rotations).toMatchObject([
        { KeyMaterialState: 'NON_CURRENT' },
        { KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND' },
      ]);
    },
    refused: {
      ...rotating,
      async ConflictException(ground) {
        await enabled(ground);
        ground.service.later(90 * DAY - 10 * 60_000);
        return undefined;
      },
      async LimitExceededException({ kms, KeyId }) {
        for (let i = 0; i < 25; i++) await kms.rotateKeyOnDemand({ KeyId });
        return undefined;
      },
    },
    uncovered: inside,
  }),
  row(ListKeyRotationsCommand, {
    async good({ kms, KeyId }) {
      for (let i = 0; i < 3; i++) await kms.rotateKeyOnDemand({ KeyId });
      return { KeyId, Limit: 2 };
    },
    async check(output, { kms, KeyId }) {
      const { Rotations, Truncated, NextMarker: Marker } = output;
      expect(Rotations).toEqual(
        Array.from({ length: 2 }, () =>
          expect.objectContaining({ KeyId, RotationDate: expect.any(Date), RotationType: 'ON_DEMAND' }),
        ),
      );
      const rest = await kms.listKeyRotations({ KeyId, Marker });
      expect([Truncated, rest.Truncated, rest.Rotations?.length]).toEqual([true, false, 1]);
    },
    refused: { ...managing, InvalidMarkerException: foreignMarker, UnsupportedOperationException: signing },
    uncovered: everyState,
  }),
];
