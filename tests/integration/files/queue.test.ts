import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fingerprintOf, measureFolder } from '../../../src/main/files/folder.ts';
import { discard, TreeOriginals } from '../../../src/main/files/originals.ts';
import { planPath } from '../../../src/main/files/plan.ts';
import type { FileResult } from '../../../src/main/files/results.ts';
import { type Done, seenFile } from '../../../src/main/files/seen.ts';
import type { Job } from '../../../src/main/files/service.ts';
import { readTree } from '../../../src/main/files/tree.ts';
import { bundle } from '../../support/bundle.ts';
import { fileWorker, namesIn, openTestFiles, over } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const MIB = 2 ** 20;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const partials = async (dir: string) => (await readdir(dir)).filter((name) => name.endsWith('.partial'));

async function until(what: () => unknown): Promise<void> {
  while (!(await what())) await wait(5);
}

describe('the queue', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });
  const start = async (paths: readonly string[], action: 'encrypt' | 'decrypt' = 'encrypt') => {
    const items = paths.map((each) => ({ path: each, action }));
    return (await files.service.start({ items, region: files.caller.region, keyId: files.arn })).map(({ id }) => id);
  };
  const job = (id: string) => files.service.list().find((each) => each.id === id) as Job;
  const large = async (file: string, mib = 48) => writeFile(file, randomBytes(mib * MIB));

  it('works on two at a time and ends all', () =>
    inTemporaryFolder(async (dir) => {
      const paths = Array.from({ length: 9 }, (_, n) => path.join(dir, `${n}`));
      for (const each of paths) await large(each, 6);
      const ids = await start(paths);
      let most = 0;
      await until(() => {
        most = Math.max(most, ids.filter((id) => job(id).state === 'running').length);
        return ids.every((id) => job(id).state === 'done');
      });
      expect(most).toBe(2);
      expect(await namesIn(dir)).toHaveLength(18);
    }));

  it.each(['encrypt', 'decrypt'] as const)(
    '%s: a cancelled job leaves nothing, and starts anew when tried again',
    (action) =>
      inTemporaryFolder(async (dir) => {
        const plain = path.join(dir, 'a');
        await large(plain);
        let source = plain;
        if (action === 'decrypt') {
          source = (await files.run(plain, 'encrypt')).output ?? '';
          await mkdir(path.join(dir, 'out'));
        }
        const before = await namesIn(dir);
        const [job_] = await files.service.start({
          items: [{ path: source, action }],
          region: files.caller.region,
          keyId: files.arn,
          ...(action === 'decrypt' ? { outputFolder: path.join(dir, 'out') } : {}),
        });
        const id = job_?.id ?? '';
        files.service.pause(id);
        const target = action === 'decrypt' ? path.join(dir, 'out') : dir;
        await until(async () => (await partials(target)).length === 1);
        files.service.cancel(id);
        expect(await over(files.service, id)).toMatchObject({ state: 'cancelled' });
        expect(await namesIn(dir)).toEqual(before);
        expect(await partials(target)).toEqual([]);
        files.service.retry(id);
        // What the cancel would have done to a job that does not hear it must not reach its successor.
        files.service.pause(id);
        await wait(1200);
        files.service.resume(id);
        expect(await over(files.service, id)).toMatchObject({ state: 'done' });
      }),
  );

  it('a folder under way can be cancelled without leaving a file open', () =>
    inTemporaryFolder(async (dir) => {
      await mkdir(path.join(dir, 'tree'));
      await large(path.join(dir, 'tree', 'a'));
      const open = async () => (await readdir('/proc/self/fd')).length;
      await files.run(path.join(dir, 'nothing'), 'encrypt');
      const before = await open();
      const [id = ''] = await start([path.join(dir, 'tree')]);
      files.service.pause(id);
      await until(async () => (await partials(dir)).length === 1);
      await wait(100);
      files.service.cancel(id);
      await over(files.service, id);
      await wait(50);
      expect(await open()).toBeLessThanOrEqual(before);
      expect(await namesIn(dir)).toEqual(['tree']);
    }));

  it('a paused job stands still, lets others pass, and goes on to a whole result', () =>
    inTemporaryFolder(async (dir) => {
      const paths = ['a', 'b', 'c', 'd'].map((name) => path.join(dir, name));
      for (const each of paths) await large(each, 24);
      const [a = '', b = '', ...others] = await start(paths);
      files.service.pause(a);
      files.service.pause(b);
      for (const id of others) expect(await over(files.service, id)).toMatchObject({ state: 'done' });
      expect([job(a), job(b)].map(({ state, bytesPerSecond }) => [state, bytesPerSecond])).toEqual([
        ['paused', 0],
        ['paused', 0],
      ]);
      const stood = job(a).doneBytes;
      await wait(150);
      expect(job(a).doneBytes).toBe(stood);
      for (const id of [a, b]) files.service.resume(id);
      for (const id of [a, b])
        expect(await over(files.service, id)).toMatchObject({ state: 'done', doneBytes: 24 * MIB });
      const back = await files.run(path.join(dir, 'a.encrypted'), 'decrypt', { onConflict: 'rename' });
      expect((await readFile(back.output ?? '')).equals(await readFile(path.join(dir, 'a')))).toBe(true);
    }));

  it('progress never goes back or beyond the whole', () =>
    inTemporaryFolder(async (dir) => {
      await mkdir(path.join(dir, 'tree'));
      for (let n = 0; n < 300; n++) await writeFile(path.join(dir, 'tree', `${n}`), 'x');
      await large(path.join(dir, 'tree', 'large'));
      const [id = ''] = await start([path.join(dir, 'tree')]);
      const seen: number[] = [];
      await until(() => {
        seen.push(job(id).doneBytes);
        return job(id).state === 'done';
      });
      expect(seen).toEqual([...seen].sort((x, y) => x - y));
      expect(seen.at(-1)).toBe(48 * MIB + 300);
      expect(job(id).totalBytes).toBe(48 * MIB + 300);
    }));

  it('closing cancels what runs and waits, and leaves nothing half-written', () =>
    inTemporaryFolder(async (dir) => {
      const own = await openTestFiles();
      const paths = ['a', 'b', 'c'].map((name) => path.join(dir, name));
      for (const each of paths) await large(each);
      const items = paths.map((each) => ({ path: each, action: 'encrypt' as const }));
      await own.service.start({ items, region: own.caller.region, keyId: own.arn });
      await until(async () => (await partials(dir)).length > 0);
      await own.close();
      expect(own.service.busy()).toBe(false);
      expect(await partials(dir)).toEqual([]);
      for (const name of (await namesIn(dir)).filter((each) => each.endsWith('.encrypted')))
        expect(await files.run(path.join(dir, name), 'decrypt', { onConflict: 'rename' })).toMatchObject({
          state: 'done',
        });
    }));
});

