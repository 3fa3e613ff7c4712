import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type XksProxy as XksAddress, XksClient } from '../../../src/main/key-stores/xks/client.ts';
import { proxyErrors, XksFailure } from '../../../src/main/key-stores/xks/failure.ts';
import { CREDENTIAL, proxyError, XKS_PATH, XksProxy } from '../../support/xks-proxy.ts';

const META = { kmsOperation: 'Encrypt', kmsRequestId: 'r', awsPrincipalArn: 'arn:aws:iam::111122223333:root' };
const text = (value: string) => new TextEncoder().encode(value);

let server: XksProxy;
let client: XksClient;
let proxy: XksAddress;
beforeEach(async () => {
  server = await new XksProxy().listen();
  client = new XksClient({ now: () => Date.UTC(2026, 0, 2, 3, 4, 5) }, 20_000);
  proxy = {
    uriEndpoint: server.endpoint,
    uriPath: XKS_PATH,
    region: 'eu-central-1',
    accessKeyId: CREDENTIAL.AccessKeyId,
    secretAccessKey: CREDENTIAL.RawSecretAccessKey,
  };
});
afterEach(async () => {
  client.close();
  await server.close();
});

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof XksFailure) return error.reason;
    throw error;
  }
  return 'none';
}

describe('the proxy client', () => {
  it.each([
    [12, 'key_version=1'],
    [16, 'x'.repeat(20)],
    [12, ''],
  ])('encrypts and decrypts with %i bytes of IV and metadata “%s”', async (ivBytes, metadata) => {
    server.addKey('k-1_a.b');
    server.ivBytes = ivBytes;
    server.metadata = Buffer.from(metadata);
    const aad = text('context');
    const largest = new Uint8Array(4300).fill(9);
    const sealed = await client.encrypt(proxy, 'k-1_a.b', META, largest, aad);
    expect([sealed.iv.length, Buffer.from(sealed.metadata).toString()]).toEqual([ivBytes, metadata]);
    expect(await client.decrypt(proxy, 'k-1_a.b', META, sealed, aad)).toEqual(largest);
    expect(await reasonOf(client.decrypt(proxy, 'k-1_a.b', META, sealed, text('other')))).toBe(
      'InvalidCiphertextException',
    );
    const changed = { ...sealed, metadata: new Uint8Array([1]) };
    expect(await reasonOf(client.decrypt(proxy, 'k-1_a.b', META, changed, aad))).toBe('InvalidCiphertextException');
    expect(server.seen[0]?.body.requestMetadata).toEqual(META);
  });

  it('takes the specification’s own example, and no other integrity value', async () => {
    const example = {
      authenticationTag: 'vBxN2ncH1oEkR8WVXpmyYQ==',
      ciphertext: 'ghxkK1txeDNn3q8Y',
      ciphertextDataIntegrityValue: 'qHA/ImC9h5HsLRXqCyPmWgYx7tzyoTplzILbP0fPXsc=',
      ciphertextMetadata: 'a2V5X3ZlcnNpb249MQ==',
      initializationVector: 'HMrlRw85cAJUd5Ax',
    };
    server.addKey('k');
    server.misbehave = () => ({ change: () => example });
    const call = () =>
      client.encrypt(proxy, 'k', META, text('Hello World!'), text('project=nile,department=marketing'));
    expect(Buffer.from((await call()).metadata).toString()).toBe('key_version=1');
    server.misbehave = () => ({ change: () => ({ ...example, ciphertext: 'ghxkK1txeDNn3q8Z' }) });
    expect(await reasonOf(call())).toBe('Malformed');
  });

  it.each<[string, Record<string, unknown>]>([
    ['no integrity value', { ciphertextDataIntegrityValue: undefined }],
    ['a ciphertext of another length', { ciphertext: 'AAAA' }],
    ['an IV of 13 bytes', { initializationVector: Buffer.alloc(13).toString('base64') }],
    ['a short tag', { authenticationTag: Buffer.alloc(12).toString('base64') }],
    ['21 bytes of metadata', { ciphertextMetadata: Buffer.alloc(21).toString('base64') }],
    ['what is not base64', { initializationVector: 'not base64!' }],
    ['another type', { ciphertext: 5 }],
  ])('refuses an encryption with %s', async (_name, changes) => {
    server.addKey('k');
    server.misbehave = () => ({ change: (answer) => ({ ...answer, ...changes }) });
    expect(await reasonOf(client.encrypt(proxy, 'k', META, text('data'), text('')))).toBe('Malformed');
  });

  it('refuses a plaintext of another length', async () => {
    server.addKey('k');
    const sealed = await client.encrypt(proxy, 'k', META, text('data'), text(''));
    server.misbehave = () => ({ change: () => ({ plaintext: 'AAAAAAAA' }) });
    expect(await reasonOf(client.decrypt(proxy, 'k', META, sealed, text('')))).toBe('Malformed');
  });

  it.each(proxyErrors)('knows %s', async (name) => {
    server.misbehave = () => proxyError(400, name);
    expect(await reasonOf(client.health(proxy, META))).toBe(name);
  });

  it.each([
    ['another error name', { status: 400, body: '{"errorName":"Novel"}' }],
    ['no JSON', { status: 500, body: '<html>' }],
    ['success that is no JSON', { status: 200, body: '' }],
    ['a redirect', { status: 302, body: '' }],
    ['an answer without end', 'endless'],
  ] as const)('calls %s malformed', async (_name, instead) => {
    server.misbehave = () => instead;
    expect(await reasonOf(client.health(proxy, META))).toBe('Malformed');
  });

  it('tells a proxy whose key managers are all away', async () => {
    server.health = ['UNAVAILABLE', 'DEGRADED'];
    expect(await reasonOf(client.health(proxy, META))).toBe('none');
    server.health = ['UNAVAILABLE'];
    expect(await reasonOf(client.health(proxy, META))).toBe('NoKeyManager');
    server.health = [];
    expect(await reasonOf(client.health(proxy, META))).toBe('Malformed');
  });

  it('signs so that another secret, key id or path is refused', async () => {
    const wrong = { ...proxy, secretAccessKey: `${CREDENTIAL.RawSecretAccessKey.slice(0, -2)}x=` };
    expect(await reasonOf(client.health(wrong, META))).toBe('AuthenticationFailedException');
    const unknown = { ...proxy, accessKeyId: 'ABCDEFGHIJKLMNOP2346' };
    expect(await reasonOf(client.health(unknown, META))).toBe('AuthenticationFailedException');
    expect(await reasonOf(client.health({ ...proxy, uriPath: '/kms/xks/v1' }, META))).toBe('InvalidUriPathException');
  });

  it('tells apart a proxy that is not there, cuts off, hangs, or has no TLS', async () => {
    expect(await reasonOf(client.health({ ...proxy, uriEndpoint: 'https://no-such-host.invalid' }, META))).toBe(
      'Unreachable',
    );
    expect(await reasonOf(client.health({ ...proxy, uriEndpoint: `https://127.0.0.1:${server.port}` }, META))).toBe(
      'TlsFailed',
    );
    server.misbehave = () => 'cut';
    expect(await reasonOf(client.health(proxy, META))).toBe('Unreachable');
    server.misbehave = () => 'hang';
    const hasty = new XksClient({ now: Date.now }, 100);
    expect(await reasonOf(hasty.health(proxy, META))).toBe('TimedOut');
    hasty.close();
    const closed = createServer();
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
    const address = closed.address();
    await new Promise((resolve) => closed.close(resolve));
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await reasonOf(client.health({ ...proxy, uriEndpoint: `http://127.0.0.1:${port}` }, META))).toBe(
      'Unreachable',
    );
  });

  it('asks again when a kept connection was closed by the other side', async () => {
    await client.health(proxy, META);
    let first = true;
    server.misbehave = () => {
      if (!first) return undefined;
      first = false;
      return 'cut';
    };
    // The kept connection breaks under the request, the second try has one of its own.
    await client.health(proxy, META);
    expect(first).toBe(false);
    expect(server.seen.length).toBe(2);
  });
});
