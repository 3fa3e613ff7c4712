import { VaultDamaged } from './errors.ts';
import { type HeaderRecord, headerIsAuthentic, readHeaders } from './header.ts';
import { RootKey } from './keys.ts';
import type { VaultOptions } from './options.ts';
import { openSlots, refusal, type Unlock } from './slots.ts';

export interface Unlocked {
  readonly root: RootKey;
  readonly header: HeaderRecord;
  /** One of the two copies is not this header. */
  readonly stale: boolean;
}

/**
 * Opens a slot of the newest copy of the header that authenticates under the key it gives. The caller destroys `root`.
 * @throws VaultDamaged; CofferError `NoSuchSlot`, `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeTypo`,
 * `KeychainKeyMissing`, `KeychainError`.
 */
export async function unlock(
  dir: string,
  options: Pick<VaultOptions, 'random' | 'keychain'>,
  way: Unlock,
): Promise<Unlocked> {
  const { candidates, broken } = await readHeaders(dir);
  const distinct = candidates.filter(
    (header, index) => index === 0 || JSON.stringify(header) !== JSON.stringify(candidates[0]),
  );
  let altered = false;
  for (const header of distinct) {
    const { vaultId } = header;
    const bytes = await openSlots({ vaultId, random: options.random, keychain: options.keychain }, header.slots, way);
    if (!bytes) continue;
    const root = new RootKey(bytes, vaultId);
    if (headerIsAuthentic(header, root)) return { root, header, stale: broken.length > 0 || distinct.length > 1 };
    root.destroy();
    altered = true;
  }
  if (altered) throw new VaultDamaged('its header was altered', { file: 'header.json' });
  throw refusal(
    way.kind,
    candidates.some(({ slots }) => slots.some(({ kind }) => kind === way.kind)),
  );
}
