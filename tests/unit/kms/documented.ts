import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { openTestEngine, ROOT } from '../../support/engine.ts';

/**
 * Each operation against its own documentation: the exceptions that `@aws-sdk/client-kms` says it throws are all provoked,
 * but for those whose cause Coffer does not have, and nothing else comes out.
 */
export type Test = Awaited<ReturnType<typeof openTestEngine>>;
export type Input = Record<string, unknown>;
export interface Ground extends Test {
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

/** Causes Coffer has not: key stores, other services, and failures inside, which have tests of their own. */
const ABSENT = /^(CloudHsm|Xks|DependencyTimeout|KeyUnavailable|KMSInternal|CustomKeyStoreInvalidState)/;
/** What every operation of AWS may answer. */
const COMMON = ['ValidationException', 'AccessDeniedException', 'SerializationException'];

export const NOWHERE = '00000000-0000-4000-8000-000000000000';
export type Provoke<G extends Ground = Ground> = (ground: G) => Input | Promise<Input>;

export const notFound: Provoke = () => ({ KeyId: NOWHERE });
export const invalidArn: Provoke = () => ({ KeyId: 'arn:aws:s3:::bucket' });
export const marker: Provoke = () => ({ Marker: Buffer.from('ListKeyRotations x').toString('base64url') });
export const disabled: Provoke = async ({ call, KeyId }) => call('DisableKey', { KeyId });
export const pending: Provoke = async ({ call, KeyId }) => call('ScheduleKeyDeletion', { KeyId }).then(() => ({}));
export const usage: Provoke = async ({ alter }) => alter(`usage = 'SIGN_VERIFY'`).then(() => ({}));
export const spec: Provoke = async ({ alter }) => alter(`spec = 'RSA_2048'`).then(() => ({}));
export const dryRun: Provoke = () => ({ DryRun: true });
export const fill: Provoke = async ({ call, KeyId }) => {
  for (let i = 0; i < 50; i++) await call('CreateAlias', { AliasName: `alias/n${i}`, TargetKeyId: KeyId });
  return {};
};
export const manyTags: Provoke = () => ({
  Tags: Array.from({ length: 51 }, (_, i) => ({ TagKey: `k${i}`, TagValue: '' })),
});

export const managing = { NotFoundException: notFound, InvalidArnException: invalidArn };
export const changing = { ...managing, KMSInvalidStateException: pending };
export const using = {
  InvalidGrantTokenException: () => ({ GrantTokens: ['x'] }),
  NotFoundException: notFound,
  KMSInvalidStateException: pending,
  DisabledException: disabled,
  InvalidKeyUsageException: usage,
  DryRunOperationException: dryRun,
};
export const opening = {
  ...using,
  InvalidCiphertextException: () => ({ CiphertextBlob: new Uint8Array(120).fill(1) }),
};
export const rotating = { ...changing, DisabledException: disabled, UnsupportedOperationException: spec };

export interface Row<G extends Ground = Ground> {
  /** An input that is answered, without `KeyId`, which `keyed` adds. */
  readonly good: Provoke<G>;
  readonly keyed?: false;
  /** Members of the answer, in any order. */
  readonly answers: readonly string[];
  readonly refused: Readonly<Record<string, Provoke<G>>>;
  /** Documented and yet without a cause here. */
  readonly absent?: readonly string[];
}

export const nothing = () => ({});

export async function groundOf<T extends Test>(t: T): Promise<T & Ground> {
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

/** The tests of each operation in `rows`, each on new ground. */
export function testDocumentedOn<G extends Ground>(
  rows: Partial<Record<OperationName, Row<G>>>,
  open: () => Promise<G>,
  without: RegExp,
): void {
  const table = Object.entries(rows) as [OperationName, Row<G>][];
  for (const [name, { good, keyed, answers, refused, absent = [] }] of table) {
    it(`${name} does as documented`, async () => {
      const codes = documented(name);
      const wanted = codes.filter((code) => !without.test(code) && !absent.includes(code));
      expect(Object.keys(refused).sort()).toEqual(wanted.sort());

      const ground = await open();
      const base = { ...(keyed === false ? {} : { KeyId: ground.KeyId }), ...(await good(ground)) };
      for (const principalArn of [ROOT.replace(':root', ':user/eve'), ROOT.replace('1111', '2222')])
        expect((await ground.refused(name, base, { principalArn })).code).toBe('AccessDeniedException');
      const output = await ground.call(name, base as never);
      expect(Object.keys(output).sort()).toEqual([...answers]);
      await ground.close();

      for (const [code, provoke] of Object.entries(refused)) {
        const fresh = await open();
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
}

/** The same with a plain engine, and what the operations make of ids that are none. */
export function testDocumented(rows: Partial<Record<OperationName, Row>>): void {
  const open = async () => groundOf(await openTestEngine());
  testDocumentedOn(rows, open, ABSENT);
  const table = Object.entries(rows) as [OperationName, Row][];

  it('refuses odd key ids only with what is documented', async () => {
    const ground = await open();
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
}
