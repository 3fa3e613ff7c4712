import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AlgorithmSuiteIdentifier } from '@aws-crypto/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FRAME_LENGTH } from '../../../src/main/files/prepare.ts';
import { EngineKeyring, esdk } from '../../support/esdk.ts';
import { openTestFiles } from '../../support/files.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const F = FRAME_LENGTH;
const sizes = [0, 1, F - 1, F, F + 1, 5 * F, 5 * F + 7];

describe('files and the AWS Encryption SDK', () => {
  let files: Awaited<ReturnType<typeof openTestFiles>>;
  let keyring: EngineKeyring;
  beforeAll(async () => {
    files = await openTestFiles();
    keyring = new EngineKeyring(files, files.arn);
  });
  afterAll(() => files.close());

  for (const signed of [false, true]) {
    for (const size of sizes) {
      it(`${signed ? 'signed' : 'unsigned'}, ${size} bytes: ours opens there, theirs opens here`, () =>
        inTemporaryFolder(async (dir) => {
          const plain = randomBytes(size);
          const file = path.join(dir, 'a.bin');
          await writeFile(file, plain);
          const made = await files.run(file, 'encrypt', { signed, context: { purpose: 'test' } });
          expect(made.problem).toBeUndefined();
          const opened = await esdk.decrypt(keyring, await readFile(made.output ?? ''));
          expect(opened.plaintext.equals(plain)).toBe(true);
          expect(opened.messageHeader.encryptionContext).toMatchObject({ purpose: 'test' });

          const { result } = await esdk.encrypt(keyring, plain, {
            suiteId: signed
              ? AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384
              : AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
            encryptionContext: { from: 'there' },
            frameLength: size > F ? 4096 * 3 : 4096,
          });
          const theirs = path.join(dir, 'b.bin.encrypted');
          await writeFile(theirs, result);
          const back = await files.run(theirs, 'decrypt');
          expect(back.problem).toBeUndefined();
          expect((await readFile(path.join(dir, 'b.bin'))).equals(plain)).toBe(true);
        }));
    }
  }
});
