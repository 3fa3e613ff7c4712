import { create } from 'zustand';
import { onSessionEnd } from '../../lib/session.ts';

interface Flow {
  /** The vault was made in this window and its first steps are not done: they are shown although it is open. */
  readonly active: boolean;
  /** Shown this once. */
  readonly code: string | null;
}

export const useFirstRun = create<Flow>()(() => ({ active: false, code: null }));

export const endFirstRun = (): void => useFirstRun.setState({ active: false, code: null });

// While the vault is being made the status is still `none`: only a vault that was made can end.
onSessionEnd(() => {
  if (useFirstRun.getState().code !== null) endFirstRun();
});
