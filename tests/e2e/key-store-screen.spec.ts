import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test as base, type Locator, type Page } from '@playwright/test';
import { type App, expect, openApp } from '../support/app.ts';
import { openSoftHsm, SOFTHSM_PIN } from '../support/softhsm.ts';
import { callKms, expectAccessible } from '../support/window.ts';
import { CREDENTIAL, XKS_PATH, XksProxy } from '../support/xks-proxy.ts';

const TOKEN = 'desk-token';

/** A window on a computer with one token, for which no PKCS#11 module is chosen yet, and with a proxy on loopback. */
const test = base.extend<{ app: App; page: Page; xks: XksProxy }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function names from its first parameter
  app: async ({}, use, info) => {
    const { PATH } = process.env;
    const hsm = openSoftHsm();
    hsm.addToken(TOKEN);
    const app = await openApp(info.project.metadata.shell as App['shell'], { alias: 'first' });
    await use(app);
    if (info.errors.length > 0)
      await app.page.screenshot({ path: info.outputPath('failure.png') }).catch(() => undefined);
    await app.close();
    hsm.remove();
    process.env.PATH = PATH;
  },
  page: async ({ app }, use) => use(app.page),
  // biome-ignore lint/correctness/noEmptyPattern: as above
  xks: async ({}, use) => {
    const proxy = await new XksProxy().listen();
    await use(proxy);
    await proxy.close();
  },
});

const card = (page: Page, name: string) =>
  page.getByRole('list', { name: 'Key stores' }).getByRole('listitem', { name, exact: true });
const creating = (page: Page) => page.getByRole('dialog', { name: 'Create a key store' });

/** The command that a dialog or a card shows. */
async function commandOf(page: Page, place: Locator): Promise<string> {
  await place.getByRole('button', { name: 'Show as CLI / SDK' }).click();
  const text = (await page.getByLabel('AWS CLI command', { exact: true }).textContent()) ?? '';
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toBeHidden();
  return text;
}

async function press(page: Page, name: string, button: 'Connect' | 'Edit' | 'Delete'): Promise<void> {
  await card(page, name)
    .getByRole('button', { name: `${button} ${name}` })
    .click();
}

async function disconnect(page: Page, name: string): Promise<void> {
  await card(page, name)
    .getByRole('button', { name: `Disconnect ${name}` })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(card(page, name).getByRole('status')).toHaveText('Disconnected');
}

/** What the system's file dialog is to answer next. */
async function answerFileDialog(app: App, file: string): Promise<void> {
  if (app.electron) {
    await app.electron.evaluate(({ dialog }, answer) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [answer] });
    }, file);
    return;
  }
  const folder = path.join(app.home, 'programs');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'zenity'), `#!/bin/sh\nprintf '%s\\n' '${file}'\n`);
  await chmod(path.join(folder, 'zenity'), 0o755);
  process.env.PATH = `${folder}${path.delimiter}${process.env.PATH}`;
}

