import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextHash, STORED_HASH_BYTES } from '../../../src/main/audit/chain.ts';
import { DIGEST_RECORDS } from '../../../src/main/audit/digest.ts';
import { RecordReader } from '../../../src/main/audit/read.ts';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import type { Transaction } from '../../../src/main/vault/types.ts';
import { openTestEngine, ROOT } from '../../support/engine.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const LAST = 30;
const DIGESTS = [10, 20];

/** Thirty records of every kind; digests over 1 to 10 and 11 to 20. */
async function fill(): Promise<void> {
  t = await openTestEngine();
  const one = await t.key();
  const two = await t.key();
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId: one.id, Plaintext: new Uint8Array(1) });
  for (let sequence = 4; sequence <= LAST; sequence++) {
    t.clock.time += 1000;
    if (sequence % 5 === 0) await t.refused('Decrypt', { KeyId: two.id, CiphertextBlob });
    else if (sequence % 5 === 1) await t.call('ReEncrypt', { CiphertextBlob, DestinationKeyId: two.id });
    else if (sequence % 5 === 2) await t.key({ Description: `number ${sequence}` });
    else
      await t.call('Encrypt', { KeyId: one.id, Plaintext: new Uint8Array(1), EncryptionContext: { n: `${sequence}` } });
    if (DIGESTS.includes(sequence)) await t.store.transact((tx) => t.audit.sealDigest(tx, t.clock.now()));
  }
}

const verify = () => verifyTrail(t.store.db, t.audit);
const run = (...statements: string[]) =>
  t.store.transact((tx) => {
    for (const sql of statements) tx.run(sql);
  });

/** What an attacker without the keys can do: compute the chain anew behind what was changed. */
function rechain(tx: Transaction, head = true): void {
  let hash: Uint8Array = new Uint8Array(32);
  let last = 0;
  for (const record of new RecordReader(tx).range(1, 1000)) {
    hash = nextHash(hash, record);
    last = record.sequence;
    tx.run('UPDATE audit_events SET hash = ? WHERE sequence = ?', [hash.slice(0, STORED_HASH_BYTES), last]);
  }
  if (head) tx.run('UPDATE audit_head SET sequence = ?, hash = ?', [last, hash]);
}

