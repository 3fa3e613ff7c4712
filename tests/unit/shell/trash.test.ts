import { existsSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { moveToTrash } from '../../../src/main/shell/trash.ts';
import { handlePrototype } from '../../support/vault.ts';

const IN_MEMORY = '/dev/shm';

describe.runIf(process.platform === 'linux')('the trash of Linux desktops', () => {
  let dir: string;
  let data: string;
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'coffer-test-'));
    data = path.join(dir, 'data');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));
  const now = new Date(2026, 1, 3, 4, 5, 6);
  const move = (file: string) => moveToTrash(file, { XDG_DATA_HOME: data }, now);
  const inTrash = (...parts: string[]) => path.join(data, 'Trash', ...parts);

  it('takes files and folders whole, and keeps where each was and when it went', async () => {
    const folder = path.join(dir, 'a folder');
    await mkdir(path.join(folder, 'deep'), { recursive: true });
    await writeFile(path.join(folder, 'deep', 'ü 50%.txt'), 'kept');
    await move(path.join(folder, 'deep', 'ü 50%.txt'));
    expect(await readFile(inTrash('files', 'ü 50%.txt'), 'utf8')).toBe('kept');
    expect(await readFile(inTrash('info', 'ü 50%.txt.trashinfo'), 'utf8')).toBe(
      `[Trash Info]\nPath=${dir}/a%20folder/deep/%C3%BC%2050%25.txt\nDeletionDate=2026-02-03T04:05:06\n`,
    );
    await move(folder);
    expect(await readdir(inTrash('files', 'a folder'))).toEqual(['deep']);
    expect((await lstat(inTrash('files'))).mode & 0o777).toBe(0o700);
    expect(existsSync(folder)).toBe(false);
  });

  it('never puts one thing over another of the same name', async () => {
    await mkdir(inTrash('files'), { recursive: true });
    await writeFile(inTrash('files', 'a'), 'nothing is said of this one');
    for (const text of ['one', 'two']) {
      await writeFile(path.join(dir, 'a'), text);
      await move(path.join(dir, 'a'));
    }
    const names = (await readdir(inTrash('files'))).sort();
    expect(names).toEqual(['a', 'a.2', 'a.3']);
    expect(await Promise.all(names.map((name) => readFile(inTrash('files', name), 'utf8')))).toEqual([
      'nothing is said of this one',
      'one',
      'two',
    ]);
    expect((await readdir(inTrash('info'))).sort()).toEqual(['a.2.trashinfo', 'a.3.trashinfo']);
  });

  it('takes a link as a link, a name at its full length, and a path through a link by where it leads', async () => {
    await writeFile(path.join(dir, 'a'), 'a');
    await symlink('a', path.join(dir, 'link'));
    await move(path.join(dir, 'link'));
    expect((await lstat(inTrash('files', 'link'))).isSymbolicLink()).toBe(true);
    expect(existsSync(path.join(dir, 'a'))).toBe(true);
    const long = 'n'.repeat(255);
    await writeFile(path.join(dir, long), 'long');
    await symlink('.', path.join(dir, 'here'));
    await move(path.join(dir, 'here', long));
    const [info = ''] = (await readdir(inTrash('info'))).filter((name) => name.startsWith('nnn'));
    expect(await readFile(inTrash('info', info), 'utf8')).toContain(`Path=${dir}/${long}\n`);
  });

  it('that is full leaves the file where it is, and says nothing of it', async () => {
    await writeFile(path.join(dir, 'a'), 'a');
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    vi.spyOn(await handlePrototype(), 'writeFile').mockRejectedValueOnce(full);
    await expect(move(path.join(dir, 'a'))).rejects.toBe(full);
    expect([await readdir(inTrash('info')), existsSync(path.join(dir, 'a'))]).toEqual([[], true]);
  });

  it('of what is gone says so and leaves nothing', async () => {
    await expect(move(path.join(dir, 'gone'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(existsSync(inTrash('info')) ? await readdir(inTrash('info')) : []).toEqual([]);
  });

  it.runIf(existsSync(IN_MEMORY))('of another disk is at the top of that disk, and paths are from there', async () => {
    const other = await mkdtemp(path.join(IN_MEMORY, 'coffer-test-'));
    const name = path.basename(other);
    const trash = path.join(IN_MEMORY, `.Trash-${process.getuid?.()}`);
    try {
      await writeFile(path.join(other, name), 'there');
      await move(path.join(other, name));
      expect(await readFile(path.join(trash, 'files', name), 'utf8')).toBe('there');
      expect(await readFile(path.join(trash, 'info', `${name}.trashinfo`), 'utf8')).toContain(`Path=${name}/${name}\n`);
    } finally {
      await rm(other, { recursive: true, force: true });
      await rm(path.join(trash, 'files', name), { force: true });
      await rm(path.join(trash, 'info', `${name}.trashinfo`), { force: true });
      // One that was there before is not empty, or is somebody's.
      for (const part of ['files', 'info', '']) await rmdir(path.join(trash, part)).catch(() => undefined);
    }
  });
});
