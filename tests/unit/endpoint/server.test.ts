import { request } from 'node:http';
import { connect } from 'node:net';
import { CreateKeyCommand, DecryptCommand, EncryptCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Endpoint, startEndpoint } from '../../../src/main/endpoint/server.ts';
import { Throttle } from '../../../src/main/endpoint/throttle.ts';
import type { Served } from '../../../src/main/endpoint/types.ts';
import { noSts } from '../../support/endpoint.ts';
import { ACCOUNT, openTestEngine, REGION, ROOT } from '../../support/engine.ts';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

let endpoint: Endpoint;
let served: Served | undefined;
let opened: Served;
const bugs: unknown[] = [];
const quotas = { symmetric: 1000, rsa: 1000, ecc: 1000, management: 1000 };
const clock = { now: () => Date.now() };

beforeAll(async () => {
  const { engine } = await openTestEngine();
  opened = {
    engine,
    regions: [REGION],
    sts: noSts,
    accessKey: (id, token) =>
      id === ID && token === undefined
        ? { secret: SECRET, principalArn: ROOT, accountId: ACCOUNT, userId: ACCOUNT }
        : undefined,
    noteUse: () => undefined,
  };
  served = opened;
  endpoint = await startEndpoint(
    { clock, served: () => served, onBug: (error) => bugs.push(error), throttle: new Throttle(clock, quotas) },
    0,
  );
});
afterAll(() => endpoint.close());

const client = (changes: { region?: string; secretAccessKey?: string; accessKeyId?: string } = {}) =>
  new KMSClient({
    endpoint: `http://127.0.0.1:${endpoint.port}`,
    region: changes.region ?? REGION,
    maxAttempts: 1,
    credentials: { accessKeyId: changes.accessKeyId ?? ID, secretAccessKey: changes.secretAccessKey ?? SECRET },
  });

