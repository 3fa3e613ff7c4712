import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CofferError, KmsError } from '../../shared/kms/errors.ts';
import { othersUserAgent } from '../../shared/user-agents.ts';
import type { Clock } from '../environment.ts';
import { refuseBrowsers } from './guard.ts';
import { answerKms } from './kms.ts';
import { isQuery, refuseJson, refuseQuery } from './refusal.ts';
import { verifySignature } from './sigv4.ts';
import { answerSts } from './sts.ts';
import { Throttle } from './throttle.ts';
import type { AccessKey, Authenticated, Reply, Served } from './types.ts';

export interface EndpointParts {
  readonly clock: Clock;
  /** Undefined while the vault is locked. */
  readonly served: () => Served | undefined;
  readonly onBug: (error: unknown, where: string) => void;
  readonly throttle?: Throttle;
}

export interface Endpoint {
  readonly port: number;
  /** Stops taking requests and resolves when those under way are answered. */
  close(): Promise<void>;
}

/** More than any request of the API: an attestation document of 256 KiB as base64, and the rest. */
const BODY_MAX = 2 ** 20;
const HEADERS_MAX = 16 * 2 ** 10;
const REQUEST_MS = 30_000;
const HEADERS_MS = 10_000;
const CONNECTIONS_MAX = 512;
/** How long requests under way have to be answered when the endpoint closes. */
const CLOSE_MS = 5_000;

async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const tooLarge = () =>
    new CofferError(
      'RequestEntityTooLarge',
      `The request has more than ${BODY_MAX} bytes, the most this endpoint takes.`,
    );
  if (Number(request.headers['content-length'] ?? 0) > BODY_MAX) throw tooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_MAX) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof CofferError) throw error;
    throw new CofferError('RequestAborted', 'The request ended before it was whole.');
  }
  return Buffer.concat(chunks);
}

function headersOf(request: IncomingMessage): Map<string, string> {
  const headers = new Map<string, string>();
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    const name = (request.rawHeaders[i] ?? '').toLowerCase();
    const value = request.rawHeaders[i + 1] ?? '';
    headers.set(name, headers.has(name) ? `${headers.get(name)},${value}` : value);
  }
  return headers;
}

/** The endpoint on a loopback address. `port` 0 takes a free one. @throws the system's error when the port is taken. */
export async function startEndpoint(parts: EndpointParts, port: number): Promise<Endpoint> {
  const { clock, served, onBug, throttle = new Throttle(clock) } = parts;
  let open = true;

  async function authenticate(incoming: IncomingMessage): Promise<Authenticated> {
    refuseBrowsers(incoming.headers, (server.address() as AddressInfo).port);
    if (incoming.method !== 'POST' || incoming.url !== '/')
      throw new CofferError('UnknownPath', 'This endpoint answers POST requests to / only.');
    const request = { headers: headersOf(incoming), body: await readBody(incoming) };
    const now = served();
    if (!now) throw new CofferError('VaultLocked', 'the vault is locked');
    let key: AccessKey | undefined;
    const signerOf = (id: string) => {
      key = now.accessKey(id, request.headers.get('x-amz-security-token'));
      return key;
    };
    const credential = verifySignature(request, signerOf, clock.now());
    const proven = key as unknown as AccessKey;
    now.noteUse(credential.accessKeyId, proven);
    return {
      request,
      served: now,
      credential,
      key: proven,
      sourceIp: incoming.socket.remoteAddress ?? '127.0.0.1',
      userAgent: othersUserAgent((request.headers.get('user-agent') ?? '').slice(0, 512)),
    };
  }

  async function answer(incoming: IncomingMessage): Promise<Reply> {
    try {
      const authenticated = await authenticate(incoming);
      if (authenticated.credential.service === 'sts') return await answerSts(authenticated, throttle);
      return await answerKms(authenticated, throttle);
    } catch (error) {
      if (!(error instanceof CofferError)) onBug(error, 'endpoint');
      const expected =
        error instanceof CofferError
          ? error
          : new KmsError(
              'KMSInternalException',
              'Something inside Coffer failed. Nothing was changed by this request.',
            );
      const { requestId = randomUUID() } = expected.details as { requestId?: string };
      return isQuery(incoming.headers) ? refuseQuery(expected, requestId) : refuseJson(expected, requestId);
    }
  }

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { status, type, body, requestId } = await answer(incoming);
    outgoing.writeHead(status, {
      'content-type': type,
      'content-length': Buffer.byteLength(body),
      'x-amzn-requestid': requestId,
      'cache-control': 'no-store',
      ...(open && incoming.complete ? {} : { connection: 'close' }),
    });
    outgoing.end(body);
  }

  const server = createServer({
    maxHeaderSize: HEADERS_MAX,
    requestTimeout: REQUEST_MS,
    headersTimeout: HEADERS_MS,
    keepAliveTimeout: 20_000,
    connectionsCheckingInterval: 5_000,
  });
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', (incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      open = false;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // A client that never finishes its request does not hold the vault open.
      const late = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
      await closed;
      clearTimeout(late);
    },
  };
}