describe('a cancel while a folder is looked at', () => {
  /** Says stop at the `last` question; what asks on after that is not stopped. */
  function stopAfter(last: number) {
    const asked = { times: 0, stopped: () => ++asked.times >= last };
    return asked;
  }
  const code = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: { code?: string }) => error.code ?? String(error),
    );
  const inTree = (work: (tree: string) => Promise<void>) =>
    inTemporaryFolder(async (dir) => {
      const tree = path.join(dir, 'tree');
      for (const below of ['a', 'b', 'c']) {
        await mkdir(path.join(tree, below), { recursive: true });
        for (let n = 0; n < 20; n++) await writeFile(path.join(tree, below, `${n}`), '');
      }
      await work(tree);
    });

  it('stops to measure it, to read it, and to compare it with what was read', () =>
    inTree(async (tree) => {
      for (const look of [measureFolder, readTree, fingerprintOf]) {
        const asked = stopAfter(30);
        expect(await code(look(tree, asked.stopped)), look.name).toBe('Cancelled');
        expect(asked.times).toBe(30);
      }
      const asked = stopAfter(30);
      expect((await planPath(tree, undefined, { wanted: 'encrypt', stopped: asked.stopped })).problem?.code).toBe(
        'Cancelled',
      );
      expect(asked.times).toBe(30);
    }));

  it('leaves the folder out of the trash', () =>
    inTree(async (tree) => {
      const moved: string[] = [];
      const trash = async (file: string) => void moved.push(file);
      // Whatever was encrypted stands.
      const output = path.join(tree, '..', 'result.encrypted');
      await writeFile(output, '');
      const result = { output, made: seenFile(await lstat(output)) };
      const whole = { ...result, seen: { fingerprint: await fingerprintOf(tree) } };
      expect(await code(discard(trash, tree, whole, stopAfter(30).stopped))).toBe('Cancelled');
      const done = new Map<string, Done>();
      for (const { full, name } of (await readTree(tree)).files)
        done.set(name, { ...result, seen: seenFile(await lstat(full)) });
      const results: FileResult[] = [];
      // The second half comes to the files one by one, after the folder was read.
      for (const last of [30, 100]) {
        const originals = new TreeOriginals(trash, tree, results, { moved: 0, kept: 0 });
        await originals.all(done, 0, stopAfter(last).stopped);
        expect(originals.counts).toMatchObject({ moved: 0, kept: 1 });
      }
      expect(results.map(({ problem }) => problem?.code)).toEqual(['Cancelled', 'Cancelled']);
      expect(moved).toEqual([]);
      await new TreeOriginals(trash, tree, results, { moved: 0, kept: 0 }).all(done, 0);
      expect(moved).toEqual([tree]);
    }));

  it('asks KMS for nothing any more', () =>
    inTree(async (tree) => {
      const files = await openTestFiles();
      try {
        await writeFile(path.join(tree, 'one'), 'one');
        const { output = '' } = await files.run(path.join(tree, 'one'), 'encrypt');
        const items = [
          { path: tree, action: 'encrypt' },
          { path: output, action: 'decrypt' },
          { path: output, action: 'reencrypt' },
        ] as const;
        for (const item of items) {
          const wish = { items: [item], region: files.caller.region, keyId: files.arn };
          const [job] = await files.service.start(wish);
          files.service.cancel(job?.id ?? '');
          expect(await over(files.service, job?.id ?? '')).toMatchObject({ state: 'cancelled' });
        }
        expect((await files.events()).map(({ EventName }) => EventName)).toEqual(['GenerateDataKey', 'CreateKey']);
        expect(files.bugs).toEqual([]);
      } finally {
        await files.close();
      }
    }));

  it('a plan ends when the queue is closed', () =>
    inTree(async (tree) => {
      const files = await openTestFiles();
      const planning = code(files.service.plan([tree, tree], undefined));
      await files.close();
      expect(await planning).toBe('VaultLocked');
    }));
});

