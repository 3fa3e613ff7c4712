/** Works that are done one after the other, in the order in which they were asked for. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  /** Does `work` once everything asked for before is over, however that ended. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when everything asked for until now is over. */
  async over(): Promise<void> {
    await this.#last;
  }
}
