import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmod,
  lstat,
  lutimes,
  mkdir,
  readdir,
  readFile,
  readlink,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import tar from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unpackFolder } from '../../../src/main/files/unpack.ts';
import { EngineKeyring, esdk } from '../../support/esdk.ts';
import { namesIn, openTestFiles } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

/** Everything about a tree that must come back: names, kinds, modes, times to the microsecond, links and contents. */
async function describeTree(root: string, below = ''): Promise<string[]> {
  const lines: string[] = [];
  for (const name of (await readdir(path.join(root, below))).sort()) {
    const at = path.join(below, name);
    const full = path.join(root, at);
    const stat = await lstat(full);
    const facts = `${JSON.stringify(at)} ${stat.mode.toString(8)} ${stat.mtimeMs.toFixed(2)}`;
    if (stat.isSymbolicLink()) lines.push(`${facts} -> ${await readlink(full)}`);
    else if (stat.isDirectory()) lines.push(facts, ...(await describeTree(root, at)));
    else lines.push(`${facts} ${(await readFile(full)).toString('base64').slice(0, 80)} ${stat.size}`);
  }
  return lines;
}

async function makeTree(root: string): Promise<void> {
  const at = (name: string) => path.join(root, name);
  await mkdir(at('empty/deeper'), { recursive: true });
  await mkdir(at(`${'d'.repeat(200)}/${'e'.repeat(200)}`), { recursive: true });
  await writeFile(at(`${'d'.repeat(200)}/${'e'.repeat(200)}/${'f'.repeat(255)}`), 'deep');
  await writeFile(at('empty file'), '');
  await writeFile(at('block'), randomBytes(512));
  await writeFile(at('large'), randomBytes(5 * 2 ** 20 + 3));
  for (const name of [
    '🗝️ ключ',
    'two\nlines',
    'back\\slash',
    'C:drive',
    ' spaces ',
    'quo"te',
    'ö (NFC)',
    'ö (NFD)',
    '-rf',
    '*',
  ])
    await writeFile(at(name), name);
  await writeFile(at('run.sh'), '#!/bin/sh', { mode: 0o755 });
  await writeFile(at('nobody'), 'x');
  await chmod(at('nobody'), 0o000);
  await chmod(at('run.sh'), 0o755);
  await chmod(at('empty'), 0o750);
  await symlink('run.sh', at('link'));
  await symlink('../block', at('empty/up'));
  await symlink('nowhere/yet', at('dangling'));
  await symlink('.', at('self'));
  await symlink(`${'l'.repeat(150)}ü`, at('long link'));
  // A time of now has more digits than a double keeps, and would be compared on either side of a rounding.
  for (const name of (await readdir(root, { recursive: true })).reverse())
    await lutimes(at(name), 1_650_000_000.5, 1_650_000_000.5);
  await utimes(at('block'), -1.5, -1.5);
  await utimes(at('run.sh'), 5_000_000_000, 5_000_000_000.25);
  await utimes(at('large'), 1_700_000_000, 1_700_000_000.123456);
  await lutimes(at('link'), 1_600_000_000, 1_600_000_000);
  await utimes(at('empty/deeper'), 1_500_000_000, 1_500_000_000);
  await utimes(at('empty'), 1_500_000_001, 1_500_000_001);
}

