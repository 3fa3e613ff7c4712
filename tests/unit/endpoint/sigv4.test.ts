import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { describe, expect, it } from 'vitest';
import { type SignedRequest, SKEW_MS, verifySignature } from '../../../src/main/endpoint/sigv4.ts';

// The signer is AWS's own: the SDK's.
type Data = string | ArrayBuffer | ArrayBufferView;
const bytesOf = (data: Data) =>
  typeof data === 'string'
    ? Buffer.from(data)
    : ArrayBuffer.isView(data)
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Buffer.from(data);

class Sha256 {
  readonly #hash;
  constructor(secret?: Data) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }
  update(data: Data): void {
    this.#hash.update(bytesOf(data));
  }
  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }
  reset(): void {
    throw new Error('not used');
  }
}

const NOW = Date.parse('2026-11-25T12:00:00Z');
const ID = 'AKIAIOSFODNN7EXAMPLE';
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const signer = { secret: SECRET };
const signerOf = (id: string) => (id === ID ? signer : undefined);

async function sign({
  headers = {} as Record<string, string>,
  at = NOW,
  region = 'eu-central-1',
  secret = SECRET,
  id = ID,
} = {}) {
  const body = new TextEncoder().encode('{"Limit":5}');
  const signer = new SignatureV4({
    credentials: { accessKeyId: id, secretAccessKey: secret },
    region,
    service: 'kms',
    sha256: Sha256,
    uriEscapePath: true,
  });
  const signed = await signer.sign(
    {
      method: 'POST',
      protocol: 'http:',
      hostname: '127.0.0.1',
      port: 4599,
      path: '/',
      headers: {
        host: '127.0.0.1:4599',
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'TrentService.ListKeys',
        ...headers,
      },
      body,
    },
    { signingDate: new Date(at) },
  );
  return {
    headers: new Map(Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body,
  } satisfies SignedRequest;
}

const refusal = (request: SignedRequest, now = NOW) => {
  try {
    verifySignature(request, signerOf, now);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('it was accepted');
};

/** The request with another header, or without it. */
function altered(request: SignedRequest, name: string, value: string | undefined): SignedRequest {
  const headers = new Map(request.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, value);
  return { ...request, headers };
}

describe('verifySignature', () => {
  it('accepts what the SDK signs and says who and where', async () => {
    expect(verifySignature(await sign(), signerOf, NOW)).toEqual({
      accessKeyId: ID,
      date: '20261125',
      region: 'eu-central-1',
      service: 'kms',
    });
  });

  it('keeps no signing key for another Region or day', async () => {
    const tomorrow = NOW + 86_400_000;
    for (const [region, at] of [
      ['us-east-1', NOW],
      ['eu-central-1', NOW],
      ['eu-central-1', tomorrow],
      ['us-east-1', NOW],
    ] as const)
      expect(verifySignature(await sign({ region, at }), signerOf, at).region).toBe(region);
  });

  it('accepts a header with many spaces', async () => {
    const request = await sign({ headers: { 'x-amz-meta': '  a   b  ' } });
    expect(verifySignature(request, signerOf, NOW).region).toBe('eu-central-1');
  });

  it('refuses when anything that was signed is another', async () => {
    const request = await sign();
    const authorization = request.headers.get('authorization') ?? '';
    const changed = [
      { ...request, body: new TextEncoder().encode('{"Limit":6}') },
      altered(request, 'host', 'evil.example'),
      altered(request, 'host', undefined),
      altered(request, 'x-amz-target', 'TrentService.ScheduleKeyDeletion'),
      altered(request, 'authorization', authorization.replace(/Signature=./, 'Signature=z')),
      altered(request, 'authorization', authorization.replace('eu-central-1', 'us-east-1')),
      altered(request, 'authorization', authorization.replace('/kms/', '/sts/')),
      altered(request, 'authorization', authorization.replace('SignedHeaders=', 'SignedHeaders=constructor;')),
    ];
    for (const each of changed) expect(refusal(each).code).toBe('InvalidSignatureException');
    expect(refusal(await sign({ secret: 'another' })).message).toMatch(
      /^The request signature we calculated does not match/,
    );
  });

  it.each([
    ['x-amz-target', 'TrentService.ListKeys'],
    ['x-amz-security-token', 'token'],
  ])('refuses %s that was added after signing', async (name, value) => {
    const signed = altered(await sign(), name, undefined);
    const authorization = (signed.headers.get('authorization') ?? '').replace(`;${name}`, '');
    const request = altered(altered(signed, 'authorization', authorization), name, value);
    expect(refusal(request).message).toBe(`'${name}' must be a 'SignedHeader' in the AWS Authorization.`);
  });

  it('knows nobody by an unknown key', async () => {
    expect(refusal(await sign({ id: 'AKIANOBODY' }))).toMatchObject({
      code: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
    });
  });

  it('takes a request five minutes from now either way and no more', async () => {
    for (const at of [NOW - SKEW_MS, NOW + SKEW_MS])
      expect(verifySignature(await sign({ at }), signerOf, NOW).accessKeyId).toBe(ID);
    expect(refusal(await sign({ at: NOW - SKEW_MS - 1000 })).message).toBe(
      'Signature expired: 20261125T115459Z is now earlier than 20261125T115500Z (20261125T120000Z - 5 min.)',
    );
    expect(refusal(await sign({ at: NOW + SKEW_MS + 1000 })).message).toBe(
      'Signature not yet current: 20261125T120501Z is still later than 20261125T120500Z (20261125T120000Z + 5 min.)',
    );
  });

  it('says what an incomplete authorization lacks', async () => {
    const request = await sign();
    const saying = (authorization: string | undefined) => refusal(altered(request, 'authorization', authorization));
    expect(saying(undefined)).toMatchObject({
      code: 'MissingAuthenticationTokenException',
      message: 'Missing Authentication Token',
    });
    expect(saying('Basic abc').code).toBe('IncompleteSignatureException');
    expect(saying('AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request').message).toBe(
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter.",
    );
    expect(saying('AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=c').code).toBe(
      'IncompleteSignatureException',
    );
    for (const date of ['yesterday', '20261399T120000Z', undefined])
      expect(refusal(altered(request, 'x-amz-date', date)).code).toBe('IncompleteSignatureException');
  });

  it('refuses a credential of another day', async () => {
    const request = await sign();
    const authorization = request.headers.get('authorization')?.replace('20261125', '20261124');
    expect(refusal(altered(request, 'authorization', authorization)).message).toMatch(
      /^Date in Credential scope does not match/,
    );
  });
});
