import { createHash, createHmac } from 'node:crypto';
import { KmsError } from '../../shared/kms/errors.ts';
import { equal, utf8 } from '../crypto/bytes.ts';

/**
 * Signature Version 4 as a service checks it ("AWS Signature Version 4 for API requests", IAM User Guide): the canonical
 * request is built from what arrived, signed with the secret of the access key that the credential names, and compared.
 * Only the `Authorization` header is read; presigned query strings are for services that hand out links. Every request of the
 * protocols spoken here is a POST to `/` without a query string, and the server answers no other.
 */
const ALGORITHM = 'AWS4-HMAC-SHA256';
/** How far a request's time may be from ours, in milliseconds. */
export const SKEW_MS = 5 * 60_000;
/** Headers a request has to sign where it has them, or they could be exchanged. */
const REQUIRED_SIGNED = ['host', 'x-amz-date', 'x-amz-security-token', 'x-amz-target'];

export interface SignedRequest {
  /** Names in lower case; values as they arrived, several of one name joined by commas. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array;
}

/** What a credential says before anything is proven. */
export interface Credential {
  readonly accessKeyId: string;
  /** `YYYYMMDD`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

interface Authorization {
  readonly credential: Credential;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const refused = (message: string) => new KmsError('InvalidSignatureException', message);
const incomplete = (message: string) => new KmsError('IncompleteSignatureException', message);

function parseAuthorization(header: string): Authorization {
  const [algorithm, ...rest] = header.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) throw incomplete(`Unsupported AWS 'algorithm': '${(algorithm ?? '').slice(0, 64)}'.`);
  const parts = new Map<string, string>();
  for (const part of rest.join('').split(',')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at), part.slice(at + 1));
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parts.get(name));
  if (missing.length > 0)
    throw incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));
  const scope = (parts.get('Credential') ?? '').split('/');
  const [accessKeyId, date, region, service, terminator] = scope;
  if (scope.length !== 5 || !accessKeyId || !date || !region || !service || terminator !== 'aws4_request')
    throw incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.');
  return {
    credential: { accessKeyId, date, region, service },
    signedHeaders: (parts.get('SignedHeaders') ?? '').split(';'),
    signature: parts.get('Signature') ?? '',
  };
}

/** Milliseconds since the epoch of a basic ISO 8601 time (`20261125T101112Z`); NaN when it is none. */
function parseTime(text: string): number {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(text);
  if (!match) return Number.NaN;
  const [, year, month, day, hour, minute, second] = match;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

const formatTime = (ms: number) => new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');

const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Uint8Array | string, text: string) => createHmac('sha256', key).update(text).digest();

function canonicalRequest({ headers, body }: SignedRequest, signedHeaders: readonly string[]): string {
  const lines = signedHeaders.map((name) => {
    const value = headers.get(name);
    if (value === undefined) throw refused(`'${name}' must be a 'SignedHeader' that the request carries.`);
    return `${name}:${value.trim().replace(/\s+/g, ' ')}\n`;
  });
  return ['POST', '/', '', lines.join(''), signedHeaders.join(';'), sha256(body)].join('\n');
}

/** An access key's secret. */
export interface Signer {
  readonly secret: string;
}

/** The last signing key of each secret: it serves a day, and goes with the object that holds the secret. */
const derived = new WeakMap<Signer, { readonly scope: string; readonly key: Buffer }>();

function signingKey(signer: Signer, { date, region, service }: Credential): Buffer {
  const scope = `${date}/${region}/${service}`;
  const last = derived.get(signer);
  if (last?.scope === scope) return last.key;
  const key = hmac(hmac(hmac(hmac(`AWS4${signer.secret}`, date), region), service), 'aws4_request');
  derived.set(signer, { scope, key });
  return key;
}

function checkTime(text: string, now: number): void {
  const time = parseTime(text);
  if (Number.isNaN(time))
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${text.slice(0, 64)}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  if (time < now - SKEW_MS)
    throw refused(
      `Signature expired: ${text} is now earlier than ${formatTime(now - SKEW_MS)} (${formatTime(now)} - 5 min.)`,
    );
  if (time > now + SKEW_MS)
    throw refused(
      `Signature not yet current: ${text} is still later than ${formatTime(now + SKEW_MS)} (${formatTime(now)} + 5 min.)`,
    );
}

/**
 * Checks a request's signature.
 * @param signerOf who has an access key id, or undefined when nobody does; what it throws is thrown on.
 * @param now milliseconds since the epoch.
 * @returns the credential, which is now proven.
 * @throws KmsError `MissingAuthenticationTokenException`, `IncompleteSignatureException`, `UnrecognizedClientException`,
 * `InvalidSignatureException`.
 */
export function verifySignature(
  request: SignedRequest,
  signerOf: (accessKeyId: string) => Signer | undefined,
  now: number,
): Credential {
  const header = request.headers.get('authorization');
  if (!header) throw new KmsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const { credential, signedHeaders, signature } = parseAuthorization(header);
  const time = request.headers.get('x-amz-date');
  if (!time) throw incomplete("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  checkTime(time, now);
  if (!time.startsWith(credential.date))
    throw refused(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${credential.date.slice(0, 16)}' != '${time.slice(0, 8)}', from '${time.slice(0, 32)}'.`,
    );
  for (const name of REQUIRED_SIGNED)
    if (request.headers.has(name) && !signedHeaders.includes(name))
      throw refused(
        `'${name === 'host' ? "Host' or ':authority" : name}' must be a 'SignedHeader' in the AWS Authorization.`,
      );
  const signer = signerOf(credential.accessKeyId);
  if (signer === undefined)
    throw new KmsError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  const text = [
    ALGORITHM,
    time,
    [credential.date, credential.region, credential.service, 'aws4_request'].join('/'),
    sha256(canonicalRequest(request, signedHeaders)),
  ].join('\n');
  const expected = hmac(signingKey(signer, credential), text).toString('hex');
  if (!equal(utf8(expected), utf8(signature)))
    throw refused(
      'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  return credential;
}