test('a key store of a token, from no module at all to a key that is out of reach and back', async ({ app, page }) => {
  await app.go('/keys');
  await page.getByRole('link', { name: 'Key stores' }).click();
  await expect(page.getByText('No key stores here yet')).toBeVisible();
  await expectAccessible(page, 'no key stores');
  await page.getByRole('button', { name: 'Create key store' }).click();
  const dialog = creating(page);
  const module = dialog.getByRole('region', { name: 'PKCS#11 module' });
  await expect(module).toContainText('No PKCS#11 module is chosen');
  await expectAccessible(page, 'creating a key store without a module');

  const library = path.join(app.home, 'no-module.so');
  await writeFile(library, 'not a library');
  await answerFileDialog(app, library);
  await module.getByRole('button', { name: 'Choose a file…' }).click();
  await expect(module.getByRole('alert')).toContainText('no-module.so is not a PKCS#11 module that works');
  await expect(module).toContainText('No PKCS#11 module is chosen');
  await module.getByRole('button', { name: 'Use libsofthsm2.so' }).click();
  await expect(module.getByRole('list', { name: 'Tokens' })).toContainText(TOKEN);
  await expect(module.getByRole('alert')).toBeHidden();

  await dialog.getByLabel('Name').fill('the desk');
  await dialog.getByRole('combobox', { name: 'Token' }).click();
  await page.getByRole('option', { name: TOKEN }).click();
  const pin = dialog.getByRole('textbox', { name: "PIN of the token's user" });
  await pin.fill('123');
  await expect(pin).toHaveAccessibleDescription(/at least 4 characters/);
  await pin.fill('a wrong PIN');
  const command = await commandOf(page, dialog);
  expect(command).toContain(`--cloud-hsm-cluster-id ${TOKEN}`);
  expect(command).toContain('--key-store-password THE-PIN');
  expect(command).not.toContain('a wrong PIN');
  await expectAccessible(page, 'creating a key store of a token');
  await dialog.getByRole('button', { name: 'Create key store' }).click();
  await expect(dialog).toBeHidden();
  const store = card(page, 'the desk');
  await expect(store).toContainText('PKCS#11 token (AWS_CLOUDHSM)');
  await expect(store.getByRole('status')).toHaveText('Disconnected');

  await press(page, 'the desk', 'Connect');
  await expect(store.getByRole('status')).toHaveText('Failed');
  await expect(store.getByRole('alert')).toContainText('INVALID_CREDENTIALS');
  await expect(store.getByRole('alert')).toContainText('The token refused the PIN');
  await expect(store.getByRole('button', { name: 'Edit the desk' })).toBeDisabled();
  await expectAccessible(page, 'a key store that could not be connected');
  await disconnect(page, 'the desk');
  await press(page, 'the desk', 'Edit');
  const edit = page.getByRole('dialog', { name: 'Edit the desk' });
  await expect(edit.getByRole('button', { name: 'Save' })).toBeDisabled();
  await edit.getByRole('textbox', { name: 'New PIN' }).fill(SOFTHSM_PIN);
  expect(await commandOf(page, edit)).toMatch(/update-custom-key-store[\s\S]*--key-store-password THE-PIN/);
  await edit.getByRole('button', { name: 'Save' }).click();
  await expect(edit).toBeHidden();
  await press(page, 'the desk', 'Connect');
  await expect(store.getByRole('status')).toHaveText('Connected');
  expect(await page.content()).not.toContain(SOFTHSM_PIN);

  const [described] = (await callKms(page, 'DescribeCustomKeyStores', {})).CustomKeyStores;
  const CustomKeyStoreId = described?.CustomKeyStoreId ?? '';
  const { KeyMetadata } = await callKms(page, 'CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
  await callKms(page, 'CreateAlias', { AliasName: 'alias/on-the-desk', TargetKeyId: KeyMetadata.KeyId });
  await expect(store).toContainText('1 key: on-the-desk');
  await expect(store.getByRole('button', { name: 'Delete the desk' })).toBeDisabled();
  await expect(store).toContainText('It can be deleted once it holds no keys');
  await expectAccessible(page, 'a connected key store');
  await store.getByRole('button', { name: 'Disconnect the desk' }).click();
  const leaving = page.getByRole('dialog', { name: 'Disconnect the desk' });
  await expect(leaving).toContainText('Its key becomes unavailable');
  await expect(leaving.getByRole('list')).toContainText('on-the-desk');
  await expectAccessible(page, 'disconnecting a key store');
  await leaving.getByRole('button', { name: 'Disconnect', exact: true }).click();
  await expect(store.getByRole('status')).toHaveText('Disconnected');
  await store.getByRole('link', { name: 'on-the-desk' }).click();
  await expect(page.getByText('This key cannot be reached')).toBeVisible();
  await page.getByRole('button', { name: 'Key stores' }).click();
  await press(page, 'the desk', 'Connect');
  await expect(store.getByRole('status')).toHaveText('Connected');
  await store.getByRole('link', { name: 'on-the-desk' }).click();
  await expect(page.getByRole('tabpanel')).toContainText(CustomKeyStoreId);
  await expect(page.getByText('This key cannot be reached')).toBeHidden();

  // The choice of the module outlives the window.
  await app.restart();
  await app.page.getByLabel('Passphrase').fill('correct horse battery staple');
  await app.page.getByRole('button', { name: 'Unlock' }).click();
  await app.go('/key-stores');
  await expect(app.page.getByRole('list', { name: 'Tokens' })).toContainText(TOKEN);
  await expect(card(app.page, 'the desk').getByRole('status')).toHaveText('Connected');
});

test('a key store of a proxy is made, explained when it fails, changed and deleted', async ({ page, xks: proxy }) => {
  await page.keyboard.press('Control+k');
  await page.getByLabel('Search for a key, a screen or a command').fill('create key store');
  await page.keyboard.press('Enter');
  const dialog = creating(page);
  await dialog.getByRole('radio', { name: 'External key store proxy' }).check();
  await expect(dialog.getByRole('radio', { name: 'Through a VPC' })).toBeDisabled();
  const create = dialog.getByRole('button', { name: 'Create key store' });
  await dialog.getByLabel('Name').fill('far away');
  const endpoint = dialog.getByLabel('URI endpoint');
  await endpoint.fill('http://example.com');
  await expect(endpoint).toHaveAccessibleDescription(/http:\/\/ only for this computer/);
  await endpoint.fill(proxy.endpoint);
  await dialog.getByLabel('URI path').fill('/wrong/kms/xks/v1');
  await dialog.getByLabel('Access key ID', { exact: true }).fill(CREDENTIAL.AccessKeyId);
  await expect(create).toBeDisabled();
  await dialog.getByRole('textbox', { name: 'Secret access key' }).fill(CREDENTIAL.RawSecretAccessKey);
  // Escape closes the command alone, also before the focus is inside of it.
  await dialog.getByRole('button', { name: 'Show as CLI / SDK' }).evaluate(async (button: HTMLElement) => {
    button.focus();
    button.click();
    await Promise.resolve();
    button.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true }));
  });
  await expect(page.getByLabel('AWS CLI command', { exact: true })).toBeHidden();
  const command = await commandOf(page, dialog);
  expect(command).toContain(`AccessKeyId=${CREDENTIAL.AccessKeyId},RawSecretAccessKey=THE-SECRET-ACCESS-KEY`);
  await create.click();
  await expect(dialog.getByRole('alert')).toContainText('XksProxy');
  await expectAccessible(page, 'a key store that was refused');
  await dialog.getByLabel('URI path').fill(XKS_PATH);
  await create.click();
  await expect(dialog).toBeHidden();
  const store = card(page, 'far away');
  await expect(store).toContainText(`${proxy.endpoint}${XKS_PATH}`);
  await expect(store).toContainText('PUBLIC_ENDPOINT');
  expect(await page.content()).not.toContain(CREDENTIAL.RawSecretAccessKey);

  proxy.misbehave = () => 'cut';
  await press(page, 'far away', 'Connect');
  await expect(store.getByRole('status')).toHaveText('Failed');
  await expect(store.getByRole('alert')).toContainText('XKS_PROXY_NOT_REACHABLE');
  await expect(store.getByRole('alert')).toContainText('Nothing answers at the address');
  proxy.misbehave = undefined;
  await disconnect(page, 'far away');
  expect(await commandOf(page, store)).toContain('connect-custom-key-store');
  await press(page, 'far away', 'Connect');
  await expect(store.getByRole('status')).toHaveText('Connected');

  // What may change while it is connected can be changed; the rest says what it waits for.
  await press(page, 'far away', 'Edit');
  const edit = page.getByRole('dialog', { name: 'Edit far away' });
  await expect(edit.getByLabel('URI endpoint')).toBeDisabled();
  await expect(edit.getByLabel('URI endpoint')).toHaveAccessibleDescription(/while the key store is disconnected/);
  await edit.getByLabel('Access key ID', { exact: true }).fill('ZYXWVUTSRQPONMLK5432');
  await expect(edit.getByRole('button', { name: 'Save' })).toBeDisabled();
  await edit.getByLabel('Access key ID', { exact: true }).fill(CREDENTIAL.AccessKeyId);
  await edit.getByLabel('Name').fill('nearer');
  expect(await commandOf(page, edit)).not.toContain('xks-proxy');
  await expectAccessible(page, 'editing a key store');
  await edit.getByRole('button', { name: 'Save' }).click();
  const renamed = card(page, 'nearer');
  await expect(renamed.getByRole('status')).toHaveText('Connected');

  await expect(renamed.getByRole('button', { name: 'Delete nearer' })).toBeDisabled();
  await disconnect(page, 'nearer');
  await press(page, 'nearer', 'Delete');
  const leaving = page.getByRole('dialog', { name: 'Delete the key store' });
  await expect(leaving).toContainText('The proxy and the keys behind it stay as they are');
  await leaving.getByLabel('Type nearer to confirm').fill('nearer');
  await expectAccessible(page, 'deleting a key store');
  await leaving.getByRole('button', { name: 'Delete key store' }).click();
  await expect(page.getByText('No key stores here yet')).toBeVisible();
});
