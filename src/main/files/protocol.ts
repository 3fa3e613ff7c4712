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
  /** 32 bytes; zeroed by the worker. */
  readonly dataKey: Uint8Array;
}

export interface EncryptTask extends Common {
  readonly action: 'encrypt';
  readonly kind: 'file' | 'folder';
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
}

export type Task = EncryptTask | DecryptTask;
export type Signal = 'pause' | 'resume' | 'cancel';
export type ToWorker = { readonly task: Task } | { readonly signal: Signal };
export type FromWorker =
  | { readonly progress: number }
  | { readonly done: { readonly output?: string | undefined } }
  | { readonly failed: ErrorEnvelope; readonly cancelled: boolean };
