import type { CallInput } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { normaliseRecoveryText } from './vault/recovery-code.ts';
import { saveRecoveryCode } from './vault/recovery-file.ts';

/** The recovery code shown last, until it is typed back or the vault locks. */
export class ShownCode {
  #code: string | undefined;

  show(code: string): void {
    this.#code = code;
  }

  forget(): void {
    this.#code = undefined;
  }

  /** Compares typed groups, three of them at least, with the code's. @throws CofferError `NoRecoveryCode` */
  matches(groups: CallInput<'vault.confirmRecovery'>['groups']): boolean {
    const shown = this.#shown().split('-');
    const distinct = new Set(groups.map(({ index }) => index));
    return distinct.size >= 3 && groups.every(({ index, text }) => shown[index] === normaliseRecoveryText(text));
  }

  /** Writes it into a new file in `folder`; returns its path. @throws CofferError `NoRecoveryCode` */
  save(folder: string, about: { vaultName: string; vaultPath: string; now: number }): Promise<string> {
    return saveRecoveryCode(folder, { code: this.#shown(), ...about });
  }

  #shown(): string {
    if (this.#code === undefined)
      throw new CofferError('NoRecoveryCode', 'The recovery code is not shown any more. Make a new one in Settings.');
    return this.#code;
  }
}
