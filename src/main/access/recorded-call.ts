import type { Decision } from '../../shared/iam/decision.ts';
import { CofferError, KmsError } from '../../shared/kms/errors.ts';
import type { AuditEntry, AuditLog } from '../audit/types.ts';
import type { Environment } from '../environment.ts';
import type { CallerFacts } from '../policy/call-facts.ts';
import type { Store, Transaction } from '../vault/types.ts';

/** IAM is a global service: CloudTrail has its records in this Region. */
export const IAM_REGION = 'us-east-1';

/** Who makes, switches or deletes things of people: what the record names. */
export type Actor = Pick<AuditEntry, 'principalArn' | 'accountId' | 'sourceIp' | 'userAgent'>;

/** What is told of a call, as CloudTrail spells it; no secrets. */
export type Event = Pick<AuditEntry, 'eventName' | 'eventSource' | 'readOnly'> &
  Partial<
    Pick<AuditEntry, 'region' | 'decisions' | 'requestParameters' | 'responseElements' | 'errorCode' | 'errorMessage'>
  >;

/** Writes one record of people; returns its id. */
export function record(audit: AuditLog, tx: Transaction, now: number, actor: Actor, event: Event): string {
  const { principalArn, accountId, sourceIp, userAgent } = actor;
  return audit.append(tx, {
    region: IAM_REGION,
    requestParameters: null,
    responseElements: null,
    ...event,
    time: now,
    principalArn,
    accountId,
    sourceIp,
    userAgent,
    resources: [],
  }).requestId;
}

/** What a call works with while its transaction is open. */
export interface Call {
  readonly tx: Transaction;
  readonly caller: CallerFacts;
  /** Milliseconds since the epoch, the same during the whole call. */
  readonly now: number;
  /** How each permission was decided; they go into the record. */
  readonly decisions: Decision[];
  /** Work that stays when the call is refused, as a failed guess that is counted; the rest of the call is undone. */
  readonly keep: (work: (tx: Transaction) => void) => void;
}

export interface RecordedParts {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly environment: Environment;
  /** Told when something is on the record; whether things are other than before. */
  readonly onRecord?: ((changed: boolean) => void) | undefined;
}

export interface Done<T> {
  readonly output: T;
  readonly responseElements: AuditEntry['responseElements'];
}

type Settled<T> = { readonly output: T; readonly requestId?: string } | { readonly failure: CofferError };

/**
 * Runs a call and writes its record in one transaction. A refused call's work is undone, its record is not. Readings that succeed
 * leave no record.
 * @param silent whether the call is such a reading
 * @throws CofferError as the work refuses, with the record's `requestId` in its details
 */
export async function recordedCall<T>(
  { store, audit, environment, onRecord }: RecordedParts,
  caller: CallerFacts,
  event: Event & { readonly silent: boolean },
  work: (call: Call) => Done<T>,
): Promise<{ readonly output: T; readonly requestId?: string }> {
  const { silent, ...told } = event;
  const settled = await store.transact((tx): Settled<T> => {
    const now = environment.clock.now();
    const kept: ((tx: Transaction) => void)[] = [];
    const decisions: Decision[] = [];
    const write = (more: Partial<Event>) => record(audit, tx, now, caller, { ...told, decisions, ...more });
    let done: Done<T>;
    try {
      done = tx.attempt(() => work({ tx, caller, now, decisions, keep: (each) => kept.push(each) }));
    } catch (error) {
      if (!(error instanceof CofferError)) throw error;
      for (const each of kept) each(tx);
      const requestId = write({ errorCode: error.code, errorMessage: error.message });
      const Kind = error instanceof KmsError ? KmsError : CofferError;
      return { failure: new Kind(error.code, error.message, { ...error.details, requestId }) };
    }
    const { output, responseElements } = done;
    return silent ? { output } : { output, requestId: write({ responseElements }) };
  });
  const failed = 'failure' in settled;
  if (failed || !silent) onRecord?.(!failed && !told.readOnly);
  if (failed) throw settled.failure;
  return settled;
}

/** What came of something that may be refused before there is a transaction to record it in. */
export type Attempt<T> = { readonly value: T } | { readonly error: unknown };

export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

/** @throws what the attempt failed with */
export function outcomeOf<T>(attempted: Attempt<T>): T {
  if ('error' in attempted) throw attempted.error;
  return attempted.value;
}
