import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { XksFailure } from './failure.ts';

/** The longest answer the specification allows is a few kilobytes. */
const ANSWER_MAX = 64 * 1024;

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Connections to proxies, kept alive between requests: a handshake costs more than the request. */
export class Connections {
  readonly #http = new HttpAgent({ keepAlive: true });
  readonly #https = new HttpsAgent({ keepAlive: true, minVersion: 'TLSv1.2' });
  readonly #timeoutMs: number;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends one POST of JSON. Redirects are not followed: they would take a signed request to somebody else.
   * @throws XksFailure `Unreachable`, `TlsFailed`, `TimedOut`; `Malformed` for an answer too long.
   */
  async post(url: URL, headers: Readonly<Record<string, string>>, body: string): Promise<Answer> {
    const deadline = performance.now() + this.#timeoutMs;
    try {
      return await this.#once(url, headers, body, deadline);
    } catch (error) {
      // The proxy closed an idle connection while we wrote to it. Every operation of the API may be repeated.
      if (!(error instanceof Stale)) throw error;
      return await this.#once(url, headers, body, deadline);
    }
  }

  #once(url: URL, headers: Readonly<Record<string, string>>, body: string, deadline: number): Promise<Answer> {
    const secure = url.protocol === 'https:';
    return new Promise((resolve, reject) => {
      let connected = false;
      const request = (secure ? httpsRequest : httpRequest)(url, {
        method: 'POST',
        agent: secure ? this.#https : this.#http,
        headers: { ...headers, 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
      });
      let cause: XksFailure | undefined;
      const breakOff = (reason: 'TimedOut' | 'Malformed') => {
        cause = new XksFailure(reason);
        request.destroy(cause);
      };
      const timer = setTimeout(() => breakOff('TimedOut'), Math.max(1, deadline - performance.now()));
      const settle = (work: () => void) => {
        clearTimeout(timer);
        work();
      };
      request.on('socket', (socket) => {
        // A kept one has been through both.
        if (!socket.connecting) return;
        socket.once('connect', () => {
          connected = true;
        });
        socket.once('secureConnect', () => {
          connected = false;
        });
      });
      request.on('error', (error: NodeJS.ErrnoException) =>
        settle(() => {
          if (cause) reject(cause);
          else if (request.reusedSocket && error.code === 'ECONNRESET') reject(new Stale());
          // A connection that stands and a handshake that does not.
          else reject(new XksFailure(secure && connected ? 'TlsFailed' : 'Unreachable'));
        }),
      );
      request.on('response', (response: IncomingMessage) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > ANSWER_MAX) breakOff('Malformed');
          else chunks.push(chunk);
        });
        response.on('end', () =>
          settle(() => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') })),
        );
        response.on('error', () => settle(() => reject(cause ?? new XksFailure('Unreachable'))));
      });
      request.end(body);
    });
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }
}

/** A kept connection turned out to be closed before anything was answered. */
class Stale extends Error {}
