import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  publicEncrypt,
  verify as verifySignature,
} from 'node:crypto';
import { ed25519ph } from '@noble/curves/ed25519.js';
import { expect } from '@playwright/test';
import type { KeySpec, KeyUsage } from '../../src/shared/kms/enums.ts';
import { callKms, expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');
const TEXT = 'grüße 🗝️';

const panelOf = (name: string) => window.page.getByRole('region', { name, exact: true });
const show = (panel: string) =>
  window.page.getByRole('radiogroup', { name: 'What to do' }).getByText(panel, { exact: true }).click();

async function use(alias: string, KeySpec: KeySpec, KeyUsage: KeyUsage): Promise<string> {
  const keyId = await makeKey(window.page, alias, { KeySpec, KeyUsage });
  await window.app.go(`/keys/${keyId}/use`);
  return keyId;
}

test('RSA: text goes in and comes out with the same algorithm, and what others encrypt opens', async () => {
  const { page } = window;
  const keyId = await use('open', 'RSA_2048', 'ENCRYPT_DECRYPT');
  const encrypt = panelOf('Encrypt text');
  await encrypt.getByLabel('Text to encrypt').fill('x'.repeat(191));
  await expect(encrypt.getByRole('status')).toHaveText('191 of 190 bytes');
  await expect(encrypt.getByRole('button', { name: 'Encrypt', exact: true })).toBeDisabled();
  await encrypt.getByRole('combobox', { name: 'Algorithm' }).click();
  await page.getByRole('option', { name: 'RSAES_OAEP_SHA_1' }).click();
  await expect(encrypt.getByRole('status')).toHaveText('191 of 214 bytes');
  await encrypt.getByLabel('Text to encrypt').fill(TEXT);
  await encrypt.getByRole('button', { name: 'Encrypt', exact: true }).click();
  const ciphertext = (await encrypt.getByLabel('Ciphertext', { exact: true }).textContent()) ?? '';
  await expectAccessible(page, 'encrypting with RSA');

  await show('Decrypt');
  const decrypt = panelOf('Decrypt text');
  await decrypt.getByLabel('Ciphertext to decrypt').fill(ciphertext);
  await decrypt.getByRole('button', { name: 'Decrypt', exact: true }).click();
  await expect(decrypt.getByRole('alert')).toContainText('InvalidCiphertextException');
  await decrypt.getByRole('combobox', { name: 'Algorithm' }).click();
  await page.getByRole('option', { name: 'RSAES_OAEP_SHA_1' }).click();
  await decrypt.getByRole('button', { name: 'Decrypt', exact: true }).click();
  await expect(decrypt.getByLabel('Plaintext', { exact: true })).toHaveText(TEXT);

  const { PublicKey } = await callKms(page, 'GetPublicKey', { KeyId: keyId });
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  const foreign = publicEncrypt({ key, oaepHash: 'sha1' }, Buffer.from('from outside')).toString('base64');
  await decrypt.getByLabel('Ciphertext to decrypt').fill(foreign);
  await decrypt.getByRole('button', { name: 'Decrypt', exact: true }).click();
  await expect(decrypt.getByLabel('Plaintext', { exact: true })).toHaveText('from outside');
});

test('a signature holds for its text only', async () => {
  const { page } = window;
  await use('sealing', 'ECC_NIST_EDWARDS25519', 'SIGN_VERIFY');
  const sign = panelOf('Sign text');
  await sign.getByLabel('Text to sign').fill(TEXT);
  await sign.getByRole('button', { name: 'Sign', exact: true }).click();
  const signature = (await sign.getByLabel('Signature', { exact: true }).textContent()) ?? '';
  await sign.getByRole('button', { name: 'Show as CLI / SDK' }).click();
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText('--message-type RAW');
  await page.keyboard.press('Escape');
  await show('Verify');
  const verify = panelOf('Verify text');
  await verify.getByLabel('Text that was signed').fill(TEXT);
  await verify.getByLabel('Signature', { exact: true }).fill(signature);
  await verify.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(verify.getByText('The signature is valid')).toBeVisible();
  await expectAccessible(page, 'a valid signature');
  // What was said of one text is not said of the next.
  await verify.getByLabel('Text that was signed').fill(`${TEXT}!`);
  await expect(verify.getByText('The signature is valid')).toBeHidden();
  await verify.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(verify.getByRole('alert')).toContainText('KMSInvalidSignatureException');
});

test('Ed25519ph signs the digest of a text, made here or elsewhere', async () => {
  const { page } = window;
  const keyId = await use('prehashed', 'ECC_NIST_EDWARDS25519', 'SIGN_VERIFY');
  const sign = panelOf('Sign text');
  const choose = async (panel: typeof sign, label: string, option: string | RegExp) => {
    await panel.getByRole('combobox', { name: label }).click();
    await page.getByRole('option', { name: option }).click();
  };
  await expect(sign.getByRole('combobox', { name: 'What is signed' })).toBeHidden();
  await choose(sign, 'Algorithm', 'ED25519_PH_SHA_512');
  const long = TEXT.repeat(1000);
  const digest = createHash('sha512').update(long).digest();
  await sign.getByLabel('Text to sign').fill(long);
  await expect(sign.getByRole('button', { name: `Copy ${digest.toString('hex')}` })).toBeVisible();
  await sign.getByRole('button', { name: 'Show as CLI / SDK' }).click();
  const command = page.getByLabel('AWS CLI command', { exact: true });
  await expect(command).toContainText(`--message ${digest.toString('base64')} \\\n  --message-type DIGEST`);
  await expect(command).toContainText('--signing-algorithm ED25519_PH_SHA_512');
  await page.keyboard.press('Escape');
  await sign.getByRole('button', { name: 'Sign', exact: true }).click();
  const signature = (await sign.getByLabel('Signature', { exact: true }).textContent()) ?? '';
  await expectAccessible(page, 'signing with Ed25519ph');
  const { PublicKey } = await callKms(page, 'GetPublicKey', { KeyId: keyId });
  const point = new Uint8Array(PublicKey).subarray(-32);
  // As at AWS, what is signed is Ed25519ph of the digest.
  expect(ed25519ph.verify(Buffer.from(signature, 'base64'), digest, point)).toBe(true);

  await show('Verify');
  const verify = panelOf('Verify text');
  await choose(verify, 'Algorithm', 'ED25519_PH_SHA_512');
  await choose(verify, 'What is signed', /made elsewhere/);
  const given = verify.getByLabel('Digest that was signed');
  await given.fill('abcd');
  await expect(given).toHaveAccessibleDescription(/This is no SHA-512 digest of 64 bytes/);
  await verify.getByLabel('Signature', { exact: true }).fill(signature);
  await expect(verify.getByRole('button', { name: 'Verify', exact: true })).toBeDisabled();
  for (const form of ['hex', 'base64'] as const) {
    await given.fill(digest.toString(form));
    await verify.getByRole('button', { name: 'Verify', exact: true }).click();
    await expect(verify.getByText('This key signed exactly this digest')).toBeVisible();
  }
  await choose(verify, 'What is signed', /made here/);
  await expect(verify.getByText('The signature is valid')).toBeHidden();
  await verify.getByLabel('Text that was signed').fill(`${long}!`);
  await verify.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(verify.getByRole('alert')).toContainText('KMSInvalidSignatureException');
  await verify.getByLabel('Text that was signed').fill(long);
  await verify.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(verify.getByText('This key signed exactly this text')).toBeVisible();
});

test('a text that is too long for Sign is signed by its digest, and holds as a signature of the text', async () => {
  const { page } = window;
  const keyId = await use('long-texts', 'ECC_NIST_P384', 'SIGN_VERIFY');
  const sign = panelOf('Sign text');
  const long = 'x'.repeat(5000);
  await sign.getByLabel('Text to sign').fill(long);
  await expect(sign.getByLabel('Text to sign')).toHaveAccessibleDescription(/Choose its digest above/);
  await sign.getByRole('combobox', { name: 'What is signed' }).click();
  await page.getByRole('option', { name: "The text's SHA-384 digest, made here (DIGEST)" }).click();
  await sign.getByRole('button', { name: 'Sign', exact: true }).click();
  const signature = (await sign.getByLabel('Signature', { exact: true }).textContent()) ?? '';
  const { PublicKey } = await callKms(page, 'GetPublicKey', { KeyId: keyId });
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  expect(verifySignature('sha384', Buffer.from(long), key, Buffer.from(signature, 'base64'))).toBe(true);
});

test('a MAC is checked, and a wrong one refused', async () => {
  await use('proof', 'HMAC_256', 'GENERATE_VERIFY_MAC');
  await expect(window.page.getByRole('tab', { name: 'Public key' })).toBeHidden();
  await expect(window.page.getByRole('tab', { name: 'Rotation' })).toBeHidden();
  const make = panelOf('Make a MAC');
  await make.getByLabel('Text').fill(TEXT);
  await make.getByRole('button', { name: 'Make MAC' }).click();
  const mac = (await make.getByLabel('MAC', { exact: true }).textContent()) ?? '';
  expect(Buffer.from(mac, 'base64')).toHaveLength(32);
  await show('Verify MAC');
  const verify = panelOf('Verify a MAC');
  await verify.getByLabel('Text').fill(TEXT);
  await verify.getByLabel('MAC', { exact: true }).fill(mac);
  await verify.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(verify.getByText('The MAC is valid')).toBeVisible();
  await verify.getByLabel('MAC', { exact: true }).fill(createHmac('sha256', 'other').update(TEXT).digest('base64'));
  await verify.getByRole('button', { name: 'Verify', exact: true }).click();
  await expect(verify.getByRole('alert')).toContainText('KMSInvalidMacException');
});

test('two sides derive one secret, hidden until asked for', async () => {
  const { page } = window;
  const keyId = await use('agreed', 'ECC_NIST_P256', 'KEY_AGREEMENT');
  const peer = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const panel = panelOf('Derive a shared secret');
  const field = panel.getByLabel('Public key of the other side');
  await field.fill('no key');
  await expect(field).toHaveAccessibleDescription(/This is no public key/);
  await field.fill(peer.publicKey.export({ type: 'spki', format: 'pem' }).toString());
  await panel.getByRole('button', { name: 'Derive', exact: true }).click();
  const secret = panel.getByLabel('Shared secret', { exact: true });
  await expect(panel.getByText('Shared secret', { exact: true })).toBeVisible();
  await expect(secret).toBeHidden();
  await panel.getByRole('button', { name: 'Show', exact: true }).click();
  const { PublicKey } = await callKms(page, 'GetPublicKey', { KeyId: keyId });
  const own = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' });
  await expect(secret).toHaveText(diffieHellman({ privateKey: peer.privateKey, publicKey: own }).toString('base64'));
  await expectAccessible(page, 'a derived secret');
});

test('a secret is encapsulated and comes out the same', async () => {
  await use('quantum', 'ML_KEM_512', 'ENCAPSULATE_DECAPSULATE');
  const panel = panelOf('Encapsulate');
  await panel.getByRole('button', { name: 'Encapsulate', exact: true }).click();
  await panel.getByRole('button', { name: 'Show', exact: true }).click();
  const secret = (await panel.getByLabel('Shared secret', { exact: true }).textContent()) ?? '';
  expect(Buffer.from(secret, 'base64')).toHaveLength(32);
  const ciphertext = (await panel.getByLabel('Ciphertext of the secret', { exact: true }).textContent()) ?? '';
  await show('Decapsulate');
  const back = panelOf('Decapsulate');
  await back.getByLabel('Ciphertext of the secret').fill(ciphertext);
  await back.getByRole('button', { name: 'Decapsulate', exact: true }).click();
  await back.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(back.getByLabel('Shared secret', { exact: true })).toHaveText(secret);
  await expectAccessible(window.page, 'a secret');
});

test('a data key pair: its private key is hidden, and belongs to the public one', async () => {
  const { app, page } = window;
  const keyId = await makeKey(page, 'pairs');
  await app.go(`/keys/${keyId}/use`);
  await show('Data key pair');
  const panel = panelOf('Data key pair');
  await panel.getByRole('switch', { name: 'With the plaintext private key' }).press('Space');
  await panel.getByRole('button', { name: 'Generate key pair' }).click();
  const publicKey = (await panel.getByLabel('Public key of the pair', { exact: true }).textContent()) ?? '';
  const hidden = panel.getByLabel('Private key', { exact: true });
  await expect(panel.getByLabel('Encrypted private key', { exact: true })).toBeVisible();
  await expect(hidden).toBeHidden();
  await panel.getByRole('button', { name: 'Show', exact: true }).click();
  const derived = createPublicKey(createPrivateKey((await hidden.textContent()) ?? ''));
  expect(derived.export({ type: 'spki', format: 'pem' }).toString().trim()).toBe(publicKey.trim());
});
