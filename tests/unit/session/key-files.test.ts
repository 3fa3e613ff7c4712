import { createPublicKey } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Call, importMaterial, saveImportParameters, savePublicKey } from '../../../src/main/key-files.ts';
import type { CofferError } from '../../../src/shared/kms/errors.ts';
import { fromPem, toPem } from '../../../src/shared/pem.ts';
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
        codeOf(importMaterial(call, { keyId, region: REGION, importToken, material, ...over }));
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
