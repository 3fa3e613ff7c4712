import type { PolicyType } from './policy-document.ts';

/** Where a statement is. */
export interface StatementRef {
  /** The key's policy, or one of the caller. */
  readonly type: PolicyType;
  /** The policy's name. */
  readonly policy: string;
  /** From 0. */
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
}

export type StatementElement = 'Principal' | 'NotPrincipal' | 'Action' | 'NotAction' | 'Resource' | 'NotResource';

/** The first element of a statement that does not fit the request. */
export type Mismatch =
  | { readonly element: StatementElement; readonly expected: readonly string[] }
  | {
      readonly element: 'Condition';
      readonly operator: string;
      readonly key: string;
      readonly expected: readonly string[];
      /** What the request says; null when it says nothing of the key. */
      readonly actual: readonly string[] | null;
    };

/** How a statement means a caller: by its own name (or as everyone), or as one of its account. */
export type Named = 'principal' | 'account';

/** What became of a statement for one request. */
export interface Outcome {
  readonly statement: StatementRef;
  /** How the statement means the caller when it fits the request; null when it does not. */
  readonly matched: Named | null;
  readonly mismatch?: Mismatch;
}

/** What of a grant does not fit a call. */
export type GrantMiss = 'Operations' | 'Constraints.SourceArn' | 'Constraints.EncryptionContext' | 'more than it holds';

/** Why it was decided so. */
export type Reason =
  | 'explicit deny'
  /** The key's policy names the caller. */
  | 'key policy'
  /** A policy of the caller allows, and the key's policy lets its account's policies speak; or the resource has no policy. */
  | 'identity policy'
  /** The account's root principal, whom no policy of its own limits. */
  | 'account root'
  | 'grant'
  | 'no key policy allows'
  /** The key is another account's, and the operation one that has no effect across accounts. */
  | 'not across accounts'
  | 'no identity policy allows'
  | 'no party of the grant';

export interface GrantOutcome {
  readonly id: string;
  /** What does not fit; null for the grant that allows. */
  readonly miss: GrantMiss | null;
}

/** An answer with its reasons: plain data, to be kept. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: Reason;
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** The statement that decided, if one did. */
  readonly statement?: StatementRef;
  /** The key policy's statement that let the caller's policies decide. */
  readonly delegatedBy?: StatementRef;
  /** The grant that decided, if one did. */
  readonly grant?: string;
  /** What became of every statement, in the order of the policies: the key's, then the caller's. */
  readonly statements: readonly Outcome[];
  /** The caller's grants on the key; empty when a policy had decided before they were asked. */
  readonly grants: readonly GrantOutcome[];
}
