import { expect, type Locator } from '@playwright/test';
import { expectAccessible, makeKey, testsInOneWindow } from '../support/window.ts';

const { test, window } = testsInOneWindow('first');
const TEXT = 'grüße 🗝️\nsecond line';

const panelOf = (name: string) => window.page.getByRole('region', { name, exact: true });

async function show(panel: 'Encrypt' | 'Decrypt' | 'Re-encrypt' | 'Data key'): Promise<void> {
  await window.page.getByRole('radiogroup', { name: 'What to do' }).getByText(panel, { exact: true }).click();
}

async function addPair(panel: Locator, name: string, value: string): Promise<void> {
  await panel.getByRole('button', { name: 'Add a pair' }).first().click();
  await panel.getByLabel('Name of pair 1').first().fill(name);
  await panel.getByLabel('Value of pair 1').first().fill(value);
}

/** Encrypts on the key's page and answers the ciphertext. */
async function encrypt(keyId: string): Promise<string> {
  await window.app.go(`/keys/${keyId}/use`);
  await show('Encrypt');
  const panel = panelOf('Encrypt text');
  await panel.getByLabel('Text to encrypt').fill(TEXT);
  await addPair(panel, 'room', 'garden');
  await panel.getByRole('button', { name: 'Encrypt', exact: true }).click();
  return (await panel.getByLabel('Ciphertext', { exact: true }).textContent()) ?? '';
}

async function decrypt(ciphertext: string, context: string): Promise<Locator> {
  await show('Decrypt');
  const panel = panelOf('Decrypt text');
  await panel.getByLabel('Ciphertext to decrypt').fill(ciphertext);
  if ((await panel.getByLabel('Name of pair 1').count()) === 0) await addPair(panel, 'room', context);
  await panel.getByLabel('Value of pair 1').fill(context);
  await panel.getByRole('button', { name: 'Decrypt', exact: true }).click();
  return panel;
}

test('text goes in and comes out with the same context, and not with another', async () => {
  const keyId = await makeKey(window.page, 'text');
  const ciphertext = await encrypt(keyId);
  expect(ciphertext).toMatch(/^[A-Za-z0-9+/=]{100,}$/);
  await expect(panelOf('Encrypt text')).toContainText('1 pair, needed to decrypt');
  let panel = await decrypt(ciphertext, 'kitchen');
  await expect(panel.getByRole('alert')).toContainText('InvalidCiphertextException');
  await expect(panel.getByLabel('Plaintext', { exact: true })).toBeHidden();
  panel = await decrypt(ciphertext, 'garden');
  await expect(panel.getByLabel('Plaintext', { exact: true })).toHaveText(TEXT);
  await expect(panel).toContainText('text, this key');
  // What is no base64 is said before it is sent.
  await panel.getByLabel('Ciphertext to decrypt').fill('not base64!');
  await expect(panel.getByLabel('Ciphertext to decrypt')).toHaveAccessibleDescription(/This is not base64/);
  await expect(panel.getByRole('button', { name: 'Decrypt', exact: true })).toBeDisabled();
});

test('a text of 4,096 bytes is the longest', async () => {
  const keyId = await makeKey(window.page, 'long');
  await window.app.go(`/keys/${keyId}/use`);
  const panel = panelOf('Encrypt text');
  await panel.getByLabel('Text to encrypt').fill('é'.repeat(2048));
  await expect(panel.getByRole('status')).toHaveText('4,096 of 4,096 bytes');
  await expect(panel.getByRole('button', { name: 'Encrypt', exact: true })).toBeEnabled();
  await panel.getByLabel('Text to encrypt').fill(`${'é'.repeat(2048)}x`);
  await expect(panel.getByRole('button', { name: 'Encrypt', exact: true })).toBeDisabled();
});