describe('what a crash leaves', () => {
  it('a worker that dies fails its job, loses nothing and leaves nothing; the next job gets another one', () =>
    inTemporaryFolder(async (dir) => {
      // The real worker, with a fault that strikes when the job's temporary file is there.
      const faulty = path.join(dir, 'worker.mjs');
      await writeFile(
        faulty,
        `import { readdirSync } from 'node:fs';
         import path from 'node:path';
         import { parentPort } from 'node:worker_threads';
         await import(${JSON.stringify(String(await fileWorker()))});
         parentPort.on('message', ({ task }) => {
           if (!task?.source.endsWith('crash')) return;
           const strike = () => {
             if (readdirSync(path.dirname(task.output)).some((name) => name.endsWith('.partial'))) throw new Error('fault');
             setImmediate(strike);
           };
           strike();
         });`,
      );
      const files = await openTestFiles({ worker: pathToFileURL(faulty) });
      try {
        await mkdir(path.join(dir, 'files'));
        const at = (name: string) => path.join(dir, 'files', name);
        await writeFile(at('crash'), randomBytes(64 * MIB));
        await writeFile(at('good'), 'good');
        expect((await files.run(at('crash'), 'encrypt')).problem?.code).toBe('WorkerFailed');
        expect(await namesIn(at(''))).toEqual(['crash', 'good']);
        expect(files.bugs).toHaveLength(1);
        expect(await files.run(at('good'), 'encrypt')).toMatchObject({ state: 'done' });
      } finally {
        await files.close();
      }
    }));

  it.each([
    ['is stopped because it hears no cancel', 'for (;;);'],
    ['dies', 'process.exit(1);'],
  ])('a worker that %s has done the files of a folder that were through', (_how, strike) =>
    inTemporaryFolder(async (dir) => {
      const at = (name: string) => path.join(dir, name);
      // The real worker, struck once, when it has told of its first file.
      await writeFile(
        at('worker.mjs'),
        `import { existsSync, writeFileSync } from 'node:fs';
         import { parentPort } from 'node:worker_threads';
         await import(${JSON.stringify(String(await fileWorker()))});
         const post = parentPort.postMessage.bind(parentPort);
         parentPort.postMessage = (message) => {
           post(message);
           if (!('item' in message) || existsSync(${JSON.stringify(at('struck'))})) return;
           writeFileSync(${JSON.stringify(at('struck'))}, '');
           ${strike}
         };`,
      );
      const files = await openTestFiles({ worker: pathToFileURL(at('worker.mjs')) });
      try {
        await mkdir(at('tree'));
        await writeFile(at('tree/a'), '');
        await writeFile(at('tree/b'), '');
        await truncate(at('tree/b'), 64 * MIB);
        const [job] = await files.service.start({
          items: [{ path: at('tree'), action: 'encrypt', each: true }],
          region: files.caller.region,
          keyId: files.arn,
        });
        const id = job?.id ?? '';
        await until(() => existsSync(at('struck')));
        const cancelled = strike.startsWith('for');
        if (cancelled) files.service.cancel(id);
        expect(await over(files.service, id)).toMatchObject({
          state: cancelled ? 'cancelled' : 'failed',
          counts: { total: 2, done: 1, failed: cancelled ? 0 : 1 },
        });
        expect(await namesIn(at('tree'))).toEqual(['a', 'a.encrypted', 'b']);
        files.service.retry(id);
        expect(await over(files.service, id)).toMatchObject({ state: 'done', counts: { done: 2, failed: 0 } });
        expect(files.bugs).toEqual([]);
      } finally {
        await files.close();
      }
    }),
  );

  it('a killed process leaves the original and one temporary file, which the next job there removes', () =>
    inTemporaryFolder(async (dir) => {
      const child = await bundle('tests/support/files-child.ts');
      const files = await openTestFiles();
      try {
        const source = path.join(dir, 'a');
        const plain = randomBytes(64 * MIB);
        await writeFile(source, plain);
        const worker = String(await fileWorker());
        const running = spawn(process.execPath, [child.file, worker, source], {
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        const gone = new Promise((resolve) => running.once('exit', resolve));
        await until(async () => (await partials(dir)).length === 1);
        running.kill('SIGKILL');
        await gone;
        expect(await namesIn(dir)).toEqual([
          expect.stringMatching(/^\.coffer-[0-9a-f]{8}-\d+-[0-9a-f]{12}\.partial$/),
          'a',
        ]);
        expect((await readFile(source)).equals(plain)).toBe(true);
        // One of another computer, in a shared folder, and one of a process that lives are left alone.
        const foreign = `.coffer-00000000-${running.pid}-000000000000.partial`;
        const living = (await partials(dir))[0]?.replace(`-${running.pid}-`, `-${process.ppid}-`) ?? '';
        for (const name of [foreign, living]) await writeFile(path.join(dir, name), '');
        expect(await files.run(source, 'encrypt')).toMatchObject({ state: 'done' });
        expect(await namesIn(dir)).toEqual([foreign, living, 'a', 'a.encrypted'].sort());
      } finally {
        await files.close();
        child.remove();
      }
    }));
});
