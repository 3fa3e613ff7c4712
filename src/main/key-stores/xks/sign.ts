import { createHash, createHmac } from 'node:crypto';

/** The service name of requests to an external key store proxy (proxy API specification, appendix A). */
const SERVICE = 'kms-xks-proxy';
const ALGORITHM = 'AWS4-HMAC-SHA256';

export interface ProxyCredential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface UnsignedRequest {
  /** `host:port`, as the Host header has it. */
  readonly host: string;
  readonly path: string;
  readonly body: string;
  /** The Region the request comes from. */
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: Uint8Array | string, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * The `x-amz-date` and `authorization` headers of a POST to the proxy: Signature Version 4 over host and date, as the proxy
 * API specification has it in appendix A. Paths of the API have no characters that would be escaped.
 */
export function signedHeaders(
  { accessKeyId, secretAccessKey }: ProxyCredential,
  { host, path, body, region, now }: UnsignedRequest,
): { readonly 'x-amz-date': string; readonly authorization: string } {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '');
  const date = time.slice(0, 8);
  const signed = 'host;x-amz-date';
  const canonical = ['POST', path, '', `host:${host}`, `x-amz-date:${time}`, '', signed, sha256(body)].join('\n');
  const scope = `${date}/${region}/${SERVICE}/aws4_request`;
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), SERVICE), 'aws4_request');
  const signature = hmac(key, [ALGORITHM, time, scope, sha256(canonical)].join('\n')).toString('hex');
  return {
    'x-amz-date': time,
    authorization: `${ALGORITHM} Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  };
}
