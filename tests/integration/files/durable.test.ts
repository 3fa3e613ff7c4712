import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { openTestFiles } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const synced: string[] = [];
vi.mock('../../../src/main/files/target.ts', async (original) => {
  const target = await original<typeof import('../../../src/main/files/target.ts')>();
  return {
    ...target,
    syncFolder: async (folder: string) => {
      await target.syncFolder(folder);
      synced.push(folder);
    },
  };
});

it('the folders that lead to results last before their originals go', () =>
  inTemporaryFolder(async (dir) => {
    const files = await openTestFiles();
    try {
      const [source, out] = [path.join(dir, 'tree'), path.join(dir, 'out')];
      await mkdir(path.join(source, 'sub', 'deep'), { recursive: true });
      await mkdir(out);
      await writeFile(path.join(source, 'sub', 'deep', 'a'), 'a');
      let before: string[] = [];
      const { move } = files.trash;
      files.trash.move = (file) => {
        before = [...synced];
        return move(file);
      };
      const job = await files.run(source, 'encrypt', {
        items: [{ path: source, action: 'encrypt', each: true }],
        outputFolder: out,
        trashOriginals: true,
      });
      expect(job).toMatchObject({ state: 'done', originals: { moved: 1, kept: 0 } });
      const made = path.join(out, 'tree');
      expect(before.sort()).toEqual([out, made, path.join(made, 'sub')]);
    } finally {
      await files.close();
    }
  }));
