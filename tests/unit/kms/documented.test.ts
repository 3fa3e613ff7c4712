import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { openTestEngine, ROOT } from '../../support/engine.ts';

/**
 * Each operation against its own documentation: the exceptions that `@aws-sdk/client-kms` says it throws are all provoked,
 * but for those whose cause Coffer does not have, and nothing else comes out.
 */
type Test = Awaited<ReturnType<typeof openTestEngine>>;
type Input = Record<string, unknown>;
interface Ground extends Test {
  readonly key: Test['key'];
  readonly KeyId: string;
  readonly other: string;
  readonly CiphertextBlob: Uint8Array;
  /** Changes the key's row, to what no operation could make of it yet. */
  alter(set: string): Promise<unknown>;
}

const commands = path.resolve('node_modules/@aws-sdk/client-kms/dist-types/commands');
const documented = (name: string): string[] =>
  [...readFileSync(path.join(commands, `${name}Command.d.ts`), 'utf8').matchAll(/@throws \{@link (\w+Exception)\}/g)]
    .map((match) => match[1] as string)
    .filter((code) => code !== 'KMSServiceException');

/** Causes Coffer has not: key stores, other services, grants, and failures inside, which have tests of their own. */
const ABSENT =
  /^(CloudHsm|Xks|DependencyTimeout|KeyUnavailable|KMSInternal|CustomKeyStoreInvalidState|InvalidGrantToken|MalformedPolicy)/;
/** What every operation of AWS may answer. */
const COMMON = ['ValidationException', 'AccessDeniedException', 'SerializationException'];

const NOWHERE = '00000000-0000-4000-8000-000000000000';
type Provoke = (ground: Ground) => Input | Promise<Input>;

const notFound: Provoke = () => ({ KeyId: NOWHERE });
const invalidArn: Provoke = () => ({ KeyId: 'arn:aws:s3:::bucket' });
const marker: Provoke = () => ({ Marker: Buffer.from('ListKeyRotations x').toString('base64url') });
const disabled: Provoke = async ({ call, KeyId }) => call('DisableKey', { KeyId });
const pending: Provoke = async ({ call, KeyId }) => call('ScheduleKeyDeletion', { KeyId }).then(() => ({}));
const usage: Provoke = async ({ alter }) => alter(`usage = 'SIGN_VERIFY'`).then(() => ({}));
const spec: Provoke = async ({ alter }) => alter(`spec = 'RSA_2048'`).then(() => ({}));
const dryRun: Provoke = () => ({ DryRun: true });
const fill: Provoke = async ({ call, KeyId }) => {
  for (let i = 0; i < 50; i++) await call('CreateAlias', { AliasName: `alias/n${i}`, TargetKeyId: KeyId });
  return {};
};
const manyTags: Provoke = () => ({ Tags: Array.from({ length: 51 }, (_, i) => ({ TagKey: `k${i}`, TagValue: '' })) });

const managing = { NotFoundException: notFound, InvalidArnException: invalidArn };
const changing = { ...managing, KMSInvalidStateException: pending };
const using = {
  NotFoundException: notFound,
  KMSInvalidStateException: pending,
  DisabledException: disabled,
  InvalidKeyUsageException: usage,
  DryRunOperationException: dryRun,
};
const opening = {
  ...using,
  InvalidCiphertextException: () => ({ CiphertextBlob: new Uint8Array(120).fill(1) }),
};
const rotating = { ...changing, DisabledException: disabled, UnsupportedOperationException: spec };

interface Row {
  /** An input that is answered, without `KeyId`, which `keyed` adds. */
  readonly good: (ground: Ground) => Input | Promise<Input>;
  readonly keyed?: false;
  /** Members of the answer, in any order. */
  readonly answers: readonly string[];
  readonly refused: Readonly<Record<string, Provoke>>;
  /** Documented and yet without a cause here. */
  readonly absent?: readonly string[];
}

