import { parseArn } from '../../shared/iam/arn.ts';
import type { Decision } from '../../shared/iam/decision.ts';
import { CofferError } from '../../shared/kms/errors.ts';

/** A decision that a call or a record came with. */
export interface KnownDecision extends Decision {
  /** Of a record: the outcomes that were left out, as there were too many. */
  readonly left?: number;
}

/** What is known of a call that was refused for want of permission. */
export interface Refusal {
  readonly decision: KnownDecision;
  /** Whether the same call would be allowed with a second factor. */
  readonly mfaHelps: boolean;
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

const isDecision = (value: unknown): value is Decision =>
  typeof value === 'object' && value !== null && 'reason' in value && 'statements' in value;

interface Failure {
  readonly code: string;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
}

/** The refusal a failed call tells of, or null when it tells of none. */
export function refusalIn({ code, details = {} }: Failure): Refusal | null {
  const { decision, mfaHelps, encryptionContext } = details;
  if (code !== 'AccessDeniedException' || !isDecision(decision)) return null;
  return {
    decision,
    mfaHelps: mfaHelps === true,
    ...(encryptionContext ? { encryptionContext: encryptionContext as Record<string, string> } : {}),
  };
}

/** The same of anything thrown. */
export const refusalOf = (error: unknown): Refusal | null => (error instanceof CofferError ? refusalIn(error) : null);

/** A refused call's error with the encryption context it was made with, which decisions do not hold. */
export function withContext(error: unknown, input: unknown): unknown {
  if (!(error instanceof CofferError) || refusalOf(error) === null) return error;
  const { EncryptionContext: encryptionContext } = input as { EncryptionContext?: Record<string, string> };
  if (!encryptionContext) return error;
  return new CofferError(error.code, error.message, { ...error.details, encryptionContext });
}

/** What a record says of its decisions. */
export interface RecordedCall {
  readonly userIdentity: { readonly arn?: string };
  readonly additionalEventData?: { readonly decisions?: readonly Omit<KnownDecision, 'principal'>[] };
}

/** The decisions a record of the trail keeps; none in those made before there were any. */
export function decisionsOf({ userIdentity, additionalEventData }: RecordedCall): KnownDecision[] {
  return (additionalEventData?.decisions ?? []).map((kept) => ({ ...kept, principal: userIdentity.arn ?? '' }));
}

/** The id of the key that was decided about, or null when it was something else. */
export function decidedKeyId({ resource }: Pick<Decision, 'resource'>): string | null {
  return /^key\/(.+)$/.exec(parseArn(resource)?.resource ?? '')?.[1] ?? null;
}
