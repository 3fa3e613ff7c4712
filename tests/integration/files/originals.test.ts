import { appendFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessageHeader } from '../../../src/main/files/plan.ts';
import type { Job } from '../../../src/main/files/service.ts';
import { partialName } from '../../../src/main/files/target.ts';
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

  it.each(['replace', 'fail'] as const)(
    '%s: not to one whose result another job of the same start would replace',
    (how) =>
      inTemporaryFolder(async (dir) => {
        const out = path.join(dir, 'out');
        const sources = ['a', 'b'].map((name) => path.join(dir, name, 'report'));
        for (const source of sources) {
          await mkdir(path.dirname(source));
          await writeFile(source, source);
        }
        await mkdir(out);
        if (how === 'replace') await writeFile(path.join(out, 'report.encrypted'), 'from before');
        const started = await files.service.start({
          items: sources.map((source) => ({ path: source, action: 'encrypt' })),
          region: files.caller.region,
          keyId: files.arn,
          outputFolder: out,
          onConflict: how,
          trashOriginals: true,
        });
        const ended = await Promise.all(started.map(({ id }) => over(files.service, id)));
        expect(ended.map(({ state }) => state).sort()).toEqual(['done', 'failed']);
        const { id = '', path: other = '', problem } = ended.find(({ state }) => state === 'failed') ?? {};
        expect(problem).toMatchObject({ code: 'FileExists', message: expect.stringContaining('another file') });
        // Asked for again, it still does not take the other's place; beside it, it does.
        files.service.retry(id, 'replace');
        expect(await over(files.service, id)).toMatchObject({ state: 'failed', problem: { code: 'FileExists' } });
        expect(await readFile(other, 'utf8')).toBe(other);
        files.service.retry(id, 'rename');
        expect(await over(files.service, id)).toMatchObject({ state: 'done', originals: { moved: 1, kept: 0 } });
        const contents = [];
        for (const name of await namesIn(out)) {
          const opened = await files.run(path.join(out, name), 'decrypt', { outputFolder: dir, onConflict: 'rename' });
          contents.push(await readFile(opened.output ?? '', 'utf8'));
        }
        expect(contents.sort()).toEqual(sources);
      }),
  );

  it('not to those of two folders whose results would be one folder', () =>
    inTemporaryFolder(async (dir) => {
      const out = path.join(dir, 'out');
      const sources = ['a', 'b'].map((name) => path.join(dir, name, 'docs'));
      for (const source of sources) {
        await mkdir(source, { recursive: true });
        await writeFile(path.join(source, 'letter'), source);
      }
      await mkdir(out);
      const started = await files.service.start({
        items: sources.map((source) => ({ path: source, action: 'encrypt', each: true })),
        region: files.caller.region,
        keyId: files.arn,
        outputFolder: out,
        onConflict: 'replace',
        trashOriginals: true,
      });
      const ended = await Promise.all(started.map(({ id }) => over(files.service, id)));
      expect(ended.map(({ state }) => state).sort()).toEqual(['done', 'failed']);
      const left = ended.find(({ state }) => state === 'failed')?.path ?? '';
      expect(await readFile(path.join(left, 'letter'), 'utf8')).toBe(left);
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

  it('does not happen to a link to a folder whose results lie elsewhere, nor to that folder', () =>
    inTemporaryFolder(async (dir) => {
      const out = path.join(dir, 'out');
      for (const name of ['out', 'tree']) await mkdir(path.join(dir, name));
      await writeFile(path.join(dir, 'tree', 'a'), 'a');
      await symlink('tree', path.join(dir, 'link'));
      const job = await each(path.join(dir, 'link'), { outputFolder: out });
      expect(job).toMatchObject({ state: 'done', originals: { moved: 0, kept: 1 } });
      expect(job.originals?.why).toMatch(/link/);
      expect(kept(job)).toEqual([['link', 'FileChanged']]);
      expect(await namesIn(dir)).toEqual(['link', 'out', 'tree']);
    }));

  it('leaves half-written results of other jobs out, and does not happen to a folder that holds some', () =>
    inTemporaryFolder(async (dir) => {
      const [source, out] = [path.join(dir, 'tree'), path.join(dir, 'out')];
      await mkdir(source);
      await mkdir(out);
      await writeFile(path.join(source, 'a'), 'a');
      const unpacking = partialName(source, '0123456789ab');
      await mkdir(unpacking);
      await writeFile(path.join(unpacking, 'b'), 'b');
      // No process has this number: a crash left it, and what is written beside it sweeps it.
      const left = partialName(source, 'ba9876543210').replace(`-${process.pid}-`, '-4194305-');
      await writeFile(left, 'left');
      const elsewhere = await each(source, { outputFolder: out });
      expect(elsewhere).toMatchObject({
        state: 'done',
        counts: { total: 1, done: 1 },
        originals: { moved: 0, kept: 1 },
      });
      expect(await namesIn(path.join(out, 'tree'))).toEqual(['a.encrypted']);
      expect(await each(source)).toMatchObject({
        state: 'done',
        counts: { total: 1, done: 1 },
        originals: { moved: 1 },
      });
      expect(await namesIn(source)).toEqual([path.basename(unpacking), 'a.encrypted'].sort());
      expect(await namesIn(unpacking)).toEqual(['b']);
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

  it('does not happen to a folder of whose results one is gone: that is made again first', () =>
    inTemporaryFolder(async (dir) => {
      const [source, out] = [path.join(dir, 'tree'), path.join(dir, 'out')];
      await mkdir(source);
      await mkdir(path.join(out, 'tree'), { recursive: true });
      for (const name of ['a', 'b']) await writeFile(path.join(source, name), name);
      await writeFile(path.join(out, 'tree', 'b.encrypted'), 'in the way');
      const job = await each(source, { outputFolder: out });
      expect(job).toMatchObject({ state: 'failed', problem: { code: 'SomeExist' } });
      await rm(path.join(out, 'tree', 'a.encrypted'));
      files.service.retry(job.id, 'replace');
      const again = await over(files.service, job.id);
      expect(again).toMatchObject({ state: 'done', counts: { done: 2 }, originals: { moved: 1, kept: 0 } });
      expect(await namesIn(path.join(out, 'tree'))).toEqual(['a.encrypted', 'b.encrypted']);
    }));

  it('beside the originals, is tried again for those that an earlier try kept', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(path.join(source, 'c.encrypted'), { recursive: true });
      for (const name of ['a', 'b', 'c']) await writeFile(path.join(source, name), name);
      const { move } = files.trash;
      files.trash.move = (file) =>
        file.endsWith('a') ? Promise.reject(new CofferError('NoTrash', 'There is no trash here.')) : move(file);
      const job = await each(source);
      expect(job).toMatchObject({ state: 'failed', originals: { moved: 1, kept: 1 } });
      files.service.retry(job.id);
      const still = await over(files.service, job.id);
      expect(still).toMatchObject({ state: 'failed', originals: { moved: 1, kept: 1 } });
      expect(kept(still)).toEqual([['a', 'NoTrash']]);
      files.trash.move = move;
      await rm(path.join(source, 'c.encrypted'), { recursive: true });
      files.service.retry(job.id);
      const again = await over(files.service, job.id);
      expect(again).toMatchObject({ state: 'done', originals: { moved: 3, kept: 0 } });
      expect(await namesIn(source)).toEqual(['a.encrypted', 'b.encrypted', 'c.encrypted']);
    }));

  it('that a cancel ended goes on when tried again', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(source);
      for (let n = 0; n < 20; n++) await writeFile(path.join(source, `${n}`), 'x');
      const { move } = files.trash;
      const ids: string[] = [];
      let moved = 0;
      files.trash.move = async (file) => {
        await move(file);
        if (++moved % 5 === 0) files.service.cancel(ids[0] ?? '');
      };
      const [job] = await files.service.start({
        items: [{ path: source, action: 'encrypt', each: true }],
        region: files.caller.region,
        keyId: files.arn,
        trashOriginals: true,
      });
      const id = job?.id ?? '';
      ids.push(id);
      const ends = [];
      for (let times = 0; times < 4; times++) {
        if (times > 0) files.service.retry(id);
        const { state, originals } = await over(files.service, id);
        ends.push([state, originals?.moved, originals?.kept]);
      }
      files.trash.move = move;
      // A try that has nothing else to do is cancelled too.
      expect(ends).toEqual([5, 10, 15, 20].map((count) => ['cancelled', count, 0]));
      files.service.retry(id);
      expect(await over(files.service, id)).toMatchObject({ state: 'done', originals: { moved: 20, kept: 0 } });
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
