import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignatureV4 } from '@smithy/signature-v4';

/**
 * A proxy as the external key store proxy API specification (version 1) describes it, with keys in memory and AES-256-GCM of
 * node:crypto. Requests are verified by a Signature Version 4 that is not Coffer's. It can be told to fail in each way.
 */
export const CREDENTIAL = {
  AccessKeyId: 'ABCDEFGHIJKLMNOP2345',
  RawSecretAccessKey: 'xks/SECRET+0123456789abcdefghijklmnopqrstuvw=',
};
export const XKS_PATH = '/example/kms/xks/v1';

interface ExternalKey {
  readonly bytes: Buffer;
  keySpec: string;
  keyUsage: string[];
  keyStatus: string;
}

interface Seen {
  readonly path: string;
  readonly body: Record<string, unknown> & { readonly requestMetadata: Record<string, string> };
}

/** What a proxy does instead of answering as it should. */
export type Misbehaviour =
  | { readonly status: number; readonly body: string }
  | 'hang'
  | 'cut'
  | 'endless'
  | { readonly change: (answer: Record<string, unknown>) => unknown };

/** An error as the specification has it. */
export const proxyError = (status: number, errorName: string): Misbehaviour => ({
  status,
  body: JSON.stringify({ errorName, errorMessage: 'proxy-words' }),
});

class Refusal extends Error {
  readonly status: number;
  readonly errorName: string;
  constructor(status: number, errorName: string) {
    super(errorName);
    this.status = status;
    this.errorName = errorName;
  }
}

/** SHA-256 and HMAC-SHA-256 as the signer wants them. */
class Sha256 {
  readonly #secret: unknown;
  #parts: Buffer[] = [];
  constructor(secret?: unknown) {
    this.#secret = secret;
  }
  update(data: Uint8Array | string) {
    this.#parts.push(Buffer.from(data as Uint8Array));
  }
  async digest(): Promise<Uint8Array> {
    const hash =
      this.#secret === undefined ? createHash('sha256') : createHmac('sha256', this.#secret as Uint8Array | string);
    return hash.update(Buffer.concat(this.#parts)).digest();
  }
  reset() {
    this.#parts = [];
  }
}

const base64 = (value: unknown) => Buffer.from(typeof value === 'string' ? value : '', 'base64');
/** Length of the data (2 bytes), the data, length of the metadata (1 byte), the metadata. */
function fullAad(aad: Buffer, metadata: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(aad.length);
  return Buffer.concat([length, aad, Buffer.from([metadata.length]), metadata]);
}

export class XksProxy {
  readonly keys = new Map<string, ExternalKey>();
  readonly seen: Seen[] = [];
  /** Asked at each request; what it answers is done instead. */
  misbehave: ((path: string) => Misbehaviour | undefined) | undefined;
  credential = CREDENTIAL;
  path = XKS_PATH;
  health = ['ACTIVE', 'DEGRADED'];
  /** 12 or 16. */
  ivBytes = 12;
  metadata = Buffer.from('key_version=1');
  readonly #server: Server;
  endpoint = '';

  constructor() {
    this.#server = createServer((request, response) => void this.#handle(request, response));
  }

  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    this.endpoint = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return this;
  }

  get port(): number {
    return Number(new URL(this.endpoint).port);
  }

  addKey(id: string, changes: Partial<ExternalKey> = {}): ExternalKey {
    const key = {
      bytes: randomBytes(32),
      keySpec: 'AES_256',
      keyUsage: ['ENCRYPT', 'DECRYPT', 'WRAP'],
      keyStatus: 'ENABLED',
      ...changes,
    };
    this.keys.set(id, key);
    return key;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const url = request.url ?? '';
    const instead = this.misbehave?.(url);
    if (instead === 'hang') return;
    if (instead === 'cut') {
      request.socket.destroy();
      return;
    }
    response.setHeader('content-type', 'application/json');
    if (instead === 'endless') {
      const more = () => {
        if (!response.destroyed) response.write('x'.repeat(16_384), () => setImmediate(more));
      };
      more();
      return;
    }
    if (instead && 'status' in instead) {
      response.writeHead(instead.status).end(instead.body);
      return;
    }
    try {
      await this.#authenticate(request, text);
      const body = JSON.parse(text) as Seen['body'];
      this.seen.push({ path: url, body });
      const answer = this.#answer(request.method ?? '', url, body);
      response.end(JSON.stringify(instead ? instead.change(answer) : answer));
    } catch (error) {
      const { status, errorName } = error instanceof Refusal ? error : new Refusal(500, 'InternalException');
      response.writeHead(status).end(JSON.stringify({ errorName, errorMessage: 'proxy-words' }));
    }
  }

  async #authenticate(request: IncomingMessage, body: string): Promise<void> {
    const { authorization = '', host = '' } = request.headers;
    const time = String(request.headers['x-amz-date'] ?? '');
    const [, accessKeyId = '', region = ''] =
      /Credential=([^/]+)\/\d{8}\/([a-z0-9-]+)\/kms-xks-proxy\//.exec(authorization) ?? [];
    const iso = time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z');
    if (accessKeyId !== this.credential.AccessKeyId) throw new Refusal(401, 'AuthenticationFailedException');
    const signer = new SignatureV4({
      service: 'kms-xks-proxy',
      region,
      credentials: { accessKeyId, secretAccessKey: this.credential.RawSecretAccessKey },
      sha256: Sha256,
      applyChecksum: false,
      uriEscapePath: false,
    });
    const signed = await signer.sign(
      { method: 'POST', protocol: 'http:', hostname: host, path: request.url ?? '', headers: { host }, body },
      { signingDate: new Date(iso) },
    );
    if (signed.headers.authorization !== authorization) throw new Refusal(401, 'AuthenticationFailedException');
  }

