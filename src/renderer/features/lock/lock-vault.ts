import { create } from 'zustand';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';

/** What the lock screen shows. */
export type LockView = 'unlock' | 'restore' | 'choose' | 'salvage';

interface View {
  readonly view: LockView;
}

export const useLockView = create<View>()(() => ({ view: 'unlock' }));
export const showLockView = (view: LockView): void => useLockView.setState({ view });

/** Locks; the lock screen appears when the main process says that it is done. */
export async function lockVault(): Promise<void> {
  try {
    await invoke('vault.lock', {});
  } catch (error) {
    notifyError(error);
  }
}

/** A backup is never restored over an open vault: lock first, then ask for the backup. */
export async function lockAndRestore(): Promise<void> {
  showLockView('restore');
  await lockVault();
}
