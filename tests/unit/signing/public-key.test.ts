import { generateKeyPairSync } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { readPublicKey } from '../../../src/main/signing/public-key.ts';
import { signingAlgorithms } from '../../../src/renderer/features/keys/use/message.ts';
import { keySpecs } from '../../../src/shared/kms/enums.ts';
import type { CofferError } from '../../../src/shared/kms/errors.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { toPem } from '../../../src/shared/pem.ts';
import { random } from '../../support/crypto.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const signingSpecs = keySpecs.filter((spec) => specs[spec].signing) as (keyof typeof keyPairs)[];
const problemOf = (given: Parameters<typeof readPublicKey>[0]) =>
  readPublicKey(given).then(
    () => 'read',
    (error: CofferError) => `${error.code}: ${error.message}`,
  );

describe('a public key from outside', () => {
  it.each(signingSpecs)('of %s is known as such, pasted and from files', (spec) =>
    inTemporaryFolder(async (folder) => {
      const spki = keyPairs[spec].publicKey(await keyPairs[spec].generate(random));
      const pem = toPem('PUBLIC KEY', spki);
      const file = path.join(folder, 'key');
      const read = { publicKey: spki, spec, algorithms: signingAlgorithms(spec) };
      for (const text of [pem, `\n${pem.replaceAll('\n', '\r\n')}`, Buffer.from(spki).toString('base64')])
        expect(await readPublicKey({ text })).toMatchObject(read);
      for (const content of [pem, spki]) {
        await writeFile(file, content);
        expect(await readPublicKey({ path: file })).toMatchObject(read);
      }
    }),
  );

  it('is not what else people have in hand, and each is told what it is', async () => {
    const block = (label: string) => ({ text: `-----BEGIN ${label}-----\nMAA=\n-----END ${label}-----` });
    expect(await problemOf(block('PRIVATE KEY'))).toContain('This is a private key.');
    expect(await problemOf(block('EC PRIVATE KEY'))).toContain('This is a private key.');
    expect(await problemOf(block('CERTIFICATE'))).toContain('This is a certificate.');
    expect(await problemOf(block('RSA PUBLIC KEY'))).toContain('PKCS #1');
    expect(await problemOf(block('PGP PUBLIC KEY BLOCK'))).toContain('another kind');
    expect(await problemOf({ text: 'ssh-ed25519 AAAA me@here' })).toContain('SSH key');
    for (const text of ['', 'hello, world', '-----BEGIN PUBLIC KEY-----'])
      expect(await problemOf({ text })).toMatch(/^PublicKeyUnreadable: This is no public key/);
    expect(await problemOf(block('PUBLIC KEY'))).toContain('no sound public key');
  });

  it('must be one that verifies here', async () => {
    const of = (key: ReturnType<typeof generateKeyPairSync>) => ({
      text: String(
        (key as { publicKey: { export(options: object): string } }).publicKey.export({ type: 'spki', format: 'pem' }),
      ),
    });
    for (const key of [
      generateKeyPairSync('x25519'),
      generateKeyPairSync('ed448'),
      generateKeyPairSync('rsa', { modulusLength: 1024 }),
      generateKeyPairSync('ec', { namedCurve: 'P-224' }),
    ])
      expect(await problemOf(of(key as never))).toContain('no sound public key that can verify here');
    const kem = keyPairs.ML_KEM_512.publicKey(await keyPairs.ML_KEM_512.generate(random));
    expect(await problemOf({ text: toPem('PUBLIC KEY', kem) })).toContain('no sound public key');
  });

  it('in a file that is none of that has an error about the file', () =>
    inTemporaryFolder(async (folder) => {
      const file = path.join(folder, 'key');
      expect(await problemOf({ path: file })).toContain('FileNotFound');
      await mkdir(file);
      expect(await problemOf({ path: file })).toContain('NotAFile');
      const empty = path.join(folder, 'empty');
      await writeFile(empty, '');
      expect(await problemOf({ path: empty })).toContain('FileEmpty');
      await writeFile(empty, new Uint8Array(40_000));
      expect(await problemOf({ path: empty })).toContain('FileTooLarge');
      await writeFile(empty, Uint8Array.of(0x30, 3, 2, 1, 1));
      expect(await problemOf({ path: empty })).toContain('no sound public key');
    }));
});