  #answer(method: string, url: string, body: Seen['body']): Record<string, unknown> {
    if (method !== 'POST') throw new Refusal(405, 'ValidationException');
    if (!url.startsWith(`${this.path}/`)) throw new Refusal(404, 'InvalidUriPathException');
    const place = url.slice(this.path.length);
    if (place === '/health')
      return {
        xksProxyFleetSize: 1,
        xksProxyVendor: 'Coffer tests',
        xksProxyModel: 'Proxy 1.0',
        ekmVendor: 'Coffer tests',
        ekmFleetDetails: this.health.map((healthStatus, index) => ({ id: `${index}`, model: 'memory', healthStatus })),
      };
    const [, id = '', operation = ''] = /^\/keys\/([a-zA-Z0-9-_.]+)\/(metadata|encrypt|decrypt)$/.exec(place) ?? [];
    if (!operation) throw new Refusal(404, 'InvalidUriPathException');
    const key = this.keys.get(id);
    if (!key) throw new Refusal(404, 'KeyNotFoundException');
    const { keySpec, keyUsage, keyStatus } = key;
    if (operation === 'metadata') return { keySpec, keyUsage, keyStatus };
    if (keyStatus !== 'ENABLED') throw new Refusal(400, 'InvalidStateException');
    if (!keyUsage.includes(operation.toUpperCase())) throw new Refusal(400, 'InvalidKeyUsageException');
    if (body.encryptionAlgorithm !== 'AES_GCM') throw new Refusal(400, 'ValidationException');
    return operation === 'encrypt' ? this.#encrypt(key, body) : this.#decrypt(key, body);
  }

  #encrypt({ bytes }: ExternalKey, body: Seen['body']): Record<string, unknown> {
    const aad = base64(body.additionalAuthenticatedData);
    const plaintext = base64(body.plaintext);
    if (aad.length > 8192 || plaintext.length > 4300) throw new Refusal(501, 'UnsupportedOperationException');
    const iv = randomBytes(this.ivBytes);
    const cipher = createCipheriv('aes-256-gcm', bytes, iv);
    cipher.setAAD(fullAad(aad, this.metadata));
    const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
    const tag = cipher.getAuthTag();
    const digest = createHash('sha256')
      .update(Buffer.concat([aad, this.metadata, iv, ciphertext, tag]))
      .digest();
    return {
      ciphertext: ciphertext.toString('base64'),
      ...(this.metadata.length > 0 ? { ciphertextMetadata: this.metadata.toString('base64') } : {}),
      initializationVector: iv.toString('base64'),
      authenticationTag: tag.toString('base64'),
      ...(body.ciphertextDataIntegrityValueAlgorithm === 'SHA_256'
        ? { ciphertextDataIntegrityValue: digest.toString('base64') }
        : {}),
    };
  }

  #decrypt({ bytes }: ExternalKey, body: Seen['body']): Record<string, unknown> {
    const decipher = createDecipheriv('aes-256-gcm', bytes, base64(body.initializationVector), { authTagLength: 16 });
    decipher.setAAD(fullAad(base64(body.additionalAuthenticatedData), base64(body.ciphertextMetadata)));
    decipher.setAuthTag(base64(body.authenticationTag));
    try {
      const plaintext = Buffer.concat([decipher.update(base64(body.ciphertext)), decipher.final()]);
      return { plaintext: plaintext.toString('base64') };
    } catch {
      throw new Refusal(400, 'InvalidCiphertextException');
    }
  }
}
