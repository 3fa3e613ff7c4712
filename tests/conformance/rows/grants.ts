import {
  CreateGrantCommand,
  ListGrantsCommand,
  ListRetirableGrantsCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { EVE, ROOT } from '../support/service.ts';
import { refusal } from '../support/suite.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import {
  disabled,
  dryRun,
  everyState,
  foreignMarker,
  inside,
  invalidToken,
  managing,
  pending,
  utf8,
} from './common.ts';

const EncryptionContext = { shop: 'north' };
const wish = ({ KeyId, me }: Ground) => ({
  KeyId,
  GranteePrincipal: EVE,
  RetiringPrincipal: me,
  Operations: ['Decrypt' as const, 'Encrypt' as const],
  Constraints: { EncryptionContextSubset: EncryptionContext },
  Name: 'for-Eve',
});
const granted = async (ground: Ground) => ground.kms.createGrant(wish(ground));

/** Whether Eve may encrypt under the ground's key now. */
async function eveMay({ service, KeyId }: Ground): Promise<boolean> {
  const input = { KeyId, Plaintext: utf8('x'), EncryptionContext };
  const eve = service.client('eve');
  return eve.encrypt(input).then(
    () => true,
    (error: Error) => {
      expect(error.name).toBe('AccessDeniedException');
      return false;
    },
  );
}
const noGrant = '0'.repeat(64);
const badGrantId: Provoke = () => ({ GrantId: 'x' });

export const rows = [
  row(CreateGrantCommand, {
    good: wish,
    async check({ GrantId, GrantToken }, ground) {
      const { service, KeyId } = ground;
      const eve = service.client('eve');
      const other = {
        KeyId,
        Plaintext: utf8('x'),
        EncryptionContext: { shop: 'south' },
        GrantTokens: [GrantToken ?? ''],
      };
      expect((await refusal(eve.encrypt(other))).name).toBe('AccessDeniedException');
      const input = { ...other, EncryptionContext: { ...EncryptionContext, more: 'is fine' } };
      const { CiphertextBlob } = await eve.encrypt(input);
      const opened = await eve.decrypt({ CiphertextBlob, EncryptionContext: input.EncryptionContext });
      expect(opened.Plaintext).toEqual(utf8('x'));
      expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    },
    refused: {
      ...managing,
      DisabledException: disabled,
      DryRunOperationException: dryRun,
      InvalidArnException: () => ({ GranteePrincipal: 'arn:aws:iam::111122223333:group/g' }),
      InvalidGrantTokenException: invalidToken,
      KMSInvalidStateException: pending,
      LimitExceededException: () => ({ Constraints: { EncryptionContextEquals: { a: 'x'.repeat(384) } } }),
    },
    uncovered: inside,
  }),
  row(ListGrantsCommand, {
    good: async (ground) => ({ KeyId: ground.KeyId, GrantId: (await granted(ground)).GrantId, GranteePrincipal: EVE }),
    check({ Grants, Truncated }, { KeyId, me }, { GrantId }) {
      expect(Truncated).toBe(false);
      expect(Grants).toEqual([
        {
          KeyId: expect.stringContaining(KeyId),
          GrantId,
          Name: 'for-Eve',
          CreationDate: expect.any(Date),
          GranteePrincipal: EVE,
          RetiringPrincipal: me,
          IssuingAccount: ROOT,
          Operations: ['Decrypt', 'Encrypt'],
          Constraints: { EncryptionContextSubset: EncryptionContext },
        },
      ]);
    },
    refused: {
      ...managing,
      InvalidGrantIdException: badGrantId,
      InvalidMarkerException: foreignMarker,
    },
    uncovered: { ...inside, ...everyState },
  }),
  row(ListRetirableGrantsCommand, {
    async good(ground) {
      await granted(ground);
      return { RetiringPrincipal: ground.me, Limit: 100 };
    },
    check({ Grants }, { KeyId, me }) {
      const found = Grants?.filter((grant) => grant.KeyId?.endsWith(KeyId));
      expect(found).toMatchObject([{ Name: 'for-Eve', RetiringPrincipal: me }]);
    },
    refused: {
      InvalidArnException: () => ({ RetiringPrincipal: 'arn:aws:s3:::bucket' }),
      InvalidMarkerException: foreignMarker,
    },
    uncovered: { ...inside, NotFoundException: 'A principal that retires nothing has an empty list.' },
  }),
  row(RetireGrantCommand, {
    good: async (ground) => ({ GrantToken: (await granted(ground)).GrantToken }),
    async check(_output, ground) {
      expect((await ground.kms.listGrants({ KeyId: ground.KeyId })).Grants).toEqual([]);
      expect(await eveMay(ground)).toBe(false);
    },
    refused: {
      DryRunOperationException: dryRun,
      InvalidArnException: () => ({ GrantToken: undefined, KeyId: 'arn:aws:s3:::bucket', GrantId: noGrant }),
      InvalidGrantIdException: ({ KeyId }) => ({ GrantToken: undefined, KeyId, GrantId: 'x' }),
      InvalidGrantTokenException: () => ({ GrantToken: 'no token' }),
      NotFoundException: ({ KeyId }) => ({ GrantToken: undefined, KeyId, GrantId: noGrant }),
    },
    uncovered: { ...inside, ...everyState },
  }),
  row(RevokeGrantCommand, {
    async good(ground) {
      const { GrantId } = await granted(ground);
      expect(await eveMay(ground)).toBe(true);
      return { KeyId: ground.KeyId, GrantId };
    },
    check: async (_output, ground) => expect(await eveMay(ground)).toBe(false),
    refused: {
      ...managing,
      DryRunOperationException: dryRun,
      InvalidGrantIdException: badGrantId,
      NotFoundException: () => ({ GrantId: noGrant }),
    },
    uncovered: { ...inside, ...everyState },
  }),
];
