import type { Decision } from '../../shared/iam/decision.ts';
import type { Transaction } from '../vault/types.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** One call as the pipeline saw it, before it is numbered and chained. Spelled as CloudTrail spells it; no secrets. */
export interface AuditEntry {
  /** Milliseconds since the epoch, by the vault's clock. */
  readonly time: number;
  readonly eventName: string;
  /** `kms.amazonaws.com`; `coffer.local` for operations AWS does not have. */
  readonly eventSource: string;
  readonly principalArn: string;
  readonly accountId: string;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly readOnly: boolean;
  readonly requestParameters: { readonly [key: string]: Json } | null;
  readonly responseElements: { readonly [key: string]: Json } | null;
  /** ARNs of the keys the call touched. */
  readonly resources: readonly string[];
  /** How each permission that the call asked for was decided, in order. */
  readonly decisions?: readonly Decision[];
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

export interface AuditLog {
  /** Writes one record inside the call's own transaction. `requestId` is the record's id (a UUID). */
  append(tx: Transaction, entry: AuditEntry): { readonly requestId: string; readonly sequence: number };
}
