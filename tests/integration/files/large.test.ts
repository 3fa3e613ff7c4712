import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AlgorithmSuiteIdentifier } from '@aws-crypto/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_LENGTH } from '../../../src/main/files/prepare.ts';
import { EngineKeyring, esdk } from '../../support/esdk.ts';
import { openTestFiles } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const GIB = 2 ** 30;

async function digest(stream: AsyncIterable<Uint8Array>): Promise<string> {
  // The quickest hash there is here; nobody attacks this comparison.
  const hash = createHash('sha1');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

const read = (file: string) => createReadStream(file, { highWaterMark: 4 * 2 ** 20 });

async function writeGib(file: string): Promise<void> {
  // Random at both ends and in the middle of every 64 MiB, so that no two frames of a kind stand in each other's place.
  const handle = await open(file, 'wx');
  try {
    const piece = randomBytes(64 * 2 ** 20);
    for (let n = 0; n < 16; n++) {
      randomBytes(4096).copy(piece, 0);
      await handle.write(piece);
    }
  } finally {
    await handle.close();
  }
}

const rounds = [true, false].flatMap((signed) =>
  ['ours opens there', 'theirs opens here'].map((direction) => ({ signed, direction })),
);

describe('1 GiB and the AWS Encryption SDK', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  let keyring: EngineKeyring;
  beforeAll(async () => {
    files = await openTestFiles();
    keyring = new EngineKeyring(files, files.arn);
  });
  afterAll(() => files.close());

  /** Runs one of the product's jobs and looks at the memory of the process meanwhile. */
  async function runFlat(...job: Parameters<typeof files.run>): Promise<string> {
    const before = process.memoryUsage.rss();
    let peak = 0;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss() - before);
    }, 10);
    const { problem, output = '' } = await files.run(...job).finally(() => clearInterval(timer));
    expect(problem).toBeUndefined();
    expect(peak).toBeLessThan(200e6);
    return output;
  }

  it.each(rounds)(
    '$direction (signed: $signed), in memory that stays flat',
    ({ signed, direction }) =>
      inTemporaryFolder(async (dir) => {
        const plain = path.join(dir, 'plain');
        await writeGib(plain);
        const wanted = await digest(read(plain));
        if (direction === 'ours opens there') {
          const made = await runFlat(plain, 'encrypt', { signed });
          await rm(plain);
          expect(await digest(read(made).pipe(esdk.decryptStream(keyring)))).toBe(wanted);
          return;
        }
        const theirs = path.join(dir, 'theirs.encrypted');
        const suiteId = signed
          ? AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384
          : AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
        await pipeline(
          read(plain),
          esdk.encryptStream(keyring, { suiteId, frameLength: FRAME_LENGTH, plaintextLength: GIB }),
          createWriteStream(theirs),
        );
        await rm(plain);
        expect(await digest(read(await runFlat(theirs, 'decrypt')))).toBe(wanted);
      }),
    240_000,
  );
});
