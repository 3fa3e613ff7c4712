import { CofferError } from '../../shared/kms/errors.ts';

const sentences: Readonly<Record<string, readonly [code: string, text: (name: string) => string]>> = {
  ENOENT: ['FileNotFound', (name) => `${name} is not there any more.`],
  EACCES: ['AccessDenied', (name) => `Your account may not read or write ${name}.`],
  EPERM: ['AccessDenied', (name) => `Your account may not read or write ${name}.`],
  EROFS: ['ReadOnlyDisk', (name) => `The disk of ${name} is read-only. Choose another output folder.`],
  ENOSPC: ['DiskFull', (name) => `There is no room left on the disk of ${name}. Nothing half-written was kept.`],
  EDQUOT: ['DiskFull', (name) => `The disk quota for ${name} is used up. Nothing half-written was kept.`],
  EEXIST: ['FileExists', (name) => `There is already a file ${name}.`],
  ENOTEMPTY: ['FileExists', (name) => `There is already a folder ${name}.`],
  EISDIR: ['FileExists', (name) => `There is already a folder ${name}.`],
  ENOTDIR: ['FileNotFound', (name) => `The path of ${name} leads through something that is not a folder.`],
  ENAMETOOLONG: ['NameTooLong', (name) => `The name ${name.slice(0, 40)}… is too long for this disk.`],
  EMFILE: ['TooManyFiles', () => 'Too many files are open. Try again when other jobs are done.'],
  ENFILE: ['TooManyFiles', () => 'Too many files are open. Try again when other programs have closed some.'],
  EFBIG: ['FileTooLarge', (name) => `${name} would be larger than its disk takes.`],
  EIO: ['DiskError', (name) => `The disk reported an error at ${name}.`],
  ELOOP: ['FileNotFound', (name) => `The links at ${name} lead in a circle.`],
};

/**
 * An error of the file system as one a person can act on; others are passed through. What the system refuses for a reason
 * not foreseen here is still no bug: it is told with the system's own name for it.
 */
export function fileError(error: unknown, name: string): unknown {
  const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (error instanceof CofferError || !code) return error;
  const known = sentences[code];
  if (known) return new CofferError(known[0], known[1](name));
  return syscall ? new CofferError('DiskError', `The system refused to work on ${name} (${code}).`) : error;
}
