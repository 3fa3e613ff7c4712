import type { Progress } from '../../shared/progress.ts';
import type { Session } from '../session.ts';
import { absolute } from './absolute.ts';
import { LongCalls, toldOf } from './long-calls.ts';
import type { Emit, Handlers } from './router.ts';

type VaultJob = 'backup' | 'restore' | 'salvage';

/** What answers the window about the vault itself: opening and locking it, its ways in, and copies of it. */
export function vaultHandlers(
  session: Session,
  emit: Emit,
): Pick<Handlers, Extract<keyof Handlers, `vault.${string}`>> {
  const calls = new LongCalls<VaultJob>();
  const run = <T>(job: VaultJob, work: (progress: Progress) => Promise<T>) =>
    calls.run(job, (signal) =>
      work({ signal, onProgress: toldOf((done, total) => emit('vault.progress', { job, done, total })) }),
    );
  return {
    'vault.status': () => session.status(),
    'vault.create': (wish) => session.create(wish),
    'vault.confirmRecovery': async ({ groups }) => ({ ok: await session.confirmRecovery(groups) }),
    'vault.saveRecovery': async ({ folder }) => ({ path: await session.saveRecovery(await absolute(folder)) }),
    'vault.unlock': async (way) => {
      await session.unlock(way);
      return {};
    },
    'vault.lock': async () => {
      await session.lock('command');
      return {};
    },
    'vault.slots': () => session.slots(),
    'vault.addSlot': (way) => session.addSlot(way),
    'vault.changePassphrase': async ({ slotId, current, next }) => {
      await session.opened().vault.changePassphrase(slotId, current, next);
      return {};
    },
    'vault.removeSlot': async ({ slotId }) => {
      await session.removeSlot(slotId);
      return {};
    },
    'vault.settings': () => publicSettings(session.settings()),
    'vault.setSettings': async (changes) => publicSettings(await session.setSettings(changes)),
    'vault.backup': ({ folder, passphrase }) =>
      run('backup', async (progress) => session.backup(await absolute(folder), passphrase, progress)),
    'vault.restore': ({ file, passphrase, path: dir }) =>
      run('restore', async (progress) => {
        await session.restore(await absolute(file), passphrase, await absolute(dir), progress);
        return {};
      }),
    'vault.salvage': ({ unlock, path: dir }) =>
      run('salvage', async (progress) => session.salvage(unlock, await absolute(dir), progress)),
    'vault.cancel': ({ job }) => {
      calls.cancel(job);
      return {};
    },
    'vault.choose': async ({ path: dir }) => {
      await session.choose(await absolute(dir));
      return {};
    },
  };
}

function publicSettings({ name, autoLockMinutes, lockOnSuspend }: ReturnType<Session['settings']>) {
  return { name, autoLockMinutes, lockOnSuspend };
}
