import path from 'node:path';
import type { CallOutput } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import type { Keychain } from './environment.ts';
import { waitAtMost } from './patience.ts';
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
  /** What was known of the vault when it locked. */
  readonly seen: Seen | undefined;
}

/** A vault's name and ways in, and the folder that holds it. */
export interface Seen {
  readonly dir: string;
  readonly name: string;
  readonly slots: readonly SlotInfo[];
}

/** How long the window waits for a keychain, or a disk, before it shows what is known without it, in milliseconds. */
const SOON_MS = 400;

/** Stands for a keychain that may be waiting for a prompt. */
const UNANSWERED: Pick<Keychain, 'available' | 'get'> = {
  available: async () => ({ ok: false, reason: 'The keychain has not answered yet.' }),
  get: async () => null,
};

/** A vault's slots, with whether this computer's keychain holds their keys. */
export async function describeSlots(
  keychain: Pick<Keychain, 'get'>,
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

export async function keychainState(keychain: Pick<Keychain, 'available'>): Promise<WaysIn['keychain']> {
  const state = await keychain.available();
  return state.ok ? { available: true } : { available: false, reason: state.reason };
}

/**
 * What a folder shows of the vault in it while that is not open: its ways in, or what is wrong with it, or that there is
 * none. Where the keychain or the disk takes its time, `status` says what is known without them, and `later` the whole.
 */
export async function closedStatus(
  dir: string,
  keychain: Keychain,
  last: LastTime,
): Promise<{ status: Status; later?: Promise<Status> }> {
  const whole = wholeStatus(dir, keychain, last);
  if (await waitAtMost(SOON_MS, whole)) return { status: await whole };
  const { seen } = last;
  const status =
    seen?.dir === dir
      ? {
          ...lockedStatus(dir, await keychainState(UNANSWERED), last),
          name: seen.name,
          slots: await describeSlots(UNANSWERED, '', seen.slots),
        }
      : await wholeStatus(dir, UNANSWERED, last);
  return { status, later: whole };
}

function lockedStatus(dir: string, keychain: Locked['keychain'], { lockedBecause, problem }: LastTime) {
  return {
    state: 'locked' as const,
    path: dir,
    keychain,
    ...(lockedBecause ? { lockedBecause } : {}),
    ...(problem ? { problem } : {}),
  };
}

async function wholeStatus(
  dir: string,
  keychain: Pick<Keychain, 'available' | 'get'>,
  last: LastTime,
): Promise<Status> {
  const state = await keychainState(keychain);
  try {
    const { id, name, slots } = await Vault.inspect(dir);
    return { ...lockedStatus(dir, state, last), name, slots: await describeSlots(keychain, id, slots) };
  } catch (error) {
    if (!(error instanceof CofferError)) throw error;
    if (error.code === 'NoVault') return { state: 'none', path: dir, keychain: state, remembered: last.remembered };
    const problem = { code: error.code, message: error.message };
    return { state: 'locked', path: dir, keychain: state, name: path.basename(dir), slots: [], problem };
  }
}

/** What is wrong with a vault's recovery code. */
export function recoveryPending(slots: readonly SlotInfo[], confirmed: boolean): Pending {
  if (slots.some(({ kind }) => kind === 'recovery')) return confirmed ? null : 'unconfirmed';
  // A keychain is lost with the computer.
  return slots.filter(({ kind }) => kind !== 'keychain').length > 1 ? null : 'missing';
}
