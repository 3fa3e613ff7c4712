import { notificationsStore } from '@mantine/notifications';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { encodeWire } from '../../../src/shared/wire.ts';

type Store = typeof import('../../../src/renderer/features/settings/backup-store.ts');

/** What the main process answers to the backup that waits. */
let answer: (outcome: object) => void = () => undefined;
let tell: (name: string, payload: unknown) => void = () => undefined;
let store: Store;

beforeAll(async () => {
  vi.stubGlobal('window', {
    coffer: {
      invoke: (name: string) =>
        new Promise((resolve) => {
          if (name === 'vault.backup') answer = (outcome) => resolve(encodeWire(outcome));
          else resolve(encodeWire({ ok: false, error: { code: 'VaultLocked', message: 'Locked.' } }));
        }),
      on: (listener: typeof tell) => {
        tell = (name, payload) => listener(name, encodeWire(payload));
      },
    },
  });
  store = await import('../../../src/renderer/features/settings/backup-store.ts');
  const { startSession } = await import('../../../src/renderer/lib/session.ts');
  await startSession();
});
afterAll(() => vi.unstubAllGlobals());
afterEach(() => notificationsStore.setState({ ...notificationsStore.getState(), notifications: [], queue: [] }));

const notices = () => notificationsStore.getState().notifications.map(({ title }) => title);
const written = { path: '/b', bytes: 5 };
const refused = (code: string) => ({ ok: false, error: { code, message: 'Why.' } });
const begin = () => store.backUp('/', 'a passphrase of its own');

it('keeps what was written for who comes back, and says so to who is elsewhere', async () => {
  const backup = begin();
  expect(store.useBackup.getState()).toEqual({ busy: true, written: null, error: null });
  answer({ ok: true, value: written });
  expect(await backup).toBe(true);
  expect(store.useBackup.getState()).toEqual({ busy: false, written, error: null });
  expect(notices()).toEqual([store.WRITTEN]);
});

it('says elsewhere why there is no backup', async () => {
  const backup = begin();
  answer(refused('BackupFailed'));
  expect(await backup).toBe(false);
  expect(store.useBackup.getState()).toMatchObject({ busy: false, written: null, error: { code: 'BackupFailed' } });
  expect(notices()).toEqual(['BackupFailed']);
});

it('has nothing to say of a backup that was cancelled', async () => {
  const backup = begin();
  answer(refused('Cancelled'));
  expect(await backup).toBe(false);
  expect(store.useBackup.getState()).toEqual({ busy: false, written: null, error: null });
  expect(notices()).toEqual([]);
});

it('forgets a backup with the session, whatever is answered later', async () => {
  for (const outcome of [{ ok: true, value: written }, refused('VaultLocked')]) {
    const backup = begin();
    tell('vault.changed', { state: 'locked' });
    answer(outcome);
    expect(await backup).toBe(false);
    expect(store.useBackup.getState()).toEqual({ busy: false, written: null, error: null });
    expect(notices()).toEqual([]);
  }
});
