import path from 'node:path';
import type { CallOutput } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import type { Keychain } from './environment.ts';
import { keychainAccount } from './vault/slots.ts';
import { type SlotInfo, Vault } from './vault/vault.ts';

type WaysIn = CallOutput<'vault.slots'>;
type Status = CallOutput<'vault.status'>;
type Locked = Extract<Status, { state: 'locked' }>;
type Pending = Extract<Status, { state: 'open' }>['recoveryPending'];

/** What is remembered of the last time the vault was open, or was tried to be opened. */
export interface LastTime {
  /** A vault was opened or looked for in that folder. */
  readonly remembered: boolean;
  readonly lockedBecause: Locked['lockedBecause'];
  readonly problem: Locked['problem'];
}

/** A vault's slots, with whether this computer's keychain holds their keys. */
export async function describeSlots(
  keychain: Keychain,
  vaultId: string,
  slots: readonly SlotInfo[],
): Promise<WaysIn['slots']> {
  return Promise.all(
    slots.map(async (slot) => {
      const held =
        slot.kind !== 'keychain' || (await keychain.get(keychainAccount(vaultId, slot.id)).catch(() => null)) !== null;
      return { ...slot, usable: held };
    }),
  );
}

export async function keychainState(keychain: Keychain): Promise<WaysIn['keychain']> {
  const state = await keychain.available();
  return state.ok ? { available: true } : { available: false, reason: state.reason };
}

/** What a folder shows of the vault in it while that is not open: its ways in, or what is wrong with it, or that there is none. */
export async function closedStatus(
  dir: string,
  keychain: Keychain,
  { remembered, lockedBecause, problem }: LastTime,
): Promise<Status> {
  const known = { path: dir, keychain: await keychainState(keychain) };
  const locked = { ...known, state: 'locked' as const };
  try {
    const { id, name, slots } = await Vault.inspect(dir);
    return {
      ...locked,
      name,
      slots: await describeSlots(keychain, id, slots),
      ...(lockedBecause ? { lockedBecause } : {}),
      ...(problem ? { problem } : {}),
    };
  } catch (error) {
    if (!(error instanceof CofferError)) throw error;
    if (error.code === 'NoVault') return { ...known, state: 'none', remembered };
    return { ...locked, name: path.basename(dir), slots: [], problem: { code: error.code, message: error.message } };
  }
}

/** What is wrong with a vault's recovery code. */
export function recoveryPending(slots: readonly SlotInfo[], confirmed: boolean): Pending {
  if (slots.some(({ kind }) => kind === 'recovery')) return confirmed ? null : 'unconfirmed';
  // A keychain is lost with the computer.
  return slots.filter(({ kind }) => kind !== 'keychain').length > 1 ? null : 'missing';
}
