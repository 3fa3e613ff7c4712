import { EncryptCommand } from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { row } from '../support/table.ts';
export const rows = [
  row(EncryptCommand, {
    good: ({ KeyId }) => ({ KeyId, Plaintext: new Uint8Array(3) }),
    check: async (output, { kms }) => {
      expect((await kms.decrypt({ CiphertextBlob: output.CiphertextBlob })).Plaintext).toEqual(new Uint8Array(3));
    },
    refused: { NotFoundException: () => ({ KeyId: 'alias/none' }) },
  }),
];
