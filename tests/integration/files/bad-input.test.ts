import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { namesIn, openTestFiles, over } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const isRoot = process.getuid?.() === 0;
const MIB = 2 ** 20;

/** Runs `work` with a file system in memory of a few MiB. */
async function onSmallDisk(dir: string, options: string, work: (disk: string) => Promise<void>): Promise<void> {
  const disk = path.join(dir, 'disk');
  await mkdir(disk);
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', disk]);
  try {
    await work(disk);
  } finally {
    execFileSync('umount', ['-l', disk]);
  }
}

/** Some containers forbid it even to root. */
function mayMount(): boolean {
  if (!isRoot || process.platform !== 'linux') return false;
  return spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
}
const canMount = mayMount();

describe('bad input', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    // A good file still goes through after all of these, and none of them was a bug.
    await inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'good'), 'good');
      expect(await files.run(path.join(dir, 'good'), 'encrypt')).toMatchObject({ state: 'done' });
    });
    expect(files.bugs).toEqual([]);
    await files.close();
  });

  it('a batch goes on past a path that vanished, a pipe, a socket, a device and a circle of links', () =>
    inTemporaryFolder(async (dir) => {
      const at = (name: string) => path.join(dir, name);
      await writeFile(at('first'), 'first');
      await writeFile(at('last'), '');
      execFileSync('mkfifo', [at('pipe')]);
      await symlink('b', at('a'));
      await symlink('a', at('b'));
      const server = createServer().listen(at('socket'));
      const before = await namesIn(dir);
      try {
        const paths = [
          at('first'),
          at('gone'),
          at('pipe'),
          at('socket'),
          '/dev/zero',
          at('a'),
          at('first/below'),
          at('last'),
        ];
        const jobs = await files.service.start({
          items: paths.map((each) => ({ path: each, action: 'encrypt' as const })),
          region: files.caller.region,
          keyId: files.arn,
          outputFolder: dir,
        });
        const ends = await Promise.all(jobs.map(({ id }) => over(files.service, id)));
        expect(ends.map(({ state, problem }) => problem?.code ?? state)).toEqual([
          'done',
          'FileNotFound',
          'SpecialFile',
          'SpecialFile',
          'SpecialFile',
          'FileNotFound',
          'FileNotFound',
          'done',
        ]);
        for (const { problem } of ends) if (problem) expect(problem.message).toMatch(/\.$/);
        expect(await namesIn(dir)).toEqual([...before, 'first.encrypted', 'last.encrypted'].sort());
      } finally {
        server.close();
      }
    }));

  it.each([
    ['a newline', 'two\nlines.txt'],
    ['emoji', '🗝️ ключ.txt'],
    ['255 bytes', `${'n'.repeat(251)}.txt`],
    ['255 bytes that end in .encrypted', `${'n'.repeat(245)}.encrypted`],
    ['63 emoji', '🗝'.repeat(63)],
    ['a backslash and a colon', 'C:\\a.txt'],
  ])('a name with %s comes back whole', (_, name) =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, name);
      await writeFile(file, 'the original');
      const made = await files.run(file, 'encrypt', { onConflict: 'replace' });
      expect(made.problem).toBeUndefined();
      expect(await readFile(file, 'utf8')).toBe('the original');
      const back = await files.run(made.output ?? '', 'decrypt', { onConflict: 'rename' });
      expect(back.problem).toBeUndefined();
      expect(await readFile(back.output ?? '', 'utf8')).toBe('the original');
      expect(await namesIn(dir)).toHaveLength(3);
    }),
  );

  it.each([
    ['grows', (file: string) => appendFile(file, 'more')],
    ['shrinks', (file: string) => truncate(file, 10 * MIB)],
    ['is rewritten', (file: string) => writeFile(file, Buffer.alloc(64 * MIB, 1))],
  ])('a file that %s while it is read is refused and nothing is kept', (_, change) =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'changing');
      await writeFile(file, Buffer.alloc(64 * MIB));
      const [job] = await files.service.start({
        items: [{ path: file, action: 'encrypt' }],
        region: files.caller.region,
        keyId: files.arn,
      });
      files.service.pause(job?.id ?? '');
      while (!(await namesIn(dir)).some((name) => name.endsWith('.partial')))
        await new Promise((go) => setTimeout(go, 5));
      await new Promise((go) => setTimeout(go, 200));
      await change(file);
      files.service.resume(job?.id ?? '');
      expect((await over(files.service, job?.id ?? '')).problem?.code).toBe('FileChanged');
      expect(await namesIn(dir)).toEqual(['changing']);
    }),
  );

  it.runIf(canMount)('a full disk fails the job, leaves nothing on it, and a retry works once there is room', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'large');
      await writeFile(file, randomBytes(6 * MIB));
      const made = await files.run(file, 'encrypt');
      await onSmallDisk(dir, 'size=8m', async (disk) => {
        await writeFile(path.join(disk, 'ballast'), Buffer.alloc(4 * MIB));
        for (const [source, action] of [
          [file, 'encrypt'],
          [made.output ?? '', 'decrypt'],
        ] as const) {
          const failed = await files.run(source, action, { outputFolder: disk });
          expect(failed).toMatchObject({ state: 'failed', problem: { code: 'DiskFull' } });
          expect(await namesIn(disk)).toEqual(['ballast']);
        }
        const failed = await files.run(file, 'encrypt', { outputFolder: disk });
        await rm(path.join(disk, 'ballast'));
        files.service.retry(failed.id);
        expect(await over(files.service, failed.id)).toMatchObject({ state: 'done' });
        expect(await namesIn(disk)).toEqual(['large.encrypted']);
      });
    }),
  );

  it.runIf(canMount)('a read-only disk is named as such', () =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'a'), 'a');
      await onSmallDisk(dir, 'size=1m,ro', async (disk) => {
        const failed = await files.run(path.join(dir, 'a'), 'encrypt', { outputFolder: disk });
        expect(failed.problem?.code).toBe('ReadOnlyDisk');
      });
    }),
  );

  it('a folder that may not be read or written is refused by name', () =>
    inTemporaryFolder(async (dir) => {
      await chmod(dir, 0o755);
      const closed = path.join(dir, 'outer', 'closed');
      await mkdir(closed, { recursive: true });
      await writeFile(path.join(dir, 'a'), 'a', { mode: 0o644 });
      await chmod(closed, 0o000);
      await chmod(dir, 0o555);
      await files.run(path.join(dir, 'missing'), 'encrypt');
      try {
        // Root may do everything: the process is somebody else meanwhile.
        if (isRoot) process.seteuid?.(65534);
        const unread = await files.run(path.join(dir, 'outer'), 'encrypt');
        expect(unread.problem).toMatchObject({
          code: 'AccessDenied',
          message: expect.stringContaining('outer/closed'),
        });
        const unwritten = await files.run(path.join(dir, 'a'), 'encrypt');
        expect(unwritten.problem).toMatchObject({
          code: 'AccessDenied',
          message: expect.stringContaining('a.encrypted'),
        });
      } finally {
        if (isRoot) process.seteuid?.(0);
        await chmod(dir, 0o755);
        await chmod(closed, 0o755);
      }
      expect(await namesIn(dir)).toEqual(['a', 'outer']);
    }));

  it('an output that exists is kept, kept beside, or replaced, as asked', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a.txt');
      const there = path.join(dir, 'a.txt.encrypted');
      await writeFile(file, 'a');
      await writeFile(there, 'precious');
      const failed = await files.run(file, 'encrypt');
      expect(failed.problem?.code).toBe('FileExists');
      expect(await readFile(there, 'utf8')).toBe('precious');
      expect((await files.run(file, 'encrypt', { onConflict: 'rename' })).output).toBe(
        path.join(dir, 'a (2).txt.encrypted'),
      );
      expect(await readFile(there, 'utf8')).toBe('precious');
      files.service.retry(failed.id, 'replace');
      expect(await over(files.service, failed.id)).toMatchObject({ state: 'done' });
      await rm(there);
      await mkdir(there);
      expect((await files.run(file, 'encrypt', { onConflict: 'replace' })).problem?.code).toBe('FileExists');
      expect(await namesIn(dir)).toEqual(['a (2).txt.encrypted', 'a.txt', 'a.txt.encrypted']);
    }));

  it('a job that would replace its own original, or lie inside it, is refused', () =>
    inTemporaryFolder(async (dir) => {
      const at = (name: string) => path.join(dir, name);
      await mkdir(at('photos'));
      await writeFile(at('photos/one'), 'one');
      expect((await files.run(at('photos'), 'encrypt', { outputFolder: at('photos') })).problem?.code).toBe(
        'OutputInside',
      );
      const made = await files.run(at('photos'), 'encrypt');
      const inside = at('photos/photos.tar.encrypted');
      await writeFile(inside, await readFile(made.output ?? ''));
      const back = await files.run(inside, 'decrypt', { outputFolder: dir, onConflict: 'replace' });
      expect(back.problem?.code).toBe('SameFile');
      await symlink('a.encrypted', at('a'));
      await writeFile(at('a.encrypted'), 'through a link');
      expect((await files.run(at('a'), 'encrypt', { onConflict: 'replace' })).problem?.code).toBe('SameFile');
      expect(await readFile(at('a.encrypted'), 'utf8')).toBe('through a link');
      expect(existsSync(inside)).toBe(true);
    }));

  it('an output folder that vanished is not made anew', () =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'a'), 'a');
      const failed = await files.run(path.join(dir, 'a'), 'encrypt', { outputFolder: path.join(dir, 'stick') });
      expect(failed.problem?.code).toBe('FolderNotFound');
      expect(await namesIn(dir)).toEqual(['a']);
    }));

  it('what only begins like a message is encrypted; a damaged message is not offered as one', () =>
    inTemporaryFolder(async (dir) => {
      const like = Buffer.concat([Buffer.of(2, 4, 0x78), randomBytes(50)]);
      await writeFile(path.join(dir, 'picture.raw'), like);
      await writeFile(path.join(dir, 'b.encrypted'), like);
      const [picture, damaged] = await files.service.plan(
        [path.join(dir, 'picture.raw'), path.join(dir, 'b.encrypted')],
        undefined,
      );
      expect(picture).toMatchObject({ kind: 'file', action: 'encrypt' });
      expect(damaged?.problem?.code).toBe('MessageDamaged');
      // Asked outright, anything is encrypted, and comes back.
      const made = await files.run(path.join(dir, 'b.encrypted'), 'encrypt');
      expect(made.output).toBe(path.join(dir, 'b.encrypted.encrypted'));
      await rm(path.join(dir, 'b.encrypted'));
      await files.run(made.output ?? '', 'decrypt');
      expect((await readFile(path.join(dir, 'b.encrypted'))).equals(like)).toBe(true);
    }));

  it('a context that UTF-8 cannot hold, or with reserved names, is refused', () =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'a'), 'a');
      for (const key of ['\ud800', 'aws-crypto-public-key', 'coffer:content']) {
        const failed = await files.run(path.join(dir, 'a'), 'encrypt', { context: { [key]: 'x' } });
        expect(failed.problem?.code).toBe('ValidationException');
      }
      expect((await stat(path.join(dir, 'a'))).size).toBe(1);
    }));
});
