import { writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { exportTrail } from '../../../src/main/audit/export.ts';
import { csvField } from '../../../src/shared/csv.ts';
import { ACCOUNT, openTestEngine, REGION, ROOT } from '../../support/engine.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

type Wish = Partial<Parameters<typeof exportTrail>[1]>;
const exportTo = (folder: string, format: 'cloudtrail' | 'csv', wish: Wish = {}) =>
  exportTrail(t.store.db, { format, folder, now: t.clock.now(), ...wish });

async function recordsOf(file: string): Promise<Record<string, unknown>[]> {
  return JSON.parse(gunzipSync(await readFile(file)).toString()).Records;
}

/** RFC 4180, written down from its grammar: what the export must be readable by. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const line: string[] = [];
    for (;;) {
      let field = '';
      if (text[at] === '"') {
        for (at++; !(text[at] === '"' && text[at + 1] !== '"'); at++) {
          if (at >= text.length) throw new Error('a quoted field does not end');
          if (text[at] === '"') at++;
          field += text[at];
        }
        at++;
      } else
        for (; at < text.length && !/[,\r\n]/.test(text[at] as string); at++) {
          if (text[at] === '"') throw new Error('a quote inside a field that is not quoted');
          field += text[at];
        }
      line.push(field);
      if (text[at] !== ',') break;
      at++;
    }
    if (text.slice(at, at + 2) !== '\r\n') throw new Error('a line does not end with CRLF');
    at += 2;
    lines.push(line);
  }
  return lines;
}

it('writes CloudTrail records as CloudTrail documents them', () =>
  inTemporaryFolder(async (dir) => {
    const eve = ROOT.replace(':root', ':user/a/eve');
    const reader = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/night`;
    const { id: KeyId, arn } = await t.key({ Description: 'photos' });
    await t.call('Encrypt', { KeyId, Plaintext: new Uint8Array(1), EncryptionContext: { Purpose: 'test' } });
    await t.refused('Decrypt', { CiphertextBlob: new Uint8Array(200) }, { principalArn: eve });
    await t.refused('Decrypt', { CiphertextBlob: new Uint8Array(200) }, { principalArn: reader });
    await t.call('EnableKeyRotation', { KeyId, RotationPeriodInDays: 90 });
    t.clock.advanceDays(90);
    await t.engine.runSchedule(t.clock.now());
    const { path: file, records, bytes } = await exportTo(dir, 'cloudtrail');
    expect(path.basename(file)).toBe('coffer-trail-20260401-000000.json.gz');
    expect(bytes).toBe((await readFile(file)).length);
    const all = await recordsOf(file);
    expect([records, all.length]).toEqual([6, 6]);
    const common = {
      eventVersion: '1.09',
      awsRegion: REGION,
      managementEvent: true,
      eventCategory: 'Management',
      recipientAccountId: ACCOUNT,
    };
    for (const record of all) {
      expect(record).toMatchObject(common);
      expect(record.eventID).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      expect(record.eventTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    }
    const [created, encrypted, refused, session, , rotated] = all as [
      Record<string, unknown>,
      Record<string, unknown>,
      Record<string, unknown>,
      Record<string, unknown>,
      Record<string, unknown>,
      Record<string, unknown>,
    ];
    const resources = [{ accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: arn }];
    expect(created).toMatchObject({
      eventName: 'CreateKey',
      eventSource: 'kms.amazonaws.com',
      eventType: 'AwsApiCall',
      readOnly: false,
      userIdentity: { type: 'Root', principalId: ACCOUNT, arn: ROOT, accountId: ACCOUNT },
      requestParameters: { description: 'photos' },
      responseElements: { keyMetadata: { keyId: KeyId, arn, aWSAccountId: ACCOUNT } },
      resources,
    });
    expect(encrypted).toMatchObject({
      eventName: 'Encrypt',
      readOnly: true,
      requestParameters: { keyId: KeyId, encryptionContext: { Purpose: 'test' } },
      responseElements: null,
      resources,
      sourceIPAddress: '127.0.0.1',
      userAgent: 'test',
    });
    expect(refused).toMatchObject({
      eventName: 'Decrypt',
      errorCode: 'InvalidCiphertextException',
    });
    // Their unique ids are not recorded, and not made up.
    expect(refused.userIdentity).toEqual({ type: 'IAMUser', arn: eve, accountId: ACCOUNT, userName: 'eve' });
    expect(session.userIdentity).toEqual({
      type: 'AssumedRole',
      arn: reader,
      accountId: ACCOUNT,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          arn: `arn:aws:iam::${ACCOUNT}:role/reader`,
          accountId: ACCOUNT,
          userName: 'reader',
        },
      },
    });
    expect(rotated).toMatchObject({
      eventName: 'RotateKey',
      eventType: 'AwsServiceEvent',
      userIdentity: { type: 'AWSService', accountId: ACCOUNT, invokedBy: 'AWS Internal' },
      responseElements: null,
      serviceEventDetails: { keyId: KeyId, rotationType: 'AUTOMATIC', keyOrigin: 'AWS_KMS' },
      resources,
    });
  }));

it('writes CSV that any reader of RFC 4180 reads back, and no spreadsheet runs', () =>
  inTemporaryFolder(async (dir) => {
    const nasty = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', 'say "hi", twice\r\nthen more', 'plain'];
    for (const value of nasty) await t.call('ListKeys', {}, { userAgent: value });
    const { path: file, records } = await exportTo(dir, 'csv');
    const [head, ...lines] = parseCsv(await readFile(file, 'utf8'));
    expect(records).toBe(nasty.length);
    expect(head?.slice(0, 3)).toEqual(['eventTime', 'eventName', 'eventSource']);
    const at = head?.indexOf('userAgent') ?? -1;
    expect(lines.map((line) => line[at])).toEqual(
      nasty.map((value) => (/^[=+\-@\t]/.test(value) ? `'${value}` : value)),
    );
    expect(lines.every((line) => line.length === head?.length)).toBe(true);
  }));

it('quotes any text so that it is read back, and starts no cell as a formula', () => {
  const text = fc.string({
    unit: fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', '"', ',', "'", 'a', '＝', ' '),
  });
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
      const [line] = parseCsv(`${values.map(csvField).join(',')}\r\n`);
      expect(line?.map((cell, index) => (cell === values[index] ? cell : cell.slice(1)))).toEqual(values);
      for (const cell of line ?? []) expect(cell).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
    }),
    { numRuns: 2000 },
  );
});

it('writes a period only, never over a file, and leaves no half one', () =>
  inTemporaryFolder(async (dir) => {
    const start = t.clock.now();
    for (let i = 0; i < 10; i++) {
      await t.call('ListKeys', {});
      t.clock.time += 1000;
    }
    const now = start;
    const wish = { from: start + 2000, to: start + 5000, now };
    const first = await exportTo(dir, 'cloudtrail', wish);
    expect((await recordsOf(first.path)).map((record) => record.eventTime)).toEqual(
      [2, 3, 4, 5].map((second) => `2026-01-01T00:00:0${second}Z`),
    );
    const second = await exportTo(dir, 'cloudtrail', { now });
    expect(path.basename(second.path)).toBe('coffer-trail-20260101-000000 (2).json.gz');
    // One that comes to be there while it is written stays as it is.
    const onProgress = () => writeFileSync(path.join(dir, 'coffer-trail-20260101-000000.csv'), 'mine');
    const third = await exportTo(dir, 'csv', { now, onProgress });
    expect(path.basename(third.path)).toBe('coffer-trail-20260101-000000 (2).csv');
    expect(await readFile(path.join(dir, 'coffer-trail-20260101-000000.csv'), 'utf8')).toBe('mine');
    const empty = await exportTo(dir, 'cloudtrail', { from: start + 99_000, now: now + 1000 });
    expect([empty.records, await recordsOf(empty.path)]).toEqual([0, []]);
    const before = (await readdir(dir)).sort();

    const signal = AbortSignal.abort(new Error('enough'));
    await expect(exportTo(dir, 'csv', { signal })).rejects.toThrow('enough');
    const file = path.join(dir, 'file');
    await writeFile(file, '');
    for (const folder of [path.join(dir, 'nowhere'), file])
      await expect(exportTo(folder, 'csv')).rejects.toMatchObject({ code: 'ExportFailed' });
    await mkdir(path.join(dir, 'full.tmp'));
    expect((await readdir(dir)).sort()).toEqual([...before, 'file', 'full.tmp'].sort());
  }));

it('lets other work go on while it writes a long trail', () =>
  inTemporaryFolder(async (dir) => {
    for (let i = 0; i < 20; i++) await Promise.all(Array.from({ length: 250 }, () => t.call('ListKeys', {})));
    let turns = 0;
    let exporting = true;
    const other = () => {
      turns++;
      if (exporting) setImmediate(other);
    };
    setImmediate(other);
    const steps: number[] = [];
    const { records } = await exportTo(dir, 'csv', { onProgress: (done) => steps.push(done) });
    exporting = false;
    expect([records, steps.at(-1)]).toEqual([5000, 5000]);
    expect(steps.length).toBeGreaterThanOrEqual(25);
    expect(turns).toBeGreaterThanOrEqual(25);
    // Records that come while it runs are left for the next time: no export chases its own tail.
    const late = exportTo(dir, 'cloudtrail', { now: t.clock.now() + 5000 });
    for (let i = 0; i < 10; i++) await t.call('ListKeys', {});
    expect((await late).records).toBe(5000);
  }));
