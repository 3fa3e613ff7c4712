import { CofferError } from '../../shared/kms/errors.ts';
import { writeError } from './errors.ts';
import { writeNewFile } from './new-file.ts';

export interface RecoveryNote {
  readonly code: string;
  readonly vaultName: string;
  readonly vaultPath: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Writes a recovery code as a text file that only its owner may read, beside whatever `folder` holds already.
 * @throws CofferError `VaultWriteError` when the folder cannot be written.
 */
export function saveRecoveryCode(folder: string, note: RecoveryNote): Promise<string> {
  return writeNewFile(folder, 'coffer-recovery-code', '.txt', textOf(note), (error, _name, tries) =>
    error === undefined
      ? new CofferError('FileExists', `There are already ${tries} recovery codes in ${folder}.`)
      : writeError(error),
  );
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
