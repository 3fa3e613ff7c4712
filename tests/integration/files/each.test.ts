import { randomBytes } from 'node:crypto';
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMessageHeader } from '../../../src/main/files/plan.ts';
import type { Job } from '../../../src/main/files/service.ts';
import { namesIn, openTestFiles, over } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const isRoot = process.getuid?.() === 0;

/** Paths below a folder, folders with a slash at their end. */
async function pathsBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)) + (entry.isDirectory() ? '/' : ''))
    .sort();
}

const tree: Readonly<Record<string, string>> = {
  'a.txt': 'a',
  'sub/a.txt': 'another a',
  'sub/deep/ü 文件.bin': 'deep',
  'sub/deep/empty': '',
};

async function makeTree(folder: string): Promise<void> {
  await mkdir(path.join(folder, 'sub', 'deep'), { recursive: true });
  await mkdir(path.join(folder, 'nothing', 'in here'), { recursive: true });
  for (const [name, content] of Object.entries(tree)) await writeFile(path.join(folder, name), content);
}

async function expectTree(folder: string): Promise<void> {
  for (const [name, content] of Object.entries(tree))
    expect(await readFile(path.join(folder, name), 'utf8'), name).toBe(content);
}

/** Lets every account of the computer read and write a folder and all below it. */
async function letAnybody(folder: string): Promise<void> {
  await chmod(folder, 0o777);
  for (const name of await pathsBelow(folder)) await chmod(path.join(folder, name), name.endsWith('/') ? 0o777 : 0o666);
}

