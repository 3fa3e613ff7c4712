import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import { writeError } from './errors.ts';

export interface RecoveryNote {
  readonly code: string;
  readonly vaultName: string;
  readonly vaultPath: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const FILE_NAME = 'coffer-recovery-code';
const TRIES = 1000;

/**
 * Writes a recovery code as a text file that only its owner may read, beside whatever `folder` holds already.
 * @throws CofferError `VaultWriteError` when the folder cannot be written.
 */
export async function saveRecoveryCode(folder: string, note: RecoveryNote): Promise<string> {
  for (let number = 1; number <= TRIES; number++) {
    const file = path.join(folder, `${FILE_NAME}${number === 1 ? '' : `-${number}`}.txt`);
    try {
      const handle = await open(file, 'wx', 0o600);
      try {
        await handle.writeFile(textOf(note));
        await handle.sync();
      } catch (error) {
        await rm(file, { force: true });
        throw error;
      } finally {
        await handle.close();
      }
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw writeError(error);
    }
  }
  throw new CofferError('FileExists', `There are already ${TRIES} recovery codes in ${folder}.`);
}

function textOf({ code, vaultName, vaultPath, now }: RecoveryNote): string {
  return `Coffer recovery code

Vault:  ${vaultName}
Folder: ${vaultPath}
Made:   ${new Date(now).toISOString()}

${code}

Whoever has this code and a copy of the vault can open it. Keep it away from the computer.
`;
}
