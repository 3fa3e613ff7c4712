import path from 'node:path';

/**
 * Whether a link at `at` below `root` leads out of it: it is absolute, climbs further up than the folder, or has `..` after a
 * name (from wherever that name leads).
 */
export function leadsOutside(root: string, at: string, target: string): boolean {
  const parts = target.split('/').filter((part) => part !== '' && part !== '.');
  const climbs = parts.lastIndexOf('..') + 1;
  if (target === '' || target.includes('\0') || path.isAbsolute(target)) return true;
  if (process.platform === 'win32' && target.includes('\\')) return true;
  if (parts.slice(0, climbs).some((part) => part !== '..')) return true;
  return !`${path.resolve(path.dirname(at), target)}${path.sep}`.startsWith(root + path.sep);
}
