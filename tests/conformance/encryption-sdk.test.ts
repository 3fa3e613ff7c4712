import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  AlgorithmSuiteIdentifier,
  buildAwsKmsMrkAwareDiscoveryMultiKeyringNode,
  buildAwsKmsMrkAwareStrictMultiKeyringNode,
  KmsKeyringNode,
} from '@aws-crypto/client-node';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFileService } from '../../src/main/files/service.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { bundle } from '../support/bundle.ts';
import { esdk } from '../support/esdk.ts';
import { over } from '../support/files.ts';
import { buildServe, type PrintedKey, type ServeProgram, type Serving } from '../support/serve.ts';
import { PASSPHRASE } from '../support/vault.ts';
import { CALLER, engineOf, productOptions } from '../support/vault-engine.ts';

/**
 * The AWS Encryption SDK with its own KMS keyrings, asking `npm run serve`; and Coffer's files under the same vault, which one
 * program at a time has open.
 */
const HERE = 'eu-central-1';
const THERE = 'us-east-1';
const suites = {
  plain: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
  signed: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY_ECDSA_P384,
};

let folder: string;
let program: ServeProgram;
let credentials: PrintedKey;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'coffer-conformance-'));
  program = await buildServe();
});
afterAll(async () => {
  await program?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const vault = () => path.join(folder, 'vault');

type ClientIn = (region: string) => KMS;
/** The same as the keyrings' types have it, which know of no member that is there and undefined. */
type Provider = NonNullable<NonNullable<ConstructorParameters<typeof KmsKeyringNode>[0]>['clientProvider']>;

/** Serves the vault for as long as `work` takes; the clients are the root's, by Region. */
async function withServe<T>(work: (clientIn: ClientIn, provider: Provider) => Promise<T>): Promise<T> {
  const serving: Serving = await program.start({ vault: vault() });
  credentials ??= serving.keys[0] as PrintedKey;
  const made: KMS[] = [];
  const clientIn: ClientIn = (region) => {
    const client = new KMS(serving.config({ region, credentials }));
    made.push(client);
    return client;
  };
  try {
    return await work(clientIn, clientIn as Provider);
  } finally {
    for (const client of made) client.destroy();
    expect(await serving.stop()).toBe(0);
  }
}

/** Coffer's file jobs on the vault, opened in this process. */
async function withFiles<T>(accountId: string, work: (run: ReturnType<typeof runner>) => Promise<T>): Promise<T> {
  const opened = await Vault.open(vault(), productOptions(), { kind: 'passphrase', secret: PASSPHRASE });
  const { engine } = engineOf(opened);
  const worker = await bundle('src/main/files/worker.ts');
  const bugs: unknown[] = [];
  const service = createFileService({
    engine,
    callers: () => (region) => ({ ...CALLER, accountId, principalArn: `arn:aws:iam::${accountId}:root`, region }),
    environment: systemEnvironment(),
    worker: pathToFileURL(worker.file),
    onChange: () => undefined,
    onBug: (error) => bugs.push(error),
  });
  try {
    return await work(runner(service));
  } finally {
    await service.close();
    await opened.close();
    worker.remove();
    expect(bugs).toEqual([]);
  }
}

const runner =
  (service: ReturnType<typeof createFileService>) =>
  async (file: string, action: 'encrypt' | 'decrypt', wish: { keyId: string; region?: string; signed?: boolean }) => {
    const { region = HERE, ...rest } = wish;
    const [job] = await service.start({ items: [{ path: file, action }], region, context: { by: 'Coffer' }, ...rest });
    const done = await over(service, job?.id ?? '');
    expect(done.problem).toBeUndefined();
    return done.output ?? '';
  };

describe('the AWS Encryption SDK', () => {
  it('opens what Coffer encrypts, and Coffer opens what it encrypts, in every Region of the key', async () => {
    const plain = randomBytes(3_000_000);
    const file = (name: string) => path.join(folder, name);
    await writeFile(file('ours-plain.bin'), plain);
    await writeFile(file('ours-signed.bin'), plain);
    await writeFile(file('ours-there.bin'), plain);

    const { arn, mrk, mrkThere, accountId } = await withServe(async (clientIn, clientProvider) => {
      const here = clientIn(HERE);
      const { KeyMetadata: single } = await here.createKey({});
      const { KeyMetadata: primary } = await here.createKey({ MultiRegion: true });
      await here.replicateKey({ KeyId: primary?.KeyId, ReplicaRegion: THERE });
      const there = clientIn(THERE);
      await expect
        .poll(async () => (await there.describeKey({ KeyId: primary?.KeyId })).KeyMetadata?.KeyState, {
          timeout: 30_000,
        })
        .toBe('Enabled');
      const keys = {
        arn: single?.Arn ?? '',
        mrk: primary?.Arn ?? '',
        mrkThere: primary?.Arn?.replace(HERE, THERE) ?? '',
        accountId: single?.AWSAccountId ?? '',
      };

      const keyring = new KmsKeyringNode({ generatorKeyId: keys.arn, clientProvider });
      for (const [name, suiteId] of Object.entries(suites)) {
        const { result } = await esdk.encrypt(keyring, plain, { suiteId, encryptionContext: { by: 'the library' } });
        await writeFile(file(`theirs-${name}.bin.encrypted`), result);
        const { plaintext } = await esdk.decrypt(new KmsKeyringNode({ keyIds: [keys.arn], clientProvider }), result);
        expect(plaintext.equals(plain)).toBe(true);
        await expect(
          esdk.decrypt(new KmsKeyringNode({ keyIds: [keys.mrk], clientProvider }), result),
        ).rejects.toThrow();
      }

      // A pair of related keys: what is encrypted under one opens under the other, whoever is asked.
      for (const [from, to] of [
        [keys.mrk, keys.mrkThere],
        [keys.mrkThere, keys.mrk],
      ] as const) {
        const strict = (generatorKeyId: string) =>
          buildAwsKmsMrkAwareStrictMultiKeyringNode({ generatorKeyId, clientProvider });
        const { result } = await esdk.encrypt(strict(from), plain);
        expect((await esdk.decrypt(strict(to), result)).plaintext.equals(plain)).toBe(true);
        const discovery = buildAwsKmsMrkAwareDiscoveryMultiKeyringNode({
          regions: [to.split(':')[3] ?? ''],
          clientProvider,
        });
        expect((await esdk.decrypt(discovery, result)).plaintext.equals(plain)).toBe(true);
        await expect(esdk.decrypt(strict(keys.arn), result)).rejects.toThrow();
      }
      const { result } = await esdk.encrypt(
        buildAwsKmsMrkAwareStrictMultiKeyringNode({ generatorKeyId: keys.mrkThere, clientProvider }),
        plain,
      );
      await writeFile(file('theirs-there.bin.encrypted'), result);

      // Under two keys at once, the first of which goes out of use.
      const { KeyMetadata: off } = await here.createKey({});
      const both = new KmsKeyringNode({ generatorKeyId: off?.Arn ?? '', keyIds: [keys.arn], clientProvider });
      const { result: shared } = await esdk.encrypt(both, plain);
      await here.disableKey({ KeyId: off?.KeyId });
      expect((await esdk.decrypt(both, shared)).plaintext.equals(plain)).toBe(true);
      await writeFile(file('theirs-both.bin.encrypted'), shared);
      return keys;
    });

    await withFiles(accountId, async (run) => {
      for (const name of ['plain', 'signed', 'there', 'both'])
        expect(
          (await readFile(await run(file(`theirs-${name}.bin.encrypted`), 'decrypt', { keyId: arn }))).equals(plain),
        ).toBe(true);
      await run(file('ours-plain.bin'), 'encrypt', { keyId: arn });
      await run(file('ours-signed.bin'), 'encrypt', { keyId: arn, signed: true });
      await run(file('ours-there.bin'), 'encrypt', { keyId: mrkThere, region: THERE });
    });

    await withServe(async (_clientIn, clientProvider) => {
      const keyring = new KmsKeyringNode({ keyIds: [arn], clientProvider });
      for (const name of ['plain', 'signed']) {
        const message = await readFile(file(`ours-${name}.bin.encrypted`));
        const { plaintext, messageHeader } = await esdk.decrypt(keyring, message);
        expect(plaintext.equals(plain)).toBe(true);
        expect(messageHeader.encryptionContext).toMatchObject({ by: 'Coffer' });
        expect(messageHeader.suiteId).toBe(suites[name as keyof typeof suites]);
      }
      // Under the replica there, opened by the primary here.
      const strict = buildAwsKmsMrkAwareStrictMultiKeyringNode({ generatorKeyId: mrk, clientProvider });
      const message = await readFile(file('ours-there.bin.encrypted'));
      expect((await esdk.decrypt(strict, message)).plaintext.equals(plain)).toBe(true);
    });
  });
});
