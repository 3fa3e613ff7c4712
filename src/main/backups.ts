import { alsoEndedBy, type Progress } from '../shared/progress.ts';
import { freeBackupName } from './backup-name.ts';
import type { OpenVault } from './open-vault.ts';
import { PATIENCE_MS, waitAtMost } from './patience.ts';
import { writeBackup } from './vault/backup.ts';
import type { VaultOptions } from './vault/vault.ts';

/** The backups of the open vault that are being written. Locking ends them, and waits until nothing half-written is left. */
export class Backups {
  readonly #writing = new Set<Promise<unknown>>();

  get busy(): boolean {
    return this.#writing.size > 0;
  }

  /** Writes one under a free name. @throws CofferError as `writeBackup`. */
  write(
    open: Pick<OpenVault, 'vault' | 'signal'>,
    options: VaultOptions,
    folder: string,
    passphrase: string,
    progress: Progress,
  ): Promise<{ path: string; bytes: number }> {
    const write = async () => {
      const { vault, signal } = open;
      const file = await freeBackupName(folder, vault.name, options.clock.now());
      return { path: file, bytes: await writeBackup(vault, options, file, passphrase, alsoEndedBy(progress, signal)) };
    };
    const writing = write().finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
    return writing;
  }

  /** Resolves when those are over that are being written now; not for a disk that does not answer. */
  async settled(): Promise<void> {
    await waitAtMost(PATIENCE_MS, Promise.allSettled(this.#writing));
  }
}
