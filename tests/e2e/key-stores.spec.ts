import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test as base } from '@playwright/test';
import { type App, expect, openApp } from '../support/app.ts';
import { openSoftHsm, SOFTHSM_PIN } from '../support/softhsm.ts';
import { expectAccessible } from '../support/window.ts';

// A token's module runs in a process of its own, which each shell starts in its own way.

const test = base.extend<{ app: App }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures a function names from its first parameter
  app: async ({}, use, info) => {
    const hsm = openSoftHsm();
    hsm.addToken('window-token');
    const app = await openApp(info.project.metadata.shell as App['shell'], {
      alias: 'first',
      async prepare(home) {
        await mkdir(path.join(home, 'config'));
        const preferences = { theme: 'system', pkcs11Module: hsm.module };
        await writeFile(path.join(home, 'config', 'preferences.json'), JSON.stringify(preferences));
      },
    });
    await use(app);
    await app.close();
    hsm.remove();
  },
});

/** Calls an operation by the page's own bridge. */
async function callBy(app: App, operation: string, input: object, region = 'eu-central-1') {
  const asked = JSON.stringify({ operation, region, input });
  return JSON.parse(await app.run<string>(`window.coffer.invoke('kms.call', ${JSON.stringify(asked)})`));
}

test('a key in a PKCS#11 token, from the window', async ({ app }) => {
  const call = (operation: string, input: object) => callBy(app, operation, input);
  const made = await call('CreateCustomKeyStore', {
    CustomKeyStoreName: 'token',
    CloudHsmClusterId: 'window-token',
    KeyStorePassword: SOFTHSM_PIN,
  });
  expect(made).toMatchObject({ ok: true });
  const { CustomKeyStoreId } = made.value;
  expect(await call('ConnectCustomKeyStore', { CustomKeyStoreId })).toMatchObject({ ok: true });
  const state = async () =>
    (await call('DescribeCustomKeyStores', { CustomKeyStoreId })).value.CustomKeyStores[0].ConnectionState;
  await expect.poll(state).toBe('CONNECTED');
  const key = await call('CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
  expect(key).toMatchObject({ ok: true, value: { KeyMetadata: { CloudHsmClusterId: 'window-token' } } });
  const { KeyId } = key.value.KeyMetadata;
  const data = await call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
  expect(data.ok).toBe(true);
  const opened = await call('Decrypt', { CiphertextBlob: data.value.CiphertextBlob });
  expect(opened.value.Plaintext).toEqual(data.value.Plaintext);
  // The page cannot say what native code runs.
  const set = JSON.stringify({ pkcs11Module: '/tmp/other.so' });
  const refused = JSON.parse(
    await app.run<string>(`window.coffer.invoke('app.setPreferences', ${JSON.stringify(set)})`),
  );
  expect(refused.ok).toBe(false);
});

test('the wizard makes a key in a token that is connected, and offers no other', async ({ app }) => {
  const { page } = app;
  const region = await page.getByRole('combobox', { name: 'Region' }).inputValue();
  const call = (operation: string, input: object) => callBy(app, operation, input, region);
  const store = { CustomKeyStoreName: 'the-token', CloudHsmClusterId: 'window-token', KeyStorePassword: SOFTHSM_PIN };
  const { CustomKeyStoreId } = (await call('CreateCustomKeyStore', store)).value;
  const dialog = page.getByRole('dialog', { name: 'Create a key' });
  const next = dialog.getByRole('button', { name: 'Next' });
  const inToken = dialog.getByRole('radio', { name: 'In the-token' });

  await app.go('/keys');
  await page.getByRole('button', { name: 'Create key' }).click();
  await next.click();
  await expect(inToken).toBeDisabled();
  await expect(inToken).toHaveAccessibleDescription('It is not connected.');
  await expectAccessible(page, 'a key store that is not connected');
  await dialog.getByRole('button', { name: 'Close' }).click();

  await call('ConnectCustomKeyStore', { CustomKeyStoreId });
  const state = async () =>
    (await call('DescribeCustomKeyStores', { CustomKeyStoreId })).value.CustomKeyStores[0].ConnectionState;
  await expect.poll(state).toBe('CONNECTED');
  await page.getByRole('button', { name: 'Create key' }).click();
  await next.click();
  await inToken.check();
  await expect(dialog.getByRole('switch', { name: 'Multi-Region key' })).toBeHidden();
  await next.click();
  await dialog.getByLabel('Alias').fill('outside');
  await next.click();
  await expect(dialog).toContainText('do not rotate by themselves');
  await next.click();
  const commands = dialog.getByLabel('AWS CLI commands', { exact: true });
  await expect(commands).toContainText(`--origin AWS_CLOUDHSM \\\n  --custom-key-store-id ${CustomKeyStoreId}`);
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'outside' })).toBeVisible();
  await expect(page.getByRole('tabpanel')).toContainText('AWS_CLOUDHSM');
  await expectAccessible(page, 'a key in a token');
  await page.getByRole('tab', { name: 'Use' }).click();
  const panel = page.getByRole('region', { name: 'Encrypt text', exact: true });
  await panel.getByLabel('Text to encrypt').fill('kept elsewhere');
  await panel.getByRole('button', { name: 'Encrypt', exact: true }).click();
  await expect(panel.getByLabel('Ciphertext', { exact: true })).toBeVisible();
});
