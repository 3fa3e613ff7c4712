import path from 'node:path';

/** The files and folders that a command line names: what is no option, absolute. After `--` everything is a name. */
export function namedPaths(args: readonly string[], cwd: string): string[] {
  const end = args.indexOf('--');
  const before = end === -1 ? args : args.slice(0, end);
  const after = end === -1 ? [] : args.slice(end + 1);
  return [...before.filter((arg) => arg !== '' && !arg.startsWith('-')), ...after].map((arg) => path.resolve(cwd, arg));
}
