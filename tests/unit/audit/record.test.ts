import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportTrail } from '../../../src/main/audit/export.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { openTestEngine } from '../../support/engine.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

/** Every spelling in which bytes could have got into text or an image. */
function formsOf(secret: Uint8Array): Buffer[] {
  const bytes = Buffer.from(secret);
  const text = ['hex', 'base64', 'base64url', 'latin1', 'utf8'] as const;
  return [
    bytes,
    ...text.map((form) => Buffer.from(bytes.toString(form))),
    Buffer.from(bytes.toString('hex').toUpperCase()),
    Buffer.from(JSON.stringify([...bytes]).slice(1, -1)),
  ];
}

it('no record, export or table of the trail holds a plaintext, a data key or a ciphertext', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 16, maxLength: 64 }), async (marked) => {
      const t = await openTestEngine();
      const { id: KeyId } = await t.key();
      const { id: other } = await t.key();
      const secrets: Uint8Array[] = [];
      const mark = () => {
        const secret = Uint8Array.from([...randomBytes(16), ...marked]);
        secrets.push(secret);
        return secret;
      };
      const keep = (bytes: Uint8Array) => {
        secrets.push(bytes);
        return bytes;
      };
      const EncryptionContext = { shown: 'in clear' };
      const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: mark(), EncryptionContext });
      keep(CiphertextBlob);
      await t.call('Decrypt', { CiphertextBlob, EncryptionContext });
      const moved = { CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: other };
      keep((await t.call('ReEncrypt', moved)).CiphertextBlob);
      const made = await t.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
      keep(made.Plaintext);
      keep(made.CiphertextBlob);
      keep((await t.call('GenerateDataKeyWithoutPlaintext', { KeyId, NumberOfBytes: 64 })).CiphertextBlob);
      keep((await t.call('GenerateRandom', { NumberOfBytes: 48 })).Plaintext);
      // Every way of being refused with a secret in hand: too long, of the wrong type, in a member there is none of.
      const text = () => Buffer.from(mark()).toString('base64');
      const refused: [OperationName, Record<string, unknown>][] = [
        ['Encrypt', { KeyId, Plaintext: Uint8Array.from([...mark(), ...new Uint8Array(4096)]) }],
        ['Encrypt', { KeyId, Plaintext: text() }],
        ['Encrypt', { KeyId, Plaintext: [...mark()] }],
        ['Encrypt', { KeyId, Plaintext: mark(), DryRun: true }],
        ['Encrypt', { KeyId, Plaintext: mark(), EncryptionAlgorithm: 'SM2PKE' }],
        ['Decrypt', { CiphertextBlob: mark() }],
        ['Decrypt', { CiphertextBlob: text() }],
        ['Decrypt', { CiphertextBlob, KeyId: other }],
        ['Decrypt', { CiphertextBlob, EncryptionContext, Recipient: { AttestationDocument: mark() } }],
        ['ReEncrypt', { CiphertextBlob: mark(), DestinationKeyId: other }],
        ['GenerateDataKey', { KeyId, Plaintext: text(), KeySpec: 'AES_256', NumberOfBytes: 1 }],
        ['DescribeKey', { KeyId: '00000000-0000-4000-8000-000000000000', Plaintext: text() }],
      ];
      for (const [name, input] of refused) await t.refused(name, input);
      await t.call('DescribeKey', { KeyId, Plaintext: text() } as { KeyId: string });
      for (const row of t.store.db.all<{ account_id: string; key_id: string; material_id: string; sealed: Uint8Array }>(
        'SELECT account_id, key_id, material_id, sealed FROM materials',
      ))
        keep(t.store.openMaterial(`${row.account_id}/${row.key_id}`, row.material_id, row.sealed));
      await t.store.transact((tx) => t.audit.sealDigest(tx, t.clock.now()));

      const places = new Map<string, Buffer>([['answers', Buffer.from(JSON.stringify(await t.events(100)))]]);
      const events = await t.events(100);
      const details = await Promise.all(events.map(({ EventId }) => t.call('GetEvent', { EventId })));
      places.set('details', Buffer.from(JSON.stringify(details)));
      await inTemporaryFolder(async (folder) => {
        const wish = { folder, now: t.clock.now() };
        const json = await exportTrail(t.store.db, { ...wish, format: 'cloudtrail' });
        places.set('json', gunzipSync(await readFile(json.path)));
        const csv = await exportTrail(t.store.db, { ...wish, format: 'csv' });
        places.set('csv', await readFile(csv.path));
      });
      for (const table of ['events', 'strings', 'callers', 'more_keys', 'head', 'digests']) {
        const cells = t.store.db
          .all(`SELECT * FROM audit_${table}`)
          .flatMap((row) => Object.values(row))
          .flatMap((value) =>
            value === null
              ? []
              : [typeof value === 'object' ? Buffer.from(value) : Buffer.from(String(value)), Buffer.from([0])],
          );
        places.set(table, Buffer.concat(cells));
      }
      expect(places.get('json')?.includes('in clear')).toBe(true);
      for (const [place, content] of places)
        for (const secret of secrets)
          for (const form of formsOf(secret)) expect([place, content.includes(form)]).toEqual([place, false]);
      expect(t.bugs).toEqual([]);
      await t.close();
    }),
    { numRuns: 5 },
  );
});

