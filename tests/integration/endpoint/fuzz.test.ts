import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/main/audit/log.ts';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import type { Endpoint } from '../../../src/main/endpoint/server.ts';
import { parseCiphertext } from '../../../src/main/kms/ciphertext.ts';
import { createEngine } from '../../../src/main/kms/engine.ts';
import { systemEnvironment } from '../../../src/main/system.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import { isOwnReading, type OperationName, operations } from '../../../src/shared/kms/operations.ts';
import { startExampleEndpoint } from '../../support/endpoint.ts';
import { type RawAnswer, signedClient } from '../../support/signed-requests.ts';
import { IN_MEMORY, inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';
import { CALLER, populate, productOptions } from '../../support/vault-engine.ts';

/**
 * What no client sends: 50,000 blobs, bodies, headers, signatures and bytes that are no HTTP at all, at a vault on a disk
 * behind the real server. Nothing may crash, hang or answer as if it were Coffer's own fault, no answer may tell of the
 * inside, and the vault is whole afterwards. The seed of a failing run is in fast-check's report.
 */
const COUNTS = { blobs: 16_000, bodies: 16_000, bytes: 8_000, headers: 8_000, connections: 2_000 };
const CONNECTIONS = 32;
/** A stack, a path, a module: what an answer must never hold. */
const INSIDE =
  /\n\s+at |node_modules|\.(ts|mjs|cjs)\b|file:\/\/|\/(home|root|tmp|usr|dev)\/|TypeError|RangeError|SQLITE/;

const KMS_OPERATIONS = Object.keys(operations).filter((name) => !isOwnReading(name as OperationName));
const MEMBERS = [
  ...new Set(
    KMS_OPERATIONS.flatMap((name) => {
      const { input } = operations[name as OperationName];
      return 'shape' in input ? Object.keys(input.shape as object) : [];
    }),
  ),
];

const bugs: unknown[] = [];
let leave: () => void = () => undefined;
let left: Promise<void>;
let vault: Vault;
let endpoint: Endpoint;
let client: ReturnType<typeof signedClient>;
let keyId: string;
let sealed: Uint8Array;

const engineOf = (store: Vault) => {
  const audit = createAuditLog(store);
  const environment = systemEnvironment();
  return { audit, engine: createEngine({ store, audit, environment, onBug: (error) => bugs.push(error) }) };
};

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    left = inTemporaryFolder(async (dir) => {
      const options = productOptions();
      const made = await Vault.create(path.join(dir, 'vault'), options, {
        name: 'fuzz',
        passphrase: PASSPHRASE,
        useKeychain: false,
      });
      vault = made.vault;
      await populate(vault);
      const { engine } = engineOf(vault);
      keyId = (await engine.call(CALLER, 'CreateKey', {})).output.KeyMetadata.KeyId;
      const Plaintext = new Uint8Array(100).fill(1);
      sealed = (await engine.call(CALLER, 'Encrypt', { KeyId: keyId, Plaintext })).output.CiphertextBlob;
      endpoint = await startExampleEndpoint(engine, (error) => bugs.push(error));
      client = signedClient(endpoint.port, CALLER.region, CONNECTIONS);
      await new Promise<void>((resolve) => {
        leave = resolve;
        ready();
      });
      client.close();
      await endpoint.close();
      const verified = await verifyTrail(vault.db, createAuditLog(vault));
      await vault.close();
      const again = await Vault.open(path.join(dir, 'vault'), options, { kind: 'passphrase', secret: PASSPHRASE });
      const opened = await engineOf(again).engine.call(CALLER, 'Decrypt', { CiphertextBlob: sealed });
      await again.close();
      expect(verified).toMatchObject({ ok: true });
      expect(opened.output.Plaintext).toEqual(new Uint8Array(100).fill(1));
    }, IN_MEMORY).catch(failed);
  });
});
// Here, not in a test: whichever of the tests ran, the vault they leave is looked at.
afterAll(async () => {
  leave();
  await left;
});

function checkAnswer({ status, body, requestId }: RawAnswer): void {
  expect(status).toBeLessThan(500);
  expect(body).not.toMatch(INSIDE);
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  const answer: unknown = JSON.parse(body);
  if (status !== 200)
    expect(answer).toMatchObject({ __type: expect.stringMatching(/^\w+$/), message: expect.any(String) });
  expect(bugs).toEqual([]);
}

/** Runs `count` cases, some at once; each case has values of its own. */
async function cases<T>(count: number, arbitrary: fc.Arbitrary<T>, work: (value: T) => Promise<void>): Promise<void> {
  const together = 50;
  await fc.assert(
    fc.asyncProperty(fc.array(arbitrary, { minLength: together, maxLength: together }), async (values) => {
      await Promise.all(values.map(work));
    }),
    { numRuns: count / together, endOnFailure: true },
  );
}

const bytes = (maxLength: number) => fc.uint8Array({ maxLength });
/** A sound ciphertext with a few bytes changed, cut short or made longer. */
const spoilt = fc
  .tuple(
    fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
    fc.option(fc.nat(), { freq: 2 }),
    bytes(40),
  )
  .map(([flips, cut, more]) => {
    const blob = Buffer.concat([sealed, more]);
    for (const [at, by] of flips) blob[at % blob.length] = (blob[at % blob.length] ?? 0) ^ by;
    return new Uint8Array(cut === null ? blob : blob.subarray(0, cut % (blob.length + 1)));
  });

