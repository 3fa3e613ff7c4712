import { describe, expect, it } from 'vitest';
import { Desktop } from '../../../src/main/desktop.ts';
import { type JobFacts, JobsStanding } from '../../../src/main/jobs-standing.ts';
import { comingUp } from '../../../src/main/kms/coming.ts';
import { dueReminders, reminderWords } from '../../../src/main/reminders.ts';
import type { DesktopNotice, Standing } from '../../../src/main/shell/shell.ts';
import { openTestEngine } from '../../support/engine.ts';
import { openTestSession, REGION } from '../../support/session.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const DAY = 86_400_000;

const job = (id: string, state: JobFacts['state'], more: Partial<JobFacts> = {}): JobFacts => ({
  id,
  state,
  name: `${id}.txt`,
  totalBytes: 100,
  doneBytes: state === 'done' ? 100 : 0,
  createdAt: 0,
  ...more,
});

describe('how the jobs stand', () => {
  it('is known over all of them, from the first that waits until nothing is under way', () => {
    const standing = new JobsStanding();
    expect(standing.progress()).toBeNull();
    expect(standing.take([job('a', 'waiting'), job('b', 'waiting')], [])).toBeNull();
    expect(standing.progress()).toEqual({ fraction: null, failed: false });
    standing.take([job('a', 'running', { doneBytes: 50 })], []);
    expect(standing.progress()).toEqual({ fraction: 0.25, failed: false });
    expect(standing.take([job('a', 'done')], [])).toBeNull();
    expect(standing.progress()).toEqual({ fraction: 0.5, failed: false });
    expect(standing.take([job('c', 'failed')], [])).toBeNull();
    expect(standing.progress()).toMatchObject({ failed: true });
    expect(standing.active).toBe(1);
    expect(standing.take([job('b', 'done')], [])?.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(standing.progress()).toBeNull();
  });

  it('tells the end of a job once, and again when it is tried again', () => {
    const standing = new JobsStanding();
    expect(standing.take([job('short', 'done')], [])).toHaveLength(1);
    expect(standing.take([job('short', 'done')], [])).toBeNull();
    expect(standing.take([job('short', 'running')], [])).toBeNull();
    expect(standing.take([job('short', 'failed')], [])).toHaveLength(1);
    expect(standing.take([], ['short'])).toBeNull();
  });
});

describe('what is coming', () => {
  it('is what will happen within a week by itself, in every Region', async () => {
    const { key, call, store, clock } = await openTestEngine();
    const soon = await key();
    const later = await key();
    const turning = await key();
    const off = await key();
    await call('CreateAlias', { AliasName: 'alias/old', TargetKeyId: soon.id });
    await call('ScheduleKeyDeletion', { KeyId: soon.id, PendingWindowInDays: 7 });
    await call('ScheduleKeyDeletion', { KeyId: later.id, PendingWindowInDays: 30 });
    for (const { id } of [turning, off]) await call('EnableKeyRotation', { KeyId: id, RotationPeriodInDays: 90 });
    await call('DisableKey', { KeyId: off.id });
    expect(comingUp(store.db, clock.now())).toMatchObject([{ what: 'deletion', keyId: soon.id, alias: 'alias/old' }]);
    clock.advanceDays(84);
    expect(comingUp(store.db, clock.now())).toMatchObject([{ what: 'rotation', keyId: turning.id, alias: null }]);
  });

  const deletion = (at: number, keyId = 'key-one') => ({
    what: 'deletion' as const,
    keyId,
    region: REGION,
    at,
    alias: 'alias/payroll',
  });

  it('is told once in its last week and once on its last day, never twice in a day', () => {
    const at = 10 * DAY;
    const coming = [deletion(at)];
    let { due, told } = dueReminders(coming, {}, at - 7 * DAY);
    expect(due).toHaveLength(1);
    for (const days of [6.9, 5, 2, 1.1]) {
      ({ due, told } = dueReminders(coming, told, at - days * DAY));
      expect(due).toEqual([]);
    }
    ({ due, told } = dueReminders(coming, told, at - DAY));
    expect(due).toHaveLength(1);
    ({ due, told } = dueReminders(coming, told, at - 0.1 * DAY));
    expect(due).toEqual([]);

    // First seen 25 hours before: the last day's word waits until a day has passed.
    ({ due, told } = dueReminders(coming, {}, at - 1.04 * DAY));
    expect(due).toHaveLength(1);
    ({ due, told } = dueReminders(coming, told, at - 0.9 * DAY));
    expect(due).toEqual([]);
    ({ due } = dueReminders(coming, told, at - 0.03 * DAY));
    expect(due).toHaveLength(1);
  });

  it('is told again when it was told while the clock was ahead', () => {
    const at = 10 * DAY;
    const coming = [deletion(at)];
    let { due, told } = dueReminders(coming, {}, at - 0.5 * DAY);
    ({ due, told } = dueReminders(coming, told, at - 6 * DAY));
    expect(due).toHaveLength(1);
    ({ due, told } = dueReminders(coming, told, at - 5 * DAY));
    expect(due).toEqual([]);
    ({ due } = dueReminders(coming, told, at - 0.5 * DAY));
    expect(due).toHaveLength(1);
  });

  it('forgets what was called off, so that a new date is told anew', () => {
    const { told } = dueReminders([deletion(3 * DAY)], {}, 0);
    const later = dueReminders([], told, 1000);
    expect(later.told).toEqual({});
    expect(dueReminders([deletion(4 * DAY)], later.told, 2000).due).toHaveLength(1);
  });

  it('is said without names of keys unless that was allowed', () => {
    const due = [deletion(DAY / 2), deletion(3 * DAY, 'key-two'), { ...deletion(2 * DAY), what: 'rotation' as const }];
    const without = reminderWords(due, 0, false);
    expect(without.body).toBe(
      '1 key will be deleted within a day.\n1 key will be deleted within a week.\n1 key rotates within a week.',
    );
    expect(JSON.stringify(without)).not.toMatch(/payroll|key-one|key-two/);
    expect(reminderWords(due, 0, true).body).toContain('within a day: payroll.');
    const many = Array.from({ length: 5 }, (_, index) => deletion(3 * DAY, `key-${index}`));
    expect(reminderWords(many, 0, true).body).toBe(
      '5 keys will be deleted within a week: payroll, payroll, payroll and 2 more.',
    );
  });
});

describe('the desktop', () => {
  it('is told of the vault and its jobs, and gives notices only to who is elsewhere', async () => {
    await inTemporaryFolder(async (dir) => {
      const t = await openTestSession(dir);
      const notices: DesktopNotice[] = [];
      const shown: Standing[] = [];
      let focused = true;
      const { preferences } = t.parts;
      const desktop = new Desktop({
        shell: {
          show: (standing) => shown.push(standing),
          notify: (notice) => notices.push(notice),
          focused: () => focused,
        },
        session: t.session,
        preferences,
        now: t.clock.now.bind(t.clock),
        onBug: (error) => t.bugs.push({ error, where: 'desktop' }),
      });
      const told = async () => desktop.see('vault.changed', await t.session.status());
      const work = (...jobs: JobFacts[]) => desktop.see('files.changed', { jobs, removed: [] } as never);
      await t.create();
      await told();
      expect(shown.at(-1)).toEqual({ open: true, jobs: 0, progress: null });

      work(job('a', 'running', { doneBytes: 30 }));
      expect(shown.at(-1)).toEqual({ open: true, jobs: 1, progress: { fraction: 0.3, failed: false } });
      work(job('a', 'done', { finishedAt: 60_000 }));
      expect(shown.at(-1)).toMatchObject({ jobs: 0, progress: null });
      expect(notices).toEqual([]);

      focused = false;
      work(job('short', 'done', { finishedAt: 1_000 }));
      expect(notices).toEqual([]);
      work(job('b', 'running'));
      work(job('b', 'failed', { finishedAt: 60_000 }));
      expect(notices.splice(0)).toEqual([{ title: 'Failed', body: '1 job failed.', goTo: 'go.files' }]);
      // Stays to be seen until the person is back.
      expect(shown.at(-1)).toMatchObject({ progress: { failed: true } });
      desktop.focused();
      expect(shown.at(-1)).toMatchObject({ progress: null });

      const { engine, callerIn } = t.session.opened();
      const { output } = await engine.call(callerIn(REGION), 'CreateKey', {});
      const { KeyId } = output.KeyMetadata;
      await engine.call(callerIn(REGION), 'ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
      await t.session.setSettings({ autoLockMinutes: 0 });
      await preferences.set({ notices: { on: false, names: true } });
      await desktop.remind();
      expect(notices).toEqual([]);
      await preferences.set({ notices: { on: true, names: false } });
      t.clock.time += 3_600_000;
      await desktop.remind();
      expect(notices.splice(0)).toMatchObject([{ body: '1 key will be deleted within a week.', goTo: 'go.keys' }]);

      // It is remembered in the vault, over locks.
      await t.session.lock('command');
      await told();
      await desktop.remind();
      await t.unlock();
      await told();
      t.clock.time += 3_600_000;
      await desktop.remind();
      expect(notices).toEqual([]);
      t.clock.advanceDays(6.5);
      await desktop.remind();
      expect(notices.splice(0)).toMatchObject([{ body: '1 key will be deleted within a day.' }]);

      // A clock that was far ahead when it looked last, and was set right, keeps nothing back.
      const last = t.clock.time;
      t.clock.advanceDays(-400);
      const made = await t.session.opened().engine.call(t.session.opened().callerIn(REGION), 'CreateKey', {});
      const soon = { KeyId: made.output.KeyMetadata.KeyId, PendingWindowInDays: 7 };
      await t.session.opened().engine.call(t.session.opened().callerIn(REGION), 'ScheduleKeyDeletion', soon);
      await desktop.remind();
      expect(notices.splice(0)).toMatchObject([{ body: '1 key will be deleted within a week.' }]);
      t.clock.time = last;
      await t.session.lock('command');
      expect(t.bugs).toEqual([]);
    });
  });
});

it('the vault remembers where the window was, sealed, and only when it locks', async () => {
  await inTemporaryFolder(async (dir) => {
    const t = await openTestSession(dir);
    await t.create();
    expect(await t.session.status()).not.toHaveProperty('place');
    t.session.at('/keys/1234/policy');
    await t.session.lock('command');
    expect(() => t.session.at('/files')).toThrow(expect.objectContaining({ code: 'VaultLocked' }));
    expect(await t.session.status()).not.toHaveProperty('place');
    await t.unlock();
    expect(await t.session.status()).toMatchObject({ state: 'open', place: '/keys/1234/policy' });
    await t.session.lock('command');
    expect(t.bugs).toEqual([]);
  });
});
