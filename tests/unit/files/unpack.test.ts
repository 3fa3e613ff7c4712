import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packFolder } from '../../../src/main/files/folder.ts';
import { unpackFolder } from '../../../src/main/files/unpack.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

it('unpacks a large folder without leaving a listener for each piece that had to wait', () =>
  inTemporaryFolder(async (dir) => {
    const [source, root] = [path.join(dir, 'source'), path.join(dir, 'root')];
    await mkdir(source);
    for (const name of ['a', 'b']) {
      await writeFile(path.join(source, name), name);
      await truncate(path.join(source, name), 32 * 2 ** 20);
    }
    const warnings: string[] = [];
    const warned = ({ name }: Error) => warnings.push(name);
    process.on('warning', warned);
    try {
      await unpackFolder(packFolder(source), root);
      // Warnings come in a turn of their own.
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off('warning', warned);
    }
    expect(warnings).toEqual([]);
    expect((await stat(path.join(root, 'b'))).size).toBe(32 * 2 ** 20);
    expect((await readFile(path.join(root, 'a'))).subarray(0, 2)).toEqual(Buffer.from('a\0'));
  }));
