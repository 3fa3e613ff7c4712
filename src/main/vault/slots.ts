import { CofferError } from '../../shared/kms/errors.ts';
import { open, seal } from '../crypto/aead.ts';
import { framed, fromBase64, toBase64, u64 } from '../crypto/bytes.ts';
import { hkdf, SCRYPT_DEFAULT, type ScryptCost, scryptCostIsSane, stretch } from '../crypto/kdf.ts';
import type { Keychain, Random } from '../environment.ts';
import type { SlotRecord } from './header.ts';
import { parseRecoveryCode } from './recovery-code.ts';

/**
 * Key slots: each holds the root key sealed for one way in. The additional data binds a slot to its vault, id, kind, time
 * and parameters, so that none of them can be exchanged.
 */
export type Unlock =
  | { readonly kind: 'keychain' }
  | { readonly kind: 'passphrase'; readonly secret: string }
  | { readonly kind: 'recovery'; readonly secret: string };

/** What a new slot is sealed with. */
export type NewSlot =
  | { readonly kind: 'keychain' }
  | { readonly kind: 'passphrase'; readonly secret: string }
  | { readonly kind: 'recovery'; readonly code: Uint8Array };

export interface SlotContext {
  readonly vaultId: string;
  readonly random: Random;
  readonly keychain: Keychain;
  readonly scrypt?: ScryptCost;
}

type Unwrapped = Omit<SlotRecord, 'wrapped'>;

function aad(vaultId: string, slot: Unwrapped): Uint8Array {
  const kdf = slot.kdf ? framed(slot.kdf.name, u64(slot.kdf.N), u64(slot.kdf.r), u64(slot.kdf.p), slot.kdf.salt) : '';
  return framed('coffer key slot', vaultId, slot.id, slot.kind, u64(slot.createdAt), kdf);
}

/** The keychain's name for a slot's key. */
export function keychainAccount(vaultId: string, slotId: string): string {
  return `${vaultId}/${slotId}`;
}

function recoveryKey(code: Uint8Array, slotId: string): Uint8Array {
  // 160 random bits need no stretching.
  return hkdf(code, new TextEncoder().encode(slotId), 'coffer/v1/recovery');
}

/**
 * Seals the root key for one way in. A keychain slot's random key is stored and read back before it counts.
 * @throws CofferError `KeychainError` when the keychain does not keep it.
 */
export async function makeSlot(
  context: SlotContext,
  rootKey: Uint8Array,
  id: string,
  createdAt: number,
  way: NewSlot,
): Promise<SlotRecord> {
  const { random, vaultId } = context;
  let slot: Unwrapped = { id, kind: way.kind, createdAt };
  let key: Uint8Array;
  if (way.kind === 'keychain') {
    key = random.bytes(32);
    const account = keychainAccount(vaultId, id);
    const text = toBase64(key);
    try {
      await context.keychain.set(account, text);
      if ((await context.keychain.get(account)) !== text)
        throw new CofferError('KeychainError', 'The keychain did not keep the key it was given, so it is not used.');
    } catch (error) {
      await forgetSlot(context, slot);
      throw error;
    }
  } else if (way.kind === 'passphrase') {
    const cost = context.scrypt ?? SCRYPT_DEFAULT;
    const salt = random.bytes(16);
    slot = { ...slot, kdf: { name: 'scrypt', N: cost.N, r: cost.r, p: cost.p, salt: toBase64(salt) } };
    key = await stretch(way.secret, salt, cost);
  } else {
    key = recoveryKey(way.code, id);
  }
  const wrapped = toBase64(seal(key, random.bytes(12), rootKey, aad(vaultId, slot)));
  key.fill(0);
  return { ...slot, wrapped };
}

/** Takes a slot's key out of the keychain, if it is there at all. A keychain that refuses keeps a key that opens nothing. */
export async function forgetSlot(
  { keychain, vaultId }: Pick<SlotContext, 'keychain' | 'vaultId'>,
  { kind, id }: Pick<SlotRecord, 'kind' | 'id'>,
): Promise<void> {
  if (kind === 'keychain') await keychain.delete(keychainAccount(vaultId, id)).catch(() => false);
}

async function slotKey(context: SlotContext, slot: SlotRecord, way: Unlock): Promise<Uint8Array | null> {
  if (way.kind === 'keychain') {
    const text = await context.keychain.get(keychainAccount(context.vaultId, slot.id));
    if (text === null) return null;
    const key = new Uint8Array(Buffer.from(text, 'base64'));
    return key.length === 32 ? key : null;
  }
  if (way.kind === 'passphrase') {
    if (!slot.kdf || !scryptCostIsSane(slot.kdf)) return null;
    return stretch(way.secret, new Uint8Array(Buffer.from(slot.kdf.salt, 'base64')), slot.kdf);
  }
  return recoveryKey(parseRecoveryCode(way.secret), slot.id);
}

/** The root key of the first slot of this kind that opens, or null. */
export async function openSlots(
  context: SlotContext,
  slots: readonly SlotRecord[],
  way: Unlock,
): Promise<Uint8Array | null> {
  for (const slot of slots) {
    if (slot.kind !== way.kind) continue;
    const key = await slotKey(context, slot, way);
    if (!key) continue;
    const root = open(key, fromBase64(slot.wrapped), aad(context.vaultId, slot));
    key.fill(0);
    if (root?.length === 32) return root;
  }
  return null;
}

/** Why a way in did not open, as its own error. */
export function refusal(way: Unlock['kind'], exists: boolean): CofferError {
  if (!exists) return new CofferError('NoSuchSlot', `This vault has no ${way} way in.`);
  if (way === 'passphrase') return new CofferError('WrongPassphrase', 'That passphrase does not open this vault.');
  if (way === 'recovery')
    return new CofferError(
      'WrongRecoveryCode',
      'That recovery code does not open this vault. A newer code may have replaced it.',
    );
  return new CofferError(
    'KeychainKeyMissing',
    // A locked Secret Service that cannot ask answers like one that holds nothing.
    "This computer's keychain does not give the key of this vault: it is locked, or does not hold it. Use the passphrase or the recovery code.",
  );
}
