import type { ErrorEnvelope } from '../../shared/kms/errors.ts';
import type { EncryptedDataKey } from './message/header.ts';
import type { Done } from './seen.ts';
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
  | (Done & {
      /** Of a batch: what became of each task. */
      readonly items?: readonly (Outcome | undefined)[];
    })
  | { readonly failed: ErrorEnvelope; readonly cancelled: boolean };
export type Signal = 'pause' | 'resume' | 'cancel';
/** Asks for a name that became known while a task ran; `asked` comes back with the answer. */
export interface NameAsked {
  readonly asked: number;
  readonly source: string;
  readonly output: string;
}
/** How a conflict at that name is to be settled, or why it is not given. */
export type NameAnswer = { readonly onConflict: OnConflict } | { readonly refused: ErrorEnvelope };
export type ToWorker =
  | { readonly task: Task | Batch }
  | { readonly signal: Signal }
  | { readonly asked: number; readonly answer: NameAnswer };
export type FromWorker =
  | { readonly progress: number }
  /** A task that is alone gives its result the name: stopped from now on, it would say less than what stands. */
  | { readonly settling: true }
  /** The outcome of each task of a batch comes when it is through, before that of the batch: a thread may not live to tell that. */
  | { readonly item: number; readonly outcome: Outcome }
  | { readonly outcome: Outcome }
  | NameAsked;

/** Overwrites the keys of a task. */
export function forget(task: Task): void {
  if ('dataKey' in task) task.dataKey.fill(0);
  if (!('seal' in task)) return;
  task.seal.dataKey.fill(0);
  task.seal.signingKey?.fill(0);
}
