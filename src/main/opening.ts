import path from 'node:path';

/** More than anybody opens at once. */
const MAX = 10_000;

/** The files and folders that a command line names: what is no option, absolute. After `--` everything is a name. */
export function namedPaths(args: readonly string[], cwd: string): string[] {
  const end = args.indexOf('--');
  const before = end === -1 ? args : args.slice(0, end);
  const after = end === -1 ? [] : args.slice(end + 1);
  return [...before.filter((arg) => arg !== '' && !arg.startsWith('-')), ...after].map((arg) => path.resolve(cwd, arg));
}

/** Files that were opened with Coffer and wait until a vault is open and the window asks for them. */
export class OpenedFiles {
  readonly #onOpened: () => void;
  #paths: string[] = [];

  constructor(onOpened: () => void) {
    this.#onOpened = onOpened;
  }

  add(paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.#paths = [...new Set([...this.#paths, ...paths])].slice(0, MAX);
    this.#onOpened();
  }

  /** What waits; it waits no more. */
  take(): string[] {
    const paths = this.#paths;
    this.#paths = [];
    return paths;
  }
}