describe('each file of a folder by itself', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });
  const each = (folder: string, action: Job['action'], wish: Parameters<typeof files.run>[2] = {}) =>
    files.run(folder, action, { items: [{ path: folder, action, each: true }], ...wish });
  const results = (job: Job) => files.service.results(job.id);

  it('keeps structure and names in the output folder, and comes back', () =>
    inTemporaryFolder(async (dir) => {
      const [source, out, back] = ['tree', 'out', 'back'].map((name) => path.join(dir, name)) as [
        string,
        string,
        string,
      ];
      await makeTree(source);
      await mkdir(out);
      await mkdir(back);
      const made = await each(source, 'encrypt', { outputFolder: out });
      expect(made).toMatchObject({
        state: 'done',
        keyArn: files.arn,
        output: path.join(out, 'tree'),
        counts: { total: 4, done: 4, failed: 0, skipped: 0 },
      });
      expect(await pathsBelow(path.join(out, 'tree'))).toEqual(
        [
          ...Object.keys(tree).map((name) => `${name}.encrypted`),
          'sub/',
          'sub/deep/',
          'nothing/',
          'nothing/in here/',
        ].sort(),
      );
      const opened = await each(path.join(out, 'tree'), 'decrypt', { outputFolder: back });
      expect(opened).toMatchObject({ state: 'done', counts: { total: 4, done: 4 } });
      await expectTree(path.join(back, 'tree'));
      // Each is a message of its own and opens by itself.
      const alone = await files.run(path.join(out, 'tree', 'sub', 'a.txt.encrypted'), 'decrypt', {
        outputFolder: back,
      });
      expect(await readFile(alone.output ?? '', 'utf8')).toBe('another a');
    }));

  it('beside the originals, leaves what is encrypted already and links, and says so', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await makeTree(source);
      await symlink('a.txt', path.join(source, 'link'));
      await symlink('/etc', path.join(source, 'outside'));
      const first = await each(source, 'encrypt');
      expect(first).toMatchObject({ state: 'done', counts: { total: 6, done: 4, failed: 0, skipped: 2 } });
      expect(results(first).map(({ name, outcome }) => [name, outcome])).toEqual([
        ['link', 'skipped'],
        ['outside', 'skipped'],
      ]);
      for (const name of Object.keys(tree))
        expect((await stat(path.join(source, `${name}.encrypted`))).isFile()).toBe(true);
      // Again: the results are there, and are never encrypted themselves.
      const again = await each(source, 'encrypt');
      expect(again).toMatchObject({ state: 'failed', counts: { total: 10, done: 0, failed: 4, skipped: 6 } });
      expect(again.problem?.code).toBe('SomeExist');
      expect(results(again).filter(({ problem }) => problem?.code === 'FileExists')).toHaveLength(4);
      expect(results(again).filter(({ problem }) => problem?.code === 'EncryptedAlready')).toHaveLength(4);
      files.service.retry(again.id, 'rename');
      expect(await over(files.service, again.id)).toMatchObject({ state: 'done', counts: { done: 4, failed: 0 } });
      expect(await readFile(path.join(source, 'a (2).txt.encrypted'))).toBeTruthy();
    }));

  it('hides names and structure, which are inside, and gives the tree back', () =>
    inTemporaryFolder(async (dir) => {
      const [source, out, back] = ['secret plans', 'out', 'back'].map((name) => path.join(dir, name)) as [
        string,
        string,
        string,
      ];
      await makeTree(source);
      await chmod(path.join(source, 'a.txt'), 0o640);
      await mkdir(out);
      await mkdir(back);
      const made = await each(source, 'encrypt', { outputFolder: out, hideNames: true, context: { year: '2026' } });
      expect(made).toMatchObject({ state: 'done', counts: { total: 5, done: 5 } });
      const hidden = made.output ?? '';
      expect(path.dirname(hidden)).toBe(out);
      for (const name of [path.basename(hidden), ...(await pathsBelow(hidden))])
        expect(name).toMatch(/^[0-9a-f]{32}(\.encrypted)?$/);
      for (const name of await namesIn(hidden)) {
        const { header } = await readMessageHeader(path.join(hidden, name));
        expect(header.context).toEqual({ year: '2026', 'coffer:content': 'entry' });
        expect((await readFile(path.join(hidden, name))).includes('a.txt')).toBe(false);
      }
      const opened = await each(hidden, 'decrypt', { outputFolder: back });
      expect(opened).toMatchObject({ state: 'done', counts: { total: 5, done: 5 } });
      expect(opened.output).toBe(path.join(back, 'secret plans'));
      expect(await namesIn(back)).toEqual(['secret plans']);
      expect(await pathsBelow(path.join(back, 'secret plans'))).toEqual(await pathsBelow(source));
      await expectTree(path.join(back, 'secret plans'));
      const [before, after] = [source, path.join(back, 'secret plans')].map((at) => stat(path.join(at, 'a.txt')));
      expect((await after)?.mode).toBe((await before)?.mode);
      expect(Math.abs(((await after)?.mtimeMs ?? 0) - ((await before)?.mtimeMs ?? 0))).toBeLessThan(1);

      // One alone comes back under its own name, beside where it lay.
      const [some = ''] = await namesIn(hidden);
      const alone = await files.run(path.join(hidden, some), 'decrypt');
      expect(alone.state).toBe('done');
      expect(path.dirname(alone.output ?? '')).toBe(hidden);
      expect(
        Object.keys(tree)
          .map((name) => path.basename(name))
          .concat('in here'),
      ).toContain(path.basename(alone.output ?? ''));
      // Nothing is overwritten when they are opened again.
      await writeFile(path.join(back, 'secret plans', 'a.txt'), 'newer');
      expect(await each(hidden, 'decrypt', { outputFolder: back })).toMatchObject({ state: 'failed' });
      expect(await readFile(path.join(back, 'secret plans', 'a.txt'), 'utf8')).toBe('newer');
      const replaced = await each(hidden, 'decrypt', { outputFolder: back, onConflict: 'replace' });
      expect(replaced).toMatchObject({ state: 'done', counts: { done: 5, failed: 0 } });
      await expectTree(path.join(back, 'secret plans'));
      expect((await pathsBelow(hidden)).filter((name) => name.includes('partial'))).toEqual([]);
    }));

  it('refuses an output inside the folder, a folder that is gone, and one for results that is gone', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await makeTree(source);
      const before = await pathsBelow(dir);
      const code = async (wish: Parameters<typeof files.run>[2], folder = source) =>
        (await each(folder, 'encrypt', wish)).problem?.code;
      expect(await code({ outputFolder: path.join(source, 'sub') })).toBe('OutputInside');
      expect(await code({ outputFolder: source, hideNames: true })).toBe('OutputInside');
      expect(await code({ outputFolder: path.join(dir, 'gone') })).toBe('FolderNotFound');
      expect(await code({}, path.join(dir, 'gone'))).toBe('FileNotFound');
      expect(await code({}, path.join(source, 'a.txt'))).toBe('FileNotFound');
      expect(await code({ keyId: 'alias/nobody' })).toBe('SomeFailed');
      expect(await pathsBelow(dir)).toEqual(before);
    }));

  it('goes on past what may not be read, and does only that when tried again', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await makeTree(source);
      // A worker is there then: its module may be read by the tests' own account alone.
      await writeFile(path.join(dir, 'first'), '');
      await files.run(path.join(dir, 'first'), 'encrypt');
      await letAnybody(dir);
      await chmod(path.join(source, 'a.txt'), 0);
      await chmod(path.join(source, 'nothing'), 0);
      let job: Job;
      try {
        // Root may do everything: the process is somebody else meanwhile.
        if (isRoot) process.seteuid?.(65534);
        job = await each(source, 'encrypt');
        expect(job).toMatchObject({ state: 'failed', counts: { done: 3, failed: 2 } });
        expect(results(job).map(({ name, problem }) => [name, problem?.code])).toEqual([
          ['nothing', 'AccessDenied'],
          ['a.txt', 'AccessDenied'],
        ]);
      } finally {
        if (isRoot) process.seteuid?.(0);
        await chmod(path.join(source, 'a.txt'), 0o600);
        await chmod(path.join(source, 'nothing'), 0o700);
      }
      files.service.retry(job.id);
      expect(await over(files.service, job.id)).toMatchObject({ state: 'done', counts: { done: 4, failed: 0 } });
    }));

  it('a try that does nothing is not told of as if it did', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(path.join(source, 'b.encrypted'), { recursive: true });
      for (const name of ['a', 'b']) await writeFile(path.join(source, name), name);
      const before = files.told.length;
      const job = await each(source, 'encrypt');
      expect(job).toMatchObject({ state: 'failed', counts: { done: 1, failed: 1 } });
      expect(files.told).toHaveLength(before + 1);
      files.service.retry(job.id);
      expect(await over(files.service, job.id)).toMatchObject({ state: 'failed', counts: { done: 1, failed: 1 } });
      expect(files.told).toHaveLength(before + 1);
      files.service.retry(job.id, 'rename');
      expect(await over(files.service, job.id)).toMatchObject({ state: 'done', counts: { done: 2 } });
      expect(files.told).toHaveLength(before + 2);
    }));

  it('opens what is whole beside what is damaged, and never lets two files become one', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(source);
      for (const name of ['a', 'b']) await writeFile(path.join(source, name), name);
      await each(source, 'encrypt');
      await rm(path.join(source, 'a'));
      await rm(path.join(source, 'b'));
      // Both would become "x.decrypted": a message of another name, and a copy that is named after that.
      await cp(path.join(source, 'a.encrypted'), path.join(source, 'x'));
      await cp(path.join(source, 'b.encrypted'), path.join(source, 'x.decrypted.encrypted'));
      await truncate(path.join(source, 'b.encrypted'), 500);
      await writeFile(path.join(source, 'note.txt'), 'never encrypted');
      const job = await each(source, 'decrypt', { onConflict: 'replace' });
      expect(job).toMatchObject({ state: 'failed', counts: { total: 5, done: 2, failed: 2, skipped: 1 } });
      const codes = Object.fromEntries(results(job).map(({ name, problem }) => [name, problem?.code]));
      expect(codes['b.encrypted']).toBe('MessageDamaged');
      const second = codes.x === undefined ? 'x.decrypted.encrypted' : 'x';
      expect(codes[second]).toBe('FileExists');
      expect(await readFile(path.join(source, 'x.decrypted'), 'utf8')).toBe(second === 'x' ? 'b' : 'a');
    }));

  it.each(['fail', 'replace'] as const)('%s: two hidden names that are the same never become one file', (onConflict) =>
    inTemporaryFolder(async (dir) => {
      const [source, sealed, back] = ['t', 'sealed', 'back'].map((name) => path.join(dir, name)) as [
        string,
        string,
        string,
      ];
      for (const folder of [source, sealed, back, path.join(back, 't')]) await mkdir(folder);
      const hidden: string[] = [];
      for (const text of ['of May', 'of June']) {
        await writeFile(path.join(source, 'a'), text);
        const made = await each(source, 'encrypt', { outputFolder: dir, hideNames: true });
        const [name = ''] = await namesIn(made.output ?? '');
        await rename(path.join(made.output ?? '', name), path.join(sealed, name));
        hidden.push(path.join(sealed, name));
      }
      if (onConflict === 'replace') await writeFile(path.join(back, 't', 'a'), 'from before');
      const wish = { region: files.caller.region, keyId: files.arn, outputFolder: back, onConflict };
      const contents: string[] = [];
      // In one batch, and as jobs of one start.
      const job = await each(sealed, 'decrypt', wish);
      expect(job).toMatchObject({ state: 'failed', counts: { done: 1, failed: 1 }, problem: { code: 'SomeExist' } });
      contents.push(await readFile(path.join(back, 't', 'a'), 'utf8'));
      files.service.retry(job.id, 'replace');
      expect(await over(files.service, job.id)).toMatchObject({ state: 'failed', counts: { done: 1, failed: 1 } });
      contents.push(await readFile(path.join(back, 't', 'a'), 'utf8'));
      expect(contents[1]).toBe(contents[0]);
      if (onConflict === 'replace') await writeFile(path.join(back, 'a'), 'from before');
      const items = hidden.map((file) => ({ path: file, action: 'decrypt' as const }));
      const started = await files.service.start({ items, ...wish });
      const ended = await Promise.all(started.map(({ id }) => over(files.service, id)));
      expect(ended.map(({ state }) => state).sort()).toEqual(['done', 'failed']);
      const { id = '', problem } = ended.find(({ state }) => state === 'failed') ?? {};
      expect(problem?.code).toBe('FileExists');
      files.service.retry(id, 'rename');
      expect(await over(files.service, id)).toMatchObject({ state: 'done', output: path.join(back, 'a (2)') });
    }),
  );

  it('two that become one file stay two when that is asked for in another try', () =>
    inTemporaryFolder(async (dir) => {
      for (const [name, text] of [
        ['x.encrypted', 'one'],
        ['x.ENCRYPTED', 'two'],
      ] as const) {
        await writeFile(path.join(dir, 'x'), text);
        const made = await files.run(path.join(dir, 'x'), 'encrypt', { onConflict: 'rename' });
        await mkdir(path.join(dir, 'sealed'), { recursive: true });
        await rename(made.output ?? '', path.join(dir, 'sealed', name));
      }
      const job = await each(path.join(dir, 'sealed'), 'decrypt');
      expect(job).toMatchObject({ state: 'failed', problem: { code: 'SomeExist' } });
      const first = await readFile(path.join(dir, 'sealed', 'x'), 'utf8');
      files.service.retry(job.id, 'replace');
      expect(await over(files.service, job.id)).toMatchObject({ state: 'failed', counts: { done: 1, failed: 1 } });
      expect(await readFile(path.join(dir, 'sealed', 'x'), 'utf8')).toBe(first);
      files.service.retry(job.id, 'rename');
      expect(await over(files.service, job.id)).toMatchObject({ state: 'done', counts: { done: 2 } });
      expect(await readFile(path.join(dir, 'sealed', 'x'), 'utf8')).toBe(first);
    }));

  it('a file that changes or vanishes meanwhile is told, and the others are done', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(source);
      await writeFile(path.join(source, 'a'), 'a');
      await writeFile(path.join(source, 'big'), '');
      await truncate(path.join(source, 'big'), 2 ** 30);
      for (const name of ['vanishing', 'y', 'z']) await writeFile(path.join(source, name), name);
      const [job] = await files.service.start({
        items: [{ path: source, action: 'encrypt', each: true }],
        region: files.caller.region,
        keyId: files.arn,
      });
      const id = job?.id ?? '';
      const now = () => files.service.list().find((one) => one.id === id);
      while (!((now()?.doneBytes ?? 0) > 2 ** 20)) await new Promise((resolve) => setTimeout(resolve, 1));
      files.service.pause(id);
      expect(now()).toMatchObject({ state: 'paused' });
      await appendFile(path.join(source, 'big'), 'more');
      await rm(path.join(source, 'vanishing'));
      await rm(path.join(source, 'y'));
      await symlink('/etc/passwd', path.join(source, 'y'));
      files.service.resume(id);
      const ended = await over(files.service, id);
      expect(ended).toMatchObject({ state: 'failed', counts: { total: 5, done: 2, failed: 3 } });
      const codes = Object.fromEntries(results(ended).map(({ name, problem }) => [name, problem?.code]));
      expect(codes).toMatchObject({ big: 'FileChanged', vanishing: 'FileNotFound' });
      // What a link leads to was never meant.
      expect(codes.y).toBeDefined();
      expect(await namesIn(source)).toEqual(['a', 'a.encrypted', 'big', 'y', 'z', 'z.encrypted']);
    }));

  it.each(['encrypt', 'decrypt', 'verify'] as const)('%s: a cancel ends it and leaves no half file', (action) =>
    inTemporaryFolder(async (dir) => {
      const [source, out] = [path.join(dir, 'tree'), path.join(dir, 'out')];
      await mkdir(source);
      await mkdir(out);
      for (let n = 0; n < 150; n++) await writeFile(path.join(source, `${n}`), randomBytes(2 ** 20));
      let folder = source;
      if (action !== 'encrypt') {
        await mkdir(path.join(dir, 'sealed'));
        folder = (await each(source, 'encrypt', { outputFolder: path.join(dir, 'sealed') })).output ?? '';
      }
      const [job] = await files.service.start({
        items: [{ path: folder, action, each: true }],
        region: files.caller.region,
        keyId: files.arn,
        outputFolder: out,
      });
      const id = job?.id ?? '';
      const now = () => files.service.list().find((one) => one.id === id);
      while (!((now()?.counts?.done ?? 0) > 0)) await new Promise((resolve) => setTimeout(resolve, 1));
      files.service.cancel(id);
      const ended = await over(files.service, id);
      expect(ended).toMatchObject({ state: 'cancelled', counts: { failed: 0 } });
      const left = await pathsBelow(out);
      expect(left.filter((name) => name.includes('partial'))).toEqual([]);
      const whole = left.filter((name) => !name.endsWith('/'));
      expect(whole).toHaveLength(action === 'verify' ? 0 : (ended.counts?.done ?? 0));
      for (const name of whole) expect((await stat(path.join(out, name))).size).toBeGreaterThanOrEqual(2 ** 20);
      // Tried again, only what is left is done.
      files.service.retry(id);
      expect(await over(files.service, id)).toMatchObject({ state: 'done', counts: { total: 150, done: 150 } });
      // What an earlier try found stays in the report.
      const opened = files.service.results(id).filter(({ outcome }) => outcome === 'done');
      expect(new Set(opened.map(({ name }) => name)).size).toBe(action === 'verify' ? 150 : 0);
      expect(opened).toHaveLength(action === 'verify' ? 150 : 0);
    }),
  );
});
