import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../../src/shared/progress.ts';
import { openTestSession, type TestSession } from '../../support/session.ts';
import { handlePrototype, PASSPHRASE, refusalOf, temporaryFolder } from '../../support/vault.ts';

const MINUTE = 60_000;

let t: TestSession;
let home: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dir: home, remove } = await temporaryFolder());
  t = await openTestSession(home);
  await mkdir(path.join(home, 'copies'));
  await t.create();
});
afterEach(async () => {
  await t.session.lock('closed');
  expect(t.bugs).toEqual([]);
  await remove();
});

const copies = () => readdir(path.join(home, 'copies'));
const backUp = (progress?: Progress) => t.session.backup(path.join(home, 'copies'), PASSPHRASE, progress);
/** Does something when the work is under way, once. */
const during = (work: () => void): Progress => {
  let begun = false;
  return {
    onProgress: () => {
      if (!begun) work();
      begun = true;
    },
  };
};

describe('a backup under way', () => {
  it('ends when the vault locks, which waits until nothing of it is left', async () => {
    const handles = await handlePrototype();
    const { sync } = handles;
    let locked: Promise<string[]> | undefined;
    // A slow disk.
    const slow = vi.spyOn(handles, 'sync').mockImplementationOnce(async function (this: typeof handles) {
      locked = t.session.lock('command').then(copies);
      await new Promise((resolve) => setTimeout(resolve, 500));
      return sync.call(this);
    });
    expect((await refusalOf(backUp()).finally(() => slow.mockRestore())).code).toBe('VaultLocked');
    expect(await locked).toEqual([]);
    expect(await t.session.status()).toMatchObject({ state: 'locked' });
  });

  it('counts as use: the vault does not lock itself meanwhile', async () => {
    await t.session.setSettings({ autoLockMinutes: 1 });
    const handles = await handlePrototype();
    const { sync } = handles;
    const slow = vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handles) {
      t.clock.time += 10 * MINUTE;
      await new Promise((resolve) => setTimeout(resolve, 40));
      return sync.call(this);
    });
    await backUp().finally(() => slow.mockRestore());
    expect(await copies()).toHaveLength(1);
    expect((await t.session.status()).state).toBe('open');
    t.clock.time += 2 * MINUTE;
    expect(await t.locked()).toMatchObject({ lockedBecause: 'idle' });
  });
});

describe('a restore under way', () => {
  let file: string;
  beforeEach(async () => {
    file = (await backUp()).path;
    await t.session.lock('command');
  });

  it('ends when the window is closed, also one that waits for its turn; the chosen vault stays', async () => {
    const before = t.session.path;
    let closed: Promise<void> | undefined;
    const restore = (name: string, progress?: Progress) =>
      t.session.restore(file, PASSPHRASE, path.join(home, name), progress);
    const [first, second] = await Promise.all([
      refusalOf(
        restore(
          'one',
          during(() => {
            closed = t.session.lock('closed');
          }),
        ),
      ),
      refusalOf(restore('two')),
    ]);
    await closed;
    expect([first.code, second.code]).toEqual(['Cancelled', 'Cancelled']);
    expect((await readdir(home)).filter((name) => ['one', 'two'].includes(name))).toEqual([]);
    expect(t.session.path).toBe(before);
    // The window that is opened next can do it.
    await restore('one');
    expect(t.session.path).toBe(path.join(home, 'one'));
  });
});
