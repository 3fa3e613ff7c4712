/** What a handler answers for a call that left a record: the answer, and the record's id, which travels beside it. */
export class Recorded<T> {
  readonly value: T;
  readonly requestId: string | undefined;

  constructor(value: T, requestId: string | undefined) {
    this.value = value;
    this.requestId = requestId;
  }
}

/** The same, of an engine's answer. */
export const recorded = <T>({ output, requestId }: { readonly output: T; readonly requestId?: string }): Recorded<T> =>
  new Recorded(output, requestId);
