import { CofferError } from '../../shared/kms/errors.ts';

/** The vault's files are not what they were when they were written. Opening stops and nothing is overwritten. */
export class VaultDamaged extends CofferError {
  /** What was found, without what can be done about it. */
  readonly what: string;

  constructor(what: string, details: Record<string, unknown> = {}) {
    super(
      'VaultDamaged',
      `The vault is damaged: ${what}. Nothing was changed. Restore a backup, or salvage what is whole into a new folder.`,
      details,
    );
    this.what = what;
  }
}

const reasons: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk is read-only',
  EACCES: 'the folder may not be written',
  EPERM: 'the folder may not be written',
  ENOENT: 'the folder is gone',
  EISDIR: 'a folder has its name',
  ENOTDIR: 'the path leads through a file that is not a folder',
  EIO: 'the disk reported an error',
  EFBIG: 'the file may not grow any further',
  ENAMETOOLONG: 'the name is too long',
};

/** The reason behind a file system error, in words. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
  return reasons[code] ?? `the system answered ${code}`;
}

/** The reason why a file that somebody named cannot be read, in words. */
export function readReasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  return reasonOf(error);
}

/** Nothing of the request was kept, because it could not be written. An error that already says so in words stays what it is. */
export function writeError(error: unknown): CofferError {
  if (error instanceof CofferError) return error;
  return new CofferError(
    'VaultWriteError',
    `The vault could not be written: ${reasonOf(error)}. Nothing was changed.`,
    {
      cause: (error as NodeJS.ErrnoException | undefined)?.code,
    },
  );
}