describe('a trail that nobody touched', () => {
  it('verifies, with and without digests, and goes on verifying', async () => {
    await fill();
    expect(await verify()).toMatchObject({ ok: true, records: LAST, digests: 2, head: { sequence: LAST } });
    await t.call('ListKeys', {});
    await t.store.transact((tx) => t.audit.sealDigest(tx, t.clock.now()));
    await t.store.transact((tx) => t.audit.sealDigest(tx, t.clock.now()));
    expect(await verify()).toMatchObject({ ok: true, records: LAST + 1, digests: 3 });
  });

  it('verifies while it is empty, and signs a digest by itself after enough records', async () => {
    t = await openTestEngine();
    expect(await verify()).toMatchObject({ ok: true, records: 0, digests: 0 });
    for (let i = 0; i < DIGEST_RECORDS / 100; i++)
      await Promise.all(Array.from({ length: 100 }, () => t.call('ListKeys', {})));
    await t.call('ListKeys', {});
    expect(await verify()).toMatchObject({ ok: true, records: DIGEST_RECORDS + 1, digests: 1 });
  });

  it('stays right when transactions are undone', async () => {
    await fill();
    const undone = t.store.transact((tx) => {
      t.audit.append(tx, {
        time: 0,
        eventName: 'Undone',
        eventSource: 'undone',
        principalArn: 'undone',
        accountId: '',
        region: '',
        sourceIp: '',
        userAgent: '',
        readOnly: true,
        requestParameters: null,
        responseElements: null,
        resources: ['undone'],
      });
      t.audit.sealDigest(tx, 0);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    const failedDigest = t.store.transact((tx) => {
      t.audit.sealDigest(tx, 0);
      throw new Error('undone');
    });
    await expect(failedDigest).rejects.toThrow('undone');
    await t.call('ListKeys', {});
    await t.store.transact((tx) => t.audit.sealDigest(tx, t.clock.now()));
    expect(await verify()).toMatchObject({ ok: true, records: LAST + 1, digests: 3 });
  });

  it('keeps time from running backward when the clock does', async () => {
    await fill();
    t.clock.time -= 86_400_000;
    await t.call('ListKeys', {});
    const [newest, before] = await t.events(2);
    expect(newest?.EventTime).toEqual(before?.EventTime);
    expect((await verify()).ok).toBe(true);
  });

  it('verifies when more texts repeat than are held at once, and says each by its number', async () => {
    await fill();
    const TEXTS = 5500;
    const append = (tx: Transaction, n: number) =>
      t.audit.append(tx, {
        time: t.clock.now(),
        eventName: 'Encrypt',
        eventSource: 'kms.amazonaws.com',
        principalArn: ROOT,
        accountId: '111122223333',
        region: 'eu-central-1',
        sourceIp: '127.0.0.1',
        userAgent: 'test',
        readOnly: true,
        resources: [],
        requestParameters: { encryptionContext: { n: `${n}` } },
        responseElements: null,
      });
    for (let first = 0; first < TEXTS; first += 500)
      await t.store.transact((tx) => {
        for (let n = first; n < first + 500; n++) for (let time = 0; time < 2; time++) append(tx, n);
      });
    // What was let go of is seen for the first time, then known again.
    await t.store.transact((tx) => {
      for (let time = 0; time < 2; time++) append(tx, 0);
    });
    expect(t.store.db.all('SELECT typeof(request) AS kind FROM audit_events ORDER BY sequence DESC LIMIT 2')).toEqual([
      { kind: 'integer' },
      { kind: 'text' },
    ]);
    expect(await verify()).toMatchObject({ ok: true, records: LAST + 2 * TEXTS + 2 });
  });

  it('verifies whatever text its callers brought', async () => {
    await fill();
    const texts = [
      'a\0b',
      '\ud800',
      'x\udc00y',
      '\ufeff',
      '\u2028',
      `\ufeff${'x'.repeat(40)}`,
      '\ufffe',
      '😀',
      "'; DROP TABLE audit_events; --",
    ];
    for (const text of texts) {
      await t.refused('DescribeKey', { KeyId: text }, { userAgent: text, sourceIp: text, region: text });
      await t.refused('DescribeKey', { KeyId: 'x' }, { principalArn: text });
      await t.key({ Description: text });
      await t.refused('ListKeys', { Marker: text });
    }
    // Together these are the same text.
    await t.call('ListKeys', {}, { sourceIp: 'a\nb', userAgent: 'c' });
    await t.call('ListKeys', {}, { sourceIp: 'a', userAgent: 'b\nc' });
    expect(await verify()).toMatchObject({ ok: true, records: LAST + 4 * texts.length + 2 });
  });

  it('tells how far it is and stops when it is told to', async () => {
    await fill();
    const steps: number[][] = [];
    await verifyTrail(t.store.db, t.audit, { onProgress: (...step) => steps.push(step) });
    expect(steps.at(-1)).toEqual([LAST, LAST]);
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(verifyTrail(t.store.db, t.audit, { signal })).rejects.toThrow('enough');
  });
});

describe('verify names the first bad record', () => {
  beforeEach(fill);

  const edits: [string, number][] = [
    ...[
      'time = time + 1',
      `name = (SELECT id FROM audit_strings WHERE text = 'CreateKey')`,
      'caller = caller + 1000',
      'read_only = 1 - read_only',
      'key = NULL',
      `error = (SELECT id FROM audit_strings WHERE text = 'IncorrectKeyException')`,
      `message = 'nothing happened'`,
      `request = '{}'`,
      'request = NULL',
      `response = '{}'`,
      `hash = zeroblob(${STORED_HASH_BYTES})`,
      'sequence = 1000',
    ].flatMap((set): [string, number][] =>
      [4, 14, LAST - 1].map((at) => [`UPDATE audit_events SET ${set} WHERE sequence = ${at}`, at]),
    ),
    ...[1, 10, 11, LAST].map((at): [string, number] => [`DELETE FROM audit_events WHERE sequence = ${at}`, at]),
    ['DELETE FROM audit_events WHERE sequence > 25', 26],
    ['DELETE FROM audit_events', 1],
    [
      `UPDATE audit_strings SET text = 'arn:aws:kms:x' WHERE id = (SELECT key FROM audit_events WHERE sequence = 12)`,
      12,
    ],
    [`UPDATE audit_callers SET principal = 'arn:aws:iam::111122223333:user/eve'`, 1],
    ['DELETE FROM audit_strings', 1],
    ['DELETE FROM audit_more_keys WHERE sequence = 16', 16],
    ['INSERT INTO audit_more_keys SELECT sequence, 9, key FROM audit_events WHERE sequence = 23', 23],
    ['DELETE FROM audit_digests WHERE number = 2', 11],
    ['DELETE FROM audit_digests WHERE number = 1', 1],
    ['DELETE FROM audit_digests', 1],
    ['UPDATE audit_digests SET signature = zeroblob(64) WHERE number = 2', 11],
    ['UPDATE audit_digests SET created_at = created_at + 1 WHERE number = 1', 1],
    ['UPDATE audit_digests SET first = 12 WHERE number = 2', 11],
    ['UPDATE audit_digests SET hash = zeroblob(32) WHERE number = 2', 11],
    ['UPDATE audit_digests SET previous = zeroblob(32) WHERE number = 2', 11],
    ['UPDATE audit_digests SET last = 1000 WHERE number = 2', 11],
    ['DELETE FROM audit_head', 21],
    ['UPDATE audit_head SET time = time + 1', 21],
    ['UPDATE audit_head SET mac = zeroblob(32)', 21],
    ['UPDATE audit_head SET sequence = 29', LAST],
  ];
  for (const [sql, sequence] of edits)
    it(`${sequence}: ${sql}`, async () => {
      await run(sql);
      expect(await verify()).toMatchObject({ ok: false, firstBad: { sequence } });
    });

  it('two records that changed places', async () => {
    await run(
      'UPDATE audit_events SET sequence = 1000 WHERE sequence = 13',
      'UPDATE audit_events SET sequence = 13 WHERE sequence = 14',
      'UPDATE audit_events SET sequence = 14 WHERE sequence = 1000',
    );
    expect(await verify()).toMatchObject({ ok: false, firstBad: { sequence: 13 } });
  });

  it('an edited record behind which the chain was computed anew: the digest over it', async () => {
    await t.store.transact((tx) => {
      tx.run('UPDATE audit_events SET error = NULL, message = NULL WHERE sequence = 15');
      rechain(tx);
    });
    expect(await verify()).toMatchObject({ ok: false, firstBad: { sequence: 11 } });
  });

  it('the same behind the last digest: the first record that no digest covers', async () => {
    await t.store.transact((tx) => {
      tx.run('UPDATE audit_events SET error = NULL, message = NULL WHERE sequence = 25');
      rechain(tx);
    });
    expect(await verify()).toMatchObject({ ok: false, firstBad: { sequence: 21 } });
  });

  it('records cut off with the digest over them and an end made up', async () => {
    await t.store.transact((tx) => {
      tx.run('DELETE FROM audit_events WHERE sequence > 10');
      tx.run('DELETE FROM audit_digests WHERE number = 2');
      rechain(tx);
    });
    expect(await verify()).toMatchObject({ ok: false, firstBad: { sequence: 11 } });
  });

  it('a record added behind the end', async () => {
    await t.store.transact((tx) => {
      tx.run(`INSERT INTO audit_events SELECT ${LAST + 1}, time, name, caller, read_only, key, error, message, request,
        response, hash, decision FROM audit_events WHERE sequence = ${LAST}`);
      rechain(tx, false);
    });
    expect(await verify()).toMatchObject({ ok: false, firstBad: { sequence: LAST + 1 } });
  });

  it('everything removed, as if there had never been anything', async () => {
    await run('DELETE FROM audit_events', 'DELETE FROM audit_digests', 'DELETE FROM audit_head');
    expect((await verify()).ok).toBe(false);
  });

  it('any cell that was changed', async () => {
    const tables = ['events', 'digests', 'head', 'strings', 'callers', 'more_keys'].map((name) => `audit_${name}`);
    const cells: { table: string; row: number; column: string; rows: number }[] = [];
    for (const table of tables) {
      const columns = t.store.db.all<{ name: string; pk: number }>(`PRAGMA table_info(${table})`);
      const { n = 0 } = t.store.db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`) ?? {};
      // The head has one row; the place of a call's only further key says nothing.
      for (const { name, pk } of columns)
        if (!(pk && table === 'audit_head') && name !== 'position')
          cells.push({ table, row: 0, column: name, rows: n });
    }
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...cells), fc.nat(100_000), async ({ table, column, rows }, pick) => {
        const offset = pick % rows;
        const attempt = t.store.transact((tx) => {
          const old = tx.get<{ value: number | string | Uint8Array | null }>(
            `SELECT ${column} AS value FROM ${table} LIMIT 1 OFFSET ${offset}`,
          )?.value;
          const changed =
            old instanceof Uint8Array
              ? Uint8Array.from(old, (byte, index) => (index === pick % old.length ? byte ^ 1 : byte))
              : typeof old === 'number'
                ? old === 0 || old === 1
                  ? 1 - old
                  : old + 100_000
                : `${old ?? ''}x`;
          const first = tx.all<{ name: string; pk: number }>(`PRAGMA table_info(${table})`).filter(({ pk }) => pk);
          const keys = first.map(({ name }) => name).join(', ');
          tx.run(
            `UPDATE ${table} SET ${column} = ? WHERE (${keys}) = (SELECT ${keys} FROM ${table} LIMIT 1 OFFSET ${offset})`,
            [changed],
          );
          throw Object.assign(new Error('undo'), { verdict: verifyNow(tx) });
        });
        const { verdict } = await attempt.then(
          () => ({ verdict: undefined }),
          (error: { verdict?: Promise<{ ok: boolean }> }) => error,
        );
        // A change that the schema itself refuses has no verdict.
        if (verdict) expect([table, column, offset, (await verdict).ok]).toEqual([table, column, offset, false]);
      }),
      { numRuns: 300 },
    );
    expect((await verify()).ok).toBe(true);
  });

  /** The trail is shorter than a slice, so all reading happens before the first turn, inside the transaction. */
  function verifyNow(tx: Transaction): Promise<{ ok: boolean }> {
    return verifyTrail(tx, t.audit);
  }
});