it('answers only when the record is durable, and a refusal likewise', async () => {
  let open: () => void = () => undefined;
  let gate: Promise<void> = Promise.resolve();
  const t = await openTestEngine({
    wrap: (store) => ({
      ...store,
      transact: (work) => store.transact(work).then(async (value) => gate.then(() => value)),
    }),
  });
  const { id: KeyId } = await t.key();
  const calls: [OperationName, Record<string, unknown>, Record<string, string>?][] = [
    ['Encrypt', { KeyId, Plaintext: new Uint8Array(1) }],
    ['Encrypt', { KeyId }],
    ['DescribeKey', { KeyId: 'alias/none' }],
    ['ListKeys', {}, { principalArn: 'arn:aws:iam::111122223333:user/eve' }],
  ];
  for (const [name, input, as] of calls) {
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const before = t.store.db.get<{ n: number }>('SELECT count(*) AS n FROM audit_events')?.n ?? 0;
    let answered = false;
    const call = t.engine
      .call({ ...t.caller, ...as }, name, input as never)
      .catch((error: CofferError) => error.code)
      .finally(() => {
        answered = true;
      });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const after = t.store.db.get<{ n: number }>('SELECT count(*) AS n FROM audit_events')?.n;
    expect([name, after, answered]).toEqual([name, before + 1, false]);
    open();
    await call;
  }
  expect((await t.events(3)).map(({ EventName, ErrorCode }) => [EventName, ErrorCode])).toEqual([
    ['ListKeys', 'AccessDeniedException'],
    ['DescribeKey', 'NotFoundException'],
    ['Encrypt', 'ValidationException'],
  ]);
  await t.close();
});

it('gives no answer and changes nothing when the record cannot be written', async () => {
  let full = false;
  const t = await openTestEngine({
    wrap: (store) => ({
      ...store,
      transact: (work) =>
        store.transact((tx) => {
          const value = work(tx);
          if (full) throw new CofferError('VaultWriteError', 'The disk is full.');
          return value;
        }),
    }),
  });
  const { id: KeyId } = await t.key();
  full = true;
  expect((await t.refused('CreateKey', {})).code).toBe('VaultWriteError');
  expect((await t.refused('RotateKeyOnDemand', { KeyId })).code).toBe('VaultWriteError');
  expect((await t.refused('Encrypt', { KeyId: 'nonsense' })).code).toBe('VaultWriteError');
  full = false;
  expect((await t.call('ListKeys', {})).Keys.length).toBe(1);
  expect((await t.call('ListKeyRotations', { KeyId })).Rotations).toEqual([]);
  expect((await t.events()).map(({ EventName }) => EventName)).toEqual(['ListKeyRotations', 'ListKeys', 'CreateKey']);
  await t.close();
});
