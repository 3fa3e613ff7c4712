import type { z } from 'zod';
import type { KeyUsage } from '../../shared/kms/enums.ts';
import type { OperationName, OperationOutput, Operations } from '../../shared/kms/operations.ts';
import type { DigestSigner } from '../audit/digest.ts';
import type { AuditEntry } from '../audit/types.ts';
import type { Random } from '../environment.ts';
import type { Transaction } from '../vault/types.ts';
import type { KeyReader, KeyRecord } from './key-rows.ts';
import type { Materials } from './materials.ts';
import type { Caller } from './types.ts';

/** What an operation works with while its transaction is open. */
export interface Context {
  readonly tx: Transaction;
  readonly caller: Caller;
  /** Milliseconds since the epoch, the same during the whole call. */
  readonly now: number;
  readonly random: Random;
  readonly keys: KeyReader;
  readonly materials: Materials;
  /** Checks the signatures of the trail's digests. */
  readonly signer: DigestSigner;
  /** Customer managed keys an account may have in a Region. */
  readonly keysPerRegion: number;
}

/** An input after its schema. */
export type Parsed<N extends OperationName> = z.output<Operations[N]['input']>;

/** A permission the call needs: on a key, whose state and usage are checked too, or on another resource. */
export type Target =
  | { readonly key: KeyRecord; readonly action: string; readonly usage?: KeyUsage }
  | { readonly resource: string; readonly accountId: string; readonly action: string };

/**
 * One operation as a value; the pipeline alone knows in which order its parts come. `find` and everything after it happen
 * inside the call's transaction, so they are synchronous and see one state of the vault.
 */
export interface Operation<N extends OperationName = OperationName> {
  readonly name: N;
  readonly source: 'kms.amazonaws.com' | 'coffer.local';
  /** CloudTrail's `readOnly`: the call changes no resource. Cryptographic operations are read-only. */
  readonly readOnly: boolean;
  /** The keys and other resources the call touches, with the permission each needs. */
  find(context: Context, input: Parsed<N>): readonly Target[];
  /** Does the work; `keys` are the key targets of `find`, in order. */
  run(context: Context, input: Parsed<N>, keys: readonly KeyRecord[]): OperationOutput<N>;
  readonly audit: AuditMap<N>;
}

/** What of a call goes into its record: only what is named here, so that a secret cannot get there by accident. */
export interface AuditMap<N extends OperationName> {
  /** Members of the input, as `requestParameters`. */
  readonly request: readonly (keyof Parsed<N> & string)[];
  /** `responseElements`; CloudTrail has none for operations that only read. */
  response?(output: OperationOutput<N>): AuditEntry['responseElements'];
  /** ARNs of keys that exist only since the call. */
  made?(output: OperationOutput<N>): readonly string[];
}

interface OnKey<N extends OperationName> {
  readonly name: N;
  readonly readOnly: boolean;
  readonly source?: Operation['source'];
  /** The IAM action when it is not the operation's own name. */
  readonly action?: string;
  readonly usage?: KeyUsage;
  find(context: Context, input: Parsed<N>): KeyRecord;
  run(context: Context, input: Parsed<N>, key: KeyRecord): OperationOutput<N>;
  readonly audit: AuditMap<N>;
}

/** An operation on exactly one key. */
export function onKey<N extends OperationName>(spec: OnKey<N>): Operation<N> {
  const action = `kms:${spec.action ?? spec.name}`;
  return {
    name: spec.name,
    source: spec.source ?? 'kms.amazonaws.com',
    readOnly: spec.readOnly,
    audit: spec.audit,
    find: (context, input) => [
      { key: spec.find(context, input), action, ...(spec.usage ? { usage: spec.usage } : undefined) },
    ],
    run: (context, input, keys) => spec.run(context, input, keys[0] as KeyRecord),
  };
}

interface OnAccount<N extends OperationName> {
  readonly name: N;
  readonly readOnly: boolean;
  readonly source?: Operation['source'];
  readonly action?: string;
  run(context: Context, input: Parsed<N>): OperationOutput<N>;
  readonly audit: AuditMap<N>;
}

/** An operation on the caller's account, on no key yet. */
export function onAccount<N extends OperationName>(spec: OnAccount<N>): Operation<N> {
  const action = `kms:${spec.action ?? spec.name}`;
  return {
    name: spec.name,
    source: spec.source ?? 'kms.amazonaws.com',
    readOnly: spec.readOnly,
    audit: spec.audit,
    find: ({ caller }) => [{ resource: '*', accountId: caller.accountId, action }],
    run: (context, input) => spec.run(context, input),
  };
}
