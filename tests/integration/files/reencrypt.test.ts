import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AlgorithmSuiteIdentifier } from '@aws-crypto/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessageHeader } from '../../../src/main/files/plan.ts';
import { FRAME_LENGTH } from '../../../src/main/files/prepare.ts';
import type { Job } from '../../../src/main/files/service.ts';
import { EngineKeyring, esdk } from '../../support/esdk.ts';
import { namesIn, openTestFiles, over } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const F = FRAME_LENGTH;

describe('re-encrypting under another key', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  let other: string;
  beforeAll(async () => {
    files = await openTestFiles();
    other = (await files.key()).arn;
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });
  const renew = (file: string, wish: Parameters<typeof files.run>[2] = {}) =>
    files.run(file, 'reencrypt', { keyId: other, ...wish });
  const renewEach = (folder: string, wish: Parameters<typeof files.run>[2] = {}) =>
    renew(folder, { items: [{ path: folder, action: 'reencrypt', each: true }], ...wish });
  const keyOf = async (file: string) => (await readMessageHeader(file)).header.dataKeys.map((key) => key.providerInfo);
  const results = (job: Job) =>
    files.service.results(job.id).map(({ name, outcome, problem }) => [name, outcome, problem?.code]);

  /** An encrypted file alone in a folder. */
  async function sealed(dir: string, plain: Uint8Array, wish: Parameters<typeof files.run>[2] = {}): Promise<string> {
    const file = path.join(dir, 'a.bin');
    await writeFile(file, plain);
    const { output = '', problem } = await files.run(file, 'encrypt', wish);
    expect(problem).toBeUndefined();
    await rename(file, path.join(dir, 'plain'));
    return output;
  }

  it.runIf(process.getuid?.() === 0)('keeps owner, group and permissions of the old file', () =>
    inTemporaryFolder(async (dir) => {
      const file = await sealed(dir, randomBytes(10));
      await chown(file, 65533, 65534);
      await chmod(file, 0o640);
      expect(await renew(file)).toMatchObject({ state: 'done' });
      const { uid, gid, mode } = await stat(file);
      expect([uid, gid, mode & 0o777]).toEqual([65533, 65534, 0o640]);
    }),
  );

  for (const signed of [false, true]) {
    for (const size of [0, 1, F, 3 * F + 7]) {
      it(`${signed ? 'signed' : 'unsigned'}, ${size} bytes: opens under the new key alone, here and in the AWS Encryption SDK`, () =>
        inTemporaryFolder(async (dir) => {
          const plain = randomBytes(size);
          const file = await sealed(dir, plain, { signed, context: { purpose: 'test' } });
          await chmod(file, 0o640);
          const before = await readFile(file);
          const job = await renew(file);
          expect(job).toMatchObject({ state: 'done', output: file, keyArn: other, signed });
          const after = await readFile(file);
          expect(await keyOf(file)).toEqual([other]);
          // A new data key: nothing of the old message's content is in the new one.
          if (size > 0) expect(after.includes(before.subarray(-32))).toBe(false);
          expect((await stat(file)).mode & 0o777).toBe(0o640);
          expect(await namesIn(dir)).toEqual(['a.bin.encrypted', 'plain']);
          await files.call('DisableKey', { KeyId: files.arn });
          try {
            const opened = await esdk.decrypt(new EngineKeyring(files, other), after);
            expect(opened.plaintext.equals(plain)).toBe(true);
            expect(opened.messageHeader.encryptionContext).toMatchObject({ purpose: 'test' });
            const back = await files.run(file, 'decrypt');
            expect((await readFile(back.output ?? '')).equals(plain)).toBe(true);
          } finally {
            await files.call('EnableKey', { KeyId: files.arn });
          }
        }));
    }
  }

  it('takes messages of the AWS Encryption SDK with small frames', () =>
    inTemporaryFolder(async (dir) => {
      const plain = randomBytes(5 * F + 11);
      const file = path.join(dir, 'theirs.encrypted');
      const { result } = await esdk.encrypt(new EngineKeyring(files, files.arn), plain, {
        suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
        encryptionContext: { from: 'there' },
        frameLength: 4096 * 3,
      });
      await writeFile(file, result);
      expect(await renew(file)).toMatchObject({ state: 'done', signed: true });
      const opened = await esdk.decrypt(new EngineKeyring(files, other), await readFile(file));
      expect(opened.plaintext.equals(plain)).toBe(true);
      expect(opened.messageHeader.encryptionContext).toMatchObject({ from: 'there' });
    }));

  it('calls Decrypt under the old key, then GenerateDataKey and Decrypt under the new one, as whoever asked', () =>
    inTemporaryFolder(async (dir) => {
      const file = await sealed(dir, randomBytes(10));
      await renew(file);
      const calls = (await files.events(3)).map(({ EventName, Resources, PrincipalArn }) => [
        EventName,
        Resources[0],
        PrincipalArn,
      ]);
      const who = files.caller.principalArn;
      expect(calls.reverse()).toEqual([
        ['Decrypt', files.arn, who],
        ['GenerateDataKey', other, who],
        ['Decrypt', other, who],
      ]);
    }));

  it('leaves the old file when the new key may not be used, or would not open it again', () =>
    inTemporaryFolder(async (dir) => {
      const file = await sealed(dir, randomBytes(10));
      const before = await readFile(file);
      await files.call('DisableKey', { KeyId: other });
      expect((await renew(file)).problem?.code).toBe('DisabledException');
      await files.call('EnableKey', { KeyId: other });
      const { accountId } = files.caller;
      const policy = (actions: string) =>
        JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' },
            { Effect: 'Deny', Principal: { AWS: '*' }, Action: actions, Resource: '*' },
          ],
        });
      await files.call('PutKeyPolicy', { KeyId: other, Policy: policy('kms:Decrypt') });
      const refused = await renew(file);
      expect(refused.problem).toMatchObject({ code: 'AccessDeniedException' });
      expect(refused.problem?.message).toMatch(/^What would be written could not be opened again/);
      await files.call('PutKeyPolicy', { KeyId: other, Policy: policy('kms:CreateGrant') });
      expect((await readFile(file)).equals(before)).toBe(true);
      expect(await namesIn(dir)).toEqual(['a.bin.encrypted', 'plain']);
      files.service.retry(refused.id);
      expect(await over(files.service, refused.id)).toMatchObject({ state: 'done', keyArn: other });
    }));

  it('refuses every altered part of the old file, and leaves it as it is', () =>
    inTemporaryFolder(async (dir) => {
      const file = await sealed(dir, randomBytes(2 * F), { signed: true, context: { purpose: 'test' } });
      const whole = await readFile(file);
      const { length } = await readMessageHeader(file);
      for (const byte of [5, 40, 60, length - 20, length - 1, length + 100, whole.length - 5]) {
        const altered = Buffer.from(whole);
        altered.writeUInt8(altered.readUInt8(byte) ^ 1, byte);
        await writeFile(file, altered);
        const job = await renew(file);
        expect(job.state, `byte ${byte}`).toBe('failed');
        expect((await readFile(file)).equals(altered)).toBe(true);
      }
      expect(await namesIn(dir)).toEqual(['a.bin.encrypted', 'plain']);
    }));

  it('puts the new file beside the old one or into a folder, when asked', () =>
    inTemporaryFolder(async (dir) => {
      const plain = randomBytes(10);
      const file = await sealed(dir, plain);
      const out = path.join(dir, 'out');
      await mkdir(out);
      const beside = await renew(file, { keepOld: true });
      expect(beside.output).toBe(path.join(dir, 'a (2).bin.encrypted'));
      const within = await renew(file, { outputFolder: out });
      expect(within.output).toBe(path.join(out, 'a.bin.encrypted'));
      expect(await keyOf(file)).toEqual([files.arn]);
      for (const made of [beside, within]) expect(await keyOf(made.output ?? '')).toEqual([other]);
      expect((await renew(file, { outputFolder: out })).problem?.code).toBe('FileExists');
    }));

  it('of a link replaces what it leads to', () =>
    inTemporaryFolder(async (dir) => {
      const file = await sealed(dir, randomBytes(10));
      const link = path.join(dir, 'link.encrypted');
      await symlink('a.bin.encrypted', link);
      expect(await renew(link)).toMatchObject({ state: 'done', output: file });
      expect(await keyOf(file)).toEqual([other]);
      expect((await stat(link)).isFile()).toBe(true);
    }));

  it('does a whole tree, leaves out what is under that key or not encrypted, and says what became of each', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(path.join(source, 'sub'), { recursive: true });
      for (const name of ['a', 'b', 'sub/c']) await writeFile(path.join(source, name), `of ${name}`);
      await files.run(source, 'encrypt', { items: [{ path: source, action: 'encrypt', each: true }] });
      await renew(path.join(source, 'b.encrypted'));
      const damaged = path.join(source, 'd.encrypted');
      await cp(path.join(source, 'a.encrypted'), damaged);
      await writeFile(damaged, (await readFile(damaged)).subarray(0, -3));
      const job = await renewEach(source);
      expect(job).toMatchObject({
        state: 'failed',
        problem: { code: 'SomeFailed' },
        keyArn: other,
        counts: { total: 7, done: 2, failed: 1, skipped: 4 },
      });
      expect(results(job)).toEqual([
        ['b.encrypted', 'skipped', 'SameKey'],
        ['a.encrypted', 'done', undefined],
        ['d.encrypted', 'damaged', 'MessageDamaged'],
        ['sub/c.encrypted', 'done', undefined],
      ]);
      for (const name of ['a', 'b', 'sub/c'])
        expect(await keyOf(path.join(source, `${name}.encrypted`))).toEqual([other]);
      // Again: only what failed is left to do.
      files.service.retry(job.id);
      expect(await over(files.service, job.id)).toMatchObject({ counts: { done: 2, failed: 1 } });
    }));

  it('keeps what is special: folders in one archive, and hidden names', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(source);
      await writeFile(path.join(source, 'a'), 'of a');
      const archive = await files.run(source, 'encrypt');
      const hidden = await files.run(source, 'encrypt', {
        items: [{ path: source, action: 'encrypt', each: true }],
        hideNames: true,
      });
      expect(await renew(archive.output ?? '')).toMatchObject({ state: 'done' });
      expect(await renewEach(hidden.output ?? '')).toMatchObject({ state: 'done', counts: { done: 1 } });
      await rename(source, path.join(dir, 'original'));
      const opened = await files.run(archive.output ?? '', 'decrypt');
      expect(await readFile(path.join(opened.output ?? '', 'a'), 'utf8')).toBe('of a');
      await rename(source, path.join(dir, 'first'));
      await files.run(hidden.output ?? '', 'decrypt', {
        items: [{ path: hidden.output ?? '', action: 'decrypt', each: true }],
      });
      expect(await readFile(path.join(source, 'a'), 'utf8')).toBe('of a');
    }));

  it('that is cancelled leaves the old files, and nothing half-written', () =>
    inTemporaryFolder(async (dir) => {
      const file = await sealed(dir, randomBytes(64 * F));
      const [job] = await files.service.start({
        items: [{ path: file, action: 'reencrypt' }],
        region: files.caller.region,
        keyId: other,
      });
      const id = job?.id ?? '';
      while (!files.service.list().some((each) => each.id === id && each.doneBytes > 0))
        await new Promise((resolve) => setTimeout(resolve, 1));
      files.service.cancel(id);
      const ended = await over(files.service, id);
      // What is through before the cancel is heard stands whole.
      expect(['cancelled', 'done']).toContain(ended.state);
      expect(await keyOf(file)).toEqual([ended.state === 'done' ? other : files.arn]);
      expect(await namesIn(dir)).toEqual(['a.bin.encrypted', 'plain']);
      expect((await files.run(file, 'verify')).state).toBe('done');
    }));
});
