import { createHash } from 'node:crypto';
import { z } from 'zod';
import { equal, fromBase64, toBase64 } from '../../crypto/bytes.ts';
import type { Clock } from '../../environment.ts';
import { proxyErrors, XksFailure } from './failure.ts';
import { Connections } from './http.ts';
import { type ProxyCredential, signedHeaders } from './sign.ts';

/**
 * How long a proxy has to answer, connecting included, in milliseconds. AWS gives it 250, because its Regions ask that it
 * stands within 35 ms of them; a person's proxy may be in another country, and its first answer takes three round trips.
 */
export const XKS_TIMEOUT_MS = 2000;

/** A proxy's address and what signs requests to it. */
export interface XksProxy extends ProxyCredential {
  readonly uriEndpoint: string;
  readonly uriPath: string;
  readonly region: string;
}

/** What a proxy is told of the call that it works for (`requestMetadata`). */
export interface XksMetadata {
  readonly awsPrincipalArn?: string;
  readonly kmsKeyArn?: string;
  readonly kmsOperation: string;
  readonly kmsRequestId: string;
  readonly kmsViaService?: string;
}

/** What came out of a proxy's encryption; all of it is needed to decrypt. */
export interface XksSealed {
  /** As long as the plaintext. */
  readonly ciphertext: Uint8Array;
  /** 12 or 16 bytes. */
  readonly iv: Uint8Array;
  /** 16 bytes. */
  readonly tag: Uint8Array;
  /** At most 20 bytes that the key manager wants back. */
  readonly metadata: Uint8Array;
}

const base64 = z.string().transform((text, context) => {
  try {
    return fromBase64(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not base64' });
    return z.NEVER;
  }
});
const keyMetadata = z.object({
  keySpec: z.string(),
  keyUsage: z.array(z.string()).max(10),
  keyStatus: z.enum(['ENABLED', 'DISABLED']),
});
const encrypted = z.object({
  ciphertext: base64,
  ciphertextMetadata: base64.optional(),
  initializationVector: base64,
  authenticationTag: base64,
  ciphertextDataIntegrityValue: base64,
});
const decrypted = z.object({ plaintext: base64 });
const health = z.object({
  xksProxyFleetSize: z.int().min(1),
  xksProxyVendor: z.string(),
  xksProxyModel: z.string(),
  ekmVendor: z.string(),
  ekmFleetDetails: z
    .array(z.object({ id: z.string(), model: z.string(), healthStatus: z.enum(['ACTIVE', 'DEGRADED', 'UNAVAILABLE']) }))
    .min(1)
    .max(10),
});
const failed = z.object({ errorName: z.enum(proxyErrors) });
export type XksKeyMetadata = z.output<typeof keyMetadata>;

function parsed<T extends z.ZodType>(schema: T, body: string): z.output<T> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new XksFailure('Malformed');
  }
  const result = schema.safeParse(value);
  if (!result.success) throw new XksFailure('Malformed');
  return result.data;
}

/**
 * Speaks version 1 of the external key store proxy API (github.com/aws/aws-kms-xksproxy-api-spec). Every method throws
 * XksFailure when the proxy refuses, does not answer, or answers otherwise than the specification says.
 */
export class XksClient {
  readonly #clock: Clock;
  readonly #connections: Connections;

  constructor(clock: Clock, timeoutMs = XKS_TIMEOUT_MS) {
    this.#clock = clock;
    this.#connections = new Connections(timeoutMs);
  }

  /** GetHealthStatus. @throws XksFailure also `NoKeyManager`, when no key manager behind the proxy serves. */
  async health(proxy: XksProxy, requestMetadata: XksMetadata): Promise<void> {
    const { ekmFleetDetails } = await this.#post(proxy, '/health', { requestMetadata }, health);
    if (ekmFleetDetails.every(({ healthStatus }) => healthStatus === 'UNAVAILABLE'))
      throw new XksFailure('NoKeyManager');
  }

  /** GetKeyMetadata of an external key. */
  keyMetadata(proxy: XksProxy, keyId: string, requestMetadata: XksMetadata): Promise<XksKeyMetadata> {
    return this.#post(proxy, `/keys/${keyId}/metadata`, { requestMetadata }, keyMetadata);
  }

  /** Encrypt: `plaintext` has at most 4,300 bytes, `aad` 8,192. */
  async encrypt(
    proxy: XksProxy,
    keyId: string,
    requestMetadata: XksMetadata,
    plaintext: Uint8Array,
    aad: Uint8Array,
  ): Promise<XksSealed> {
    const answer = await this.#post(
      proxy,
      `/keys/${keyId}/encrypt`,
      {
        requestMetadata,
        additionalAuthenticatedData: toBase64(aad),
        plaintext: toBase64(plaintext),
        encryptionAlgorithm: 'AES_GCM',
        ciphertextDataIntegrityValueAlgorithm: 'SHA_256',
      },
      encrypted,
    );
    const { ciphertext, initializationVector: iv, authenticationTag: tag } = answer;
    const metadata = answer.ciphertextMetadata ?? new Uint8Array(0);
    const lengths =
      ciphertext.length === plaintext.length &&
      (iv.length === 12 || iv.length === 16) &&
      tag.length === 16 &&
      metadata.length <= 20;
    if (!lengths) throw new XksFailure('Malformed');
    // The proxy's word that it has decrypted what it sends (appendix C).
    const digest = createHash('sha256');
    for (const part of [aad, metadata, iv, ciphertext, tag]) digest.update(part);
    if (!equal(digest.digest(), answer.ciphertextDataIntegrityValue)) throw new XksFailure('Malformed');
    return { ciphertext, iv, tag, metadata };
  }

  /** Decrypt; `aad` as it was given to `encrypt`. */
  async decrypt(
    proxy: XksProxy,
    keyId: string,
    requestMetadata: XksMetadata,
    { ciphertext, iv, tag, metadata }: XksSealed,
    aad: Uint8Array,
  ): Promise<Uint8Array> {
    const { plaintext } = await this.#post(
      proxy,
      `/keys/${keyId}/decrypt`,
      {
        requestMetadata,
        additionalAuthenticatedData: toBase64(aad),
        ciphertext: toBase64(ciphertext),
        ...(metadata.length > 0 ? { ciphertextMetadata: toBase64(metadata) } : {}),
        encryptionAlgorithm: 'AES_GCM',
        initializationVector: toBase64(iv),
        authenticationTag: toBase64(tag),
      },
      decrypted,
    );
    if (plaintext.length !== ciphertext.length) throw new XksFailure('Malformed');
    return plaintext;
  }

  close(): void {
    this.#connections.close();
  }

  async #post<T extends z.ZodType>(proxy: XksProxy, place: string, content: object, schema: T): Promise<z.output<T>> {
    const url = new URL(proxy.uriEndpoint + proxy.uriPath + place);
    const body = JSON.stringify(content);
    const { host, pathname: path } = url;
    const headers = signedHeaders(proxy, { host, path, body, region: proxy.region, now: this.#clock.now() });
    const answer = await this.#connections.post(url, { host, ...headers }, body);
    if (answer.status !== 200) throw new XksFailure(parsed(failed, answer.body).errorName);
    return parsed(schema, answer.body);
  }
}