/** A request as no SDK would send it. */
function raw(headers: Record<string, string>, { method = 'POST', path = '/', body = '{}' } = {}) {
  return new Promise<{ status: number; body: string; requestId: string | undefined }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: endpoint.port, method, path, headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          body: text,
          requestId: answer.headers['x-amzn-requestid'] as string,
        }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('the endpoint', () => {
  it('serves the SDK: a key, a ciphertext, the plaintext again, and the record of each under its request id', async () => {
    const kms = client();
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Description: 'by the SDK' }));
    expect(KeyMetadata?.CreationDate).toBeInstanceOf(Date);
    const EncryptionContext = { purpose: 'test', __proto__x: 'y' };
    const sealed = await kms.send(
      new EncryptCommand({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('secret'), EncryptionContext }),
    );
    const open = await kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, EncryptionContext }));
    expect(Buffer.from(open.Plaintext ?? []).toString()).toBe('secret');
    const { output } = await opened.engine.call(
      { principalArn: ROOT, accountId: ACCOUNT, region: REGION, sourceIp: '127.0.0.1', userAgent: 'test' },
      'GetEvent',
      { EventId: open.$metadata.requestId ?? '' },
    );
    expect(JSON.stringify(output)).toContain('Decrypt');
    await expect(kms.send(new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }))).rejects.toMatchObject({
      name: 'InvalidCiphertextException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('records what a program says it is, and lets none pass for a part of Coffer', async () => {
    const kms = client();
    let says = '';
    kms.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['user-agent'] = says;
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    for (const [sent, recorded] of [
      ['Coffer/1.2.3 (window)', '[Coffer/1.2.3 (window)]'],
      ['Spy/1.0', 'Spy/1.0'],
    ] as const) {
      says = sent;
      const { $metadata } = await kms.send(new ListKeysCommand({}));
      const { output } = await opened.engine.call(
        { principalArn: ROOT, accountId: ACCOUNT, region: REGION, sourceIp: '127.0.0.1', userAgent: 'test' },
        'GetEvent',
        { EventId: $metadata.requestId ?? '' },
      );
      expect(JSON.parse(output.Record)).toMatchObject({ eventName: 'ListKeys', userAgent: recorded });
    }
  });

  it('knows whose request it is, and for which Region', async () => {
    const cases = [
      [{ secretAccessKey: 'another' }, 'InvalidSignatureException'],
      [{ accessKeyId: 'AKIANOBODY' }, 'UnrecognizedClientException'],
      [{ region: 'mars-north-1' }, 'InvalidSignatureException'],
    ] as const;
    for (const [changes, name] of cases)
      await expect(client(changes).send(new ListKeysCommand({}))).rejects.toMatchObject({ name });
  });

  it('answers 503 while the vault is locked, whoever asks', async () => {
    served = undefined;
    try {
      for (const secretAccessKey of [SECRET, 'another'])
        await expect(client({ secretAccessKey }).send(new ListKeysCommand({}))).rejects.toMatchObject({
          name: 'KMSInternalException',
          message: 'the vault is locked',
          $metadata: { httpStatusCode: 503 },
        });
    } finally {
      served = opened;
    }
  });

  it('answers no web page and no foreign name', async () => {
    const host = `127.0.0.1:${endpoint.port}`;
    for (const headers of [
      { host, origin: 'https://example.com' },
      { host, origin: 'null' },
      { host, 'sec-fetch-site': 'cross-site' },
      { host: `rebound.example:${endpoint.port}` },
      { host: '127.0.0.1' },
      { host: `127.0.0.1.example.com:${endpoint.port}` },
    ]) {
      const { status, body } = await raw(headers as Record<string, string>);
      expect([status, JSON.parse(body).__type]).toEqual([403, 'AccessDeniedException']);
    }
    for (const name of [`localhost:${endpoint.port}`, `127.0.0.1:${endpoint.port}`, `[::1]:${endpoint.port}`]) {
      expect(JSON.parse((await raw({ host: name })).body).__type).toBe('MissingAuthenticationTokenException');
    }
  });

  it('refuses what is no request of the protocol', async () => {
    expect((await raw({}, { method: 'GET', body: '' })).status).toBe(404);
    expect((await raw({}, { path: '/?a=1' })).status).toBe(404);
    expect((await raw({}, { body: 'x'.repeat(2 ** 20 + 1) })).status).toBe(413);
    const { status, requestId } = await raw({});
    expect(status).toBe(400);
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('throttles the calls of a class beyond its quota, Region by Region', async () => {
    const throttle = new Throttle({ now: () => 0 }, { ...quotas, management: 2 });
    const limited = await startEndpoint({ clock, served: () => opened, onBug: (bug) => bugs.push(bug), throttle }, 0);
    try {
      const kms = new KMSClient({
        endpoint: `http://127.0.0.1:${limited.port}`,
        region: REGION,
        maxAttempts: 1,
        credentials: { accessKeyId: ID, secretAccessKey: SECRET },
      });
      for (let call = 0; call < 2; call++) await kms.send(new ListKeysCommand({}));
      await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({
        name: 'ThrottlingException',
        $metadata: { httpStatusCode: 400 },
      });
      expect(throttle.take(ACCOUNT, 'us-east-1', 'management')).toBe(true);
    } finally {
      await limited.close();
    }
  });

  it('refuses callers of STS in its own protocol and codes', async () => {
    const ask = async (authorization: string | undefined, body = 'Action=GetCallerIdentity&Version=2011-06-15') => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const answer = await raw({ ...headers, ...(authorization ? { authorization } : {}) }, { body });
      return [
        answer.status,
        /<Code>(.*)<\/Code>/.exec(answer.body)?.[1],
        answer.body.includes(answer.requestId ?? '-'),
      ];
    };
    expect(await ask(undefined)).toEqual([403, 'MissingAuthenticationToken', true]);
    expect(await ask('Basic dGVzdA==')).toEqual([400, 'IncompleteSignature', true]);
    served = undefined;
    expect(await ask(undefined)).toEqual([503, 'ServiceUnavailable', true]);
    served = opened;
  });

  it('knows no session tokens: credentials that have one are nobody’s', async () => {
    const credentials = { accessKeyId: ID, secretAccessKey: SECRET, sessionToken: 'token' };
    const { region, maxAttempts, endpoint: at } = client().config;
    const kms = new KMSClient({ region, maxAttempts, endpoint: at as () => Promise<never>, credentials });
    await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
  });

  it('takes a request that ends before it is whole for no fault of its own', async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(endpoint.port, '127.0.0.1', () => {
        socket.write(`POST / HTTP/1.1\r\nhost: 127.0.0.1:${endpoint.port}\r\ncontent-length: 100\r\n\r\nhalf`, () =>
          socket.destroy(),
        );
      });
      socket.once('close', () => resolve());
    });
    // Whatever the server made of it is done once it answers the next.
    await client().send(new ListKeysCommand({}));
  });

  it('met no fault on the way', () => {
    expect(bugs).toEqual([]);
  });
});
