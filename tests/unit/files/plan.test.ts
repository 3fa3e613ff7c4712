import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { planPaths } from '../../../src/main/files/plan.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const never = () => false;

/** A folder with so many files in it, and beside it so many more. */
const inTree = (inside: number, beside: number, work: (folder: string, files: string[]) => Promise<void>) =>
  inTemporaryFolder(async (dir) => {
    const folder = path.join(dir, 'folder');
    await mkdir(path.join(folder, 'below'), { recursive: true });
    for (let at = 0; at < inside; at++) await writeFile(path.join(folder, at % 2 ? 'below' : '.', `${at}`), '');
    const files = Array.from({ length: beside }, (_, at) => path.join(dir, `${at}.txt`));
    for (const file of files) await writeFile(file, '');
    await work(folder, files);
  });

it('a plan tells how many paths it has looked at, and how many files in folders', () =>
  inTree(12, 20, async (folder, files) => {
    const told: [number, number][] = [];
    const plans = await planPaths([...files, folder], undefined, never, (...seen) => told.push(seen));
    expect(plans.map(({ path: at }) => at)).toEqual([...files, folder]);
    expect(plans.at(-1)).toMatchObject({ kind: 'folder', files: 12 });
    expect(told).toHaveLength(20 + 12 + 1);
    // Neither ever goes back.
    for (const which of [0, 1] as const) {
      const counts = told.map((seen) => seen[which]);
      expect(counts).toEqual([...counts].sort((a, b) => a - b));
    }
    expect(told.at(-1)).toEqual([21, 12]);
  }));

it('a plan that is stopped looks at nothing more, in a folder or out of it', () =>
  inTree(100, 40, async (folder, files) => {
    const told: [number, number][] = [];
    const stopAt = (limit: number) => () => told.length >= limit;
    await planPaths([folder], undefined, stopAt(10), (...seen) => told.push(seen));
    // The folder itself is told of, too.
    expect(told.at(-1)).toEqual([1, 10]);
    told.length = 0;
    await planPaths(files, undefined, stopAt(3), (...seen) => told.push(seen));
    // Those that were begun together are looked at to their end.
    expect(told.at(-1)).toEqual([8, 0]);
  }));