describe('folders', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  beforeAll(async () => {
    files = await openTestFiles();
  });
  afterAll(async () => {
    expect(files.bugs).toEqual([]);
    await files.close();
  });

  it('come back as they were: empty folders, links, modes, times, names of every kind', () =>
    inTemporaryFolder(async (dir) => {
      const folder = path.join(dir, 'tree');
      await makeTree(folder);
      const before = await describeTree(folder);
      const made = await files.run(folder, 'encrypt', { signed: true });
      expect(made.problem).toBeUndefined();
      expect(made.doneBytes).toBe(made.totalBytes);
      expect(await describeTree(folder)).toEqual(before);
      await mkdir(path.join(dir, 'other'));
      const back = await files.run(made.output ?? '', 'decrypt', { outputFolder: path.join(dir, 'other') });
      expect(back.problem).toBeUndefined();
      expect(back.output).toBe(path.join(dir, 'other', 'tree'));
      expect(await describeTree(back.output ?? '')).toEqual(before);
      expect(await namesIn(dir)).toEqual(['other', 'tree', 'tree.tar.encrypted']);
    }));

  it('are plain tar archives for another AWS Encryption SDK and for GNU tar, and theirs open here', () =>
    inTemporaryFolder(async (dir) => {
      const folder = path.join(dir, 'tree');
      await makeTree(folder);
      const made = await files.run(folder, 'encrypt');
      const keyring = new EngineKeyring(files, files.arn);
      const { plaintext } = await esdk.decrypt(keyring, await readFile(made.output ?? ''));
      await mkdir(path.join(dir, 'gnu'));
      execFileSync('tar', ['-xpf', '-', '-C', path.join(dir, 'gnu')], {
        input: plaintext,
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      expect(await describeTree(path.join(dir, 'gnu'))).toEqual(await describeTree(folder));

      for (const format of ['posix', 'gnu', 'ustar']) {
        const simple = path.join(dir, `simple-${format}`);
        await mkdir(path.join(simple, 'sub'), { recursive: true });
        await writeFile(path.join(simple, 'sub', 'a'), 'a');
        const archive = execFileSync('tar', ['-c', `--format=${format}`, '-C', simple, '.']);
        const { result } = await esdk.encrypt(keyring, archive, { encryptionContext: { 'coffer:content': 'folder' } });
        await writeFile(`${simple}.out.tar.encrypted`, result);
        const back = await files.run(`${simple}.out.tar.encrypted`, 'decrypt');
        expect(back.problem).toBeUndefined();
        expect(await readFile(path.join(back.output ?? '', 'sub', 'a'), 'utf8')).toBe('a');
      }
    }));

  it('with links that lead out, pipes, or names that are no UTF-8 are refused before anything is written', () =>
    inTemporaryFolder(async (dir) => {
      const cases: readonly [string, string, (at: (name: string) => string) => unknown][] = [
        ['absolute', 'LinkOutside', (at) => symlink('/etc/passwd', at('x'))],
        ['climbing', 'LinkOutside', (at) => symlink('../../x', at('x'))],
        ['hidden', 'LinkOutside', (at) => symlink('a/../../x', at('x'))],
        ['piped', 'SpecialFile', (at) => execFileSync('mkfifo', [at('x')])],
        ['bytes', 'UnsupportedName', (at) => writeFile(Buffer.concat([Buffer.from(at('')), Buffer.of(0xff)]), '')],
      ];
      for (const [name, code, make] of cases) {
        const folder = path.join(dir, name);
        await mkdir(folder);
        await make((base) => `${folder}/${base}`);
        expect((await files.run(folder, 'encrypt')).problem?.code, name).toBe(code);
        expect((await files.service.plan([folder], undefined))[0]?.problem?.code).toBe(code);
      }
      expect(await namesIn(dir)).toEqual(cases.map(([name]) => name).sort());
    }));

  it('replace another one only when asked, and wholly', () =>
    inTemporaryFolder(async (dir) => {
      const folder = path.join(dir, 'tree');
      await mkdir(folder);
      await writeFile(path.join(folder, 'new'), 'new');
      const made = await files.run(folder, 'encrypt');
      await writeFile(path.join(folder, 'old'), 'old');
      expect((await files.run(made.output ?? '', 'decrypt')).problem?.code).toBe('FileExists');
      expect(await namesIn(folder)).toEqual(['new', 'old']);
      const beside = await files.run(made.output ?? '', 'decrypt', { onConflict: 'rename' });
      expect(beside.output).toBe(path.join(dir, 'tree (2)'));
      await files.run(made.output ?? '', 'decrypt', { onConflict: 'replace' });
      expect(await namesIn(folder)).toEqual(['new']);
      expect(await namesIn(dir)).toEqual(['tree', 'tree (2)', 'tree.tar.encrypted']);
    }));
});

type Entry = Parameters<ReturnType<typeof tar.pack>['entry']>[0];

describe('a malicious archive', () => {
  const archive = async (entries: readonly Entry[]) => {
    const pack = tar.pack();
    for (const entry of entries) pack.entry(entry, entry.type === undefined ? 'x' : '');
    pack.finalize();
    const pieces: Buffer[] = [];
    for await (const piece of pack as AsyncIterable<Buffer>) pieces.push(piece);
    return Buffer.concat(pieces);
  };
  async function* whole(bytes: Buffer) {
    yield bytes;
  }

  it.each<[string, readonly Entry[]]>([
    ['a path that climbs', [{ name: '../evil' }]],
    ['a path that climbs in the middle', [{ name: 'a/../../evil' }]],
    ['an absolute path', [{ name: '/evil' }]],
    ['a long path that climbs', [{ name: `${'a/'.repeat(100)}${'../'.repeat(101)}evil` }]],
    ['an absolute link', [{ name: 'l', type: 'symlink', linkname: '/' }]],
    ['a link that climbs', [{ name: 'a/l', type: 'symlink', linkname: '../../x' }]],
    ['a link through a name that climbs', [{ name: 'l', type: 'symlink', linkname: 'a/../..' }]],
    ['an empty link', [{ name: 'l', type: 'symlink', linkname: '' }]],
    ['a file through a link', [{ name: 'l', type: 'symlink', linkname: '.' }, { name: 'l/x' }]],
    [
      'a link through a link',
      [
        { name: 'l', type: 'symlink', linkname: 'd' },
        { name: 'l/m', type: 'symlink', linkname: '..' },
      ],
    ],
    ['a file twice', [{ name: 'a' }, { name: 'a' }]],
    ['a file where a folder is', [{ name: 'a', type: 'directory' }, { name: 'a' }]],
    ['a file as a folder', [{ name: 'a' }, { name: 'a/b' }]],
    ['a hard link', [{ name: 'l', type: 'link', linkname: '/etc/passwd' }]],
    ['a character device', [{ name: 'd', type: 'character-device' }]],
    ['a block device', [{ name: 'd', type: 'block-device' }]],
    ['a pipe', [{ name: 'd', type: 'fifo' }]],
    ['the folder itself as a file', [{ name: '.' }]],
  ])('with %s is refused and nothing lies outside', (_, entries) =>
    inTemporaryFolder(async (dir) => {
      const bytes = await archive([{ name: 'good' }, ...entries]);
      await mkdir(path.join(dir, 'in'));
      await expect(unpackFolder(whole(bytes), path.join(dir, 'in', 'root'))).rejects.toMatchObject({
        code: 'UnsafeArchive',
      });
      expect(await namesIn(dir)).toEqual(['in']);
      expect(await namesIn(path.join(dir, 'in'))).toEqual(['root']);
    }),
  );

  it('that is cut off, or no archive, is refused through the service without a trace', () =>
    inTemporaryFolder(async (dir) => {
      const files = await openTestFiles();
      try {
        const bytes = await archive([{ name: 'good' }]);
        for (const content of [bytes.subarray(0, 700), randomBytes(2048), await archive([{ name: '../evil' }])]) {
          const { result } = await esdk.encrypt(new EngineKeyring(files, files.arn), content, {
            encryptionContext: { 'coffer:content': 'folder' },
          });
          await writeFile(path.join(dir, 'a.tar.encrypted'), result);
          expect((await files.run(path.join(dir, 'a.tar.encrypted'), 'decrypt')).problem?.code).toBe('UnsafeArchive');
          expect(await namesIn(dir)).toEqual(['a.tar.encrypted']);
        }
        expect(files.bugs).toEqual([]);
      } finally {
        await files.close();
      }
    }));

  it('cannot widen rights: setuid bits are dropped', () =>
    inTemporaryFolder(async (dir) => {
      await unpackFolder(whole(await archive([{ name: 'a', mode: 0o6777 }])), path.join(dir, 'root'));
      expect((await lstat(path.join(dir, 'root', 'a'))).mode & 0o7777).toBe(0o777);
    }));
});
