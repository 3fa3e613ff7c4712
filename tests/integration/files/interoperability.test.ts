import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AlgorithmSuiteIdentifier, MultiKeyringNode } from '@aws-crypto/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseHeader } from '../../../src/main/files/message/header.ts';
import { FRAME_LENGTH } from '../../../src/main/files/prepare.ts';
import { REGION } from '../../support/engine.ts';
import { EngineKeyring, esdk } from '../../support/esdk.ts';
import { openTestFiles, over } from '../../support/files.ts';
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

  describe('with a data key that several KMS keys encrypted', () => {
    const plain = randomBytes(1000);
    const made = async (first: string, ...others: readonly string[]) => {
      const ring = (arn: string) => new EngineKeyring(files, arn);
      const keyring = new MultiKeyringNode({ generator: ring(first), children: others.map(ring) });
      return (await esdk.encrypt(keyring, plain)).result;
    };
    const newKey = async () => (await files.key()).arn;
    const disable = (arn: string) => files.call('DisableKey', { KeyId: arn });

    it('any of them opens it, whichever place it has', () =>
      inTemporaryFolder(async (dir) => {
        const [first, last] = [await newKey(), await newKey()];
        const file = path.join(dir, 'a.bin.encrypted');
        await writeFile(file, await made(first, files.arn, last));
        for (const arn of [first, last]) await disable(arn);
        const [plan] = await files.service.plan([file], undefined);
        expect(plan?.keyArns).toEqual([first, files.arn, last]);
        const opened = await files.run(file, 'decrypt');
        expect([opened.problem, opened.keyArn]).toEqual([undefined, files.arn]);
        expect((await readFile(path.join(dir, 'a.bin'))).equals(plain)).toBe(true);

        const each = await files.service.start({
          items: [{ path: dir, action: 'verify', each: true }],
          region: REGION,
        });
        const { id } = await over(files.service, each[0]?.id ?? '');
        expect(files.service.results(id)).toEqual([{ name: 'a.bin.encrypted', outcome: 'done', keyArn: files.arn }]);
        const renewed = await files.run(file, 'reencrypt');
        expect([renewed.problem, renewed.keyArn]).toEqual([undefined, files.arn]);
      }));

    it('says what is wrong with a key that is here, rather than that another is not', () =>
      inTemporaryFolder(async (dir) => {
        const [gone, off] = [await newKey(), await newKey()];
        const message = (await made(gone, off)).toString('latin1');
        const foreign = gone.replace(/[^/]+$/, '00000000-0000-4000-8000-000000000000');
        const file = path.join(dir, 'a.bin.encrypted');
        await writeFile(file, Buffer.from(message.replace(gone, foreign), 'latin1'));
        await disable(off);
        expect((await files.run(file, 'decrypt')).problem).toMatchObject({ code: 'DisabledException' });
        const each = await files.service.start({
          items: [{ path: dir, action: 'verify', each: true }],
          region: REGION,
        });
        const { id } = await over(files.service, each[0]?.id ?? '');
        expect(files.service.results(id)).toMatchObject([{ outcome: 'key-unusable', keyArn: off }]);
      }));

    it('is re-encrypted under one of them alone, where a folder is', () =>
      inTemporaryFolder(async (dir) => {
        const [one, two] = [path.join(dir, 'one.encrypted'), path.join(dir, 'two.encrypted')];
        await writeFile(one, await made(files.arn));
        await writeFile(two, await made(files.arn, await newKey()));
        const [job] = await files.service.start({
          items: [{ path: dir, action: 'reencrypt', each: true }],
          region: REGION,
          keyId: files.arn,
        });
        const { counts } = await over(files.service, job?.id ?? '');
        expect(counts).toEqual({ total: 2, done: 1, failed: 0, skipped: 1 });
        const { header } = parseHeader(await readFile(two));
        expect(header.dataKeys.map(({ providerInfo }) => providerInfo)).toEqual([files.arn]);
      }));
  });
});
