import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { opensslCannot, opensslVerify } from '../../../src/renderer/features/sign/openssl.ts';
import { type KeySpec, keySpecs, type SigningAlgorithm } from '../../../src/shared/kms/enums.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { random } from '../../support/crypto.ts';
import { openTestEngine, REGION } from '../../support/engine.ts';
import { openOpenssl, signings } from '../../support/openssl.ts';
import { openSigning } from '../../support/signing.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

/** Empty, short, and longer than several slices of every hash. */
const SIZES = [0, 5, 1_300_001];

let t: Awaited<ReturnType<typeof openTestEngine>>;
let signing: ReturnType<typeof openSigning>;
beforeAll(async () => {
  t = await openTestEngine();
  signing = openSigning(t);
});
afterAll(async () => {
  await signing.service.close();
  expect([...t.bugs, ...signing.bugs]).toEqual([]);
});

const keys = new Map<KeySpec, Promise<string>>();
function keyOf(KeySpec: KeySpec): Promise<string> {
  const key = keys.get(KeySpec) ?? t.key({ KeySpec, KeyUsage: 'SIGN_VERIFY' }).then(({ id }) => id);
  keys.set(KeySpec, key);
  return key;
}

/** Whether the command, as it is shown, accepts. */
function accepts(command: string): boolean {
  try {
    execFileSync('sh', ['-c', command], { stdio: ['ignore', 'ignore', 'pipe'] });
    return true;
  } catch {
    return false;
  }
}

const cases = keySpecs.flatMap((spec) => (specs[spec].signing ?? []).map((algorithm) => [spec, algorithm] as const));

async function valid(file: string, signature: string, algorithm: SigningAlgorithm, key: object) {
  const what = { path: file };
  const job = signing.service.verify({ what, signature: { path: signature }, key: key as never, algorithm });
  const { state, valid, problem } = await signing.ended(job);
  expect([state, problem]).toEqual(['done', undefined]);
  return valid;
}

describe('detached signatures', () => {
  it('are made by every algorithm of every signing key', () => expect(cases).toHaveLength(28));

  it.each(cases)('%s, %s: verify with the command shown, here, and with the public key alone', (spec, algorithm) =>
    inTemporaryFolder(async (folder) => {
      const keyId = await keyOf(spec);
      for (const size of SIZES) {
        const file = path.join(folder, `${size} bytes, it's mine.bin`);
        const content = random.bytes(size);
        await writeFile(file, content);
        const [started] = signing.service.start({
          what: { paths: [file] },
          keyId,
          region: REGION,
          algorithm,
          withPublicKey: true,
        });
        const job = await signing.ended(started);
        if (algorithm === 'ED25519_SHA_512' && size !== 5) {
          expect(job.problem?.code).toBe(size === 0 ? 'MessageEmpty' : 'MessageTooLong');
          continue;
        }
        expect([job.state, job.problem]).toEqual(['done', undefined]);
        const { signaturePath = '', publicKeyPath = '', publicKey } = job;
        expect(signaturePath).toBe(`${file}.sig`);
        expect(new Uint8Array(await readFile(signaturePath))).toEqual(job.signature);
        const command = opensslVerify(algorithm, { file, signature: signaturePath, publicKey: publicKeyPath });
        expect(command === null).toBe(opensslCannot(algorithm) !== null);
        const ways = [{ keyId, region: REGION }, { publicKey }];
        if (command) expect(accepts(command), `${command}`).toBe(true);
        for (const way of ways) expect(await valid(file, signaturePath, algorithm, way)).toBe(true);

        await writeFile(file, size === 0 ? 'x' : content.map((byte, index) => (index === size - 1 ? byte ^ 1 : byte)));
        if (command) expect(accepts(command)).toBe(false);
        for (const way of ways) expect(await valid(file, signaturePath, algorithm, way)).toBe(false);
      }
    }),
  );
});

describe('signatures of openssl', () => {
  const openssl = openOpenssl();
  afterAll(() => openssl.remove());

  it.each(signings)('$spec, $algorithm: verify with the public key', async (other) => {
    const privateKey = openssl.file(openssl.privateKey(other));
    const publicKey = openssl.publicKey(privateKey);
    // pkeyutl of openssl 3.0 takes no empty file.
    for (const size of SIZES.slice(1)) {
      const content = random.bytes(size);
      const file = openssl.file(content);
      const signature = openssl.file(openssl.sign(privateKey, file, other));
      expect(await valid(file, signature, other.algorithm, { publicKey })).toBe(true);
      expect(await valid(openssl.file(random.bytes(size)), signature, other.algorithm, { publicKey })).toBe(false);
    }
  });
});
