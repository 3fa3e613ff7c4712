import { appendFile, chmod, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, packFolder } from '../../../src/main/files/folder.ts';
import { discard } from '../../../src/main/files/originals.ts';
import { openSource } from '../../../src/main/files/reading.ts';
import { type Seen, seenFile } from '../../../src/main/files/seen.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

/** A result, and how it was when it got its name. */
async function resultIn(dir: string) {
  const output = path.join(dir, 'result');
  await writeFile(output, 'a result');
  return { output, made: seenFile(await stat(output)) };
}

describe('moving one original to the trash', () => {
  it('does not happen to what was written to since, even under its old time, nor to another file in its place', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a');
      const time = new Date('2020-01-01');
      const write = async (text: string) => {
        await writeFile(file, text);
        await utimes(file, time, time);
      };
      await write('one');
      const { handle, seen } = await openSource(file);
      await handle.close();
      const done = { ...(await resultIn(dir)), seen };
      const moved: string[] = [];
      const attempt = () => discard(async (each) => void moved.push(each), file, done).catch((error: unknown) => error);
      await write('two');
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      await rm(file);
      expect(await attempt()).toMatchObject({ code: 'FileNotFound' });
      await write('one');
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      expect(moved).toEqual([]);
    }));

  it('does not happen when the result is not there any more as it was made', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'a');
      await writeFile(file, 'a');
      const done = { ...(await resultIn(dir)), seen: seenFile(await stat(file)) };
      const moved: string[] = [];
      const attempt = () => discard(async (each) => void moved.push(each), file, done).catch((error: unknown) => error);
      await appendFile(done.output, 'more');
      expect(await attempt()).toMatchObject({ code: 'ResultChanged' });
      await rm(done.output);
      expect(await attempt()).toMatchObject({ code: 'ResultChanged' });
      expect(moved).toEqual([]);
      const again = { ...(await resultIn(dir)), seen: done.seen };
      await chmod(again.output, 0o640);
      await discard(async (each) => void moved.push(each), file, again);
      expect(moved).toEqual([file]);
    }));

  it('does not happen to a folder in which something changed since', () =>
    inTemporaryFolder(async (dir) => {
      const source = path.join(dir, 'tree');
      await mkdir(source);
      await writeFile(path.join(source, 'a'), 'a');
      const done = { ...(await resultIn(dir)), seen: { fingerprint: await fingerprintOf(source) } };
      const moved: string[] = [];
      const attempt = () =>
        discard(async (each) => void moved.push(each), source, done).catch((error: unknown) => error);
      await writeFile(path.join(source, 'b'), '');
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      await rm(path.join(source, 'b'));
      await attempt();
      expect(moved).toEqual([source]);
    }));

  it('does not happen to a folder in which a file was written to since, even under its old time and length', () =>
    inTemporaryFolder(async (dir) => {
      const file = path.join(dir, 'tree', 'a');
      const time = new Date('2020-01-01');
      const write = async (text: string) => {
        await writeFile(file, text);
        await utimes(file, time, time);
      };
      await mkdir(path.dirname(file));
      await write('one');
      const packed: Seen[] = [];
      const pieces = packFolder(path.dirname(file), (seen) => packed.push(seen));
      for await (const _piece of pieces);
      const done = { ...(await resultIn(dir)), seen: packed[0] };
      const moved: string[] = [];
      const attempt = () =>
        discard(async (each) => void moved.push(each), path.dirname(file), done).catch((error: unknown) => error);
      // The disk's clock ticks a few hundred times a second.
      const { ctimeMs } = await stat(file);
      do await write('two');
      while ((await stat(file)).ctimeMs === ctimeMs);
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      await rm(file);
      await write('one');
      expect(await attempt()).toMatchObject({ code: 'FileChanged' });
      expect(moved).toEqual([]);
    }));
});
