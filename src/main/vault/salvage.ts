import { CofferError } from '../../shared/kms/errors.ts';
import { reasonOf } from './errors.ts';
import { salvageGenerations } from './generations.ts';
import { acquireLock, type VaultLock } from './lock.ts';
import { parseRecoveryCode } from './recovery-code.ts';
import type { NewSlot, Unlock } from './slots.ts';
import { unlock } from './unlock.ts';
import { Vault, type VaultOptions } from './vault.ts';

/** A disk that cannot be written is no reason not to read what it still gives: nobody else writes there either. */
async function lockIfWritable(dir: string): Promise<VaultLock | undefined> {
  try {
    return await acquireLock(dir);
  } catch (error) {
    if (error instanceof CofferError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || code === 'ENOSPC') return undefined;
    throw new CofferError('VaultUnreadable', `The vault in ${dir} could not be read: ${reasonOf(error)}.`);
  }
}

/**
 * Copies what is whole of a damaged vault into a new or empty folder. The passphrase or recovery code that opened the damaged
 * one opens the copy; a keychain alone is not enough, since a vault needs another way in. The damaged one is only read.
 * @returns the number of journal records kept after the snapshot, and where the damage begins ('' when there is none).
 * @throws as `unlock` and `Vault.adopt`, CofferError `VaultUnreadable`, and VaultDamaged when no snapshot is whole.
 */
export async function salvageVault(
  damagedDir: string,
  way: Exclude<Unlock, { kind: 'keychain' }>,
  dir: string,
  options: VaultOptions,
): Promise<{ recoveredRecords: number; lost: string }> {
  const lock = await lockIfWritable(damagedDir);
  try {
    const { root, header } = await unlock(damagedDir, options, way);
    try {
      const identity = { name: header.name, vaultId: header.vaultId, rootKey: root.copy() };
      const { db, records, damage } = await salvageGenerations(
        { dir: damagedDir, vaultId: header.vaultId, root },
        header.generation,
      );
      const slot: NewSlot =
        way.kind === 'passphrase'
          ? { kind: 'passphrase', secret: way.secret }
          : { kind: 'recovery', code: parseRecoveryCode(way.secret) };
      const vault = await Vault.adopt(dir, options, identity, [slot], db);
      await vault.close();
      return { recoveredRecords: records, lost: damage?.message ?? '' };
    } finally {
      root.destroy();
    }
  } finally {
    await lock?.release();
  }
}