test('a ciphertext moves under another key without its text', async () => {
  const from = await makeKey(window.page, 'from');
  await makeKey(window.page, 'to');
  const ciphertext = await encrypt(from);
  await show('Re-encrypt');
  const panel = panelOf('Re-encrypt');
  await panel.getByLabel('Ciphertext to re-encrypt').fill(ciphertext);
  await addPair(panel, 'room', 'garden');
  await panel.getByRole('combobox', { name: 'New key' }).click();
  await window.page.getByRole('option', { name: /^to \(/ }).click();
  await panel.getByRole('button', { name: 'Re-encrypt', exact: true }).click();
  const moved = (await panel.getByLabel('New ciphertext', { exact: true }).textContent()) ?? '';
  expect(moved).not.toBe(ciphertext);
  await expect(panel).not.toContainText(TEXT);
  const opened = await decrypt(moved, 'garden');
  await expect(opened.getByLabel('Plaintext', { exact: true })).toHaveText(TEXT);
  await expect(opened).toContainText('to, another key');
});

test('a data key is in the clear only when asked for', async () => {
  const keyId = await makeKey(window.page, 'data');
  await window.app.go(`/keys/${keyId}/use`);
  await show('Data key');
  const panel = panelOf('Data key');
  await panel.getByRole('button', { name: 'Generate data key' }).click();
  await expect(panel.getByLabel('Encrypted data key', { exact: true })).toBeVisible();
  const plain = panel.getByLabel('Plaintext data key', { exact: true });
  await expect(plain).toBeHidden();
  await panel.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(plain).toHaveText(/^[A-Za-z0-9+/]{43}=$/);
  await panel.getByRole('switch', { name: 'With the plaintext data key' }).press('Space');
  await panel.getByRole('button', { name: 'Show as CLI / SDK' }).click();
  await expect(window.page.getByLabel('AWS CLI command', { exact: true })).toContainText(
    'aws kms generate-data-key-without-plaintext',
  );
  await window.page.keyboard.press('Escape');
  await panel.getByRole('button', { name: 'Generate data key' }).click();
  await expect(plain).toBeHidden();
  await expect(panel.getByText('Plaintext data key', { exact: true })).toBeHidden();
});

test('every operation shows its call in both forms', async () => {
  const { app, page } = window;
  const keyId = await makeKey(page, 'shown');
  const show = page.getByRole('button', { name: 'Show as CLI / SDK' });
  for (const [route, command] of [
    ['/keys', 'aws kms list-keys'],
    [`/keys/${keyId}`, 'aws kms describe-key'],
    [`/keys/${keyId}/rotation`, 'aws kms disable-key-rotation'],
    [`/keys/${keyId}/names`, 'aws kms list-aliases'],
    [`/keys/${keyId}/policy`, 'aws kms get-key-policy'],
    [`/keys/${keyId}/activity`, 'aws cloudtrail lookup-events'],
    ['/activity', 'aws cloudtrail lookup-events'],
  ] as const) {
    await app.go(route);
    await show.first().click();
    await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText(command);
    await page.getByRole('tab', { name: 'JavaScript SDK' }).click();
    await expect(page.getByLabel('JavaScript SDK call', { exact: true })).toContainText('Command(');
    await page.keyboard.press('Escape');
    await expect(page.getByLabel('JavaScript SDK call', { exact: true })).toBeHidden();
  }
});

test('random bytes are made from anywhere, as hexadecimal and as base64', async () => {
  const { app, page } = window;
  await app.go('/files');
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('random bytes');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Random bytes' });
  const make = dialog.getByRole('button', { name: 'Make them' });
  await dialog.getByLabel('Number of bytes').fill('1025');
  await expect(make).toBeDisabled();
  await dialog.getByLabel('Number of bytes').fill('48');
  await make.click();
  const bytes = dialog.getByLabel('Random bytes', { exact: true });
  await expect(bytes).toHaveText(/^[0-9a-f]{96}$/);
  const hex = (await bytes.textContent()) ?? '';
  await dialog.getByText('Base64', { exact: true }).click();
  await expect(bytes).toHaveText(Buffer.from(hex, 'hex').toString('base64'));
  await expectAccessible(page, 'random bytes');
  await dialog.getByRole('button', { name: 'Show as CLI / SDK' }).click();
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText('generate-random');
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toContainText('--number-of-bytes 48');
  await page.keyboard.press('Escape');
  await dialog.getByRole('button', { name: 'Make others' }).click();
  await expect(bytes).not.toHaveText(Buffer.from(hex, 'hex').toString('base64'));
  await dialog.getByRole('button', { name: 'Close' }).last().click();
  await expect(dialog).toBeHidden();
});
