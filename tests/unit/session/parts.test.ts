import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openPreferences } from '../../../src/main/preferences.ts';
import { throttle } from '../../../src/main/throttle.ts';
import { readSettings, settingsOf, writeSetting } from '../../../src/main/vault-settings.ts';
import { openTestEngine } from '../../support/engine.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

describe('preferences', () => {
  it('are kept, whoever writes them at once', () =>
    inTemporaryFolder(async (dir) => {
      const preferences = await openPreferences(dir);
      expect(preferences.get()).toEqual({ theme: 'system' });
      await Promise.all([
        preferences.set({ theme: 'dark' }),
        preferences.set({ region: 'eu-west-1' }),
        preferences.set({ vaultPath: '/a' }),
        preferences.set({ vaultPath: '/b' }),
      ]);
      const all = { theme: 'dark', region: 'eu-west-1', vaultPath: '/b' };
      expect(preferences.get()).toEqual(all);
      expect((await openPreferences(dir)).get()).toEqual(all);
      expect(JSON.parse(await readFile(path.join(dir, 'preferences.json'), 'utf8'))).toEqual(all);
    }));

  it('stay as they were when they cannot be written, and begin anew when they cannot be read', () =>
    inTemporaryFolder(async (dir) => {
      const blocked = path.join(dir, 'file');
      await writeFile(blocked, '');
      const preferences = await openPreferences(path.join(blocked, 'config'));
      await expect(preferences.set({ theme: 'dark' })).rejects.toMatchObject({
        code: 'PreferencesWriteError',
        message: expect.stringContaining('the path leads through a file that is not a folder'),
      });
      expect(preferences.get()).toEqual({ theme: 'system' });
      await mkdir(path.join(dir, 'config'));
      for (const text of ['', '{', '{"theme":"neon"}', '[]']) {
        await writeFile(path.join(dir, 'config', 'preferences.json'), text);
        expect((await openPreferences(path.join(dir, 'config'))).get()).toEqual({ theme: 'system' });
      }
    }));

  it('keep the vault’s place beside what another version of Coffer wrote, or what is damaged', () =>
    inTemporaryFolder(async (dir) => {
      const text = '{"theme":"neon","vaultPath":"/stick/vault","endpoint":{"on":true,"port":0},"later":{"a":1}}';
      await writeFile(path.join(dir, 'preferences.json'), text);
      const preferences = await openPreferences(dir);
      expect(preferences.get()).toEqual({ theme: 'system', vaultPath: '/stick/vault' });
      await preferences.set({ theme: 'dark' });
      expect((await openPreferences(dir)).get()).toEqual({ theme: 'dark', vaultPath: '/stick/vault' });
    }));
});

it('preferences that must hold do so even when they cannot be written, and are written with the next', () =>
  inTemporaryFolder(async (dir) => {
    const blocked = path.join(dir, 'file');
    await writeFile(blocked, '');
    const config = path.join(blocked, 'config');
    const preferences = await openPreferences(config);
    await preferences.hold({ vaultPath: '/a' });
    expect(preferences.get()).toEqual({ theme: 'system', vaultPath: '/a' });
    expect(preferences.unwritten()).toEqual({
      stored: { theme: 'system' },
      reason: 'the path leads through a file that is not a folder',
    });
    await rm(blocked);
    await preferences.set({ theme: 'dark' });
    expect((await openPreferences(config)).get()).toEqual({ theme: 'dark', vaultPath: '/a' });
    await preferences.hold({ vaultPath: '/b' });
    expect(preferences.unwritten()).toBeUndefined();
    expect((await openPreferences(config)).get()).toEqual({ theme: 'dark', vaultPath: '/b' });
  }));

it('settings that are missing or unreadable have their defaults', async () => {
  const defaults = { autoLockMinutes: 10, lockOnSuspend: true, recoveryConfirmed: false };
  expect(settingsOf([])).toEqual(defaults);
  const rows = [
    { name: 'autoLockMinutes', value: '-5' },
    { name: 'lockOnSuspend', value: '{' },
    { name: '__proto__', value: '{}' },
    { name: 'recoveryConfirmed', value: 'true' },
  ];
  expect(settingsOf(rows)).toEqual({ ...defaults, recoveryConfirmed: true });
  const t = await openTestEngine();
  for (const minutes of [3, 0]) await t.store.transact((tx) => writeSetting(tx, 'autoLockMinutes', minutes));
  expect(readSettings(t.store.db)).toEqual({ ...defaults, autoLockMinutes: 0 });
  await t.close();
});

describe('throttle', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('works at once, at most once a period, and once more for what came meanwhile', () => {
    const times: number[] = [];
    const start = Date.now();
    const wake = throttle(100, () => times.push(Date.now() - start));
    wake();
    wake();
    vi.advanceTimersByTime(50);
    wake();
    vi.advanceTimersByTime(500);
    expect(times).toEqual([0, 100]);
    wake();
    vi.advanceTimersByTime(1000);
    expect(times).toEqual([0, 100, 550]);
  });
});
