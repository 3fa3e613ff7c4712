import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { settle } from '../../../src/main/files/target.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const isRoot = process.getuid?.() === 0;

it('a folder that takes the place of one that cannot be removed stands, and the old one is found beside it', () =>
  inTemporaryFolder(async (dir) => {
    const [partial, docs] = [path.join(dir, 'partial'), path.join(dir, 'docs')];
    await mkdir(partial);
    await writeFile(path.join(partial, 'new'), 'new');
    await mkdir(path.join(docs, 'closed'), { recursive: true });
    await writeFile(path.join(docs, 'closed', 'old'), 'old');
    await chmod(path.join(docs, 'closed'), 0o555);
    await chmod(dir, 0o777);
    try {
      // Root may do everything: the process is somebody else meanwhile.
      if (isRoot) process.seteuid?.(65534);
      expect(await settle(partial, docs, 'folder', 'replace')).toBe(docs);
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
    expect((await readdir(dir)).sort()).toEqual(['docs', 'docs (replaced)']);
    expect(await readdir(docs)).toEqual(['new']);
    const old = path.join(dir, 'docs (replaced)', 'closed');
    expect(await readFile(path.join(old, 'old'), 'utf8')).toBe('old');
    await chmod(old, 0o755);
  }));
