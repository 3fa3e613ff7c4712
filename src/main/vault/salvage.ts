import { CofferError } from '../../shared/kms/errors.ts';
import { type Progress, partOf } from '../../shared/progress.ts';
import { readReasonOf } from './errors.ts';
import { type Salvaged, salvageGenerations } from './generations.ts';
import { acquireLock, type VaultLock } from './lock.ts';
import { parseRecoveryCode } from './recovery-code.ts';
import type { NewSlot, Unlock } from './slots.ts';
import { type Unlocked, unlock } from './unlock.ts';
import { Vault, type VaultOptions } from './vault.ts';

/** A disk that cannot be written is no reason not to read what it still gives: nobody else writes there either. */
async function lockIfWritable(dir: string): Promise<VaultLock | undefined> {
  try {
    return await acquireLock(dir);
  } catch (error) {
    if (error instanceof CofferError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || code === 'ENOSPC') return undefined;
    throw unreadable(dir, error);
  }
}

const unreadable = (dir: string, error: unknown) =>
  new CofferError('VaultUnreadable', `The vault in ${dir} could not be read: ${readReasonOf(error)}.`);

/**
 * What can be read of a damaged vault. The caller destroys `root`.
 * @throws as `unlock` and `salvageGenerations`, CofferError `VaultUnreadable`.
 */
async function read(dir: string, way: Unlock, options: VaultOptions, progress: Progress): Promise<Unlocked & Salvaged> {
  let unlocked: Unlocked | undefined;
  try {
    unlocked = await unlock(dir, options, way);
    const { vaultId, generation } = unlocked.header;
    const salvaged = await salvageGenerations({ dir, vaultId, root: unlocked.root }, generation, progress);
    return { ...unlocked, ...salvaged };
  } catch (error) {
    unlocked?.root.destroy();
    throw error instanceof CofferError ? error : unreadable(dir, error);
  }
}

/**
 * Copies what is whole of a damaged vault into a new or empty folder. The passphrase or recovery code that opened the damaged
 * one opens the copy; a keychain alone is not enough, since a vault needs another way in. The damaged one is only read.
 * @returns the number of journal records kept after the snapshot, and where the damage begins ('' when there is none).
 * @throws as `unlock` and `Vault.adopt`, CofferError `VaultUnreadable`, and VaultDamaged when no snapshot is whole; then nothing is
 * left in the folder.
 */
export async function salvageVault(
  damagedDir: string,
  way: Exclude<Unlock, { kind: 'keychain' }>,
  dir: string,
  options: VaultOptions,
  progress: Progress = {},
): Promise<{ recoveredRecords: number; lost: string }> {
  const lock = await lockIfWritable(damagedDir);
  try {
    const { root, header, db, records, damage } = await read(damagedDir, way, options, partOf(progress, 0, 2));
    try {
      const identity = { name: header.name, vaultId: header.vaultId, rootKey: root.copy() };
      const slot: NewSlot =
        way.kind === 'passphrase'
          ? { kind: 'passphrase', secret: way.secret }
          : { kind: 'recovery', code: parseRecoveryCode(way.secret) };
      const vault = await Vault.adopt(dir, options, identity, [slot], db, partOf(progress, 1, 2));
      await vault.close();
      return { recoveredRecords: records, lost: damage?.what ?? '' };
    } finally {
      root.destroy();
    }
  } finally {
    await lock?.release();
  }
}
