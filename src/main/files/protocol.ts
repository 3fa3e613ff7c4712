import type { ErrorEnvelope } from '../../shared/kms/errors.ts';
import type { EncryptedDataKey } from './message/header.ts';
import type { Seen } from './seen.ts';
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
}

/** What a new message is made with. */
export interface Sealing {
  /** 32 bytes; zeroed by the worker. */
  readonly dataKey: Uint8Array;
  readonly messageId: Uint8Array;
  readonly context: Readonly<Record<string, string>>;
  readonly edk: EncryptedDataKey;
  readonly frameLength: number;
  /** PKCS #8 DER of the message's signing key. */
  readonly signingKey?: Uint8Array | undefined;
}

export interface EncryptTask extends Common {
  readonly action: 'encrypt';
  /** `entry` is one file, or an empty folder, with its name inside. */
  readonly kind: 'file' | 'folder' | 'entry';
  /** The name inside an `entry`. */
  readonly entryName?: string | undefined;
  readonly seal: Sealing;
  /** Reads what was written back and opens it whole before it gets its name; the outcome says how the original was. */
  readonly readBack?: boolean | undefined;
}

export interface DecryptTask extends Common {
  /** `verify` decrypts and keeps nothing; it has no output. */
  readonly action: 'decrypt' | 'verify';
  /** 32 bytes; zeroed by the worker. */
  readonly dataKey: Uint8Array;
  /** Where a hidden name's path begins; else only its last part is used, beside `output`. */
  readonly entryRoot?: string | undefined;
}

/** Opens a message and makes a new one of its content, which is read back before it gets its name. */
export interface ReencryptTask extends Common {
  readonly action: 'reencrypt';
  /** Of the message as it is: 32 bytes; zeroed by the worker. */
  readonly dataKey: Uint8Array;
  readonly seal: Sealing;
  /** The new message takes the old one's place, which `output` then names. */
  readonly inPlace: boolean;
}

export type Task = EncryptTask | DecryptTask | ReencryptTask;

/** Small jobs that a worker does together, several at a time. */
export interface Batch {
  readonly action: 'batch';
  readonly id: string;
  readonly tasks: readonly Task[];
}

/** What became of a task: its output, if it has one, or why there is none. */
export type Outcome =
  | {
      readonly output?: string | undefined;
      /** How the original was when it was read, where that was asked for. */
      readonly seen?: Seen | undefined;
      readonly items?: readonly Outcome[];
    }
  | { readonly failed: ErrorEnvelope; readonly cancelled: boolean };
export type Signal = 'pause' | 'resume' | 'cancel';
export type ToWorker = { readonly task: Task | Batch } | { readonly signal: Signal };
export type FromWorker = { readonly progress: number } | { readonly outcome: Outcome };

/** Overwrites the keys of a task. */
export function forget(task: Task): void {
  if ('dataKey' in task) task.dataKey.fill(0);
  if (!('seal' in task)) return;
  task.seal.dataKey.fill(0);
  task.seal.signingKey?.fill(0);
}
