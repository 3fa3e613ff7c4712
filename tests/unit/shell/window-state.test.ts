import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { OpenedFiles } from '../../../src/main/opening.ts';
import { namedPaths } from '../../../src/main/shell/named-paths.ts';
import { fitted, keepWindowState, readWindowState, type WindowState } from '../../../src/main/shell/window-state.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const usual = { width: 1280, height: 800, maximized: false, fullScreen: false };

describe('what is kept of the window', () => {
  it('is read back as it was; anything else counts as nothing', async () => {
    await inTemporaryFolder(async (dir) => {
      expect(readWindowState(dir)).toEqual(usual);
      const state: WindowState = { width: 900, height: 600, x: -20, y: 40, maximized: true, fullScreen: false };
      keepWindowState(dir, state);
      expect(readWindowState(dir)).toEqual(state);
      expect(readdirSync(dir)).toEqual(['window.json']);
      for (const text of ['', '{', 'null', '[]', '{"width":"900","height":600}', '{"width":-1,"height":600}']) {
        writeFileSync(path.join(dir, 'window.json'), text);
        expect(readWindowState(dir)).toEqual(usual);
      }
      writeFileSync(path.join(dir, 'window.json'), '{"width":900,"height":600,"x":1.5,"y":2}');
      expect(readWindowState(dir)).toEqual({ ...usual, width: 900, height: 600 });
      // Where it cannot be written, nothing is said of it.
      mkdirSync(path.join(dir, 'taken', 'window.json'), { recursive: true });
      expect(() => keepWindowState(path.join(dir, 'taken'), state)).not.toThrow();
      expect(() => keepWindowState(path.join(dir, 'window.json'), state)).not.toThrow();
      // The folder is made by whoever needs it first.
      keepWindowState(path.join(dir, 'new'), state);
      expect(readWindowState(path.join(dir, 'new'))).toEqual(state);
    });
  });

  it('is put onto a screen that is there', () => {
    const screen = { x: 0, y: 0, width: 1920, height: 1080 };
    const second = { x: 1920, y: 0, width: 1920, height: 1080 };
    const onSecond = { ...usual, x: 2000, y: 100 };
    expect(fitted(onSecond, [screen, second])).toEqual(onSecond);
    // The second screen was taken away: the system chooses a place.
    expect(fitted(onSecond, [screen])).toEqual(usual);
    expect(fitted({ ...usual, x: 100, y: -900 }, [screen])).toEqual(usual);
    // A title bar under the panel cannot be got hold of.
    expect(fitted({ ...usual, x: 0, y: 1075 }, [screen])).toEqual(usual);
    expect(fitted({ ...usual, x: -1200, y: 0 }, [screen])).toEqual(usual);
    expect(fitted({ ...usual, x: -1100, y: 0 }, [screen])).toMatchObject({ x: -1100 });
    expect(fitted({ ...usual, width: 4000, height: 3000, x: 0, y: 0 }, [screen])).toMatchObject({
      width: 1920,
      height: 1080,
    });
    expect(fitted({ ...usual, width: 10, height: 10 }, [screen])).toMatchObject({ width: 700, height: 480 });
    expect(fitted({ ...usual, maximized: true }, [screen])).toMatchObject({ maximized: true });
    expect(fitted(onSecond, [])).toEqual(onSecond);
  });
});

describe('files that Coffer is opened with', () => {
  it('are what a command line names that is no option, absolute', () => {
    expect(namedPaths(['--flag', 'a b.encrypted', '-x', '', '/tmp/c'], '/home/ada')).toEqual([
      '/home/ada/a b.encrypted',
      '/tmp/c',
    ]);
    expect(namedPaths(['x', '--', '--odd', 'y'], '/d')).toEqual(['/d/x', '/d/--odd', '/d/y']);
    expect(namedPaths([], '/d')).toEqual([]);
  });

  it('wait until they are asked for, each once', () => {
    let told = 0;
    const opened = new OpenedFiles(() => told++);
    opened.add([]);
    expect(told).toBe(0);
    opened.add(['/a', '/b']);
    opened.add(['/b', '/c']);
    expect(told).toBe(2);
    expect(opened.take()).toEqual(['/a', '/b', '/c']);
    expect(opened.take()).toEqual([]);
  });
});
