import { stat } from 'node:fs/promises';
import path from 'node:path';

/** A name for a vault's backup that nothing in the folder has: the vault's name, the time, and a number where it takes one. */
export async function freeBackupName(folder: string, vaultName: string, now: number): Promise<string> {
  const stamp = new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const stem = vaultName.replace(/[^\p{L}\p{N} _-]/gu, '_').slice(0, 60);
  for (let number = 1; ; number++) {
    const file = path.join(folder, `${stem}-${stamp}${number === 1 ? '' : `-${number}`}.coffer-backup`);
    const taken = await stat(file).then(
      () => true,
      () => false,
    );
    if (!taken) return file;
  }
}
