import type { ErrorEnvelope } from '../../shared/kms/errors.ts';
import type { EncryptedDataKey } from './message/header.ts';
import type { OnConflict } from './target.ts';

/** What the service and its workers say to each other. */
export interface Common {
  readonly id: string;
  readonly source: string;
  /** Where the result goes, as named before conflicts are settled. */
  readonly output: string;
  readonly onConflict: OnConflict;
  /** Refuses a source that is a link: it was none when its folder was read. */
  readonly noFollow?: boolean | undefined;
  /** 32 bytes; zeroed by the worker. */
  readonly dataKey: Uint8Array;
}

export interface EncryptTask extends Common {
  readonly action: 'encrypt';
  /** `entry` is one file, or an empty folder, with its name inside. */
  readonly kind: 'file' | 'folder' | 'entry';
  /** The name inside an `entry`. */
  readonly entryName?: string | undefined;
  readonly messageId: Uint8Array;
  readonly context: Readonly<Record<string, string>>;
  readonly edk: EncryptedDataKey;
  readonly frameLength: number;
  /** PKCS #8 DER of the message's signing key. */
  readonly signingKey?: Uint8Array | undefined;
}

export interface DecryptTask extends Common {
  /** `verify` decrypts and keeps nothing; it has no output. */
  readonly action: 'decrypt' | 'verify';
  /** Where a hidden name's path begins; else only its last part is used, beside `output`. */
  readonly entryRoot?: string | undefined;
}

export type Task = EncryptTask | DecryptTask;

/** Small jobs that a worker does together, several at a time. */
export interface Batch {
  readonly action: 'batch';
  readonly id: string;
  readonly tasks: readonly Task[];
}

/** What became of a task: its output, if it has one, or why there is none. */
export type Outcome =
  | { readonly output?: string | undefined; readonly items?: readonly Outcome[] }
  | { readonly failed: ErrorEnvelope; readonly cancelled: boolean };
export type Signal = 'pause' | 'resume' | 'cancel';
export type ToWorker = { readonly task: Task | Batch } | { readonly signal: Signal };
export type FromWorker = { readonly progress: number } | { readonly outcome: Outcome };
