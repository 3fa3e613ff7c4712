import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matching, saveResults, summary } from '../../../src/main/files/results.ts';
import { EngineKeyring, esdk } from '../../support/esdk.ts';
import { namesIn, openTestFiles } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

describe('"do all my files still open?"', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });
  const check = async (folder: string) => {
    const job = await files.run(folder, 'verify', { items: [{ path: folder, action: 'verify', each: true }] });
    return { job, results: files.service.results(job.id) };
  };

  it('says of each encrypted file whether it opens, or what is wrong, and writes nothing', () =>
    inTemporaryFolder(async (dir) => {
      const at = (name: string) => path.join(dir, 'archive', name);
      await mkdir(at('sub/deep'), { recursive: true });
      const [gone, shut, leaving] = [await files.key(), await files.key(), await files.key()];
      const seal = async (name: string, keyId = files.arn) => {
        await mkdir(path.join(dir, 'plain'), { recursive: true });
        await writeFile(path.join(dir, 'plain', path.basename(name)), randomBytes(3000));
        const made = await files.run(path.join(dir, 'plain', path.basename(name)), 'encrypt', { keyId, signed: true });
        await cp(made.output ?? '', at(`${name}.encrypted`));
      };
      await seal('good');
      await seal('sub/deep/also good');
      await seal('sub/shut', shut.arn);
      await seal('sub/leaving', leaving.arn);
      await seal('damaged');
      const whole = await readFile(at('damaged.encrypted'));
      whole.writeUInt8(whole.readUInt8(whole.length - 300) ^ 1, whole.length - 300);
      await writeFile(at('damaged.encrypted'), whole);
      await writeFile(at('cut.encrypted'), (await readFile(at('good.encrypted'))).subarray(0, 100));
      await writeFile(at('letter.encrypted'), 'a letter that is only named so');
      await writeFile(at('plain.txt'), 'never encrypted');
      await cp(at('good.encrypted'), at('renamed.dat'));
      const elsewhere = gone.arn.replace(gone.id, '00000000-0000-4000-8000-000000000000');
      const { result } = await esdk.encrypt(new EngineKeyring(files, gone.arn), Buffer.from('x'));
      await writeFile(
        at('gone.encrypted'),
        Buffer.from(result.toString('latin1').replaceAll(gone.arn, elsewhere), 'latin1'),
      );
      await files.call('DisableKey', { KeyId: shut.arn });
      await files.call('ScheduleKeyDeletion', { KeyId: leaving.arn, PendingWindowInDays: 7 });

      const before = await namesIn(path.join(dir, 'archive'));
      const { job, results } = await check(path.join(dir, 'archive'));
      expect(job).toMatchObject({ state: 'done', counts: { total: 10, done: 3, failed: 6, skipped: 1 } });
      expect(job.output).toBeUndefined();
      expect(Object.fromEntries(results.map(({ name, outcome }) => [name, outcome]))).toEqual({
        'good.encrypted': 'done',
        'renamed.dat': 'done',
        'sub/deep/also good.encrypted': 'done',
        'sub/shut.encrypted': 'key-unusable',
        'sub/leaving.encrypted': 'key-unusable',
        'gone.encrypted': 'key-gone',
        'damaged.encrypted': 'damaged',
        'cut.encrypted': 'damaged',
        'letter.encrypted': 'not-coffer',
      });
      expect(await namesIn(path.join(dir, 'archive'))).toEqual(before);
      // By key, also of those that do not open.
      expect(summary(results).keys).toEqual([elsewhere, files.arn, shut.arn, leaving.arn].sort());
      expect(matching(results, { keyArn: shut.arn }).map(({ name }) => name)).toEqual(['sub/shut.encrypted']);
      expect(matching(results, { keyArn: files.arn, outcome: 'damaged' }).map(({ name }) => name)).toEqual([
        'damaged.encrypted',
      ]);
      // Every look at a data key is in the record.
      const decrypts = (await files.events(50)).filter(({ EventName }) => EventName === 'Decrypt');
      expect(decrypts).toHaveLength(7);
      await files.call('CancelKeyDeletion', { KeyId: leaving.arn });
    }));

  it('as somebody the key is closed to, says that the key refused', () =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'a'), 'a');
      await files.run(path.join(dir, 'a'), 'encrypt');
      await rm(path.join(dir, 'a'));
      files.acting.caller = { principalArn: 'arn:aws:iam::111122223333:user/nobody', accountId: '111122223333' };
      try {
        expect((await check(dir)).results).toMatchObject([{ name: 'a.encrypted', outcome: 'key-refused' }]);
      } finally {
        files.acting.caller = undefined as never;
      }
    }));

  it('is saved as CSV and as text, beside an earlier report', () =>
    inTemporaryFolder(async (dir) => {
      const results = [
        { name: '=cmd()', outcome: 'done' as const, keyArn: 'arn:1' },
        {
          name: 'sub/a\n"b".encrypted',
          outcome: 'damaged' as const,
          problem: { code: 'MessageDamaged', message: 'It is damaged, and more.' },
        },
        { name: 'c', outcome: 'failed' as const, problem: { code: 'FileNotFound', message: 'c\nOpens | d is gone.' } },
      ];
      const wish = { folder: dir, title: 'Encrypted files in /x' };
      const csv = await saveResults({ ...wish, format: 'csv' }, results);
      expect(await readFile(csv, 'utf8')).toBe(
        'name,outcome,keyArn,errorCode,errorMessage\r\n' +
          "'=cmd(),done,arn:1,,\r\n" +
          '"sub/a\n""b"".encrypted",damaged,,MessageDamaged,"It is damaged, and more."\r\n' +
          'c,failed,,FileNotFound,"c\nOpens | d is gone."\r\n',
      );
      await saveResults({ ...wish, format: 'csv' }, []);
      const text = await saveResults({ ...wish, format: 'text' }, results);
      const written = await readFile(text, 'utf8');
      expect(written).toContain('Damaged | sub/a\ufffd"b".encrypted | It is damaged, and more.\n');
      // A line break in a name, also as an error has it, never looks like a line of its own.
      expect(written).toContain('Could not be read | c | c\ufffdOpens | d is gone.\n');
      expect(await namesIn(dir)).toEqual([
        'coffer-files-report (2).csv',
        'coffer-files-report.csv',
        'coffer-files-report.txt',
      ]);
      await expect(saveResults({ ...wish, folder: path.join(dir, 'gone'), format: 'csv' }, [])).rejects.toMatchObject({
        code: 'FileNotFound',
      });
    }));
});
