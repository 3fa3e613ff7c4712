import type { z } from 'zod';
import type { KeyUsage, Origin } from '../../shared/kms/enums.ts';
import type { OperationName, OperationOutput, Operations } from '../../shared/kms/operations.ts';
import type { IdentityPolicies } from '../access/identity-policies.ts';
import type { DigestSigner } from '../audit/digest.ts';
import type { TrailSearch } from '../audit/search.ts';
import type { AuditEntry } from '../audit/types.ts';
import type { Random } from '../environment.ts';
import type { GrantParties } from '../policy/decide.ts';
import type { GrantTerms } from '../policy/grants.ts';
import type { Transaction } from '../vault/types.ts';
import type { KeyStores } from './connections.ts';
import type { EncryptionContext } from './encryption-context.ts';
import type { GrantTokens } from './grant-tokens.ts';
import type { ImportTokens } from './import-tokens.ts';
import type { KeyPolicies } from './key-policies.ts';
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
  /** What decides who may do what. */
  readonly keyPolicies: KeyPolicies;
  readonly identities: IdentityPolicies;
  readonly materials: Materials;
  readonly grantTokens: GrantTokens;
  /** What is behind custom key stores. */
  readonly keyStores: KeyStores;
  readonly importTokens: ImportTokens;
  /** AWS managed keys made on the way; each gets a record of its own. */
  readonly born: KeyRecord[];
  /** Answers what is asked of the trail. */
  readonly trail: TrailSearch;
  /** Checks the signatures of the trail's digests. */
  readonly signer: DigestSigner;
  /** Customer managed keys an account may have in a Region. */
  readonly keysPerRegion: number;
}

/** An input after its schema. */
export type Parsed<N extends OperationName> = z.output<Operations[N]['input']>;

/** A permission the call needs: on a key, whose state and usage are checked too, or on another resource. */
export type Target =
  | {
      readonly key: KeyRecord;
      readonly action: string;
      readonly usage?: KeyUsage;
      /** The only origin whose keys the operation is for, whatever their state. */
      readonly origin?: Origin;
      /** What the constraints of grants are held against. */
      readonly encryptionContext?: EncryptionContext | undefined;
      /** Of CreateGrant: what it would permit. */
      readonly child?: GrantTerms;
      /** Of RetireGrant: the grant, which says who may. */
      readonly retires?: GrantParties;
    }
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
  /**
   * Asked once the checks have passed: work that is too slow for a transaction, or done elsewhere. It runs outside; then
   * everything from `find` on happens again in a second transaction, with its result. Undefined when there is none.
   */
  plan?(context: Context, input: Parsed<N>, keys: readonly KeyRecord[]): (() => Promise<unknown>) | undefined;
  /** Does the rest; `keys` are the key targets of `find`, in order, `work` is what the planned work gave. */
  run(context: Context, input: Parsed<N>, keys: readonly KeyRecord[], work: unknown): OperationOutput<N>;
  readonly audit: AuditMap<N>;
}

/** What of a call goes into its record: only what is named here, so that a secret cannot get there by accident. */
export interface AuditMap<N extends OperationName> {
  /** Members of the input, as `requestParameters`. */
  readonly request: readonly (keyof Parsed<N> & string)[];
  /**
   * `responseElements`. Without it an operation that only reads has none, and one that changes a key names the key's ARN,
   * as CloudTrail does whether or not the operation returns it.
   */
  response?(output: OperationOutput<N>, done: DoneCall<N>): AuditEntry['responseElements'];
  /** Records that the call has in other Regions as well: what is different in them. */
  elsewhere?(done: DoneCall<N>): readonly Partial<AuditEntry>[];
  /** ARNs of keys that exist only since the call. */
  made?(output: OperationOutput<N>): readonly string[];
}

/** A call that succeeded, when its record is written. */
export interface DoneCall<N extends OperationName> {
  readonly context: Context;
  readonly input: Parsed<N>;
  readonly output: OperationOutput<N>;
  /** ARNs of the keys in the caller's Region that the call touched. */
  readonly resources: readonly string[];
}

interface OnKey<N extends OperationName, Work> {
  readonly name: N;
  readonly readOnly: boolean;
  readonly source?: Operation['source'];
  /** The IAM action when it is not the operation's own name. */
  readonly action?: string;
  readonly usage?: KeyUsage;
  readonly origin?: Origin;
  find(context: Context, input: Parsed<N>): KeyRecord;
  plan?(context: Context, input: Parsed<N>, key: KeyRecord): (() => Promise<Work>) | undefined;
  run(context: Context, input: Parsed<N>, key: KeyRecord, work: Work): OperationOutput<N>;
  readonly audit: AuditMap<N>;
}

/** An operation on exactly one key. */
export function onKey<N extends OperationName, Work = undefined>(spec: OnKey<N, Work>): Operation<N> {
  const { plan } = spec;
  const action = `kms:${spec.action ?? spec.name}`;
  return {
    name: spec.name,
    source: spec.source ?? 'kms.amazonaws.com',
    readOnly: spec.readOnly,
    audit: spec.audit,
    find: (context, input) => [
      {
        key: spec.find(context, input),
        action,
        ...(spec.usage ? { usage: spec.usage } : undefined),
        ...(spec.origin ? { origin: spec.origin } : undefined),
        ...('EncryptionContext' in input ? { encryptionContext: input.EncryptionContext } : undefined),
      },
    ],
    ...(plan ? { plan: (context, input, keys) => plan(context, input, keys[0] as KeyRecord) } : undefined),
    run: (context, input, keys, work) => spec.run(context, input, keys[0] as KeyRecord, work as Work),
  };
}

interface OnAccount<N extends OperationName, Work> {
  readonly name: N;
  readonly readOnly: boolean;
  readonly source?: Operation['source'];
  readonly action?: string;
  plan?(context: Context, input: Parsed<N>): (() => Promise<Work>) | undefined;
  run(context: Context, input: Parsed<N>, work: Work): OperationOutput<N>;
  readonly audit: AuditMap<N>;
}

/** An operation on the caller's account, on no key yet. */
export function onAccount<N extends OperationName, Work = undefined>(spec: OnAccount<N, Work>): Operation<N> {
  const { plan } = spec;
  const action = `kms:${spec.action ?? spec.name}`;
  return {
    name: spec.name,
    source: spec.source ?? 'kms.amazonaws.com',
    readOnly: spec.readOnly,
    audit: spec.audit,
    find: ({ caller }) => [{ resource: '*', accountId: caller.accountId, action }],
    ...(plan ? { plan: (context, input) => plan(context, input) } : undefined),
    run: (context, input, _keys, work) => spec.run(context, input, work as Work),
  };
}
