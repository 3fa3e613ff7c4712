import { appendFile, mkdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/main/files/folder.ts';
import { discard } from '../../../src/main/files/originals.ts';
import { readMessageHeader } from '../../../src/main/files/plan.ts';
import { openSource } from '../../../src/main/files/reading.ts';
import type { Job } from '../../../src/main/files/service.ts';
import { checkWritten } from '../../../src/main/files/work.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import { namesIn, openTestFiles, over } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

describe('moving originals to the trash', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });
  const encrypt = (file: string, wish: Parameters<typeof files.run>[2] = {}) =>
    files.run(file, 'encrypt', { trashOriginals: true, ...wish });
  const each = (folder: string, wish: Parameters<typeof files.run>[2] = {}) =>
    encrypt(folder, { items: [{ path: folder, action: 'encrypt', each: true }], ...wish });
  const kept = (job: Job) =>
    files.service
      .results(job.id)
      .filter(({ outcome }) => outcome === 'original-kept')
      .map(({ name, problem }) => [name, problem?.code]);

  it('comes after the result was written, read back and opened by KMS', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a');
      await writeFile(file, 'a letter');
      const job = await encrypt(file);
      expect(job).toMatchObject({ state: 'done', originals: { moved: 1, kept: 0 } });
      expect(files.trashed.at(-1)).toBe(file);
      expect(await namesIn(dir)).toEqual(['a.encrypted']);
      expect((await files.events(2)).map(({ EventName }) => EventName)).toEqual(['Decrypt', 'GenerateDataKey']);
      const opened = await files.run(job.output ?? '', 'decrypt');
      expect(await readFile(opened.output ?? '', 'utf8')).toBe('a letter');
    }));

  it('takes a folder as a whole, as one archive', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(path.join(source, 'sub'), { recursive: true });
      await writeFile(path.join(source, 'sub', 'a'), 'a');
      expect(await encrypt(source)).toMatchObject({ state: 'done', originals: { moved: 1, kept: 0 } });
      expect(await namesIn(dir)).toEqual(['tree.tar.encrypted']);
    }));

  it('does not happen when the trash refuses, and says why', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a');
      await writeFile(file, 'a');
      const { move } = files.trash;
      files.trash.move = () => Promise.reject(new CofferError('NoTrash', 'There is no trash here.'));
      const job = await encrypt(file);
      files.trash.move = move;
      expect(job).toMatchObject({ state: 'done', originals: { moved: 0, kept: 1, why: 'There is no trash here.' } });
      expect(await namesIn(dir)).toEqual(['a', 'a.encrypted']);
    }));

  it('does not happen to a link, nor to what it leads to', () =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'a'), 'a');
      await symlink('a', path.join(dir, 'link'));
      const job = await encrypt(path.join(dir, 'link'));
      expect(job).toMatchObject({ state: 'done', originals: { moved: 0, kept: 1 } });
      expect(job.originals?.why).toMatch(/link/);
      expect(await namesIn(dir)).toEqual(['a', 'link', 'link.encrypted']);
    }));

  it('needs the right to decrypt: without it nothing is written', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a');
      await writeFile(file, 'a');
      const { accountId } = files.caller;
      const { arn } = await files.key();
      await files.call('PutKeyPolicy', {
        KeyId: arn,
        Policy: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: 'kms:*', Resource: '*' },
            { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'kms:Decrypt', Resource: '*' },
          ],
        }),
      });
      expect((await encrypt(file, { keyId: arn })).problem?.code).toBe('AccessDeniedException');
      expect(await namesIn(dir)).toEqual(['a']);
      expect(await files.run(file, 'encrypt', { keyId: arn })).toMatchObject({ state: 'done' });
    }));

  it('of a folder whose results lie beside: each file by itself, and not those that stay as they are', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(path.join(source, 'sub'), { recursive: true });
      for (const name of ['a', 'sub/b']) await writeFile(path.join(source, name), name);
      await symlink('a', path.join(source, 'link'));
      expect(await each(source)).toMatchObject({ state: 'done', originals: { moved: 2, kept: 0 } });
      expect(await namesIn(source)).toEqual(['a.encrypted', 'link', 'sub']);
      expect(await namesIn(path.join(source, 'sub'))).toEqual(['b.encrypted']);
    }));

  it('of a folder whose results lie elsewhere: the folder as a whole, when all of it is encrypted', () =>
    inTemporaryFolder(async (dir) => {
      const [source, out] = [path.join(dir, 'tree'), path.join(dir, 'out')];
      await mkdir(path.join(source, 'empty'), { recursive: true });
      await mkdir(out);
      await writeFile(path.join(source, 'a'), 'a');
      await symlink('a', path.join(source, 'link'));
      const held = await each(source, { outputFolder: out });
      expect(held).toMatchObject({ state: 'done', originals: { moved: 0, kept: 1 } });
      expect(kept(held)).toEqual([['tree', 'LeftOut']]);
      expect(await namesIn(source)).toEqual(['a', 'empty', 'link']);
      await rm(path.join(source, 'link'));
      const hidden = await each(source, { hideNames: true });
      expect(hidden).toMatchObject({ state: 'done', originals: { moved: 1, kept: 0 } });
      expect(await namesIn(dir)).toEqual([path.basename(hidden.output ?? ''), 'out']);
    }));

  it('does not happen to a file that changed between two tries of its folder', () =>
    inTemporaryFolder(async (dir) => {
      const [source, out] = [path.join(dir, 'tree'), path.join(dir, 'out')];
      await mkdir(source);
      await mkdir(path.join(out, 'tree'), { recursive: true });
      await writeFile(path.join(source, 'a'), 'a');
      await writeFile(path.join(source, 'b'), 'b');
      await writeFile(path.join(out, 'tree', 'b.encrypted'), 'in the way');
      const job = await each(source, { outputFolder: out });
      expect(job).toMatchObject({ state: 'failed', problem: { code: 'SomeExist' }, originals: { moved: 0, kept: 0 } });
      await appendFile(path.join(source, 'a'), 'more');
      files.service.retry(job.id, 'replace');
      const again = await over(files.service, job.id);
      expect(again).toMatchObject({ state: 'done', counts: { done: 2 }, originals: { moved: 0, kept: 1 } });
      expect(kept(again)).toEqual([['tree', 'FileChanged']]);
      expect(await readFile(path.join(source, 'a'), 'utf8')).toBe('amore');
    }));

  it('does not happen to what was written to since, even under its old time, nor to another file in its place', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a');
      const time = new Date('2020-01-01');
      const write = async (text: string) => {
        await writeFile(file, text);
        await utimes(file, time, time);
      };
      await write('one');
      const { handle, seen } = await openSource(file);
      await handle.close();
      const moved: string[] = [];
      const attempt = () => discard(async (each) => void moved.push(each), file, seen).catch((error: unknown) => error);
      await write('two');
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      await rm(file);
      expect(await attempt()).toMatchObject({ code: 'FileNotFound' });
      await write('one');
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      expect(moved).toEqual([]);
    }));

  it('does not happen to a folder in which something changed since', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(source);
      await writeFile(path.join(source, 'a'), 'a');
      const seen = { fingerprint: await fingerprintOf(source) };
      const moved: string[] = [];
      const attempt = () =>
        discard(async (each) => void moved.push(each), source, seen).catch((error: unknown) => error);
      await writeFile(path.join(source, 'b'), '');
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      await rm(path.join(source, 'b'));
      await attempt();
      expect(moved).toEqual([source]);
    }));

  it('is no more than asked for: what cannot be read back is not kept', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a');
      await writeFile(file, Buffer.alloc(3 * 2 ** 20));
      const { output = '' } = await files.run(file, 'encrypt');
      const { header } = await readMessageHeader(output);
      const { Plaintext = new Uint8Array() } = await files.call('Decrypt', {
        CiphertextBlob: header.dataKeys[0]?.ciphertext ?? new Uint8Array(),
        EncryptionContext: { ...header.context },
      });
      const control = { progress: () => undefined, checkpoint: async () => undefined };
      const check = () => checkWritten(output, { dataKey: Plaintext }, control).catch((error: unknown) => error);
      expect(await check()).toBeUndefined();
      const bytes = await readFile(output);
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 100) ^ 1, bytes.length - 100);
      await writeFile(output, bytes);
      expect(await check()).toMatchObject({ code: 'NotVerified' });
    }));
});
