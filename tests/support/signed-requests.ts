import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';

/** An access key that is in every example of AWS's documentation. */
export const EXAMPLE_KEY = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };

export interface RawAnswer {
  readonly status: number;
  readonly body: string;
  readonly requestId: string | undefined;
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
const hmac = (key: Uint8Array | string, text: string) => createHmac('sha256', key).update(text).digest();
const SIGNED = 'content-type;host;x-amz-date;x-amz-target';

/**
 * A lean client: keep-alive connections, every request signed anew (Signature Version 4), and bodies that no SDK would
 * send. `change` may spoil the headers after they were signed.
 */
export function signedClient(port: number, region: string, connections: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const host = `127.0.0.1:${port}`;
  return {
    close: () => agent.destroy(),
    send(
      operation: string,
      body: string | Uint8Array,
      change: (headers: Record<string, string>) => Record<string, string> = (headers) => headers,
    ): Promise<RawAnswer> {
      const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
      const scope = `${time.slice(0, 8)}/${region}/kms/aws4_request`;
      const named = {
        'content-type': 'application/x-amz-json-1.1',
        host,
        'x-amz-date': time,
        'x-amz-target': `TrentService.${operation}`,
      };
      const lines = Object.entries(named).map(([name, value]) => `${name}:${value}\n`);
      const canonical = ['POST', '/', '', lines.join(''), SIGNED, sha256(body)].join('\n');
      const text = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
      const key = scope
        .split('/')
        .reduce<Uint8Array | string>((by, part) => hmac(by, part), `AWS4${EXAMPLE_KEY.secret}`);
      const signature = hmac(key, text).toString('hex');
      const authorization = `AWS4-HMAC-SHA256 Credential=${EXAMPLE_KEY.id}/${scope}, SignedHeaders=${SIGNED}, Signature=${signature}`;
      const headers = change({ ...named, authorization, 'content-length': String(Buffer.byteLength(body)) });
      return new Promise((resolve, reject) => {
        const asked = request({ agent, host: '127.0.0.1', port, method: 'POST', path: '/', headers }, (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () =>
            resolve({
              status: answer.statusCode ?? 0,
              body: Buffer.concat(parts).toString('utf8'),
              requestId: answer.headers['x-amzn-requestid'] as string | undefined,
            }),
          );
          answer.on('error', reject);
        });
        asked.on('error', reject);
        asked.end(body);
      });
    },
  };
}
