import { createPublicKey } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type Call,
  importMaterial,
  makeMaterial,
  saveImportParameters,
  savePublicKey,
} from '../../../src/main/key-files.ts';
import type { CofferError } from '../../../src/shared/kms/errors.ts';
import { fromPem, toPem } from '../../../src/shared/pem.ts';
import { random } from '../../support/crypto.ts';
import { openTestEngine, REGION } from '../../support/engine.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

/** The real engine and a folder; nothing may be a bug. */
async function inFolder(
  work: (t: Awaited<ReturnType<typeof openTestEngine>>, folder: string, call: Call) => Promise<void>,
): Promise<void> {
  const t = await openTestEngine();
  await inTemporaryFolder((folder) => work(t, folder, (operation, input) => t.call(operation, input)));
  expect(t.bugs).toEqual([]);
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: CofferError) => error.code,
  );

describe('a public key in a file', () => {
  it('is what the key answers, in both formats, and never takes the place of another', () =>
    inFolder(async (t, folder, call) => {
      const { id: keyId } = await t.key({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY', MultiRegion: true });
      const wish = { keyId, region: REGION, folder };
      const { PublicKey } = await t.call('GetPublicKey', { KeyId: keyId });
      const pem = await savePublicKey(call, { ...wish, format: 'pem' });
      const der = await savePublicKey(call, { ...wish, format: 'der' });
      const second = await savePublicKey(call, { ...wish, format: 'der' });
      const mark = keyId.slice('mrk-'.length, 'mrk-'.length + 8);
      expect([pem, der, second].map((file) => path.basename(file.path))).toEqual([
        `coffer-public-key-${mark}.pem`,
        `coffer-public-key-${mark}.der`,
        `coffer-public-key-${mark}-2.der`,
      ]);
      expect(new Uint8Array(await readFile(der.path))).toEqual(PublicKey);
      const read = createPublicKey(await readFile(pem.path, 'utf8'));
      expect(new Uint8Array(read.export({ type: 'spki', format: 'der' }))).toEqual(PublicKey);
    }));

  it('is not written for a key that has none, and not where there is no folder', () =>
    inFolder(async (t, folder, call) => {
      const { id: symmetric } = await t.key();
      const { id: pair } = await t.key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
      const wish = { region: REGION, format: 'pem' } as const;
      expect(await codeOf(savePublicKey(call, { ...wish, keyId: symmetric, folder }))).toBe(
        'UnsupportedOperationException',
      );
      expect(await codeOf(savePublicKey(call, { ...wish, keyId: pair, folder: path.join(folder, 'none') }))).toBe(
        'FileNotFound',
      );
      expect(await readdir(folder)).toEqual([]);
    }));
});

describe('import by files', () => {
  const wrapping = { algorithm: 'RSAES_OAEP_SHA_256', wrappingKey: 'RSA_2048' } as const;

  it('writes both files for their owner only, or neither', () =>
    inFolder(async (t, folder, call) => {
      const { id: keyId } = await t.key({ Origin: 'EXTERNAL' });
      const wish = { keyId, region: REGION, ...wrapping };
      const written = await saveImportParameters(call, { ...wish, folder });
      expect(written.validTo).toEqual(new Date(t.clock.now() + 24 * 3_600_000));
      for (const file of [written.publicKey, written.importToken]) expect((await stat(file)).mode & 0o777).toBe(0o600);
      // Every name for a token is taken: the wrapping key that was written first goes again.
      const crowded = path.join(folder, 'crowded');
      await mkdir(crowded);
      const stem = path.basename(written.importToken, '.bin');
      const taken = Array.from({ length: 1000 }, (_, index) => `${stem}${index === 0 ? '' : `-${index + 1}`}.bin`);
      for (const name of taken) await writeFile(path.join(crowded, name), '');
      expect(await codeOf(saveImportParameters(call, { ...wish, folder: crowded }))).toBe('FileExists');
      expect((await readdir(crowded)).sort()).toEqual(taken.sort());
    }));

  it('refuses what cannot be a token or wrapped material, by its own name', () =>
    inFolder(async (t, folder, call) => {
      const { id: keyId } = await t.key({ Origin: 'EXTERNAL' });
      const { importToken } = await saveImportParameters(call, { keyId, region: REGION, ...wrapping, folder });
      const material = path.join(folder, 'wrapped.bin');
      const attempt = (over: object = {}) =>
        codeOf(importMaterial(t.answer, { keyId, region: REGION, importToken, material, ...over }));
      expect(await attempt()).toBe('FileNotFound');
      expect(await attempt({ material: folder })).toBe('NotAFile');
      await writeFile(material, '');
      expect(await attempt()).toBe('FileEmpty');
      await writeFile(material, new Uint8Array(6145));
      expect(await attempt()).toBe('FileTooLarge');
      await writeFile(material, new Uint8Array(256));
      expect(await attempt()).toBe('InvalidCiphertextException');
      expect(await attempt({ importToken: material })).toBe('InvalidImportTokenException');
      expect((await t.call('DescribeKey', { KeyId: keyId })).KeyMetadata.KeyState).toBe('PendingImport');
    }));
});

describe('material that is made here', () => {
  it.each([
    ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'RSAES_OAEP_SHA_256', 'RSA_2048', 'material.bin'],
    ['HMAC_512', 'GENERATE_VERIFY_MAC', 'RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', 'material.bin'],
    ['ECC_NIST_P256', 'SIGN_VERIFY', 'RSAES_OAEP_SHA_1', 'RSA_2048', 'material.der'],
    ['RSA_2048', 'SIGN_VERIFY', 'RSA_AES_KEY_WRAP_SHA_256', 'RSA_3072', 'material.der'],
    ['SM2', 'SIGN_VERIFY', 'SM2PKE', 'SM2', 'material.der'],
  ] as const)('is the owner’s to keep, and imports: %s by %s, %s', (KeySpec, KeyUsage, algorithm, wrappingKey, name) =>
    inFolder(async (t, folder, call) => {
      const { id: keyId } = await t.key({ KeySpec, KeyUsage, Origin: 'EXTERNAL' });
      const wish = { keyId, region: REGION };
      const { publicKey, importToken } = await saveImportParameters(call, { ...wish, algorithm, wrappingKey, folder });
      const made = await makeMaterial(call, { ...wish, algorithm, publicKey, folder }, random);
      expect([made.material, made.wrapped].map((file) => path.basename(file))).toEqual([name, 'wrapped.bin']);
      for (const file of [made.material, made.wrapped]) expect((await stat(file)).mode & 0o777).toBe(0o600);
      expect((await readFile(made.wrapped)).includes(await readFile(made.material))).toBe(false);
      const { requestId } = await importMaterial(t.answer, { ...wish, importToken, material: made.wrapped });
      expect((await t.events(1))[0]).toMatchObject({ EventId: requestId, EventName: 'ImportKeyMaterial' });
      expect((await t.call('DescribeKey', { KeyId: keyId })).KeyMetadata.KeyState).toBe('Enabled');
      // Another time it is other material, and takes no file's place.
      const again = await makeMaterial(call, { ...wish, algorithm, publicKey, folder }, random);
      expect(again.material).not.toBe(made.material);
      expect((await readFile(again.material)).equals(await readFile(made.material))).toBe(false);
    }),
  );

  it('is not made under what is no wrapping key, or where it cannot be kept', () =>
    inFolder(async (t, folder, call) => {
      const { id: keyId } = await t.key({ Origin: 'EXTERNAL' });
      const wish = { keyId, region: REGION, algorithm: 'RSAES_OAEP_SHA_256', wrappingKey: 'RSA_2048' } as const;
      const { publicKey } = await saveImportParameters(call, { ...wish, folder });
      const other = path.join(folder, 'other.der');
      await writeFile(other, 'no key');
      const before = (await readdir(folder)).sort();
      const { wrappingKey: _, ...asked } = wish;
      expect(await codeOf(makeMaterial(call, { ...asked, publicKey: other, folder }, random))).toBe('NoWrappingKey');
      expect(await codeOf(makeMaterial(call, { ...asked, publicKey, algorithm: 'SM2PKE', folder }, random))).toBe(
        'NoWrappingKey',
      );
      const nowhere = path.join(folder, 'none');
      expect(await codeOf(makeMaterial(call, { ...asked, publicKey, folder: nowhere }, random))).toBe('FileNotFound');
      expect((await readdir(folder)).sort()).toEqual(before);
    }));
});

describe('PEM', () => {
  it('comes back as it went, from PEM and from bare base64, and from nothing else', () => {
    for (const length of [1, 47, 48, 49, 300]) {
      const der = Uint8Array.from({ length }, (_, index) => index % 256);
      const pem = toPem('PUBLIC KEY', der);
      expect(pem.split('\n').every((line) => line.length <= 64)).toBe(true);
      expect(fromPem('PUBLIC KEY', pem)).toEqual(der);
      expect(fromPem('PUBLIC KEY', `\r\n${pem.replaceAll('\n', '\r\n')}`)).toEqual(der);
      expect(fromPem('PUBLIC KEY', Buffer.from(der).toString('base64'))).toEqual(der);
      expect(fromPem('PUBLIC KEY', pem.replaceAll('PUBLIC', 'PRIVATE'))).toBeNull();
      expect(fromPem('PUBLIC KEY', pem + pem)).toBeNull();
    }
    for (const text of ['', ' ', 'no key', '-----BEGIN PUBLIC KEY-----', 'A', '====']) {
      expect(fromPem('PUBLIC KEY', text)).toBeNull();
    }
  });
});
