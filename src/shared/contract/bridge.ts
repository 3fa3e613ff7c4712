/** What a shell puts on `window.coffer`: the whole of what the renderer can reach. Payloads are wire text (`shared/wire.ts`). */
export interface Bridge {
  /** Resolves to wire text of `{ ok: true, value, requestId? }` (the id of the record the call left) or `{ ok: false, error: ErrorEnvelope }`; never rejects for an expected error. */
  invoke(name: string, payload: string): Promise<string>;
  /** Returns the function that stops listening. */
  on(listener: (name: string, payload: string) => void): () => void;
  /** The real paths of dropped or picked files and folders, in order; '' where a File has none. */
  pathsFor(files: readonly File[]): Promise<string[]>;
}

declare global {
  interface Window {
    readonly coffer: Bridge;
  }
}
