import { execFileSync } from 'node:child_process';
import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, type Locator } from '@playwright/test';
import { callKms, expectAccessible, makeKey, notice, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');

const section = (name: string) => window.page.getByRole('region', { name, exact: true });

function folder(name: string): string {
  const made = path.join(window.app.home, name);
  mkdirSync(made);
  return made;
}

/** Has the wrapping key and the token written into `into`; answers the commands the screen shows. */
async function writeParameters(into: string): Promise<string> {
  const first = section('1. Get a wrapping key');
  await first.getByRole('combobox', { name: 'Wrapping key', exact: true }).click();
  await window.page.getByRole('option', { name: 'RSA_2048' }).click();
  await first.getByLabel('Folder for the two files', { exact: true }).fill(into);
  await first.getByRole('button', { name: /^Write/ }).click();
  await expect(first.getByRole('status')).toContainText('coffer-wrapping-key');
  return (await window.page.getByLabel('Commands that wrap the material', { exact: true }).textContent()) ?? '';
}

const run = (script: string) =>
  execFileSync('sh', ['-c', `set -eu\n${script}`], { stdio: ['ignore', 'ignore', 'pipe'] });

async function importIt(third: Locator): Promise<void> {
  await third.getByRole('button', { name: 'Import material' }).click();
}

test('a wizard key with own material: wrapped by the commands shown, imported, expiring, deleted, imported again', async () => {
  const { app, page } = window;
  const work = folder('own material');
  await app.go('/keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a key' });
  const next = dialog.getByRole('button', { name: 'Next' });
  await next.click();
  await dialog.getByRole('radio', { name: 'I import my own' }).check();
  await next.click();
  await dialog.getByLabel('Alias').fill('mine');
  await next.click();
  await expect(dialog).toContainText('does not rotate by itself');
  await next.click();
  await expect(dialog.getByLabel('AWS CLI commands', { exact: true })).toContainText('--origin EXTERNAL');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('tab', { name: 'Import', selected: true })).toBeVisible();
  await expect(page.getByText('This key has no material')).toBeVisible();
  await expectAccessible(page, 'a key that waits for its material');

  const wrap = await writeParameters(work);
  await expectAccessible(page, 'the import under way');
  run((await page.getByLabel('Command that makes material', { exact: true }).textContent()) ?? '');
  run(wrap);
  const third = section('3. Import it');
  await third.getByRole('combobox', { name: 'Expiry' }).click();
  await page.getByRole('option', { name: 'On a date' }).click();
  const until = new Date(Date.now() + 30 * 86_400_000);
  await third.getByLabel('Expires on').fill('2001-01-01T12:00');
  await expect(third.getByLabel('Expires on')).toHaveAccessibleDescription(/at most 365 days ahead/);
  await expect(third.getByRole('button', { name: 'Import material' })).toBeDisabled();
  await third.getByLabel('Expires on').fill(until.toISOString().slice(0, 16));
  await importIt(third);
  await expect(notice(page, 'Material imported').getByRole('link', { name: 'Record' })).toBeVisible();
  await expect(page.getByText('This key has no material')).toBeHidden();
  const { KeyMetadata } = await callKms(page, 'DescribeKey', { KeyId: 'alias/mine' });
  expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_EXPIRES' });
  await expect(section('Imported material').getByRole('row')).toHaveCount(2);
  await expect(section('Imported material')).toContainText('Current');
  await expect(page.getByText('The material of this key expires')).toBeVisible();
  await expectAccessible(page, 'imported material');

  const { CiphertextBlob } = await callKms(page, 'Encrypt', { KeyId: 'alias/mine', Plaintext: new Uint8Array([7]) });
  await section('Imported material')
    .getByRole('button', { name: /^Delete material/ })
    .click();
  const gone = page.getByRole('dialog', { name: 'Delete the imported material' });
  await gone.getByRole('textbox').fill('mine');
  await gone.getByRole('button', { name: 'Delete material' }).click();
  await expect(section('Imported material')).toContainText('Missing: import it again');

  // Other material is refused, the same opens what it encrypted before.
  const again = await writeParameters(folder('again'));
  const material = path.join(work, 'material.bin');
  const mine = readFileSync(material);
  const there = path.join(app.home, 'again', 'material.bin');
  writeFileSync(there, Buffer.alloc(32, 1));
  run(again);
  await importIt(third);
  await expect(third.getByRole('alert')).toContainText('IncorrectKeyMaterialException');
  writeFileSync(there, mine);
  run(again);
  await importIt(third);
  await expect(section('Imported material')).not.toContainText('Missing');
  await expect(section('Imported material')).toContainText('never');
  const opened = await callKms(page, 'Decrypt', { CiphertextBlob });
  expect(opened.Plaintext).toEqual(new Uint8Array([7]));
});

