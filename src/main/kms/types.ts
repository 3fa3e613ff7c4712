import type { OperationInput, OperationName, OperationOutput } from '../../shared/kms/operations.ts';

/** Who calls, from where. Every road into the pipeline makes one. */
export interface Caller {
  /** The principal's ARN, as `arn:aws:iam::123456789012:root`, or the name of a service principal. */
  readonly principalArn: string;
  readonly accountId: string;
  readonly region: string;
  /** `127.0.0.1`, or `window` names such as AWS services use (`coffer.local`). */
  readonly sourceIp: string;
  readonly userAgent: string;
  /** The service the request came through, as `s3.eu-central-1.amazonaws.com` (`kms:ViaService`). */
  readonly viaService?: string;
  /** The resource a service acts for (`aws:SourceArn`). */
  readonly sourceArn?: string;
  /** Whether the request came over TLS, or over no network at all (`aws:SecureTransport`). */
  readonly secureTransport?: boolean;
  /** `AIDA…` of a user, `AROA…:session` of a role's session (`aws:userid`). */
  readonly userId?: string;
  /** Of temporary credentials: when they were issued, in milliseconds (`aws:TokenIssueTime`). */
  readonly tokenIssuedAt?: number;
  /** When the caller proved a second factor, in milliseconds (`aws:MultiFactorAuthAge`). */
  readonly mfaAt?: number;
}

export interface Answer<N extends OperationName> {
  readonly output: OperationOutput<N>;
  /** The audit record's id; the endpoint's `x-amzn-RequestId`. */
  readonly requestId: string;
}

/** The engine's face: one road for every request. */
export interface Engine {
  /** Resolves when the call's record is durable. @throws KmsError, whose refusal is recorded as durably. */
  call<N extends OperationName>(caller: Caller, operation: N, input: OperationInput<N>): Promise<Answer<N>>;
}
