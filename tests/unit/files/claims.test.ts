import { link, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Claims } from '../../../src/main/files/claims.ts';
import type { OnConflict } from '../../../src/main/files/target.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

describe('names of results of one start', () => {
  let claims: Claims;
  beforeEach(() => {
    claims = new Claims();
  });
  const take = (output: string, job: string, onConflict: OnConflict = 'replace', source = 'source') =>
    claims.take(output, { job, source }, onConflict).catch(({ code }: { code: string }) => code);

  it('are given once, to whoever asks again, and to another once they are given up', () =>
    inTemporaryFolder(async (dir) => {
      const output = path.join(dir, 'x.encrypted');
      await writeFile(output, 'from before');
      expect(await take(output, 'one')).toBe('replace');
      expect(await take(output, 'one')).toBe('replace');
      expect(await take(output, 'two')).toBe('FileExists');
      expect(await take(output, 'one', 'replace', 'another')).toBe('FileExists');
      expect(await take(output, 'two', 'fail')).toBe('FileExists');
      expect(await take(output, 'two', 'rename')).toBe('rename');
      await claims.release(output, { job: 'two', source: 'source' });
      expect(await take(output, 'two')).toBe('FileExists');
      await claims.release(output, { job: 'one', source: 'source' });
      expect(await take(output, 'two')).toBe('replace');
      expect(await take(output, 'one')).toBe('FileExists');
    }));

  it('replace only what stands there when they are given', () =>
    inTemporaryFolder(async (dir) => {
      expect(await take(path.join(dir, 'x'), 'one')).toBe('fail');
      expect(await take(path.join(dir, 'x'), 'one', 'fail')).toBe('fail');
    }));

  it('are one where the disk takes them for one, and two where it does not', () =>
    inTemporaryFolder(async (dir) => {
      const [lower, upper] = [path.join(dir, 'é'), path.join(dir, 'E\u0301')];
      // Two names of one file, as on a disk that does not tell case.
      await writeFile(lower, 'a result');
      await link(lower, upper).catch(() => undefined);
      expect(await take(lower, 'one')).toBe('replace');
      expect(await take(upper, 'two')).toBe('FileExists');
      const [small, large] = [path.join(dir, 'makefile'), path.join(dir, 'Makefile')];
      await writeFile(small, 'one');
      await writeFile(large, 'two', { flag: 'wx' });
      expect(await take(small, 'one')).toBe('replace');
      expect(await take(large, 'two')).toBe('replace');
    }));

  it('are the same through a link to their folder', () =>
    inTemporaryFolder(async (dir) => {
      await symlink('.', path.join(dir, 'link'));
      expect(await take(path.join(dir, 'x'), 'one')).toBe('fail');
      expect(await take(path.join(dir, 'link', 'x'), 'two')).toBe('FileExists');
    }));

  it('that results got in the end are held too', () =>
    inTemporaryFolder(async (dir) => {
      const task = (name: string) => ({
        id: name,
        source: name,
        output: path.join(dir, name),
        onConflict: 'rename' as const,
        action: 'decrypt' as const,
        dataKey: new Uint8Array(),
      });
      const batch = { action: 'batch' as const, id: 'batch', tasks: [task('one'), task('two')] };
      const failed = { failed: { code: 'DiskFull', message: '' }, cancelled: false };
      await claims.hold(batch, { items: [failed, { output: path.join(dir, 'two (2)') }] }, 'one');
      expect(await take(path.join(dir, 'one'), 'two')).toBe('fail');
      expect(await take(path.join(dir, 'two (2)'), 'two')).toBe('FileExists');
    }));
});
