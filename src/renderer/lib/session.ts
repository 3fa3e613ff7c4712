import { create } from 'zustand';
import type { CallOutput, EventPayload } from '../../shared/contract/index.ts';
import { invoke, on } from './api.ts';
import { asCofferError } from './errors.ts';

export type VaultStatus = EventPayload<'vault.changed'>;
export type OpenStatus = Extract<VaultStatus, { state: 'open' }>;
export type LockedStatus = Extract<VaultStatus, { state: 'locked' }>;
export type AppInfo = CallOutput<'app.info'>;

interface Session {
  /** `null` until the main process has answered. */
  readonly status: VaultStatus | null;
  readonly info: AppInfo | null;
  /** Why the first question to the main process failed. */
  readonly failure: Error | null;
  /** The Region every call of the window goes to; '' while the vault is not open. */
  readonly region: string;
  /** The 12-digit account; '' while the vault is not open. */
  readonly accountId: string;
  setRegion(region: string): void;
}

export const useSession = create<Session>()((set) => ({
  status: null,
  info: null,
  failure: null,
  region: '',
  accountId: '',
  setRegion(region) {
    set({ region });
    // Remembered for the next start only; that it could not be is not worth a word.
    invoke('app.setPreferences', { region }).catch(() => undefined);
  },
}));

const forgetters = new Set<() => void>();

/** Registers what must be forgotten when the vault locks: anything a store outside React keeps of the vault. */
export function onSessionEnd(forget: () => void): () => void {
  forgetters.add(forget);
  return () => forgetters.delete(forget);
}

function receive(status: VaultStatus): void {
  const before = useSession.getState();
  if (status.state !== 'open') {
    for (const forget of forgetters) forget();
    useSession.setState({ status, region: '', accountId: '' });
    return;
  }
  const stays = before.status?.state === 'open' && status.regions.includes(before.region);
  useSession.setState({ status, region: stays ? before.region : status.region, accountId: status.accountId });
}

/** Asks for the vault's status and follows its changes. Called once, at start. */
export async function startSession(): Promise<void> {
  on('vault.changed', receive);
  await refreshSession();
}

export async function refreshSession(): Promise<void> {
  try {
    const [status, info] = await Promise.all([invoke('vault.status', {}), invoke('app.info', {})]);
    useSession.setState({ info, failure: null });
    receive(status);
  } catch (error) {
    useSession.setState({ failure: asCofferError(error) });
  }
}
