import { create } from 'zustand';
import type { CallOutput, EventPayload } from '../../shared/contract/index.ts';
import { invoke, on } from './api.ts';
import { asCofferError } from './errors.ts';

export type VaultStatus = EventPayload<'vault.changed'>;
export type OpenStatus = Extract<VaultStatus, { state: 'open' }>;
export type LockedStatus = Extract<VaultStatus, { state: 'locked' }>;
export type AppInfo = CallOutput<'app.info'>;
export type Acting = CallOutput<'people.whoAmI'>;

interface Session {
  /** `null` until the main process has answered. */
  readonly status: VaultStatus | null;
  readonly info: AppInfo | null;
  /** Why the first question to the main process failed. */
  readonly failure: Error | null;
  /** The Region every call of the window goes to; '' while the vault is not open. */
  readonly region: string;
  /** As whom every call is made; `null` while the vault is not open, or until that was asked. */
  readonly acting: Acting | null;
  /** The ARN of the same, the vault's owner's until it was asked; '' while the vault is not open. */
  readonly principalArn: string;
  /** Its 12-digit account; '' while the vault is not open. */
  readonly accountId: string;
  setRegion(region: string): void;
}

export const useSession = create<Session>()((set) => ({
  status: null,
  info: null,
  failure: null,
  region: '',
  acting: null,
  principalArn: '',
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

let ended = 0;

/** Tells later whether the vault was open all the time: what was asked before it was locked is not kept after. */
export function sameSession(): () => boolean {
  const asked = ended;
  return () => asked === ended;
}

function receive(status: VaultStatus): void {
  const before = useSession.getState();
  if (status.state !== 'open') {
    ended++;
    for (const forget of forgetters) forget();
    useSession.setState({ status, region: '', acting: null, principalArn: '', accountId: '' });
    return;
  }
  const { acting } = before;
  const stays = before.status?.state === 'open' && status.regions.includes(before.region);
  useSession.setState({
    status,
    region: stays ? before.region : status.region,
    principalArn: acting?.principalArn ?? status.principalArn,
    accountId: acting?.accountId ?? status.accountId,
  });
  if (!acting) invoke('people.whoAmI', {}).then(receiveActing, () => undefined);
}

function receiveActing(acting: Acting): void {
  // Locked meanwhile: nobody acts.
  if (useSession.getState().status?.state !== 'open') return;
  useSession.setState({ acting, principalArn: acting.principalArn, accountId: acting.accountId });
}

/** Makes every call from now on as somebody else. @throws CofferError `NoSuchEntityException` */
export async function actAs(principalArn: string): Promise<Acting> {
  const acting = await invoke('people.actAs', { principalArn });
  receiveActing(acting);
  return acting;
}

/** Proves a code of a device of whom the window acts as. @throws CofferError as `people.proveMfa` */
export async function proveMfa(code: string, serialNumber?: string): Promise<Acting> {
  const acting = await invoke('people.proveMfa', { code, ...(serialNumber ? { serialNumber } : {}) });
  receiveActing(acting);
  return acting;
}

/** Asks for the vault's status and follows its changes. Called once, at start. */
export async function startSession(): Promise<void> {
  on('vault.changed', receive);
  on('people.changed', ({ acting }) => receiveActing(acting));
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