/** Values of every kind, and those that come near a sound one. */
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ maxLength: 60 }),
  fc.double(),
  fc.constantFrom('', 'alias/x', 'arn:aws:kms:::', '\u0000', '9'.repeat(5000), [], {}, null, true, -1, 1e308),
  bytes(200).map((data) => Buffer.from(data).toString('base64')),
  fc.constant(null).map(() => keyId),
  fc.constant(null).map(() => Buffer.from(sealed).toString('base64')),
  fc.dictionary(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), { maxKeys: 4 }),
);

describe('what no client sends', () => {
  it('as ciphertext is refused as such', { timeout: 300_000 }, async () => {
    const { engine } = engineOf(vault);
    await cases(COUNTS.blobs, fc.oneof(spoilt, bytes(300)), async (blob) => {
      const parsed = parseCiphertext(blob);
      if (parsed) expect(parsed.accountId).toMatch(/^\d{12}$/);
      const answer = await engine.call(CALLER, 'Decrypt', { CiphertextBlob: blob }).catch((error: unknown) => error);
      // A change of nothing is possible: two flips of the same byte.
      if (Buffer.compare(blob, sealed) === 0) return;
      expect(answer).toBeInstanceOf(CofferError);
      expect((answer as CofferError).code).toBe(
        blob.length === 0 ? 'ValidationException' : 'InvalidCiphertextException',
      );
    });
    expect(bugs).toEqual([]);
  });

  it('as the body of a signed request is an error of the caller, whatever the operation', {
    timeout: 300_000,
  }, async () => {
    const request = fc.tuple(
      fc.constantFrom(...KMS_OPERATIONS),
      fc.dictionary(fc.constantFrom(...MEMBERS), value, { maxKeys: 5 }),
    );
    await cases(COUNTS.bodies, request, async ([operation, input]) => {
      checkAnswer(await client.send(operation, JSON.stringify(input)));
    });
  });

  it('as bytes that are no JSON is an error of the caller', { timeout: 300_000 }, async () => {
    const body = fc.oneof(
      bytes(400),
      fc.string({ maxLength: 100 }).map((text) => Buffer.from(text)),
      fc.jsonValue().map((json) => Buffer.from(JSON.stringify(json).slice(0, -1))),
      fc.integer({ min: 1, max: 50_000 }).map((depth) => Buffer.from('[{"a":'.repeat(depth))),
    );
    await cases(COUNTS.bytes, fc.tuple(fc.constantFrom(...KMS_OPERATIONS), body), async ([operation, data]) => {
      checkAnswer(await client.send(operation, data));
    });
  });

  it('as headers and signatures is refused', { timeout: 300_000 }, async () => {
    const text = fc.stringMatching(/^[\x21-\x7e][\x20-\x7e]{0,80}$/);
    const spoil = fc.oneof(
      fc.tuple(fc.constantFrom('authorization', 'x-amz-date', 'x-amz-target', 'host', 'content-type'), text),
      fc.tuple(fc.constantFrom('origin', 'x-amz-security-token', 'x-forwarded-host', 'sec-fetch-site'), text),
      fc.tuple(fc.constantFrom('authorization', 'x-amz-date', 'x-amz-target'), fc.constant(null)),
      fc.tuple(fc.constant('signature'), fc.tuple(fc.nat(), fc.constantFrom(...'0123456789abcdefg='))),
    );
    await cases(COUNTS.headers, spoil, async ([name, by]) => {
      let changed = false;
      const answer = await client.send('ListKeys', '{}', (headers) => {
        const out = { ...headers };
        if (by === null) delete out[name];
        else if (typeof by === 'string') out[name] = by;
        else {
          const { authorization = '' } = headers;
          const at = by[0] % authorization.length;
          out.authorization = authorization.slice(0, at) + by[1] + authorization.slice(at + 1);
        }
        changed = JSON.stringify(out) !== JSON.stringify(headers);
        return out;
      });
      checkAnswer(answer);
      // A content type that is not signed as it arrived, a header nobody signs: all others must not pass.
      if (changed && name !== 'x-amz-security-token' && name !== 'x-forwarded-host')
        expect(answer.status).not.toBe(200);
    });
  });

  it('as no HTTP at all ends the connection and nothing else', { timeout: 300_000 }, async () => {
    const noise = fc.oneof(
      bytes(500).map((data) => Buffer.from(data)),
      fc
        .tuple(
          fc.constantFrom('POST / HTTP/1.1', 'GET / HTTP/9.9', 'POST  HTTP/1.1', 'PRI * HTTP/2.0', 'POST / HTTP/1.0'),
          fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }),
        )
        .map(([line, headers]) => Buffer.from([line, ...headers, '', 'x'].join('\r\n'))),
      fc.constant(Buffer.from(`POST / HTTP/1.1\r\nHost: 127.0.0.1:1\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`)),
      fc.constant(Buffer.from('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nzz\r\n')),
    );
    await cases(COUNTS.connections, noise, async (data) => {
      const answer = await new Promise<string>((resolve, reject) => {
        const socket = connect(endpoint.port, '127.0.0.1');
        const parts: Buffer[] = [];
        socket.on('data', (part) => parts.push(part));
        // A reset is an end, too.
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(Buffer.concat(parts).toString('latin1')));
        socket.setTimeout(60_000, () => reject(new Error('the connection hangs')));
        socket.end(data);
      });
      expect(answer).not.toMatch(/^HTTP\/1\.1 (2|5)\d\d/);
      expect(answer).not.toMatch(INSIDE);
    });
    expect(bugs).toEqual([]);
    checkAnswer(
      await client.send('Encrypt', JSON.stringify({ KeyId: keyId, Plaintext: randomBytes(9).toString('base64') })),
    );
  });
});
