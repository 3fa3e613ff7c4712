/**
 * The errors a caller may see. `code` is AWS's exception name where AWS has one; the vault, the files and the window add
 * their own in the same spelling. Anything that is not a CofferError is a bug, and crosses a boundary only as
 * `InternalFailure` without its text.
 */
export class CofferError extends Error {
  readonly code: string;
  /** Facts a screen can show or act on; never secrets. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, details: Record<string, unknown> = {}) {
    super(message);
    this.name = code;
    this.code = code;
    this.details = details;
  }
}

/** An error of the KMS API: `code` is one of the exceptions the operation's documentation names. */
export class KmsError extends CofferError {}

/** The one shape in which a failure crosses a process boundary. */
export interface ErrorEnvelope {
  readonly code: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function toEnvelope(error: unknown): ErrorEnvelope {
  if (error instanceof CofferError) return { code: error.code, message: error.message, details: error.details };
  return { code: 'InternalFailure', message: 'Something inside Coffer failed. Nothing was changed by this request.' };
}