const nothing = () => ({});
const rows: Partial<Record<OperationName, Row>> = {
  CreateKey: {
    good: nothing,
    keyed: false,
    answers: ['KeyMetadata'],
    refused: {
      CustomKeyStoreNotFoundException: () => ({ CustomKeyStoreId: 'cks-1', Origin: 'AWS_CLOUDHSM' }),
      LimitExceededException: manyTags,
      TagException: () => ({ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }),
      UnsupportedOperationException: () => ({ Origin: 'EXTERNAL_KEY_STORE' }),
    },
    absent: ['InvalidArnException'],
  },
  DescribeKey: { good: nothing, answers: ['KeyMetadata'], refused: managing },
  ListKeys: {
    good: nothing,
    keyed: false,
    answers: ['Keys', 'Truncated'],
    refused: { InvalidMarkerException: marker },
  },
  EnableKey: { good: nothing, answers: [], refused: changing, absent: ['LimitExceededException'] },
  DisableKey: { good: nothing, answers: [], refused: changing },
  ScheduleKeyDeletion: {
    good: () => ({ PendingWindowInDays: 7 }),
    answers: ['DeletionDate', 'KeyId', 'KeyState', 'PendingWindowInDays'],
    refused: changing,
  },
  CancelKeyDeletion: { good: pending, answers: ['KeyId'], refused: { ...managing, KMSInvalidStateException: nothing } },
  UpdateKeyDescription: { good: () => ({ Description: 'x' }), answers: [], refused: changing },
  GetKeyPolicy: {
    good: nothing,
    answers: ['Policy', 'PolicyName'],
    refused: managing,
    absent: ['KMSInvalidStateException'],
  },
  CreateAlias: {
    good: ({ KeyId }) => ({ AliasName: 'alias/new', TargetKeyId: KeyId }),
    keyed: false,
    answers: [],
    refused: {
      AlreadyExistsException: ({ KeyId }) => ({ AliasName: 'alias/taken', TargetKeyId: KeyId }),
      InvalidAliasNameException: () => ({ AliasName: 'alias/aws/s3' }),
      KMSInvalidStateException: pending,
      LimitExceededException: fill,
      NotFoundException: () => ({ TargetKeyId: NOWHERE }),
    },
  },
  UpdateAlias: {
    good: ({ KeyId }) => ({ AliasName: 'alias/taken', TargetKeyId: KeyId }),
    keyed: false,
    answers: [],
    refused: {
      KMSInvalidStateException: pending,
      LimitExceededException: fill,
      NotFoundException: () => ({ AliasName: 'alias/none' }),
    },
  },
  DeleteAlias: {
    good: () => ({ AliasName: 'alias/taken' }),
    keyed: false,
    answers: [],
    refused: { NotFoundException: () => ({ AliasName: 'alias/none' }) },
    absent: ['KMSInvalidStateException'],
  },
  ListAliases: {
    good: nothing,
    keyed: false,
    answers: ['Aliases', 'Truncated'],
    refused: { ...managing, InvalidMarkerException: marker },
  },
  TagResource: {
    good: () => ({ Tags: [{ TagKey: 'a', TagValue: '' }] }),
    answers: [],
    refused: {
      ...changing,
      LimitExceededException: manyTags,
      TagException: () => ({ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }),
    },
  },
  UntagResource: {
    good: () => ({ TagKeys: ['a'] }),
    answers: [],
    refused: { ...changing, TagException: () => ({ TagKeys: ['aws:x'] }) },
  },
  ListResourceTags: {
    good: nothing,
    answers: ['Tags', 'Truncated'],
    refused: { ...managing, InvalidMarkerException: marker },
  },
  Encrypt: {
    good: () => ({ Plaintext: new Uint8Array(1) }),
    answers: ['CiphertextBlob', 'EncryptionAlgorithm', 'KeyId'],
    refused: using,
  },
  Decrypt: {
    good: ({ CiphertextBlob }) => ({ CiphertextBlob }),
    answers: ['EncryptionAlgorithm', 'KeyId', 'KeyMaterialId', 'Plaintext'],
    refused: { ...opening, IncorrectKeyException: ({ other }) => ({ KeyId: other }) },
  },
  ReEncrypt: {
    good: ({ CiphertextBlob, other }) => ({ CiphertextBlob, DestinationKeyId: other }),
    keyed: false,
    answers: [
      'CiphertextBlob',
      'DestinationEncryptionAlgorithm',
      'DestinationKeyMaterialId',
      'KeyId',
      'SourceEncryptionAlgorithm',
      'SourceKeyId',
      'SourceKeyMaterialId',
    ],
    refused: {
      ...opening,
      NotFoundException: () => ({ DestinationKeyId: NOWHERE }),
      IncorrectKeyException: ({ other }) => ({ SourceKeyId: other }),
    },
  },
  GenerateDataKey: {
    good: () => ({ KeySpec: 'AES_256' }),
    answers: ['CiphertextBlob', 'KeyId', 'KeyMaterialId', 'Plaintext'],
    refused: using,
  },
  GenerateDataKeyWithoutPlaintext: {
    good: () => ({ NumberOfBytes: 16 }),
    answers: ['CiphertextBlob', 'KeyId', 'KeyMaterialId'],
    refused: using,
  },
  GenerateRandom: {
    good: () => ({ NumberOfBytes: 8 }),
    keyed: false,
    answers: ['Plaintext'],
    refused: {
      CustomKeyStoreNotFoundException: () => ({ CustomKeyStoreId: 'cks-1' }),
      UnsupportedOperationException: () => ({ Recipient: {} }),
    },
  },
  EnableKeyRotation: { good: () => ({ RotationPeriodInDays: 90 }), answers: [], refused: rotating },
  DisableKeyRotation: { good: nothing, answers: [], refused: rotating },
  GetKeyRotationStatus: {
    good: nothing,
    answers: ['KeyId', 'KeyRotationEnabled'],
    refused: { ...managing, UnsupportedOperationException: spec },
    absent: ['KMSInvalidStateException'],
  },
  RotateKeyOnDemand: {
    good: nothing,
    answers: ['KeyId'],
    refused: {
      ...rotating,
      ConflictException: async ({ call, clock, KeyId }) => {
        await call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
        clock.time += 90 * 86_400_000 - 20 * 60_000;
        return {};
      },
      LimitExceededException: async ({ call, KeyId }) => {
        for (let i = 0; i < 25; i++) await call('RotateKeyOnDemand', { KeyId });
        return {};
      },
    },
  },
  ListKeyRotations: {
    good: nothing,
    answers: ['Rotations', 'Truncated'],
    refused: { ...managing, InvalidMarkerException: marker, UnsupportedOperationException: spec },
    absent: ['KMSInvalidStateException'],
  },
};

