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
  EIO: ['DiskError', (name) => `The disk reported an error at ${name}.`],
  ELOOP: ['FileNotFound', (name) => `The links at ${name} lead in a circle.`],
};

/** An error of the file system as one a person can act on; others are passed through. */
export function fileError(error: unknown, name: string): unknown {
  const known = sentences[(error as NodeJS.ErrnoException | null)?.code ?? ''];
  if (error instanceof CofferError || !known) return error;
  return new CofferError(known[0], known[1](name));
}