test('material is made here, kept by its owner, and imported', async () => {
  const { app, page } = window;
  const work = folder('made here');
  const KeyId = await makeKey(page, 'made-here', { Origin: 'EXTERNAL' });
  await app.go(`/keys/${KeyId}/import`);
  await writeParameters(work);
  const second = section('2. Wrap the material');
  await second.getByRole('radio', { name: 'Made here, now' }).check();
  await second.getByRole('button', { name: 'Make the material' }).click();
  await expect(second.getByRole('status')).toContainText('move it to a safe place');
  await expectAccessible(page, 'material that was made here');
  expect(readFileSync(path.join(work, 'material.bin')).length).toBe(32);
  const third = section('3. Import it');
  await expect(third.getByLabel('Wrapped material', { exact: true })).toHaveValue(path.join(work, 'wrapped.bin'));
  await importIt(third);
  await expect(page.getByText('This key has no material')).toBeHidden();
  expect((await callKms(page, 'DescribeKey', { KeyId })).KeyMetadata.KeyState).toBe('Enabled');
});

test('an own RSA key signs here, and what comes back as its public key is its own', async () => {
  const { app, page } = window;
  const work = folder('rsa');
  const KeyId = await makeKey(page, 'own-rsa', { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', Origin: 'EXTERNAL' });
  await app.go(`/keys/${KeyId}/import`);
  const own = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(path.join(work, 'material.der'), own.privateKey.export({ type: 'pkcs8', format: 'der' }));
  const wrap = await writeParameters(work);
  expect(wrap).toContain('-id-aes256-wrap-pad');
  run(wrap);
  // Dropped files are taken, too.
  const third = section('3. Import it');
  await third.getByLabel('Wrapped material', { exact: true }).fill('');
  await third.getByLabel('Wrapped material', { exact: true }).evaluate((field) => {
    field.dataset.drop = 'here';
  });
  await app.drop('[data-drop="here"]', [path.join(work, 'wrapped.bin')]);
  await expect(third.getByLabel('Wrapped material', { exact: true })).toHaveValue(path.join(work, 'wrapped.bin'));
  await importIt(third);
  await expect(page.getByText('This key has no material')).toBeHidden();
  const { PublicKey } = await callKms(page, 'GetPublicKey', { KeyId });
  expect(Buffer.from(PublicKey).equals(own.publicKey.export({ type: 'spki', format: 'der' }))).toBe(true);
});

test('files that are not what they should be are named, and nothing is imported', async () => {
  const { app, page } = window;
  const work = folder('wrong');
  const KeyId = await makeKey(page, 'wrong-files', { Origin: 'EXTERNAL' });
  await app.go(`/keys/${KeyId}/import`);
  await writeParameters(work);
  const third = section('3. Import it');
  await importIt(third);
  await expect(third.getByRole('alert')).toContainText('wrapped.bin is not there any more');
  writeFileSync(path.join(work, 'wrapped.bin'), '');
  await importIt(third);
  await expect(third.getByRole('alert')).toContainText('wrapped.bin is empty');
  writeFileSync(path.join(work, 'wrapped.bin'), Buffer.alloc(7000));
  await importIt(third);
  await expect(third.getByRole('alert')).toContainText('FileTooLarge');
  writeFileSync(path.join(work, 'wrapped.bin'), Buffer.alloc(256, 9));
  await importIt(third);
  await expect(third.getByRole('alert')).toContainText('InvalidCiphertextException');
  expect((await callKms(page, 'DescribeKey', { KeyId })).KeyMetadata.KeyState).toBe('PendingImport');
});

test('a public key is shown, downloaded in both formats and verifies what the key signs', async () => {
  const { app, page } = window;
  const work = folder('public keys');
  const KeyId = await makeKey(page, 'signer', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  await app.go(`/keys/${KeyId}`);
  await page.getByRole('tab', { name: 'Public key' }).click();
  const pem = (await page.getByLabel('Public key (PEM)', { exact: true }).textContent()) ?? '';
  await expectAccessible(page, 'the public key');
  const save = section('Download the public key');
  await save.getByLabel('Folder', { exact: true }).fill(work);
  for (const format of ['PEM (text)', 'DER (binary)', 'PEM (text)']) {
    await save.getByText(format, { exact: true }).click();
    await save.getByRole('button', { name: 'Download public key' }).click();
    await expect(save.getByRole('status')).toContainText(format.startsWith('PEM') ? '.pem' : '.der');
  }
  const stem = path.join(work, `coffer-public-key-${KeyId.slice(0, 8)}`);
  expect(readFileSync(`${stem}.pem`, 'utf8').trim()).toBe(pem.trim());
  // Nothing is overwritten.
  expect(readFileSync(`${stem}-2.pem`, 'utf8').trim()).toBe(pem.trim());
  const der = readFileSync(`${stem}.der`);
  const fingerprint = execFileSync('openssl', ['dgst', '-sha256', '-r', `${stem}.der`], { encoding: 'utf8' }).slice(
    0,
    64,
  );
  await expect(section('Public key')).toContainText(fingerprint);

  await page.getByRole('tab', { name: 'Use' }).click();
  const sign = section('Sign text');
  await sign.getByLabel('Text to sign').fill('I, Ada');
  await sign.getByRole('button', { name: 'Sign', exact: true }).click();
  const signature = (await sign.getByLabel('Signature', { exact: true }).textContent()) ?? '';
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  expect(createVerify('sha256').update('I, Ada').verify(publicKey, signature, 'base64')).toBe(true);
});
