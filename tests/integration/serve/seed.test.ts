import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DecryptCommand, DescribeKeyCommand, EncryptCommand, KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServe, type ServeProgram } from '../../support/serve.ts';
import { inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';

const EXAMPLE = path.resolve('examples', 'seed.yaml');
const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};

let serve: ServeProgram;
beforeAll(async () => {
  serve = await buildServe();
});
afterAll(() => serve.remove());

describe('npm run serve --seed', () => {
  it('starts from the same world each time, in memory', async () => {
    let sealed: Uint8Array | undefined;
    for (let round = 0; round < 2; round++) {
      const serving = await serve.start({ seed: EXAMPLE });
      expect(serving.accountId).toBe('111122223333');
      expect(serving.keys.map(({ principalArn }) => principalArn)).toEqual([
        'arn:aws:iam::111122223333:user/staff/alice',
      ]);
      const kms = new KMSClient(serving.config({ credentials }));
      const Plaintext = Buffer.from('the same key');
      sealed ??= (await kms.send(new EncryptCommand({ KeyId: 'alias/orders', Plaintext }))).CiphertextBlob;
      const open = await kms.send(new DecryptCommand({ CiphertextBlob: sealed }));
      expect(Buffer.from(open.Plaintext ?? [])).toEqual(Plaintext);
      // Whom only a grant allows: what it names, and nothing else.
      const alice = new KMSClient(serving.config());
      const KeyId = 'alias/orders';
      await alice.send(new EncryptCommand({ KeyId, Plaintext, EncryptionContext: { shop: 'north' } }));
      await expect(alice.send(new EncryptCommand({ KeyId, Plaintext }))).rejects.toMatchObject({
        name: 'AccessDeniedException',
      });
      expect(await serving.stop()).toBe(0);
    }
  });

  it('fills a new vault once, and never again', () =>
    inTemporaryFolder(async (home) => {
      const vault = path.join(home, 'vault');
      const first = await serve.start({ vault, seed: EXAMPLE });
      expect(first.keys).toHaveLength(1);
      const kms = new KMSClient(first.config({ credentials }));
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/orders' }));
      expect(await first.stop()).toBe(0);
      const again = await serve.start({ vault, seed: EXAMPLE });
      expect(again.keys).toEqual([]);
      expect(again.stderr()).toContain('filled from this seed before. Nothing was changed.');
      const { KeyMetadata: same } = await new KMSClient(again.config({ credentials })).send(
        new DescribeKeyCommand({ KeyId: 'alias/orders' }),
      );
      expect(same).toEqual(KeyMetadata);
      expect(await again.stop()).toBe(0);
      const other = path.join(home, 'other.yaml');
      await writeFile(other, 'version: 1\naccounts:\n  - id: 999999999999\n');
      const open = ['--port', '0', '--vault', vault, '--passphrase-fd', '3'];
      const refused = await serve.run([...open, '--seed', other], PASSPHRASE);
      expect([refused.code, refused.stdout]).toEqual([1, '']);
      expect(refused.stderr).toContain('filled from another seed');
      // A vault without the seed named goes on as it is.
      const plain = await serve.start({ vault });
      expect((await new KMSClient(plain.config({ credentials })).send(new ListKeysCommand({}))).Keys).toHaveLength(5);
      expect(await plain.stop()).toBe(0);
    }));

  it('makes no vault for a seed with a fault, and says where that is', () =>
    inTemporaryFolder(async (home) => {
      const seed = path.join(home, 'bad.yaml');
      const create = ['--port', '0', '--vault', path.join(home, 'vault'), '--create', '--passphrase-fd', '3'];
      const faults: [string, RegExp][] = [
        [
          'version: 1\naccounts:\n  - id: 999999999999\n    users: [{ nam: ann }]\n',
          /bad\.yaml:4:15: accounts\[0\]\.users\[0\]: there is no member nam/,
        ],
        [
          'version: 1\naccounts:\n  - id: 999999999999\n    keys:\n      - id: 1234abcd-12ab-34cd-56ef-1234567890ab\n        region: eu-west-1\n        aliases: [alias/aws/s3]\n',
          /bad\.yaml:7:19: accounts\[0\]\.keys\[0\]\.aliases\[0\]: /,
        ],
      ];
      for (const [text, says] of faults) {
        await writeFile(seed, text);
        const { code, stdout, stderr } = await serve.run([...create, '--seed', seed], PASSPHRASE);
        expect([code, stdout]).toEqual([1, '']);
        expect(stderr).toMatch(says);
      }
      const missing = await serve.run([...create, '--seed', path.join(home, 'none.yaml')], PASSPHRASE);
      expect(missing.stderr).toMatch(/none\.yaml cannot be read \(ENOENT\)/);
      expect(await readdir(home)).toEqual(['bad.yaml']);
    }));
});
