import type { IncomingHttpHeaders } from 'node:http';
import { type CofferError, KmsError } from '../../shared/kms/errors.ts';
import { encodeError, JSON_TYPE } from './json.ts';
import type { Reply } from './types.ts';
import { escapeXml, STS_NAMESPACE } from './xml.ts';

/** Statuses of exceptions that are not the caller's fault, or of HTTP's own; every other exception of KMS is a 400. */
const STATUS: Readonly<Record<string, number>> = {
  DependencyTimeoutException: 503,
  KMSInternalException: 500,
  KeyUnavailableException: 500,
};

/** The endpoint's own refusals of what is no call yet. Any other failure that AWS has no name for is a fault of the service. */
const OWN: Readonly<Record<string, number>> = {
  ForeignRequest: 403,
  UnknownPath: 404,
  RequestEntityTooLarge: 413,
  RequestAborted: 400,
};

interface Refusal {
  readonly status: number;
  readonly code: string;
}

function refusalOf(error: CofferError): Refusal {
  const { code } = error;
  if (error instanceof KmsError) return { status: STATUS[code] ?? 400, code };
  // AWS's name for a caller who is refused at the door.
  if (code === 'ForeignRequest') return { status: 403, code: 'AccessDeniedException' };
  const own = OWN[code];
  if (own !== undefined) return { status: own, code };
  return { status: code === 'VaultLocked' ? 503 : 500, code: 'KMSInternalException' };
}

/** A refusal as the JSON protocol answers it. */
export function refuseJson(error: CofferError, requestId: string): Reply {
  const { status, code } = refusalOf(error);
  return { status, type: JSON_TYPE, body: encodeError(code, error.message), requestId };
}

/** What the services of the Query protocol call the exceptions common to all ("Common error types", STS API Reference). */
const QUERY: Readonly<Record<string, Refusal>> = {
  AccessDeniedException: { status: 403, code: 'AccessDenied' },
  ExpiredTokenException: { status: 403, code: 'ExpiredToken' },
  IncompleteSignatureException: { status: 400, code: 'IncompleteSignature' },
  InvalidSignatureException: { status: 403, code: 'SignatureDoesNotMatch' },
  KMSInternalException: { status: 500, code: 'InternalFailure' },
  MissingAuthenticationTokenException: { status: 403, code: 'MissingAuthenticationToken' },
  ThrottlingException: { status: 400, code: 'Throttling' },
  UnrecognizedClientException: { status: 403, code: 'InvalidClientTokenId' },
  ValidationException: { status: 400, code: 'ValidationError' },
};

/** Whether a request speaks the Query protocol: a form instead of JSON with a target. */
export function isQuery(headers: IncomingHttpHeaders): boolean {
  return (
    headers['x-amz-target'] === undefined &&
    /^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? '')
  );
}

/** A refusal as the Query protocol answers it. */
export function refuseQuery(error: CofferError, requestId: string): Reply {
  const refusal = refusalOf(error);
  const { code, status } =
    refusal.status === 503 ? { code: 'ServiceUnavailable', status: 503 } : (QUERY[refusal.code] ?? refusal);
  const body = `<ErrorResponse xmlns="${STS_NAMESPACE}">
  <Error>
    <Type>${status >= 500 ? 'Receiver' : 'Sender'}</Type>
    <Code>${escapeXml(code)}</Code>
    <Message>${escapeXml(error.message)}</Message>
  </Error>
  <RequestId>${requestId}</RequestId>
</ErrorResponse>
`;
  return { status, type: 'text/xml', body, requestId };
}