async function groundOf(): Promise<Ground> {
  const t = await openTestEngine();
  const { id: KeyId } = await t.key();
  const { id: other } = await t.key();
  await t.call('CreateAlias', { AliasName: 'alias/taken', TargetKeyId: other });
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: new Uint8Array(1) });
  return {
    ...t,
    KeyId,
    other,
    CiphertextBlob,
    alter: (set) => t.store.transact((tx) => tx.run(`UPDATE keys SET ${set} WHERE key_id = ?`, [KeyId])),
  };
}

const table = Object.entries(rows) as [OperationName, Row][];

it('covers the operations of the first slice', () => {
  expect(table.length).toBe(27);
});

for (const [name, { good, keyed, answers, refused, absent = [] }] of table) {
  it(`${name} does as documented`, async () => {
    const codes = documented(name);
    const wanted = codes.filter((code) => !ABSENT.test(code) && !absent.includes(code));
    expect(Object.keys(refused).sort()).toEqual(wanted.sort());

    const ground = await groundOf();
    const base = { ...(keyed === false ? {} : { KeyId: ground.KeyId }), ...(await good(ground)) };
    for (const principalArn of [ROOT.replace(':root', ':user/eve'), ROOT.replace('1111', '2222')])
      expect((await ground.refused(name, base, { principalArn })).code).toBe('AccessDeniedException');
    const output = await ground.call(name, base as never);
    expect(Object.keys(output).sort()).toEqual([...answers]);
    await ground.close();

    for (const [code, provoke] of Object.entries(refused)) {
      const fresh = await groundOf();
      const input = { ...(keyed === false ? {} : { KeyId: fresh.KeyId }) };
      if (name !== 'CancelKeyDeletion') Object.assign(input, await good(fresh));
      Object.assign(input, await provoke(fresh));
      const before = (await fresh.events(1))[0]?.Sequence;
      const error = await fresh.refused(name, input);
      expect([code, error.code, error.message]).toEqual([code, code, error.message]);
      const [record] = (await fresh.events(2)).filter((event) => event.Sequence === (before ?? 0) + 2);
      expect(record).toMatchObject({ EventName: name, ErrorCode: code, EventId: error.details.requestId });
      expect(fresh.bugs).toEqual([]);
      await fresh.close();
    }
  });
}

it('refuses odd key ids only with what is documented', async () => {
  const ground = await groundOf();
  const { KeyId } = ground;
  const odd = [
    'x',
    'alias/none',
    'alias/',
    'key/',
    `key/${KeyId}`,
    KeyId.toUpperCase(),
    'arn:aws:kms',
    `arn:aws:kms:eu-central-1::key/${KeyId}`,
    `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`,
    `arn:aws:kms:eu-central-1:444455556666:key/${KeyId}`,
    `arn:aws-cn:kms:cn-north-1:111122223333:key/${KeyId}`,
    'arn:aws:kms:eu-central-1:111122223333:other/x',
    'arn:aws:kms:eu-central-1:111122223333:alias/none',
    '__proto__',
    'x'.repeat(2049),
    '',
  ];
  for (const [name, { good }] of table) {
    const allowed = [...documented(name), ...COMMON];
    for (const id of odd)
      for (const member of ['KeyId', 'TargetKeyId', 'DestinationKeyId', 'SourceKeyId']) {
        const base = { KeyId, ...(name === 'CancelKeyDeletion' ? {} : await good(ground)) };
        if (name === 'ScheduleKeyDeletion' || !(member === 'KeyId' || member in base)) continue;
        try {
          await ground.call(name, { ...base, [member]: id } as never);
        } catch (error) {
          expect([name, id, (error as { code?: string }).code]).toEqual([
            name,
            id,
            expect.toSatisfy((code: string) => allowed.includes(code)),
          ]);
        }
      }
  }
  expect(ground.bugs).toEqual([]);
  await ground.close();
});
