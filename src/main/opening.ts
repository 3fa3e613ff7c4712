/** More than anybody opens at once. */
const MAX = 10_000;

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
