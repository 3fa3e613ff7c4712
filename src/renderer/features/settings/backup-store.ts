import { useEffect } from 'react';
import { create } from 'zustand';
import type { CallOutput } from '../../../shared/contract/index.ts';
import type { CofferError } from '../../../shared/kms/errors.ts';
import { invoke } from '../../lib/api.ts';
import { asCofferError } from '../../lib/errors.ts';
import { formatBytes } from '../../lib/format.ts';
import { notifyAside, notifyError } from '../../lib/notify.tsx';
import { unlessCancelled } from '../../lib/progress.ts';
import { onSessionEnd } from '../../lib/session.ts';

type Written = CallOutput<'vault.backup'>;

interface BackupState {
  readonly busy: boolean;
  /** The backup that was written last. */
  readonly written: Written | null;
  /** Why the last one was not. */
  readonly error: CofferError | null;
}

const nothing: BackupState = { busy: false, written: null, error: null };

/** The backup under way, or the last one: it goes on behind other screens, and is forgotten with the session. */
export const useBackup = create<BackupState>()(() => nothing);

/** Counts backups, and sessions that ended: what is answered to an earlier one is not shown. */
let round = 0;
/** Places that show how it ends. */
let shown = 0;

onSessionEnd(() => {
  round++;
  useBackup.setState(nothing);
});

/** Says that whoever asks shows how a backup ends. */
export function useShownBackup(): BackupState {
  useEffect(() => {
    shown++;
    return () => {
      shown--;
    };
  }, []);
  return useBackup();
}

/** Writes a backup; answers whether it is there. How it ended is said elsewhere once the screen was left. */
export async function backUp(folder: string, passphrase: string): Promise<boolean> {
  const own = ++round;
  useBackup.setState({ ...nothing, busy: true });
  try {
    const written = await unlessCancelled(invoke('vault.backup', { folder, passphrase }));
    if (own !== round) return false;
    useBackup.setState({ ...nothing, written: written ?? null });
    if (written && shown === 0) notifyAside(`${written.path} (${formatBytes(written.bytes)})`, WRITTEN);
    return written !== undefined;
  } catch (thrown) {
    if (own !== round) return false;
    const error = asCofferError(thrown);
    useBackup.setState({ ...nothing, error });
    if (shown === 0) notifyError(error);
    return false;
  }
}

export const WRITTEN = 'The backup is written and checked';
